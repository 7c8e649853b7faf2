"""The venue answers for an order of ours with another one: symbol, side, size, price or age shows it, and nothing is moved."""

from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs
from tests.pure.trading.test_reconciliation import of, totals
from tests.pure.trading.test_step import SYMBOL, Scene, caught, filled, kinds, report

from fairway.journal.kinds import CapRaised, ExternalFill, Protected
from fairway.ledger.reconcile import CLOCKS_APART_NS
from fairway.money.amount import Amount, Price
from fairway.orders.lifecycle import OrderAccepted, OrderFilled, OrderRejected
from fairway.orders.order import Order, OrderState, Side
from fairway.trading.inputs import OrderQueried, OrdersAcknowledged, PlaceFailed
from fairway.venues.port import Ambiguous, OrderReport, ReportStatus
from fairway.world.clock import SECOND


def lost_pair(scene: Scene) -> Order:
    """The stop of a pair whose request was lost; the position is naked."""
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], Ambiguous("reset")))
    return pair.stop


def older(told: OrderReport, order: Order) -> OrderReport:
    return replace(told, created_at=order.created_at - CLOCKS_APART_NS - 1)


@pytest.mark.parametrize("how", ["symbol", "side", "quantity", "stop price", "age"])
def test_an_answer_about_another_order_moves_nothing_and_is_told(how: str) -> None:
    scene = Scene()
    stop = lost_pair(scene)
    told = report(stop)
    other = {
        "symbol": replace(told, symbol="ETH/USDT"),
        "side": replace(told, side=Side.BUY),
        "quantity": replace(told, quantity=told.quantity + Amount.of("1", "BTC")),
        "stop price": replace(told, stop_price=Price.of("90", "BTC", "USDT")),
        "age": older(told, stop),
    }[how]
    outcome = scene.news(OrderQueried(stop, other, scene.now), after=SECOND)
    assert [type(event) for event in outcome.events] == [CapRaised]
    cap = scene.state.limits.caps[f"held {SYMBOL}"]
    assert cap.reason.startswith(f"the venue answers for our order {stop.id} (sell {stop.quantity}) with another one: it")
    assert scene.order(stop).state is OrderState.UNKNOWN
    assert of_kind(scene, Protected) == []
    assert of_kind(scene, OrderAccepted) == [scene.state.orders.blotter[next(iter(scene.state.orders.blotter.ended))].id]


def of_kind(scene: Scene, kind: type) -> list[object]:
    return [getattr(event, "order_id", event) for event, _ in scene.journal if isinstance(event, kind)]


def test_where_the_venue_answers_with_another_order_ours_is_missing_and_is_sent_anew_under_another_id() -> None:
    """After the grace time, and when lists of open orders and of fills lack it as well: the position is not naked for good."""
    scene = Scene()
    stop = lost_pair(scene)
    other = older(report(stop, ReportStatus.FILLED, filled=stop.quantity.value), stop)
    for seconds in (1, 61):
        scene.news(OrderQueried(stop, other, scene.now), after=seconds * SECOND)
        scene.news(caught(totals(scene), scene.now), after=SECOND)
    scene.news(OrderQueried(stop, other, scene.now), after=SECOND)
    assert of_kind(scene, OrderRejected) == [stop.id]
    assert scene.order(stop).state is OrderState.REJECTED


@pytest.mark.parametrize("how", ["symbol", "side", "age"])
def test_a_fill_under_our_id_that_cannot_be_of_our_order_is_not_booked_as_ours(how: str) -> None:
    """Another trader uses our ids in another symbol, or used them before."""
    scene = Scene()
    entry = scene.enter()
    ours = filled(entry, "9", "1")
    ours = replace(ours, fill=structs.replace(ours.fill, at=entry.created_at))
    other = {
        "symbol": replace(ours, symbol="ETH/USDT"),
        "side": replace(ours, side=Side.SELL),
        "age": replace(ours, fill=structs.replace(ours.fill, at=entry.created_at - CLOCKS_APART_NS - 1)),
    }[how]
    assert scene.news(other).events == []
    assert scene.state.money.ledger.positions == {}
    assert of(scene.news(ours).events, OrderFilled)


def test_what_was_filled_under_our_id_by_another_order_is_in_the_books_as_somebody_elses() -> None:
    """The balances then agree, and no position of ours is made of it."""
    scene = Scene()
    entry = scene.enter()
    scene.news(OrdersAcknowledged([report(entry)]))
    other = filled(entry, "9", "1")
    other = replace(other, venue_id="77", fill=structs.replace(other.fill, at=entry.created_at - CLOCKS_APART_NS - 1))
    told = caught(totals(scene, BTC="0.999", USDT="-100.02"), scene.now, report(entry), fills=[other])
    outcome = scene.news(told, after=SECOND)
    assert len(of(outcome.events, ExternalFill)) == 1
    assert scene.state.money.ledger.positions == {}


def test_an_order_that_the_venue_has_numbered_may_be_resized_there() -> None:
    """By a person, on the venue's page: the number shows that it is the same order."""
    scene = Scene()
    pair = scene.protected()
    smaller = replace(report(pair.target), quantity=Amount(Decimal(1), "BTC"))
    assert "Cancel" in kinds(scene.news(smaller).commands)
    assert scene.order(pair.target).quantity == Amount.of("1", "BTC")
