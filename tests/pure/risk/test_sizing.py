"""Sizing: never more at risk than the share allows, never more than there is, always on the lot."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec import structs

from fairway.market.candles import Quote
from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price, text_of
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.orders.intent import Enter
from fairway.risk.allocation import Allocation
from fairway.risk.edge import TradeRecord
from fairway.risk.entry import Companion, EntryRefusal, ProposedEntry, Sized
from fairway.risk.limits import NO_LIMITS, Limits
from fairway.risk.review import review
from fairway.risk.rules import RiskRules
from fairway.risk.sizing import size_entry

PAIR = Instrument(
    symbol="BTC/USDT", venue_symbol="BTCUSDT", base="BTC", quote="USDT", tick=Decimal("0.01"), lot=Decimal("0.00001")
)
RULES = RiskRules(
    per_trade=Fraction.parse("1 %"), position_max=Fraction.parse("50 %"), positions_max=3, slippage=Fraction.parse("0 %")
)
FREE_OF_FEES = Fees(Decimal(0), Decimal(0))
NOW = 10**18


def entry(ask: str, stop: str, worth: str = "10000", free: str = "10000", exposure: str = "0", **changes: Any) -> ProposedEntry:
    price = Decimal(ask)
    start = ProposedEntry(
        intent=Enter(
            symbol=PAIR.symbol, stop=Price.of(stop, "BTC", "USDT"), target=Price(price * 2, "BTC", "USDT"), reason="test"
        ),
        instrument=PAIR,
        rules=RULES,
        fees=FREE_OF_FEES,
        quote=Quote(PAIR.symbol, price - Decimal("0.01"), Decimal(9), price, Decimal(9), NOW, NOW),
        worth=Amount.of(worth, "USDT"),
        free=Amount.of(free, "USDT"),
        exposure=Amount.of(exposure, "USDT"),
        positions=0,
        symbol_is_busy=False,
        streams_are_up=True,
        limits=NO_LIMITS,
        why_limited="",
        now=NOW,
    )
    return structs.replace(start, **changes)


def size(*prices: str, **changes: Any) -> Amount | EntryRefusal:
    sized = size_entry(entry(*prices, **changes))
    return sized.quantity if isinstance(sized, Sized) else sized


def bound(*prices: str, **changes: Any) -> tuple[str, str]:
    """What may be bought, and what makes it so little."""
    sized = size_entry(entry(*prices, **changes))
    assert isinstance(sized, Sized), sized
    return text_of(sized.quantity.value), sized.bound


def ruled(**changes: Any) -> RiskRules:
    return structs.replace(RULES, **changes)


def test_risk_divided_by_the_distance_to_the_stop() -> None:
    """1 % of 10,000 with a stop 500 away buys 0.2."""
    assert size("20000", "19500") == Amount.of("0.2", "BTC")


def test_a_tight_stop_is_bounded_by_the_largest_share() -> None:
    """Half the account at most, however near the stop."""
    assert size("20000", "19999") == Amount.of("0.25", "BTC")


def test_a_stop_above_the_price_is_refused() -> None:
    """There is no size for a trade that would be stopped at once."""
    assert size("20000", "20000") == EntryRefusal("SIZE_STOP_ABOVE_PRICE: stop=20000 USDT ask=20000 USDT")


def test_no_order_is_larger_than_the_venue_takes() -> None:
    """In one market order; and it is named as the bound."""
    assert bound("20000", "19500", instrument=replace(PAIR, market_quantity_max=Decimal("0.03"))) == ("0.03", "venue")


def test_too_little_money_is_refused_with_the_lot() -> None:
    """A quantity below one lot is no order."""
    assert size("20000", "19000", free="0.1") == EntryRefusal("SIZE_BELOW_LOT: quantity=0.000005 lot=0.00001 bound=free")


def test_the_smallest_of_all_limits_wins_and_is_named() -> None:
    """Each alone, in money or as a fraction of 10,000, and all together; 0.2 by the risk of a trade without any."""
    assert bound("20000", "19500") == ("0.2", "per_trade")
    tight = {
        "limits.risk": (Limits(risk=Fraction.parse("0.5 %")), "0.1"),
        "limits.position": (Limits(position=Fraction.parse("30 %")), "0.15"),
        "limits.position_value": (Limits(position_value=Amount.of(2400, "USDT")), "0.12"),
        "limits.order_value": (Limits(order_value=Amount.of(2200, "USDT")), "0.11"),
        "limits.exposure_value": (Limits(exposure_value=Amount.of(2600, "USDT")), "0.13"),
        "limits.exposure": (Limits(exposure=Fraction.parse("28 %")), "0.14"),
    }
    for name, (limits, quantity) in tight.items():
        assert bound("20000", "19500", limits=limits) == (quantity, name)
    quarter = Limits(size=Fraction.parse("25 %"))
    assert bound("20000", "19500", limits=quarter) == ("0.05", "per_trade")
    both = quarter
    for limits, _ in tight.values():
        both &= limits
    assert size("20000", "19500", limits=both) == Amount.of("0.025", "BTC")  # half the risk, and a quarter of that


def test_shares_are_of_the_capital_that_may_be_used() -> None:
    """An account of 10,000 that may use 5,000 is traded like one of 5,000."""
    capital = Limits(capital=Amount.of(5000, "USDT"))
    assert size("20000", "19500", limits=capital) == size("20000", "19500", worth="5000")
    assert bound("20000", "19999", limits=capital) == ("0.125", "position_max")


@pytest.mark.parametrize(("worth", "quantity"), [("99", None), ("100", "0.002"), ("5000", "0.1"), ("5001", "0.1")])
def test_capital_below_the_least_is_refused_and_above_the_most_is_the_most(worth: str, quantity: str | None) -> None:
    """A cap from $100 to $5,000, at its edges: 1 % of the capital over a stop 500 away, and nothing below the least."""
    stage = Limits(capital_min=Amount.of(100, "USDT"), capital=Amount.of(5000, "USDT"))
    verdict = review(entry("20000", "19500", worth=worth, free=worth, limits=stage))
    if quantity is None:
        assert verdict == EntryRefusal("CAPITAL_MIN: worth=99 USDT min=100 USDT")
    else:
        assert verdict == Sized(Amount.of(quantity, "BTC"), "per_trade")


def test_two_ranges_of_capital_leave_what_both_allow() -> None:
    """A stage and a person each name one: the higher least and the lower most are in force."""
    stage = Limits(capital_min=Amount.of(100, "USDT"), capital=Amount.of(5000, "USDT"))
    person = Limits(capital_min=Amount.of(200, "USDT"), capital=Amount.of(9000, "USDT"))
    assert stage & person == Limits(capital_min=Amount.of(200, "USDT"), capital=Amount.of(5000, "USDT"))
    assert not stage <= person


def test_what_is_held_already_takes_room() -> None:
    """To the last dollar of the capital, and not a lot more."""
    capital = Limits(capital=Amount.of(5000, "USDT"))
    assert size("20000", "19500", limits=capital, exposure="4000") == Amount.of("0.05", "BTC")
    assert size("20000", "19500", limits=capital, exposure="4999.9") == EntryRefusal(
        "SIZE_BELOW_LOT: quantity=0.000005 lot=0.00001 bound=limits.capital"
    )
    assert isinstance(size("20000", "19500", limits=capital, exposure="5000"), EntryRefusal)
    assert isinstance(size("20000", "19500", limits=capital, exposure="6000"), EntryRefusal)


def test_shares_of_a_profile_bound_the_money() -> None:
    """10 % of the capital, 15 % of what is free, and a share less the room to drift; each where it is the smallest."""
    assert bound("20000", "19500", rules=ruled(capital_share=Fraction.parse("10 %"))) == ("0.05", "capital_share")
    shares = ruled(capital_share=Fraction.parse("10 %"), free_share=Fraction.parse("15 %"))
    assert bound("20000", "19500", rules=shares, free="6000") == ("0.045", "free_share")
    drift = ruled(position_max=Fraction.parse("21 %"), drift=Fraction.parse("5 %"))
    assert bound("20000", "19500", rules=drift) == ("0.1", "position_max")


SIZES = Allocation(large=Fraction.parse("20 %"), middle=Fraction.parse("5 %"), small=Fraction.of(0), cash=Fraction.parse("10 %"))


def test_each_size_of_asset_has_its_share_and_some_cash_stays() -> None:
    """What is held of the same size takes room, of another none; and a tenth of the account is never spent."""
    rules = ruled(allocation=SIZES)
    large, middle = Companion("ETH", Decimal(1000), Decimal(0)), Companion("SOL", Decimal(500), Decimal(0))
    assert bound("20000", "19500", rules=rules) == ("0.1", "allocation.large")
    assert bound("20000", "19500", rules=rules, companions=[large, middle]) == ("0.05", "allocation.large")
    assert bound("20000", "19500", rules=rules, free="1400") == ("0.02", "allocation.cash")


def test_an_unknown_asset_is_a_small_one() -> None:
    """Of which a conservative account buys none."""
    unknown = replace(PAIR, base="PEPE")
    intent = Enter(
        symbol="PEPE/USDT", stop=Price.of("19500", "PEPE", "USDT"), target=Price.of("21000", "PEPE", "USDT"), reason=""
    )
    refused = size("20000", "19500", rules=ruled(allocation=SIZES), instrument=unknown, intent=intent)
    assert refused == EntryRefusal("SIZE_BELOW_LOT: quantity=0 lot=0.00001 bound=allocation.small")


@pytest.mark.parametrize(
    ("correlation", "quantity", "name"),
    [
        ("0.7", "0.15", "position_max"),
        ("0.700001", "0.1", "correlated_max"),
        ("0.9", "0.1", "correlated_max"),
        ("0.900001", "0.05", "position_max"),
        (None, "0.05", "position_max"),
    ],
)
def test_symbols_that_move_alike_share_their_room(correlation: str | None, quantity: str, name: str) -> None:
    """With 2,000 of 10,000 in another: 30 % each if apart, above 0.7 together 40 %, above 0.9 or unknown as one."""
    rules = ruled(correlated_max=Fraction.parse("40 %"), position_max=Fraction.parse("30 %"))
    other = Companion("ETH", Decimal(2000), Decimal(correlation) if correlation else None)
    assert bound("20000", "19900", rules=rules, companions=[other]) == (quantity, name)


GOOD = TradeRecord.of(trades=40, wins=20, win=Decimal("1.1"), loss=Decimal(1))
"""Kelly bets 4.5 % on it, a quarter of that is 1.14 %, and the bound is 0.5 %."""


def test_a_record_bounds_the_risk_once_it_has_twenty_trades() -> None:
    """Half a percent at most; a quarter of Kelly where that is less; nothing where the record loses. An unknown edge is warm."""
    rules = ruled(kelly=True)
    few = TradeRecord.of(trades=19, wins=0, win=Decimal(0), loss=Decimal(1))
    thin, bad = (TradeRecord.of(trades=40, wins=20, win=Decimal(win), loss=Decimal(1)) for win in ("1.02", "0.9"))
    assert bound("20000", "19500", rules=rules) == ("0.15", "per_trade")
    assert bound("20000", "19500", rules=rules, record=few) == ("0.15", "per_trade")
    assert bound("20000", "19500", rules=rules, record=GOOD) == ("0.075", "kelly")
    assert bound("20000", "19500", rules=rules, record=thin) == (
        "0.03676",
        "kelly",
    )  # (0.5 - 0.5 / 1.02) / 4, three quarters of it
    lost = size("20000", "19500", rules=rules, record=bad)
    assert lost == EntryRefusal("SIZE_NO_EDGE: kelly=-0.010417 limit=0")


@pytest.mark.parametrize(
    ("drawdown", "quantity"), [("4.99 %", "0.15"), ("5 %", "0.075"), ("9.99 %", "0.075"), ("10 %", "0.0375"), ("40 %", "0.0375")]
)
def test_a_drawdown_halves_the_risk_and_halves_it_again(drawdown: str, quantity: str) -> None:
    """From 5 and from 10 % on."""
    assert size("20000", "19500", rules=ruled(kelly=True), drawdown=Fraction.parse(drawdown)) == Amount.of(quantity, "BTC")


@pytest.mark.parametrize(("win", "quantity"), [("3", "0.1"), ("1.6", "0.075"), ("1.2", "0.025")])
def test_a_proven_edge_may_risk_all_of_it(win: str, quantity: str) -> None:
    """Of 0.5 %: hot the whole, warm three quarters, cold a quarter (a cold one is stopped by its guard as well)."""
    record = TradeRecord.of(trades=100, wins=50, win=Decimal(win), loss=Decimal(1))
    assert size("20000", "19500", rules=ruled(kelly=True), record=record) == Amount.of(quantity, "BTC")


@pytest.mark.parametrize(
    ("width", "quantity"),
    [("200", "0.25"), ("400", "0.15625"), ("500", "0.1"), ("1000", "0.025"), ("5000", "0.005"), (None, "0.1")],
)
def test_a_wild_market_gets_less_and_a_stop_within_its_noise_counts_as_farther(width: str | None, quantity: str) -> None:
    """A stop 500 away at 20,000, whose usual range is 500: factor 1.25 to 0.5, and never nearer than two ranges."""
    found = Decimal(width) if width else None
    assert size("20000", "19500", rules=ruled(ranges=True), range=found) == Amount.of(quantity, "BTC")


def test_a_profile_s_appetite_is_a_factor_of_the_risk() -> None:
    """Half for the conservative, one and a half for the aggressive."""
    assert size("20000", "19500", rules=ruled(size=Fraction.parse("50 %"))) == Amount.of("0.1", "BTC")
    hungry = ruled(size=Fraction.parse("150 %"), position_max=Fraction.parse("90 %"))
    assert size("20000", "19500", rules=hungry) == Amount.of("0.3", "BTC")


money = st.integers(1, 10**9).map(lambda cents: Decimal(cents) / 100)


@given(money, money, st.integers(1, 10**7), st.integers(1, 10**7), st.integers(0, 100))
def test_the_loss_at_the_stop_never_exceeds_the_share(worth: Decimal, free: Decimal, one: int, two: int, fee: int) -> None:
    """For any account, price, stop and fee: buying at ask and selling at the stop, fees included, loses at most the share."""
    low, high = sorted((Decimal(one) / 100, Decimal(two) / 100))
    rate = Decimal(fee) / 10_000
    if high == low:
        return
    bought = size(str(high), str(low), str(worth), str(free), fees=Fees(rate, rate))
    if isinstance(bought, Amount):
        cost = bought.value * high * (1 + rate)
        assert cost <= free
        assert cost - bought.value * low * (1 - rate) <= worth * RULES.per_trade.value
        assert bought.value % PAIR.lot == 0
