"""It "stopped trading": what is told of that says what goes on all the same, and that is what happens."""

from msgspec.structs import replace
from tests.scenes.by_hand import Act
from tests.scenes.harness import RULES, Scene
from tests.scenes.script import enter, leave

from fairway.journal.commands import Pause
from fairway.journal.kinds import CapRaised, GuardTripped
from fairway.money.fraction import Fraction
from fairway.reports.event_context import EventContext, EventText
from fairway.reports.report_text import text_of_event
from fairway.risk.guards.rules import GuardRules
from fairway.trading.inputs import CommandReceived
from fairway.trading.latch import Killed, KillScope

FALLS = {"BTC/USDT": {0: "100", 200: "94"}}


def pause(stage: Scene) -> None:
    stage.trader.take(None, CommandReceived(1, "ann", Pause(reason="a holiday")))


def kill(stage: Scene) -> None:
    stage.latch.set(Killed(scope=KillScope.ACCOUNT, reason="enough", by="ann"))


def told(stage: Scene, kind: type[CapRaised] | type[GuardTripped]) -> EventText:
    """What the only event of a kind is told as."""
    [event] = stage.events(kind)
    return text_of_event(event, EventContext())


def stopped_by(act: Act) -> Scene:
    """With a position; then the strategy wishes to leave it, and to enter again."""
    stage = Scene(enter(0), leave(2), enter(4), acts={90: act}, prices=FALLS)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert stage.account_state.money.ledger.positions == {}
    return stage


def test_a_pause_blocks_entries_and_exits_go_on() -> None:
    """The strategy's own exit sells, before the stop would."""
    stage = stopped_by(pause)
    words = told(stage, CapRaised)
    assert words.what.startswith("The account takes no new positions: paused by ann: a holiday")
    assert words.did == "What is held stays protected, and may be sold."
    assert [trip.closed_at < stage.second(200) for trip in stage.account_state.money.trips] == [True]


def test_a_kill_leaves_exits_to_the_stops_that_rest() -> None:
    """The strategy's exit is not heard any more; the stop at the exchange sells."""
    stage = stopped_by(kill)
    words = told(stage, CapRaised)
    assert words.what.startswith("The account is killed: enough")
    assert words.did == "The bot does nothing more of its own accord; stops and targets stay at the exchange."
    assert [trip.closed_at >= stage.second(200) for trip in stage.account_state.money.trips] == [True]


def test_an_emergency_sells_what_is_held() -> None:
    """And says so before it has."""
    rules = replace(RULES, per_trade=Fraction.parse("50 %"), guards=GuardRules(breaker_loss=Fraction.parse("1 %")))
    stage = Scene(enter(0, stop="60", target="140"), enter(4), prices=FALLS, rules=rules)
    stage.run(minutes=6)
    stage.assert_belief_is_truth()
    words = told(stage, GuardTripped)
    assert words.did == "The bot sells what is held at market, and opens nothing."
    assert stage.open_at_exchange() == {}
    assert stage.account_state.money.ledger.positions == {}
    assert len(stage.bought()) == 1
