"""A kill between any two messages of an entry, or while the network is gone: after it nothing is opened, whenever it is heard."""

import pytest
from tests.scenes.harness import HOST, Scene
from tests.scenes.script import enter
from tests.scenes.test_a_person_kills_it import kill
from tests.scenes.test_the_trader_is_killed import ENTERING

from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderSent
from fairway.risk.limits import TradingState
from fairway.world.loop import running

MOMENTS = [59.0, 60.0, 60.4999, 60.5001, *ENTERING]


def entries_sent(stage: Scene) -> list[OrderSent]:
    sent = [event for event in stage.events(OrderSent) if isinstance(event, OrderSent)]
    return [event for event in sent if event.order is not None and event.order.role is Role.ENTRY]


@pytest.mark.parametrize("second", MOMENTS)
def test_what_was_sent_is_protected_and_nothing_is_sent_after_it(second: float) -> None:
    """At most the entry that was under way exists, under its stop; the wishes after it are refused, also by the next life."""
    acts = {second: kill(), 100.0: Scene.kill_and_restart_trader}
    stage = Scene(enter(0), enter(2, symbol="ETH/USDT"), prices={"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}}, acts=acts)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(entries_sent(stage)) <= (second > 60.5)
    assert set(stage.refusals()) == {"STATE_KILLED"}
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.KILLED


def test_a_network_that_returns_after_the_kill_brings_no_entry() -> None:
    """The wish was on its way when the line went dead, and the kill came before it was back: the exchange takes it not at all."""
    acts = {
        60.5015: lambda _: running().network.link("trader", HOST).block(),
        90.0: kill(),
        150.0: lambda _: running().network.heal("trader", HOST),
    }
    stage = Scene(enter(0), enter(3), enter(5), acts=acts)
    stage.run(minutes=8)
    stage.assert_belief_is_truth()
    assert len(entries_sent(stage)) == 1
    assert stage.bought() == []
