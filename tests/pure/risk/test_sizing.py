"""Sizing: never more at risk than the share allows, never more than there is, always on the lot."""

from decimal import Decimal

from hypothesis import given
from hypothesis import strategies as st

from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.risk.limits import NO_LIMITS, Limits
from fairway.risk.sizing import Refused, RiskRules, size_entry

PAIR = Instrument(
    symbol="BTC/USDT", venue_symbol="BTCUSDT", base="BTC", quote="USDT", tick=Decimal("0.01"), lot=Decimal("0.00001")
)
RULES = RiskRules(per_trade=Decimal("0.01"), position_max=Decimal("0.5"), positions_max=3, slippage=Decimal(0))
FREE_OF_FEES = Fees(Decimal(0), Decimal(0))


def size(
    ask: str,
    stop: str,
    worth: str = "10000",
    free: str = "10000",
    fees: Fees = FREE_OF_FEES,
    limits: Limits = NO_LIMITS,
    exposure: str = "0",
) -> Amount | Refused:
    return size_entry(
        PAIR,
        RULES,
        fees,
        limits,
        ask=Price.of(ask, "BTC", "USDT"),
        stop=Price.of(stop, "BTC", "USDT"),
        worth=Amount.of(worth, "USDT"),
        free=Amount.of(free, "USDT"),
        exposure=Amount.of(exposure, "USDT"),
    )


def test_risk_divided_by_the_distance_to_the_stop() -> None:
    """1 % of 10,000 with a stop 500 away buys 0.2."""
    assert size("20000", "19500") == Amount.of("0.2", "BTC")


def test_a_tight_stop_is_bounded_by_the_largest_share() -> None:
    """Half the account at most, however near the stop."""
    assert size("20000", "19999") == Amount.of("0.25", "BTC")


def test_a_stop_above_the_price_is_refused() -> None:
    """There is no size for a trade that would be stopped at once."""
    assert size("20000", "20000") == Refused("SIZE_STOP_ABOVE_PRICE: stop=20000 USDT ask=20000 USDT")


def test_too_little_money_is_refused_with_the_lot() -> None:
    """A quantity below one lot is no order."""
    assert size("20000", "19000", free="0.1") == Refused("SIZE_BELOW_LOT: quantity=0.000005 lot=0.00001")


def test_the_smallest_of_all_limits_wins() -> None:
    """Each alone, in money or as a fraction of 10,000, and all together; 0.2 without any."""

    def limited(limits: Limits, exposure: str = "0") -> Amount | Refused:
        return size("20000", "19500", limits=limits, exposure=exposure)

    tight = {
        "risk": (Limits(risk=Fraction.parse("0.5 %")), "0.1"),
        "size": (Limits(size=Fraction.parse("25 %")), "0.05"),
        "position": (Limits(position=Fraction.parse("30 %")), "0.15"),
        "position_value": (Limits(position_value=Amount.of(2400, "USDT")), "0.12"),
        "order_value": (Limits(order_value=Amount.of(2200, "USDT")), "0.11"),
        "capital": (Limits(capital=Amount.of(2600, "USDT")), "0.13"),
        "exposure": (Limits(exposure=Fraction.parse("28 %")), "0.14"),
    }
    for limits, quantity in tight.values():
        assert limited(limits) == Amount.of(quantity, "BTC")
    both = Limits()
    for limits, _ in tight.values():
        both &= limits
    assert limited(both) == Amount.of("0.025", "BTC")  # half the risk, and a quarter of that


def test_what_is_held_already_takes_room() -> None:
    """To the last dollar of the capital, and not a lot more."""
    capital = Limits(capital=Amount.of(5000, "USDT"))
    assert size("20000", "19500", limits=capital, exposure="4000") == Amount.of("0.05", "BTC")
    assert size("20000", "19500", limits=capital, exposure="4999.9") == Refused("SIZE_BELOW_LOT: quantity=0.000005 lot=0.00001")
    assert isinstance(size("20000", "19500", limits=capital, exposure="5000"), Refused)
    assert isinstance(size("20000", "19500", limits=capital, exposure="6000"), Refused)


money = st.integers(1, 10**9).map(lambda cents: Decimal(cents) / 100)


@given(money, money, st.integers(1, 10**7), st.integers(1, 10**7), st.integers(0, 100))
def test_the_loss_at_the_stop_never_exceeds_the_share(worth: Decimal, free: Decimal, one: int, two: int, fee: int) -> None:
    """For any account, price, stop and fee: buying at ask and selling at the stop, fees included, loses at most the share."""
    low, high = sorted((Decimal(one) / 100, Decimal(two) / 100))
    rate = Decimal(fee) / 10_000
    bought = size(str(high), str(low), str(worth), str(free), Fees(rate, rate))
    if isinstance(bought, Amount):
        cost = bought.value * high * (1 + rate)
        assert cost <= free
        assert cost - bought.value * low * (1 - rate) <= worth * RULES.per_trade
        assert bought.value % PAIR.lot == 0
