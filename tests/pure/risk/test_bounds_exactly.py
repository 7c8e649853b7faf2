"""What is exactly at a bound is allowed, and the smallest step beyond it is not; and what is held leaves less of a bound."""

from collections.abc import Callable
from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs
from tests.pure.risk.test_review import GOOD, NOW, QUOTE
from tests.pure.risk.test_sizing import bound, ruled, size

from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.money.fraction import Fraction
from fairway.orders.plan import ExitPlan, Rung
from fairway.risk.checks.data import unsound
from fairway.risk.checks.market import has_narrow_spread, has_sense, is_in_collar, is_stop_near, meets_no_own_order
from fairway.risk.checks.order import (
    costs_little_slippage,
    fits_filters,
    is_small_enough,
    leaves_room_for_its_exit,
    stays_exposed_within,
)
from fairway.risk.edge import TradeRecord
from fairway.risk.entry import Companion, EntryRefusal, ProposedEntry
from fairway.risk.hours import Hours
from fairway.risk.limits import Limits

Check = Callable[[ProposedEntry], str | None]
TEN = Amount.of(10, "BTC")


def usdt(value: str) -> Amount:
    return Amount.of(value, "USDT")


def at(bid: str, ask: str, **rules: str) -> ProposedEntry:
    """A good entry at another quote, with other rules."""
    of_rules = structs.replace(GOOD.rules, **{name: Fraction.of(value) for name, value in rules.items()})
    return structs.replace(GOOD, quote=replace(QUOTE, bid=Decimal(bid), ask=Decimal(ask)), rules=of_rules)


def with_close(entry: ProposedEntry, close: str) -> ProposedEntry:
    return structs.replace(entry, close=Decimal(close))


def with_sale(entry: ProposedEntry, price: str) -> ProposedEntry:
    return structs.replace(entry, resting_sale=Decimal(price))


EDGES: list[tuple[Check, ProposedEntry, ProposedEntry]] = [
    (has_narrow_spread, at("99", "101", spread_max="0.02"), at("98.99", "101", spread_max="0.02")),
    (is_in_collar, with_close(at("100", "102", collar="0.02"), "100"), with_close(at("100", "102.01", collar="0.02"), "100")),
    (is_in_collar, with_close(at("97", "98", collar="0.02"), "100"), with_close(at("97", "97.99", collar="0.02"), "100")),
    (is_stop_near, at("99", "100", stop_max="0.02"), at("99", "100.01", stop_max="0.02")),
    (
        meets_no_own_order,
        with_sale(at("99", "100", slippage="0.01"), "101.01"),
        with_sale(at("99", "100", slippage="0.01"), "101"),
    ),
    (has_sense, at("98.01", "103.99"), at("98", "103.99")),
    (has_sense, at("98.01", "103.99"), at("98.01", "104")),
]


@pytest.mark.parametrize(("check", "allowed", "refused"), EDGES)
def test_a_price_exactly_at_its_bound_is_allowed(check: Check, allowed: ProposedEntry, refused: ProposedEntry) -> None:
    """But for one of our own sales, which a purchase must not reach at all, and a stop or a target that is reached already."""
    assert check(allowed) is None
    assert check(refused) is not None


@pytest.mark.parametrize(
    ("middle", "code"), [("110", None), ("90", None), ("110.01", "DATA_DISAGREES"), ("89.99", "DATA_DISAGREES")]
)
def test_a_quote_may_be_a_tenth_away_from_the_candle(middle: str, code: str | None) -> None:
    quote = replace(QUOTE, bid=Decimal(middle) - 1, ask=Decimal(middle) + 1)
    told = unsound(quote, Decimal(100), NOW)
    assert (told.partition(":")[0] if told else None) == code


def test_the_largest_order_of_the_venue_is_small_enough() -> None:
    largest = structs.replace(GOOD, instrument=replace(GOOD.instrument, quantity_max=Decimal(10)))
    assert is_small_enough(largest, TEN) is None


def test_what_is_exposed_too_much_is_told_by_the_name_of_its_bound() -> None:
    exposed = structs.replace(GOOD, exposure=usdt("499.01"))
    told = {
        "capital=1500.01 max=1500 USDT": Limits(capital=usdt("1500")),
        "exposure=1500.01 max=1500 USDT": Limits(exposure_value=usdt("1500")),
        "share=0.150001 max=0.15": Limits(exposure=Fraction.parse("15 %")),
    }
    for code, limits in told.items():
        assert stays_exposed_within(structs.replace(exposed, limits=limits), TEN) == f"EXPOSURE_MAX: {code}"


