"""A high-risk scenario of document 003: the trader's process grows until it opens nothing, and is started again."""

from collections.abc import Mapping
from typing import Final

from msgspec.structs import replace

from fairway.journal.kinds import GuardTripped
from fairway.money.fraction import Fraction
from fairway.proving.chaos.acts import STARTS_AGAIN_S, TWO_PAIRS
from fairway.proving.chaos.checks import (
    buys_again,
    flat_within,
    has_filled,
    is_told,
    keeps_stops,
    kill_is_verified,
    loses_no_fill,
    opens_nothing,
)
from fairway.proving.chaos.scene import Act, ChaosScene, Injection, SceneCheck, SceneKind, ScenePlay
from fairway.proving.chaos.stage import ChaosHarness
from fairway.proving.harness import RULES
from fairway.proving.scenario_script import enter
from fairway.proving.sweep_scenarios import FLATTEN
from fairway.risk.guards.rules import GuardRules
from fairway.world.loop import running

MEBIBYTE: Final = 2**20
WATCHED_MIN: Final = 121
"""Minutes: an hour in which a process fills its caches, and one in which it is watched."""
WATCHED: Final = replace(RULES, guards=GuardRules(memory_a_day=Fraction.parse("2 %")))
NOTICED_S: Final = 60.0 * WATCHED_MIN
RESTARTED_S: Final = 60.0 * (WATCHED_MIN + 3)


def _holds(mebibytes: int) -> Act:
    def act(stage: ChaosHarness) -> None:
        stage.process_memory.resident = mebibytes * MEBIBYTE

    return act


def _restart(stage: ChaosHarness) -> None:
    """A person, or a supervisor with a limit, ends the process; the next one is small."""
    stage.kill_trader()
    _holds(100)(stage)
    running().call_later(STARTS_AGAIN_S, stage.come_back)


def _begins_beside_alerting(stage: ChaosHarness) -> None:
    stage.begin_alerting()
    _holds(100)(stage)


LEAKING: Final[Mapping[float, Act]] = {300.0 * number: _holds(100 + number) for number in range(WATCHED_MIN // 5 + 1)}
MEMORY_LEAK: Final = ChaosScene(
    name="memory-leak",
    kind=SceneKind.HIGH_RISK,
    source="003 high risk",
    shows="a process that grows opens nothing, long before the machine ends it; started again, it trades on, its stops in place",
    injects="the trader's process grows by a mebibyte in five minutes, for two hours",
    assumes="memory is what the simulated machine says: the trader's own growth is measured by `fairway soak --real`",
    plays=[
        ScenePlay(
            tells="it grows, and is started again",
            minutes=WATCHED_MIN + 9,
            signals=[
                enter(0, stop="60", target="140"),
                enter(WATCHED_MIN, symbol="ETH/USDT"),
                enter(WATCHED_MIN + 4, symbol="ETH/USDT"),
                enter(WATCHED_MIN + 6, symbol="ETH/USDT"),
            ],
            prices=TWO_PAIRS,
            rules=WATCHED,
            has_database=True,
            acts={
                **LEAKING,
                0.0: _begins_beside_alerting,
                RESTARTED_S: _restart,
                RESTARTED_S + 50: ChaosHarness.pause_by_hand,
                RESTARTED_S + 150: ChaosHarness.lift_by_hand,
            },
            injections=[
                Injection(
                    tells="restart of a process that has grown",
                    since=RESTARTED_S,
                    until=RESTARTED_S,
                    within_s=30,
                    loses_stream=True,
                )
            ],
            checks=[
                has_filled(),
                loses_no_fill(),
                SceneCheck(
                    tells="entries while it has grown, of one that is signalled",
                    ask=lambda seen: seen.bought(since=NOTICED_S, until=RESTARTED_S),
                    at_most=0,
                    unit="entries",
                    part="degradation",
                ),
                keeps_stops(70, RESTARTED_S + 40),
                SceneCheck(
                    tells="alarms of a guard",
                    ask=lambda seen: seen.announced(GuardTripped),
                    at_least=1,
                    unit="alarms",
                    part="what is raised",
                ),
                is_told("memory", since=0, within_s=3_700),
                is_told("guard", since=NOTICED_S - 120, within_s=180),
                SceneCheck(
                    tells="entries while a person has paused the account, of one that is signalled",
                    ask=lambda seen: seen.bought(since=RESTARTED_S + 52, until=RESTARTED_S + 150),
                    at_most=0,
                    unit="entries",
                    part="manual override",
                ),
                buys_again(RESTARTED_S + 150),
            ],
        ),
        ScenePlay(
            tells="killed while it grows",
            minutes=WATCHED_MIN + 6,
            signals=[enter(0, stop="60", target="140"), enter(WATCHED_MIN + 2, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            rules=WATCHED,
            acts={**LEAKING, NOTICED_S: lambda stage: stage.kill(FLATTEN)},
            checks=[
                has_filled(),
                kill_is_verified(),
                flat_within(NOTICED_S, 2),
                opens_nothing(NOTICED_S, NOTICED_S + 300, part="emergency stop"),
            ],
        ),
    ],
)
