"""What `fairway run` says when it ends: what still protects a person, and what does not."""

from decimal import Decimal

from tests.pure.reports.ten_days import ten_days
from tests.pure.reports.watched import desk_of

from fairway.operations.trader.stopped_account import stopped_account
from fairway.orders.ids import Role
from fairway.trading.transient_state import LockedForeignOrder


def test_orders_that_the_journal_does_not_know_are_not_passed_over() -> None:
    """They may be all that protects coins whose journal was lost."""
    desk = desk_of(ten_days())
    order = LockedForeignOrder(symbol="BTC/USDT", base="BTC", locked=Decimal(1), list_id="7", is_conditional=True)
    desk.transient.foreign_orders = {"1": order, "2": order}
    told = stopped_account("main", desk).sentence
    assert "2 orders rest at the venue that it does not know: look at the venue's own page." in told
    assert "no protective order was left" not in told


def test_a_position_without_a_stop_is_never_passed_over() -> None:
    """At every moment of ten days: nothing held, held with orders that stay, or held without a stop."""
    run = ten_days()
    desk, heard = desk_of(run), set()
    for event, at in run.events:
        desk.apply(event, at)
        stops = {order.symbol for order in desk.orders.blotter.live.values() if order.role is Role.STOP}
        told = stopped_account("main", desk).sentence
        assert ("WITHOUT a stop" in told) == bool(set(desk.money.ledger.positions) - stops)
        assert not ("No position is open" in told and desk.money.ledger.positions)
        heard.add(told)
    assert "Stopped. No position is open, and no protective order was left at the venue." in heard
    assert "Stopped. 2 protective orders stay at the venue, where they work without Fairway; start it again to go on." in heard
    naked = "is held WITHOUT a stop: start again at once, or sell it at the venue's own page."
    assert any(naked in told for told in heard)
