"""The exchange ends the account's subscription and keeps the line: it is subscribed anew, and what it missed is asked for."""

from tests.scenes.harness import ACCOUNT, Scene
from tests.scenes.script import enter

from fairway.journal.kinds import CaughtUp, StreamLost, StreamRestored
from fairway.orders.lifecycle import OrderFilled

FALLS = {"BTC/USDT": {0: "100", 155: "94"}}
LATER = enter(4, stop="90", target="99")


def say_that_it_ended(stage: Scene) -> None:
    """As at the end of a key's session: `eventStreamTerminated`, on a connection that answers pings as before."""
    stage.exchange.hub.end_all(ACCOUNT)


def end_it_in_silence(stage: Scene) -> None:
    """As a listenKey of old expired: no word of it."""
    for subscription in stage.exchange.hub.subscribers(ACCOUNT):
        stage.exchange.hub.unsubscribe(ACCOUNT, subscription)


def lost_after(stage: Scene, second: float) -> tuple[float, float, float]:
    """When the stream was lost, subscribed again, and caught up."""
    lost = next(at for at in stage.seconds_of(StreamLost) if at >= second)
    back = next(at for at in stage.seconds_of(StreamRestored) if at > lost)
    return lost, back, next(at for at in stage.seconds_of(CaughtUp) if at > back)


def test_one_that_says_so_is_subscribed_again_within_seconds() -> None:
    """Before the stop fires, whose fill the new subscription tells; all is asked for before the next entry."""
    stage = Scene(enter(0), LATER, acts={150: say_that_it_ended}, prices=FALLS)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    lost, back, whole = lost_after(stage, 150)
    assert lost < 151
    assert back <= whole < 155
    [told] = [event.why for event in stage.events(StreamLost) if isinstance(event, StreamLost)]
    assert told == "the venue ended the account's stream"
    sold = next(at for at in stage.seconds_of(OrderFilled) if at > 150)
    assert 155 <= sold < 157
    assert len(stage.bought()) == 2


def test_one_that_ends_in_silence_is_found_out_by_what_it_did_not_tell() -> None:
    """The stop's fill is asked for within half a minute, the stream is dialled again, and only then the next entry goes out."""
    stage = Scene(enter(0), LATER, acts={150: end_it_in_silence}, prices=FALLS)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    lost, back, whole = lost_after(stage, 155)
    sold = next(at for at in stage.seconds_of(OrderFilled) if at > 155)
    assert 155 < sold < 190
    assert lost < back <= whole < 240
    [told] = [event.why for event in stage.events(StreamLost) if isinstance(event, StreamLost)]
    assert told.startswith("it did not tell that ")
    assert len(stage.bought()) == 2
