"""Pairs of stop and target: which orders belong together, what they cover, and which of them fit a plan."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.pure.trading.planned import price, protected
from tests.pure.trading.test_step import SYMBOL, report

from fairway.money.amount import Amount
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderSent
from fairway.orders.order import Order, OrderState, OrderType, Side
from fairway.orders.plan import PLAIN, ExitPlan, Leg, ProtectionPlan
from fairway.trading.oco import Resting, covers, is_settling, lacks_stop, misfits, resting, send
from fairway.venues.port import ReportStatus
from fairway.world.clock import SECOND

PLAN = ProtectionPlan(stop=price("98"), target=price("104"))


def btc(text: str) -> Amount:
    return Amount.of(text, "BTC")


def leg(number: int, role: Role, quantity: str = "1", *, filled: str = "0", stop: str = "98", target: str = "104") -> Order:
    """An order that rests, of the pair with this number."""
    is_stop = role is Role.STOP
    return Order(
        id=f"fw-main-aaaaa-1-{number}-{role}",
        symbol=SYMBOL,
        side=Side.SELL,
        type=OrderType.STOP if is_stop else OrderType.LIMIT,
        role=role,
        quantity=btc(quantity),
        stop_price=price(stop) if is_stop else None,
        price=None if is_stop else price(target),
        state=OrderState.OPEN,
        filled=btc(filled),
        cost=Amount.of(0, "USDT"),
    )


def pair(number: int = 1, quantity: str = "1", **prices: str) -> Resting:
    return Resting(leg(number, Role.STOP, quantity, **prices), leg(number, Role.TARGET, quantity, **prices))


def test_legs_are_paired_by_the_number_that_they_share() -> None:
    """Oldest first; an exit is no leg, and a leg alone is a pair all the same."""
    sells = [leg(2, Role.TARGET), leg(1, Role.STOP), leg(3, Role.EXIT), leg(1, Role.TARGET), leg(4, Role.STOP)]
    found = [[order.id for order in each.orders] for each in resting(sells)]
    assert found == [["fw-main-aaaaa-1-2-t"], ["fw-main-aaaaa-1-1-s", "fw-main-aaaaa-1-1-t"], ["fw-main-aaaaa-1-4-s"]]
    assert lacks_stop(sells)
    assert not lacks_stop(sells[1:])
    assert resting([]) == []


def test_what_a_pair_covers_is_what_is_left_of_it() -> None:
    assert Resting(leg(1, Role.STOP, filled="0.4"), leg(1, Role.TARGET)).quantity == Decimal("0.6")
    assert Resting(None, leg(1, Role.TARGET, filled="0.1")).quantity == Decimal("0.9")


@pytest.mark.parametrize(
    ("of_stop", "of_target", "torn"), [("0", "0", False), ("0.4", "0.4", False), ("0.4", "0", True), ("0", "0.1", True)]
)
def test_a_pair_is_torn_while_its_legs_have_not_sold_alike(of_stop: str, of_target: str, torn: bool) -> None:
    assert Resting(leg(1, Role.STOP, filled=of_stop), leg(1, Role.TARGET, filled=of_target)).is_torn is torn


def test_a_leg_alone_is_not_torn() -> None:
    assert not Resting(None, leg(1, Role.TARGET, filled="0.4")).is_torn
    assert not Resting(leg(1, Role.STOP, filled="0.4"), None).is_torn


@pytest.mark.parametrize(
    ("found", "fits"),
    [
        (pair(), True),
        (Resting(leg(1, Role.STOP), None), True),
        (Resting(None, leg(1, Role.TARGET)), False),
        (pair(stop="97"), False),
        (pair(target="105"), False),
        (pair(quantity="0.9"), False),
    ],
)
def test_a_pair_fits_a_leg_by_its_stop_its_target_and_its_size(found: Resting, fits: bool) -> None:
    """One that has lost its target still protects; one that has lost its stop does not."""
    wanted = Leg(btc("1"), price("104"))
    assert found.fits(PLAN, wanted) is fits
    assert misfits([found], PLAN, [wanted]) == (([], []) if fits else ([found], [wanted]))


def test_each_leg_is_taken_by_one_pair() -> None:
    """Two pairs alike fit two legs alike, and the third is one too many."""
    legs = [Leg(btc("1"), price("104"))] * 2
    many = [pair(1), pair(2), pair(3)]
    assert misfits(many, PLAN, legs) == ([many[2]], [])
    assert misfits(many[:1], PLAN, legs) == ([], legs[1:])


@pytest.mark.parametrize(
    ("pairs", "sellable", "covered"),
    [
        ([pair(1), pair(2, "0.5")], "1.5", True),
        ([pair(1), pair(2, "0.5", target="110")], "1.5", True),
        ([pair(1)], "1.5", False),
        ([pair(1), pair(2)], "1.5", False),
        ([pair(1), pair(2, "0.5", stop="97")], "1.5", False),
        ([pair(1), Resting(None, leg(2, Role.TARGET, "0.5"))], "1.5", False),
        ([pair(1), Resting(leg(2, Role.STOP, "0.5"), None)], "1.5", True),
        ([], "0", True),
    ],
)
def test_stops_cover_what_can_be_sold(pairs: list[Resting], sellable: str, covered: bool) -> None:
    """Exactly, and at the plan's level."""
    assert covers(pairs, btc(sellable), PLAN) is covered


