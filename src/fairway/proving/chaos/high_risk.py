"""The five high-risk scenarios of document 003. Each shows degradation, automatic recovery, the alert, an emergency
stop while the trouble lasts, and that a person can override what the trader does.

For the alert the alerting service runs beside the trader, with the rules that ship: a message of it must arrive at a channel.
"""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from fairway.journal.kinds import CapRaised, StreamLost, Unexplained
from fairway.proving.chaos.acts import STARTS_AGAIN_S, TWO_PAIRS, heal, part
from fairway.proving.chaos.checks import (
    ALERT,
    ETH,
    flat_within,
    has_filled,
    is_announced,
    is_not_banned,
    is_told,
    is_turned_away,
    keeps_stops,
    kill_is_verified,
    loses_no_fill,
    opens_nothing,
)
from fairway.proving.chaos.memory_leak import MEMORY_LEAK
from fairway.proving.chaos.scene import Act, ChaosScene, Injection, SceneCheck, SceneKind, ScenePlay
from fairway.proving.chaos.stage import ChaosHarness
from fairway.proving.harness import RULES
from fairway.proving.scenario_script import ExchangeFault, Path, ScriptedSignal, enter, exchange_fault
from fairway.proving.sweep_scenarios import FLATTEN
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
BY_HAND: Final[Mapping[float, Act]] = {
    PAUSED: ChaosHarness.pause_by_hand,
    LIFTED: ChaosHarness.lift_by_hand,
}


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
) -> ScenePlay:
    """The play in which the trouble passes, and a person pauses and lifts afterwards.

    Where a check is about an alert, alerting runs beside the trader, and the journal is a file that it reads.
    """
    has_alerting = any(check.part == ALERT for check in checks)
    return ScenePlay(
        tells=tells,
        minutes=9,
        signals=SIGNALS,
        prices=prices,
        faults=faults,
        acts={**BY_HAND, **({0.0: ChaosHarness.begin_alerting} if has_alerting else {}), **acts},
        rules=THREE_HELD,
        has_database=has_alerting,
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
            [
                opens_nothing(110, 170),
                keeps_stops(70, 170),
                is_announced(StreamLost, since=110, within_s=60),
                is_told("data", since=110, within_s=30),
            ],
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
            [
                is_turned_away(),
                is_not_banned(),
                opens_nothing(115, 180),
                keeps_stops(70, 180),
                is_announced(StreamLost, since=110, within_s=60),
                is_told("data", since=110, within_s=60),
            ],
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
LOOKED_S: Final = 300.0
"""A person has looked at what a lost journal has left, and lifts what the trader raised for it."""


def _lose_journal(stage: ChaosHarness) -> None:
    """The process and its journal's file are gone; a supervisor starts the trader again."""
    stage.kill_trader()
    stage.lose_journal(0)
    running().call_later(STARTS_AGAIN_S, stage.come_back)


JOURNAL_GONE: Final = ScenePlay(
    tells="the journal is gone when the trader comes back",
    minutes=9,
    signals=[enter(0), enter(4, symbol="ETH/USDT"), enter(6, symbol="ETH/USDT")],
    prices=TWO_PAIRS,
    acts={110.0: _lose_journal, LOOKED_S: ChaosHarness.lift_all_by_hand},
    checks=[
        has_filled(),
        loses_no_fill(),
        opens_nothing(110, LOOKED_S),
        keeps_stops(70, LOOKED_S),
        is_announced(CapRaised, since=110, within_s=30),
        SceneCheck(
            tells="entries after a person has looked",
            ask=lambda seen: seen.bought(since=LOOKED_S, symbol=ETH),
            at_least=1,
            unit="entries",
            part="manual override",
        ),
    ],
)
DATABASE: Final = ChaosScene(
    name="database-corruption-or-lock",
    kind=SceneKind.HIGH_RISK,
    source="003 high risk",
    shows="without its database the trader opens nothing and keeps its stops, trades on by itself, and can be stopped meanwhile; "
    "without its old journal it opens nothing until a person has looked",
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
                    tells="caps raised for it",
                    ask=lambda seen: seen.announced(CapRaised, since=100, until=200),
                    at_least=1,
                    unit="caps",
                    part="what is raised",
                ),
                is_told("database", since=100, within_s=90),
            ],
            LOCK,
        ),
        JOURNAL_GONE,
        stopped("killed while the database is locked", 130, LOCK, has_database=True),
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
                is_told("books", since=100, within_s=10),
            ],
            {100.0: _withdrawn},
        ),
        stopped("killed while the books differ", 105, {100.0: _withdrawn}, within_s=5),
    ],
)
HIGH_RISK: Final = (NETWORK_LOSS, RATE_LIMITS, DATABASE, MEMORY_LEAK, STATE)
