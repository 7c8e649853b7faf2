"""Plans: how a position is shared out among rungs, and what is refused before anything is bought."""

from dataclasses import replace as changed
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from fairway.market.instrument import Instrument
from fairway.money.amount import Amount, Price
from fairway.money.fees import Fees
from fairway.money.fraction import Fraction
from fairway.orders.plan import PLAIN, ExitPlan, ProtectionPlan, Rung, Trailing, is_dust, legs, protection_breach, rung_end

PAIR = Instrument(
    symbol="BTC/USDT",
    venue_symbol="BTCUSDT",
    base="BTC",
    quote="USDT",
    tick=Decimal("0.01"),
    lot=Decimal("0.001"),
    notional_min=Decimal(5),
)
FEES = Fees(Decimal("0.001"), Decimal("0.001"))


def price(text: str) -> Price:
    return Price.of(text, "BTC", "USDT")


def btc(text: str | Decimal) -> Amount:
    return Amount.of(text, "BTC")


def plan(*rungs: tuple[str, str], target: str = "104", **more: object) -> ProtectionPlan:
    of_rungs = tuple(Rung(Fraction.of(share), price(at)) for share, at in rungs)
    return ProtectionPlan(stop=price("98"), target=price(target), exit_plan=replace(PLAIN, rungs=of_rungs, **more))


LADDER = plan(("0.5", "102"), ("0.3", "103.6"))


def shared(planned: ProtectionPlan, held: str, sold: str = "0", **rules: object) -> list[tuple[str, str]]:
    """Each pair's quantity and target."""
    found = legs(changed(PAIR, **rules), planned, btc(held), btc(sold))  # type: ignore[arg-type]
    return [(str(leg.quantity.value.normalize()), str(leg.target.value)) for leg in found]


def test_rungs_are_rounded_down_to_the_lot_and_the_target_gets_the_rest() -> None:
    """Nothing is left over."""
    assert shared(LADDER, "1.001") == [("0.5", "102"), ("0.3", "103.6"), ("0.201", "104")]


def test_what_was_sold_is_taken_from_the_lowest_rungs() -> None:
    """Whatever sold it."""
    assert shared(LADDER, "0.5", "0.5") == [("0.3", "103.6"), ("0.2", "104")]
    assert shared(LADDER, "0.6", "0.4") == [("0.1", "102"), ("0.3", "103.6"), ("0.2", "104")]
    assert shared(LADDER, "0.1", "0.9") == [("0.1", "104")]


def test_a_rung_too_small_for_the_venue_joins_the_next() -> None:
    """5 USDT at the stop are 0.0511 BTC: a last one too small joins the one before it."""
    assert shared(LADDER, "0.171") == [("0.085", "102"), ("0.086", "104")]
    assert shared(LADDER, "0.18") == [("0.09", "102"), ("0.09", "103.6")]
    assert shared(LADDER, "0.1") == [("0.1", "103.6")]
    assert shared(LADDER, "0.01") == [("0.01", "104")]


@pytest.mark.parametrize(
    ("quantity", "dust"), [("0.001", False), ("0.0009", True), ("0.002", False), ("0.05", False), ("0.0499", True)]
)
def test_dust_is_less_than_the_least_that_can_be_sold(quantity: str, dust: bool) -> None:
    """A lot or more than the venue's own least, and no less than 5 USDT at 100: exactly as much is no dust."""
    of_lots = quantity in ("0.001", "0.0009", "0.002")
    rules = changed(PAIR, notional_min=Decimal(0)) if of_lots else PAIR
    assert is_dust(rules, btc(quantity), Decimal(100)) is dust
    least = changed(PAIR, notional_min=Decimal(0), quantity_min=Decimal("0.002"))
    assert is_dust(least, btc(quantity), Decimal(100)) is (Decimal(quantity) < Decimal("0.002"))


def test_with_fewer_conditional_orders_allowed_the_upper_rungs_are_one() -> None:
    """Never a naked part."""
    assert shared(LADDER, "1", conditional_orders_max=2) == [("0.5", "102"), ("0.5", "104")]
    assert shared(LADDER, "1", conditional_orders_max=1) == [("1", "104")]


@given(held=st.integers(1, 5_000), sold=st.integers(0, 5_000), most=st.integers(1, 5), least=st.integers(0, 200))
def test_the_pairs_cover_exactly_what_is_held(held: int, sold: int, most: int, least: int) -> None:
    """For any quantity, any history and any rules: no more, no less, no empty pair, no more pairs than allowed."""
    listed = changed(PAIR, conditional_orders_max=most, notional_min=Decimal(least))
    found = legs(listed, LADDER, btc(Decimal(held) / 1000), btc(Decimal(sold) / 1000))
    assert sum(leg.quantity.value for leg in found) == Decimal(held) / 1000
    assert all(leg.quantity.value > 0 for leg in found)
    assert len(found) <= most
    assert [leg.target for leg in found] == sorted((leg.target for leg in found), key=lambda target: target.value)


