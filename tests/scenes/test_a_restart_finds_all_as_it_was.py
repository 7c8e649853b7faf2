"""A trader is killed and starts again with its journal alone: what is held, what rests and what was filled are as before."""

from decimal import Decimal

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault

from fairway.journal.kinds import ExternalFill, TraderStarted, Unexplained
from fairway.orders.lifecycle import OrderFilled, OrderRejected, OrderSent
from fairway.world.loop import running

KILLED = {100.0: Scene.kill_and_restart_trader}
FALLS = {"BTC/USDT": {0: "100", 150: "94"}}


@pytest.mark.parametrize("wishes", [(), (enter(0),)], ids=["flat", "long"])
def test_a_warm_restart_books_nothing(wishes: tuple[object, ...]) -> None:
    """No fill is made up to bring the books to where they are already."""
    stage = Scene(*wishes, acts=KILLED)  # type: ignore[arg-type]
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.events(TraderStarted)) == 2
    assert stage.events(Unexplained, ExternalFill) == []
    assert [second for second in stage.seconds_of(OrderFilled) if second > 100] == []
    assert bool(stage.account_state.money.ledger.positions) == bool(wishes)


def test_fills_that_are_told_again_after_a_restart_are_booked_once() -> None:
    """Twice by the stream, and once more when they are asked for."""
    stage = Scene(enter(0), faults=[exchange_fault("duplicate_events")], acts={60.507: Scene.kill_and_restart_trader})
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    filled = [event.fill.trade_id for event in stage.events(OrderFilled) if isinstance(event, OrderFilled)]
    assert len(filled) == len(set(filled)) > 0


def test_orders_that_rest_are_kept() -> None:
    """None is dropped, cancelled or sent again: protection has no gap."""
    stage = Scene(enter(0), acts=KILLED)
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.events(OrderSent)) == len(stage.orders) == 3
    assert len(stage.open_at_exchange()) == 2


def test_an_order_that_the_exchange_denies_at_the_start_is_not_given_up() -> None:
    """It answers from a replica that lags: only after a minute, and not in list nor fills, would it be believed."""
    hidden = exchange_fault("hidden_order", for_ms=40_000)
    stage = Scene(enter(0), faults=[hidden], acts={60.5035: Scene.kill_and_restart_trader})
    stage.run(minutes=4)
    stage.assert_ties_out()
    assert stage.events(OrderRejected) == []
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2


def test_a_fill_of_long_before_the_start_is_found() -> None:
    """The entry's answer was lost with the trader, which stays dead for ten minutes; then its fill explains the position."""
    acts = {60.5035: lambda _: running().kill("trader"), 660.0: Scene.come_back}
    stage = Scene(enter(0), acts=acts)
    stage.run(minutes=13)
    stage.assert_belief_is_truth()
    assert stage.events(Unexplained, ExternalFill) == []
    assert len(stage.open_at_exchange()) == 2


def test_a_stop_that_fired_while_the_trader_was_dead_is_booked() -> None:
    """By its own fill, and not as something unexplained."""
    stage = Scene(enter(0), acts={100.0: lambda _: running().kill("trader"), 200.0: Scene.come_back}, prices=FALLS)
    stage.run(minutes=5)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
    assert stage.events(Unexplained, ExternalFill) == []


def test_an_account_without_any_history_is_a_sound_beginning() -> None:
    """No balance, no order, no fill: the wish is refused for want of money, and nothing breaks."""
    stage = Scene(enter(0), balances={}, acts=KILLED)
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.balances.totals in ({}, {"USDT": Decimal(0), "BTC": Decimal(0)})
    assert stage.refusals() == ["SIZE_BELOW_LOT"]