@pytest.mark.parametrize(("offered", "most", "passes"), [("10", "0", True), ("5", "0.005", True), ("5", "0.00499", False)])
def test_slippage_exactly_at_its_bound_is_allowed(offered: str, most: str, passes: bool) -> None:
    """Ten of which five are offered at 100, with a spread of one: half a percent on average; and none where all ten are."""
    shallow = at("99", "100", slippage_max=most)
    assert shallow.quote is not None
    thin = structs.replace(shallow, quote=replace(shallow.quote, ask_quantity=Decimal(offered)))
    assert (costs_little_slippage(thin, TEN) is None) is passes


def ladder(entry: ProposedEntry, *prices: str) -> ProposedEntry:
    rungs = tuple(Rung(Fraction.of("0.2"), Price.of(price, "BTC", "USDT")) for price in prices)
    return structs.replace(entry, intent=structs.replace(entry.intent, exit_plan=ExitPlan(rungs=rungs)))


def test_each_rung_of_a_plan_must_pass_the_filters() -> None:
    """A ladder whose rung is off the venue's grid could not be protected as planned."""
    assert fits_filters(ladder(GOOD, "102"), TEN) is None
    why = fits_filters(ladder(GOOD, "102.001"), TEN)
    assert why is not None
    assert why.startswith("FILTER_RUNG_TARGET_PRICE_FILTER")


@pytest.mark.parametrize(("beside", "passes"), [(194, True), (195, False)])
def test_each_rung_of_a_plan_takes_two_orders(beside: int, passes: bool) -> None:
    """Three pairs beside so many, where the venue holds 200 of an account."""
    entry = structs.replace(ladder(GOOD, "102", "103"), orders_beside=beside)
    told = leaves_room_for_its_exit(entry, TEN)
    assert told == (None if passes else f"EXIT_MAX_NUM_ORDERS: orders=6 beside={beside} max=200")


# -- sizing --------------------------------------------------------------------------------------------------------------

ALIKE = Companion("BTC", Decimal(1000), Decimal(1))
LEFT: list[tuple[str, Limits, str]] = [
    ("limits.position", Limits(position=Fraction.parse("30 %")), "0.1"),
    ("limits.position_value", Limits(position_value=usdt("2400")), "0.07"),
    ("limits.exposure", Limits(exposure=Fraction.parse("28 %")), "0.09"),
    ("limits.exposure_value", Limits(exposure_value=usdt("2600")), "0.08"),
]


@pytest.mark.parametrize(("name", "limits", "quantity"), LEFT)
def test_what_is_held_already_takes_its_part_of_a_limit(name: str, limits: Limits, quantity: str) -> None:
    """1,000 in a symbol that moves just like this one; 0.2 at 20,000 are what the risk of a trade allows."""
    rules = ruled(correlated_max=Fraction.parse("100 %"))
    told = bound("20000", "19500", exposure="1000", companions=(ALIKE,), rules=rules, limits=limits)
    assert told == (quantity, name)


def test_what_moves_almost_alike_is_no_part_of_the_position() -> None:
    """Above nine tenths, and not at them."""
    rules = ruled(correlated_max=Fraction.parse("100 %"))
    limits = Limits(position_value=usdt("2400"))
    for correlation, quantity in (("0.9", "0.12"), ("0.91", "0.07")):
        almost = structs.replace(ALIKE, correlation=Decimal(correlation))
        told = bound("20000", "19500", companions=(almost,), rules=rules, limits=limits)
        assert told == (quantity, "limits.position_value")


def test_a_bound_that_takes_nothing_away_is_not_named() -> None:
    """Exactly as much as the risk of a trade allows: by the venue, and by a limit of risk."""
    pair: Instrument = replace(
        GOOD.instrument, lot=Decimal("0.00001"), notional_min=Decimal(0), market_quantity_max=Decimal("0.2")
    )
    assert bound("20000", "19500", instrument=pair) == ("0.2", "per_trade")
    assert bound("20000", "19500", limits=Limits(risk=Fraction.parse("1 %"))) == ("0.2", "per_trade")


def test_a_record_that_bets_nothing_has_no_edge() -> None:
    """Kelly bets nothing exactly where wins and losses are even: that is a reason of its own, and no small size."""
    even = TradeRecord.of(trades=100, wins=50, win=Decimal(1), loss=Decimal(1))
    assert even.kelly == 0
    assert size("20000", "19500", rules=ruled(kelly=True), record=even) == EntryRefusal("SIZE_NO_EDGE: kelly=0 limit=0")


# -- hours -----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["08:60-20:00", "08:00-20:60", "24:01-08:00"])
def test_no_hour_has_a_sixtieth_minute_and_no_day_a_minute_after_its_end(text: str) -> None:
    with pytest.raises(ValueError, match="is no time of day"):
        Hours.parse(text)