REFUSED = {
    "PLAN_DISORDERED": plan(("0.5", "103"), ("0.3", "103")),
    "PLAN_DISORDERED ": plan(("0.5", "97")),
    "PLAN_SHARES": plan(("0.5", "102"), ("0.5", "103")),
    "PLAN_SHARES ": plan(("0", "102")),
    "PLAN_STOP_GAP": plan(stop_gap=Amount.of(98, "USDT")),
    "PLAN_STOP_GAP ": plan(stop_gap=Amount.of(-1, "USDT")),
    "PLAN_TRAILING": plan(trailing=Trailing(starts=price("101"), distance=Amount.of(0, "USDT"))),
    "FILTER_MAX_NUM_ALGO_ORDERS": plan(*(("0.1", str(99 + number)) for number in range(1, 6)), target="110"),
    "FILTER_RUNG_STOP_NOTIONAL": plan(("0.05", "102")),
    "FILTER_STOP_NOTIONAL": plan(("0.95", "102")),
    "FILTER_RUNG_TARGET_PRICE_FILTER": plan(("0.5", "102.001")),
    "FILTER_TARGET_PERCENT_PRICE_BY_SIDE": plan(target="500.01"),
    "FILTER_STOP_PERCENT_PRICE_BY_SIDE": plan(stop_gap=Amount.of("78.01", "USDT")),
}


@pytest.mark.parametrize(("code", "planned"), REFUSED.items(), ids=REFUSED)
def test_a_plan_that_the_venue_would_not_take_is_refused(code: str, planned: ProtectionPlan) -> None:
    """Each rung and what they leave, after the fee of the purchase; by the code of what refuses it."""
    why = protection_breach(PAIR, FEES, btc("1"), planned, price("100"))
    assert why is not None
    assert why.partition(":")[0] == code.strip()


def test_a_plan_at_the_bounds_passes() -> None:
    """The least of a rung, the last allowed pair, the farthest target and limit."""
    bounds = [
        LADDER,
        plan(("0.053", "102")),
        plan(*(("0.1", str(99 + number)) for number in range(1, 5)), target="110"),
        plan(target="500"),
        plan(stop_gap=Amount.of("78", "USDT")),
    ]
    for planned in bounds:
        assert protection_breach(PAIR, FEES, btc("1"), planned, price("100")) is None


def test_a_coin_that_costs_less_than_one_is_planned_like_any_other() -> None:
    """0.0812, as of a small coin: its stop is at 0.08, which may slip by a tenth of it, and trails at a thousandth."""
    cheap = changed(PAIR, tick=Decimal("0.0001"), lot=Decimal(1))
    trailing = Trailing(starts=price("0.083"), distance=Amount.of("0.0001", "USDT"))
    exits = replace(PLAIN, stop_gap=Amount.of("0.008", "USDT"), trailing=trailing)
    planned = ProtectionPlan(stop=price("0.08"), target=price("0.09"), exit_plan=exits)
    assert protection_breach(cheap, FEES, btc("10000"), planned, price("0.0812")) is None


def test_only_limits_are_held_to_the_venue_s_band_of_prices() -> None:
    """A stop is no limit until it is hit: it may be a tenth of the price."""
    far = replace(plan(), stop=price("10"))
    assert protection_breach(PAIR, FEES, btc("1"), far, price("100")) is None


def test_the_fee_of_the_purchase_counts() -> None:
    """What is bought is more than what can be sold."""
    quantity = btc("0.052")
    assert protection_breach(PAIR, FEES, quantity, plan(), price("100")) is not None
    assert protection_breach(PAIR, Fees(Decimal(0), Decimal(0)), quantity, plan(), price("100")) is None


def test_a_plain_plan_has_one_pair() -> None:
    """A stop and a target, for all of it."""
    assert shared(ProtectionPlan(stop=price("98"), target=price("104")), "1.5") == [("1.5", "104")]
    assert ExitPlan() == PLAIN


def test_the_lowest_rung_is_done_when_so_much_is_sold() -> None:
    """A share of all that was bought, however much of it is sold by now; of a plan without rungs all of it."""
    assert rung_end(PAIR, LADDER, btc("1.001"), btc("0")) == Decimal("0.5")
    assert rung_end(PAIR, LADDER, btc("0.6"), btc("0.4")) == Decimal("0.5")
    assert rung_end(PAIR, plan(), btc("0.6"), btc("0.4")) == 1
