"""What `fairway run` says when it ends: what still protects a person, and what does not."""

from decimal import Decimal

from tests.pure.reports.ten_days import ten_days
from tests.pure.reports.watched import desk_of

from fairway.cli.shutdown_notice import shutdown_notice
from fairway.orders.ids import Role
from fairway.trading.transient_state import LockedForeignOrder


def test_orders_that_the_journal_does_not_know_are_not_passed_over() -> None:
    """They may be all that protects coins whose journal was lost."""
    account_state = desk_of(ten_days())
    order = LockedForeignOrder(symbol="BTC/USDT", base="BTC", locked=Decimal(1), list_id="7", is_conditional=True)
    account_state.transient.foreign_orders = {"1": order, "2": order}
    told = shutdown_notice(account_state)
    assert "2 orders rest at the venue that it does not know: look at the venue's own page." in told
    assert "no protective order was left" not in told


def test_a_position_without_a_stop_is_never_passed_over() -> None:
    """At every moment of ten days: nothing held, held with orders that stay, or held without a stop."""
    run = ten_days()
    account_state, heard = desk_of(run), set()
    for event, at in run.events:
        account_state.apply(event, at)
        stops = {order.symbol for order in account_state.orders.blotter.live.values() if order.role is Role.STOP}
        told = shutdown_notice(account_state)
        assert ("WITHOUT a stop" in told) == bool(set(account_state.money.ledger.positions) - stops)
        assert not ("No position is open" in told and account_state.money.ledger.positions)
        heard.add(told)
    assert "Stopped. No position is open, and no protective order was left at the venue." in heard
    assert "Stopped. 2 protective orders stay at the venue, where they work without Fairway; start it again to go on." in heard
    naked = "is held WITHOUT a stop: start again at once, or sell it at the venue's own page."
    assert any(naked in told for told in heard)
