"""The account's stream is open, answers pings, and leaves out what happened: it is found out by asking, and dialled again."""

from tests.scenes.harness import HOST, Scene
from tests.scenes.script import enter, exchange_fault

from fairway.journal.kinds import CaughtUp, StreamLost, StreamRestored
from fairway.orders.lifecycle import OrderFilled
from fairway.world.loop import running

FALLS = {"BTC/USDT": {0: "100", 155: "94"}}


def mute_streams(stage: Scene) -> list[str]:
    return [event.why for event in stage.events(StreamLost) if isinstance(event, StreamLost) and event.is_mute]


def test_a_mute_stream_is_given_up_and_dialled_again() -> None:
    """The stop's fill was not told: the stream is lost, comes back on a new connection, and all is asked for before an entry."""
    mute = exchange_fault("muted_stream", since=100, until=200, market=False)
    stage = Scene(enter(0), enter(4, stop="90", target="99"), faults=[mute], prices=FALLS)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    [why] = mute_streams(stage)
    assert why.startswith("it did not tell that ")
    lost_at = next(second for second in stage.seconds_of(StreamLost) if second > 100)
    back_at = next(second for second in stage.seconds_of(StreamRestored) if second > lost_at)
    whole_at = next(second for second in stage.seconds_of(CaughtUp) if second > back_at)
    assert 160 < lost_at < 190
    assert lost_at < back_at <= whole_at < 240
    assert len(stage.bought()) == 2


def test_a_stream_that_tells_in_time_is_never_doubted() -> None:
    """Late by two seconds is not mute."""
    stage = Scene(enter(0), faults=[exchange_fault("latency", after_ms=2_000)], prices=FALLS)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert mute_streams(stage) == []


def test_fills_during_a_disconnect_are_recovered_and_blame_nobody() -> None:
    """Resubscribed, acknowledged, fills since the last trade asked for, and only then entries."""
    acts = {140.0: lambda _: running().network.partition("trader", HOST), 170.0: lambda _: running().network.heal("trader", HOST)}
    stage = Scene(enter(0), enter(2), enter(5, stop="90", target="99"), acts=acts, prices=FALLS)
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert mute_streams(stage) == []
    assert len(stage.account_state.money.trips) == 1
    booked_at = next(second for second in stage.seconds_of(OrderFilled) if second > 140)
    assert booked_at <= next(second for second in stage.seconds_of(CaughtUp) if second > 140)
    assert len(stage.bought()) == 2