def test_without_a_plan_any_level_covers() -> None:
    assert covers([pair(1, stop="97")], btc("1"), None)
    assert not covers([pair(1, stop="97")], btc("2"), None)


def test_a_target_without_its_stop_settles_for_less_than_a_second() -> None:
    scene, [sent] = protected(PLAIN)
    alone = Resting(None, scene.order(sent.target))
    scene.news(report(sent.stop, ReportStatus.EXPIRED))
    ended = scene.order(sent.stop).updated_at
    assert is_settling(scene.state, alone, ended + SECOND - 1)
    assert not is_settling(scene.state, alone, ended + SECOND)
    assert not is_settling(scene.state, Resting(scene.order(sent.stop), scene.order(sent.target)), ended)
    assert not is_settling(scene.state, Resting(None, None), ended)
    unknown = Resting(None, replace(scene.order(sent.target), id="fw-main-aaaaa-9-9-t"))
    assert not is_settling(scene.state, unknown, ended)


@pytest.mark.parametrize(
    ("gap", "kind", "limit"), [(None, OrderType.STOP, None), (Amount.of("0.5", "USDT"), OrderType.STOP_LIMIT, price("97.5"))]
)
def test_a_pair_is_sent_as_its_plan_says(gap: Amount | None, kind: OrderType, limit: object) -> None:
    """Both legs under one number, with the name of the pair; the stop at any price, or not below its limit."""
    scene, _ = protected(PLAIN)
    plan = replace(PLAN, exit_plan=ExitPlan(stop_gap=gap))
    events = send(scene.state, SYMBOL, plan, Leg(btc("0.25"), price("103")), 77)
    orders = [event.order for event in events if isinstance(event, OrderSent) and event.order is not None]
    stop, target = orders
    stem = stop.id.removesuffix("-s")
    assert (stop.id, target.id, stop.pair, target.pair) == (f"{stem}-s", f"{stem}-t", f"{stem}-p", f"{stem}-p")
    assert [(each.symbol, each.side, each.quantity, each.created_at) for each in orders] == [
        (SYMBOL, Side.SELL, btc("0.25"), 77)
    ] * 2
    assert (stop.role, stop.type, stop.stop_price, stop.price) == (Role.STOP, kind, price("98"), limit)
    assert (target.role, target.type, target.stop_price, target.price) == (Role.TARGET, OrderType.LIMIT, None, price("103"))
