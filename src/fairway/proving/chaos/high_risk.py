"""The five high-risk scenarios of document 003. Each shows degradation, automatic recovery, what is raised for alerts, an
emergency stop while the trouble lasts, and that a person can override what the trader does."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from fairway.journal.kinds import CapRaised, GuardTripped, StreamLost, Unexplained
from fairway.money.fraction import Fraction
from fairway.proving.chaos.cases import (
    STARTS_AGAIN_S,
    TWO_PAIRS,
    buys_again,
    flat_within,
    has_filled,
    is_announced,
    keeps_stops,
    kill_is_verified,
    loses_no_fill,
    opens_nothing,
)
from fairway.proving.chaos.injections import heal, is_not_banned, is_turned_away, part
from fairway.proving.chaos.scene import Act, ChaosScene, Injection, SceneCheck, SceneKind, ScenePlay
from fairway.proving.chaos.stage import ChaosHarness
from fairway.proving.harness import RULES
from fairway.proving.scenario_script import ExchangeFault, Path, ScriptedSignal, enter, exchange_fault
from fairway.proving.sweep_scenarios import FLATTEN
from fairway.risk.guards.rules import GuardRules
from fairway.risk.rules import RiskRules
from fairway.world.loop import running

PAUSED, LIFTED = 290.0, 350.0
"""After each trouble a person pauses the account, and lets it trade again a minute later."""
SIGNALS: Final[Sequence[ScriptedSignal]] = (
    enter(0),
    enter(1, symbol="ETH/USDT"),
    enter(3, symbol="ETH/USDT"),
    enter(4, symbol="SOL/USDT"),
    enter(6, symbol="SOL/USDT"),
)
"""A position at second 60; signals at 120, within the trouble; at 240, after it; at 300, while a person pauses; and at 420."""
SOL: Final = "SOLUSDT"
THREE_PAIRS: Final[Mapping[str, Path]] = {**TWO_PAIRS, "SOL/USDT": {0: "100"}}
THREE_HELD: Final = replace(RULES, positions_max=3)
BY_HAND: Final[Mapping[float, Act]] = {PAUSED: ChaosHarness.pause_by_hand, LIFTED: ChaosHarness.lift_by_hand}


def trades_again(since: float) -> SceneCheck:
    """Before any person does something."""
    return SceneCheck(
        tells="entries afterwards, before a person does anything",
        ask=lambda seen: seen.bought(since=since, until=PAUSED),
        at_least=1,
        unit="entries",
        part="automatic recovery",
    )


def overridden() -> Sequence[SceneCheck]:
    """A person's pause and the end of it are obeyed, by the exchange's log."""
    return (
        SceneCheck(
            tells="entries while a person has paused the account, of one that is signalled",
            ask=lambda seen: seen.bought(since=PAUSED + 2, until=LIFTED),
            at_most=0,
            unit="entries",
            part="manual override",
        ),
        SceneCheck(
            tells="entries after the person has lifted the pause",
            ask=lambda seen: seen.bought(since=LIFTED, symbol=SOL),
            at_least=1,
            unit="entries",
            part="manual override",
        ),
    )


def recovers(
    tells: str,
    injection: Injection,
    checks: Sequence[SceneCheck],
    acts: Mapping[float, Act],
    *,
    faults: Sequence[ExchangeFault] = (),
    prices: Mapping[str, Path] = THREE_PAIRS,
    has_database: bool = False,
) -> ScenePlay:
    """The play in which the trouble passes, and a person pauses and lifts afterwards."""
    return ScenePlay(
        tells=tells,
        minutes=9,
        signals=SIGNALS,
        prices=prices,
        faults=faults,
        acts={**BY_HAND, **acts},
        rules=THREE_HELD,
        has_database=has_database,
        injections=[injection],
        checks=[has_filled(), loses_no_fill(), *checks, trades_again(injection.until), *overridden()],
    )


def stopped(
    tells: str,
    at: float,
    acts: Mapping[float, Act],
    *,
    within_s: float = 2,
    faults: Sequence[ExchangeFault] = (),
    prices: Mapping[str, Path] = TWO_PAIRS,
    rules: RiskRules = RULES,
    has_database: bool = False,
) -> ScenePlay:
    """The play in which a person has everything sold while the trouble lasts."""
    return ScenePlay(
        tells=tells,
        minutes=7,
        signals=[enter(0), enter(4, symbol="ETH/USDT")],
        prices=prices,
        faults=faults,
        rules=rules,
        acts={**acts, at: lambda stage: stage.kill(FLATTEN)},
        has_database=has_database,
        checks=[has_filled(), kill_is_verified(), flat_within(at, within_s), opens_nothing(at, 420, part="emergency stop")],
    )


NETWORK_LOSS: Final = ChaosScene(
    name="network-loss-in-a-trade",
    kind=SceneKind.HIGH_RISK,
    source="003 high risk",
    shows="without a network the stop works at the exchange; the trader comes back by itself; a person can stop it meanwhile",
    injects="nothing passes between trader and exchange for a minute, while a position is held",
    assumes="the person's machine reaches the exchange by another way",
    items=("network",),
    plays=[
        recovers(
            "the network is gone for a minute",
            Injection(tells="network gone", since=110, until=170, within_s=60, loses_stream=True),
            [opens_nothing(110, 170), keeps_stops(70, 170), is_announced(StreamLost, since=110, within_s=60)],
            {110.0: part, 170.0: heal},
        ),
        stopped("killed while the network is gone", 130, {110.0: part, 170.0: heal}),
    ],
)
VOLATILE: Final[Mapping[str, Path]] = {
    "BTC/USDT": {0: "100", **{second: str(100 + (second // 5 * 7 % 7 - 3)) for second in range(70, 260, 5)}, 260: "100"},
    "ETH/USDT": {0: "100"},
    "SOL/USDT": {0: "100"},
}
"""The price leaps by up to three percent every five seconds, and stays above the stop."""
STORM: Final = exchange_fault("rate_limit_storm", since=110, until=170, factor=3_000)
RATE_LIMITS: Final = ChaosScene(
    name="rate-limits-in-volatility",
    kind=SceneKind.HIGH_RISK,
    source="003 high risk",
    shows="turned away in a wild market, the trader waits and keeps its stops, is not banned, and trades on afterwards",
    injects="other programs at the address use up the exchange's weight, while the price leaps every five seconds",
    assumes="the person's machine has an address of its own, whose weight is not used up",
    items=("rate-limit",),
    plays=[
        recovers(
            "the weight is used up for a minute",
            Injection(tells="weight used up", since=110, until=180, within_s=10),
            [is_turned_away(), is_not_banned(), opens_nothing(115, 180), keeps_stops(70, 180)],
            {},
            faults=[STORM],
            prices=VOLATILE,
        ),
        stopped(
            "killed while the weight is used up",
            150,
            {},
            faults=[exchange_fault("rate_limit_storm", since=110, until=170, factor=3_000, address="trader")],
            prices=VOLATILE,
        ),
    ],
)
LOCK: Final[Mapping[float, Act]] = {100.0: ChaosHarness.lock_database, 170.0: ChaosHarness.unlock_database}
DATABASE: Final = ChaosScene(
    name="database-corruption-or-lock",
    kind=SceneKind.HIGH_RISK,
    source="003 high risk",
    shows="without its database the trader opens nothing and keeps its stops, trades on by itself, and can be stopped meanwhile",
    injects="another program holds the lock of the journal's file for 70 s; or the journal is gone when the trader comes back",
    assumes="a kill needs no journal; coins that only a lost journal knew are left to a person",
    items=("database-lock",),
    plays=[
        recovers(
            "the database is locked",
            Injection(tells="database locked", since=100, until=170, within_s=15, lifts_cap=True),
            [
                opens_nothing(100, 170),
                keeps_stops(70, 170),
                SceneCheck(tells="tries to write", ask=lambda seen: seen.stage.failed_commits, at_least=3, unit="tries"),
                SceneCheck(
                    tells="caps raised for it, which alerts watch",
                    ask=lambda seen: seen.announced(CapRaised, since=100, until=200),
                    at_least=1,
                    unit="caps",
                    part="what is raised",
                ),
            ],
            LOCK,
            has_database=True,
        ),
        stopped("killed while the database is locked", 130, LOCK, has_database=True),
    ],
)
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
            acts={
                **LEAKING,
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
                    tells="alarms of a guard, which alerts watch",
                    ask=lambda seen: seen.announced(GuardTripped),
                    at_least=1,
                    unit="alarms",
                    part="what is raised",
                ),
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
MISSED: Final = exchange_fault("missing_events", since=80, until=112)
"""The fill of the stop, and all else, is never told."""


def _withdrawn(stage: ChaosHarness) -> None:
    """Coins of the bot leave the account: its stop is cancelled by hand, and half of them withdrawn."""
    stage.cancel_by_hand("BTCUSDT")
    held = stage.exchange.backend.accounts
    held.deposit("alice", "BTC", -9 * 10**8)


STATE: Final = ChaosScene(
    name="state-inconsistency",
    kind=SceneKind.HIGH_RISK,
    source="003 high risk",
    shows="books that differ from the exchange are found within 35 s and set right, and what is left is under a stop again",
    injects="the account's stream leaves out all events while a stop sells; or a person cancels the stop and withdraws coins",
    assumes="the exchange's own record is the truth",
    plays=[
        recovers(
            "a sale is never told",
            Injection(tells="events left out", since=80, until=112, within_s=35),
            [opens_nothing(112, 119), keeps_stops(70, 112)],
            {},
            faults=[MISSED],
            prices={**THREE_PAIRS, "BTC/USDT": {0: "100", 90: "94"}},
        ),
        recovers(
            "a person cancels the stop and withdraws coins",
            Injection(tells="coins withdrawn by hand", since=100, until=100, within_s=35),
            [
                keeps_stops(70, 119, at_most=5),
                is_announced(Unexplained, since=100, within_s=60),
            ],
            {100.0: _withdrawn},
        ),
        stopped("killed while the books differ", 105, {100.0: _withdrawn}, within_s=5),
    ],
)
HIGH_RISK: Final = (NETWORK_LOSS, RATE_LIMITS, DATABASE, MEMORY_LEAK, STATE)
