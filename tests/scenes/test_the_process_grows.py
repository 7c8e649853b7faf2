"""The trader's process holds more and more memory: it opens nothing any more, long before the machine ends it."""

from msgspec.structs import replace
from tests.scenes.by_hand import Act
from tests.scenes.harness import RULES, Scene
from tests.scenes.script import enter

from fairway.journal.kinds import GuardCleared, GuardTripped
from fairway.money.fraction import Fraction
from fairway.risk.escalation import Level
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import TradingState

WATCHED = replace(RULES, guards=GuardRules(memory_a_day=Fraction.parse("2 %")))
MEBIBYTE = 2**20
WATCHED_MIN = 121
"""Minutes: an hour in which a process fills its caches, and one in which it is watched."""


def holds(mebibytes: int) -> Act:
    def act(stage: Scene) -> None:
        stage.process_memory.resident = mebibytes * MEBIBYTE

    return act


def alarms(stage: Scene) -> list[tuple[str, Level]]:
    return [(it.guard, it.level) for it in stage.events(GuardTripped) if isinstance(it, GuardTripped)]


def test_one_that_leaks_opens_nothing_until_it_is_started_anew() -> None:
    """A mebibyte in five minutes: critical after two hours; after `kill -9` it is small, and the next wish is bought."""
    leaking = {300.0 * number: holds(100 + number) for number in range(WATCHED_MIN // 5 + 1)}
    anew = {60.0 * (WATCHED_MIN + 3) - 1: holds(100), 60.0 * (WATCHED_MIN + 3): Scene.kill_and_restart_trader}
    stage = Scene(enter(WATCHED_MIN), enter(WATCHED_MIN + 5), rules=WATCHED, acts={**leaking, **anew})
    stage.run(minutes=WATCHED_MIN + 8)
    stage.assert_belief_is_truth()
    assert alarms(stage) == [("memory", Level.CRITICAL)]
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    [tripped] = stage.seconds_of(GuardTripped)
    [cleared] = stage.seconds_of(GuardCleared)
    assert tripped < 60 * WATCHED_MIN < cleared
    assert len(stage.bought()) == 1
    assert stage.account_state.limits.of("").state is TradingState.ACTIVE
