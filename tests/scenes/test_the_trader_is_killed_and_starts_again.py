"""`kill -9` between the intent and its answer, when the request never left: the journal says sent, the exchange knows nothing.

The wire is cut just before, so that what was journaled dies on the way, and the new life has to find out.
"""

from collections.abc import Callable

from tests.scenes.harness import HOST, Scene
from tests.scenes.script import enter, leave

from fairway.journal.kinds import TraderStarted
from fairway.orders.lifecycle import OrderAccepted, OrderLost, OrderRejected, OrderSent
from fairway.world.loop import running

Acts = dict[float, Callable[[Scene], object]]


def cut_off_and_killed(second: float) -> Acts:
    """Cut at a second, killed a tenth later, and up again ten seconds after that, with the wire whole."""
    return {second: _cut, second + 0.1: _kill, second + 10: _heal, second + 10.1: Scene.come_back}


def _cut(_stage: Scene) -> None:
    running().network.partition("trader", HOST)


def _kill(stage: Scene) -> None:
    """A machine that dies loses what it had not synced."""
    running().kill("trader")
    stage.journal.crash()


def _heal(_stage: Scene) -> None:
    running().network.heal("trader", HOST)


def test_an_entry_that_never_left_is_given_up_after_a_minute() -> None:
    """Until then it is unknown and blocks its symbol; then a new wish is free, and exactly one entry exists."""
    stage = Scene(enter(0), enter(1), enter(4), acts=cut_off_and_killed(60.5015))
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert len(stage.events(TraderStarted)) == 2
    assert len(stage.events(OrderLost)) == 1
    assert len(stage.events(OrderRejected)) == 1
    assert stage.refusals() == ["SYMBOL_BUSY"]
    [entry] = stage.bought()
    assert entry.client_id == stage.own_id("e", 1, epoch=2)
    assert len(stage.open_at_exchange()) == 2


def test_a_pair_that_never_left_is_sent_again_under_its_own_ids() -> None:
    """The position is naked for as long as the trader is dead, and a few seconds more."""
    stage = Scene(enter(0), acts=cut_off_and_killed(60.5035))
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert [order.client_id for order in stage.orders] == [stage.own_id("e", 1), stage.own_id("s", 2), stage.own_id("t", 2)]
    assert stage.orders[1].created_at < stage.second(60.5035 + 10.1 + 5)
    assert len(stage.events(OrderSent)) == 5


def test_a_sale_that_never_left_is_made_once() -> None:
    """The old sale is given up after a minute; meanwhile nothing is known, and nothing sold twice."""
    stage = Scene(enter(0), leave(1), acts=cut_off_and_killed(120.5035))
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.positions == {}
    assert len(stage.account_state.money.trips) == 1
    assert len([order for order in stage.orders if order.client_id.endswith("x")]) == 1


def test_what_was_journaled_before_the_kill_is_all_that_the_new_life_knows() -> None:
    """Everything that the exchange was told of is in the journal; the second life begins with its own line, and numbers anew."""
    stage = Scene(enter(0), acts=cut_off_and_killed(60.5045))
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    kinds = [type(event) for event in stage.events()]
    second_life = len(kinds) - 1 - kinds[::-1].index(TraderStarted)
    sent = {event.order_id for event in stage.events()[:second_life] if isinstance(event, OrderSent)}
    assert {order.client_id for order in stage.orders} <= sent
    assert OrderAccepted in kinds[second_life:]
