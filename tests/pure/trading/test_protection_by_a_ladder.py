"""A position that is left in steps: a pair for each rung, all under one stop, and never more or less on sale than is held."""

from decimal import Decimal

from msgspec.structs import replace
from tests.ids import RUN
from tests.pure.trading.planned import LADDER, bought, cancelled, held, price, protected, rest
from tests.pure.trading.test_step import SYMBOL, filled, kinds, report

from fairway.journal.kinds import ExitWanted, LadderDropped
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAdopted
from fairway.orders.order import OrderState, OrderType
from fairway.trading.inputs import OrderQueried, OrdersAcknowledged, PlaceFailed, Tick
from fairway.trading.venue_requests import Cancel, Place, PlacePair
from fairway.trading.watchdog import is_protected
from fairway.venues.port import Ambiguous, Rejected, ReportStatus
from fairway.world.clock import SECOND

NO = Rejected("no", "-2010")


def test_each_rung_is_a_pair_under_the_common_stop() -> None:
    """Half, 30 % and the rest, rounded down to the lot; together exactly what can be sold."""
    scene, pairs = bought(LADDER)
    assert [pair.target.price for pair in pairs] == [price("102"), price("103"), price("104")]
    assert {pair.stop.stop_price for pair in pairs} == {price("98")}
    assert pairs[0].stop.quantity.value / held(scene) <= Decimal("0.5")
    assert sum(pair.stop.quantity.value for pair in pairs) == held(scene)
    assert len({pair.stop.id for pair in pairs}) == 3


def test_a_rung_that_sells_leaves_the_others_alone() -> None:
    """No gap: the rest of the position has its stops already."""
    scene, pairs = protected(LADDER)
    first = pairs[0]
    scene.news(report(first.stop, ReportStatus.EXPIRED))
    outcome = scene.news(filled(first.target, "2", first.target.quantity.value, "102"))
    assert outcome.commands == []
    assert is_protected(scene.state, SYMBOL)
    assert scene.news(Tick(), after=5 * SECOND).commands == []


def test_a_rung_that_sells_in_part_gets_a_new_pair_for_its_rest_alone() -> None:
    """The other pairs stay where they are."""
    scene, pairs = protected(LADDER)
    first = pairs[0]
    [cancel] = scene.news(filled(first.target, "2", "1", "102")).commands
    assert isinstance(cancel, Cancel)
    assert cancel.order.pair == first.stop.pair
    [again] = cancelled(scene, first.stop, first.target).commands
    assert isinstance(again, PlacePair)
    assert (again.stop.quantity.value, again.target.price) == (first.stop.quantity.value - 1, price("102"))


def test_the_rest_of_a_rung_whose_price_is_there_is_sold() -> None:
    """Its pair would be refused; the quantity on sale and under stops is the position, no more."""
    scene, pairs = protected(LADDER)
    scene.quote("102.00", "102.02")
    scene.news(filled(pairs[0].target, "2", "1", "102"))
    [sale] = cancelled(scene, pairs[0].stop, pairs[0].target).commands
    assert isinstance(sale, Place)
    resting = sum(order.quantity.value for order in scene.state.orders.blotter.of(SYMBOL, Role.STOP))
    assert sale.order.quantity.value + resting == held(scene)


def test_a_ladder_that_is_refused_becomes_one_pair() -> None:
    """Fewer rungs, and no part of it naked."""
    scene, pairs = bought(LADDER)
    rest(scene, pairs[:2])
    assert not is_protected(scene.state, SYMBOL)
    scene.news(PlaceFailed([pairs[2].stop, pairs[2].target], NO))
    [again] = scene.news(Tick(), after=SECOND).commands
    assert isinstance(again, PlacePair)
    assert again.target.price == price("104")
    scene.news(PlaceFailed([again.stop, again.target], NO))
    outcome = scene.news(Tick(), after=2 * SECOND)
    assert isinstance(outcome.events[0], LadderDropped)
    assert kinds(outcome.commands) == ["Cancel", "Cancel"]
    [whole] = cancelled(scene, *(leg for pair in pairs[:2] for leg in (pair.stop, pair.target))).commands
    assert isinstance(whole, PlacePair)
    assert (whole.stop.quantity.value, whole.target.price) == (held(scene), price("104"))


def test_a_ladder_that_is_down_to_its_target_is_not_tried_twice() -> None:
    """Less of it is the same again: what the venue refused once is sold, as of a plan without rungs."""
    scene, pairs = protected(LADDER)
    for number, pair in enumerate(pairs[:2], 2):
        scene.news(report(pair.stop, ReportStatus.EXPIRED))
        scene.news(filled(pair.target, str(number), pair.target.quantity.value, str(100 + number)))
    last = pairs[2]
    [again] = cancelled(scene, last.stop, last.target).commands
    assert isinstance(again, PlacePair)
    scene.news(PlaceFailed([again.stop, again.target], NO))
    outcome = scene.news(Tick(), after=SECOND)
    assert [type(event) for event in outcome.events[:1]] == [ExitWanted]
    assert kinds(outcome.commands) == ["Place"]


def test_a_pair_is_not_repeated_beside_one_that_is_about_to_end() -> None:
    """One rung's stop has sold, and its target is not yet told to be over: with it, more would be on sale than is held."""
    scene, pairs = bought(LADDER)
    first, second, third = pairs
    rest(scene, [first, third])
    scene.news(PlaceFailed([second.stop, second.target], Ambiguous("reset")))
    lost = (second.stop, second.target)
    asked_at = scene.now + 2 * SECOND
    for leg in lost:
        scene.news(OrderQueried(leg, None, asked_at))
    scene.state.transient.asked_at = asked_at
    [position] = scene.state.money.ledger.positions.values()
    sold = filled(first.stop, "2", first.stop.quantity.value, "98")
    assert position.quantity.value > sold.fill.quantity.value
    scene.now = asked_at
    assert scene.news(sold).commands == []
    repeated = scene.news(report(first.target, ReportStatus.EXPIRED)).commands
    assert [command.stop.id for command in repeated if isinstance(command, PlacePair)] == [second.stop.id]


def test_an_exit_cancels_every_pair_before_it_sells() -> None:
    """All three are gone, then one sale of all."""
    scene, pairs = protected(LADDER)
    scene.state.protection.exits[SYMBOL] = "test"
    outcome = scene.news(report(pairs[0].stop))
    assert kinds(outcome.commands) == ["Cancel"] * 3
    legs = [leg for pair in pairs for leg in (pair.stop, pair.target)]
    assert cancelled(scene, *legs[:-1]).commands == []
    [sale] = cancelled(scene, legs[-1]).commands
    assert isinstance(sale, Place)
    assert (sale.order.type, sale.order.quantity.value) == (OrderType.MARKET, held(scene))


def test_a_surplus_pair_is_cancelled() -> None:
    """Whoever found it: the plan's own pairs stay, and nothing covers more than is held."""
    scene, pairs = protected(LADDER)
    twin = pairs[2]

    strangers = [
        replace(leg, id=leg.id.replace(f"-{RUN}-1-", f"-{RUN}-0-"), pair="", state=OrderState.OPEN, venue_id="v")
        for leg in (twin.stop, twin.target)
    ]
    for leg in strangers:
        scene.state.apply(OrderAdopted(leg.id, "found at the venue", order=leg), scene.now)
    outcome = scene.news(OrdersAcknowledged([report(pairs[0].stop)]))
    assert [command.order.id for command in outcome.commands if isinstance(command, Cancel)] == [leg.id for leg in strangers]
