"""The account's stream is lost and cannot be subscribed again for minutes, while requests are answered."""

from tests.scenes.harness import HOST, Scene
from tests.scenes.script import enter, exchange_fault, leave

from fairway.exchange.terms import Side
from fairway.journal.kinds import StreamLost, StreamRestored
from fairway.world.loop import running

DOWN = exchange_fault("reset_before", "userDataStream.subscribe.signature", since=90, until=330)
LOST = {90.0: lambda _: running().network.cut("trader", HOST)}


def test_no_entry_is_made_and_an_exit_is() -> None:
    """Whoever is blind opens nothing, with a code, and may close all the same; when it is back and caught up, entries go on."""
    stage = Scene(enter(0), leave(2), enter(3), enter(7), faults=[DOWN], acts=LOST)
    stage.run(minutes=9)
    stage.assert_belief_is_truth()
    assert stage.refusals() == ["DATA_BLIND"]
    [sale] = [order for order in stage.orders if order.side is Side.SELL and order.executed]
    assert stage.second(180) < sale.created_at < stage.second(185)
    assert [round((order.created_at - stage.second(0)) / 60e9) for order in stage.bought()] == [1, 8]


def test_it_is_dialled_with_growing_pauses_and_told_once() -> None:
    """Four minutes without it are neither a hammering of the exchange nor a page of complaints."""
    stage = Scene(enter(0), faults=[DOWN], acts=LOST)
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    lost = [event for event in stage.events(StreamLost) if isinstance(event, StreamLost) and event.channel == "account"]
    assert len(lost) == 1
    assert max(stage.seconds_of(StreamRestored)) < 330 + 60
    assert stage.bans() == 0
