"""Two bots of different names trade with one key: each counts the other's coins as its account's, so a person is told."""

from tests.scenes import by_hand
from tests.scenes.by_hand import Act
from tests.scenes.harness import Scene
from tests.scenes.script import enter

from fairway.exchange.terms import Side
from fairway.journal.commands import LiftCap
from fairway.journal.kinds import CapRaised, OtherBotSeen
from fairway.trading.inputs import CommandReceived

HELD = "held BTC/USDT"
ITS_ORDER = by_hand.own_order("e", 1, Side.BUY, "1", "50", run="swing", account="swing")


def lift(stage: Scene) -> None:
    stage.trader.take(None, CommandReceived(1, "ann", LiftCap(reason="the other bot is stopped", cap_id=HELD)))


def caps(stage: Scene) -> list[str]:
    return [event.cap.id for event in stage.events(CapRaised) if isinstance(event, CapRaised)]


def test_an_order_of_another_bot_that_is_over_is_found_at_the_start() -> None:
    """It is told, and in the symbol that both trade nothing is opened."""
    acts: dict[float, Act] = {3: Scene.kill_trader, 5: ITS_ORDER, 8: by_hand.cancel_all, 20: Scene.come_back}
    stage = Scene(enter(1), acts=acts)
    stage.run(minutes=3)
    [seen] = stage.events(OtherBotSeen)
    assert isinstance(seen, OtherBotSeen)
    assert (seen.bot, seen.symbol) == ("swing", "BTC/USDT")
    assert caps(stage) == [HELD]
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]


def test_an_order_of_another_bot_is_seen_as_soon_as_it_is_placed_and_left_alone() -> None:
    stage = Scene(enter(0), acts={30: ITS_ORDER})
    stage.run(minutes=3)
    assert caps(stage) == [HELD]
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.open_at_exchange()) == 1


def test_what_a_person_has_judged_holds_nothing_again_and_a_newer_order_does() -> None:
    newer = by_hand.own_order("e", 2, Side.BUY, "1", "50", run="swing", account="swing")
    acts: dict[float, Act] = {30: ITS_ORDER, 70: lift, 100: Scene.kill_and_restart_trader, 200: newer}
    stage = Scene(enter(2), enter(4), acts=acts)
    stage.run(minutes=6)
    assert len(stage.bought()) == 3
    assert caps(stage) == [HELD, HELD]
    assert min(at for at in stage.seconds_of(CapRaised) if at > 100) >= 200
