"""A person cancels an entry that rests; what protects, or lowers exposure, is never cancelled by hand."""

from tests.pure.trading.planned import LADDER, protected
from tests.pure.trading.test_safety_checks import told
from tests.pure.trading.test_step import ENTER, Scene, kinds, report

from fairway.journal.commands import CancelEntry
from fairway.orders.order import OrderState
from fairway.trading.inputs import CommandReceived, OrdersAcknowledged
from fairway.trading.venue_requests import Place
from fairway.venues.port import ReportStatus


def cancel(order_id: str) -> CancelEntry:
    return CancelEntry(reason="the news changed", order_id=order_id)


def test_an_entry_that_rests_is_cancelled() -> None:
    scene = Scene()
    [place] = scene.wish(ENTER).commands
    assert isinstance(place, Place)
    scene.news(OrdersAcknowledged([report(place.order, ReportStatus.OPEN)]))
    outcome = scene.news(CommandReceived(1, "ann", cancel(place.order.id)))
    assert "Cancel" in kinds(outcome.commands)
    assert scene.order(place.order).state is OrderState.CANCELLING
    assert scene.order(place.order).reason == "cancelled by ann: the news changed"


def test_an_entry_whose_answer_is_awaited_stays() -> None:
    scene = Scene()
    [place] = scene.wish(ENTER).commands
    assert isinstance(place, Place)
    assert told(scene, 1, cancel(place.order.id)) == [f"ORDER_NOT_RESTING: order={place.order.id} state=sent"]


def test_a_stop_and_a_target_are_never_cancelled_by_hand() -> None:
    scene, [pair, *_] = protected(LADDER)
    for number, (order, role) in enumerate(((pair.stop, "stop"), (pair.target, "target")), 1):
        assert told(scene, number, cancel(order.id)) == [f"ORDER_PROTECTS: order={order.id} role={role}"]
        assert scene.order(order).state is OrderState.OPEN


def test_an_order_that_is_over_or_unknown_is_refused() -> None:
    assert told(Scene(), 1, cancel("fw-main-abcde-1-9-e")) == ["ORDER_NOT_AT_WORK: order=fw-main-abcde-1-9-e"]
