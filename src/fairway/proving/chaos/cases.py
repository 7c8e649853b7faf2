"""Chaos cases C-1 to C-7 of document 004. C-8 is in `alert_pipeline`; C-9 and C-10 are about all scenes: see `report`."""

from collections.abc import Mapping
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from fairway.journal.commands import ReceiveSignal
from fairway.journal.kinds import CapRaised, EntryRefused, GuardTripped, InstructionTaken, StreamLost
from fairway.money.fraction import Fraction
from fairway.orders.external_signal import ExternalSignal, SignalAction
from fairway.proving.chaos.acts import STARTS_AGAIN_S, TWO_PAIRS, crash, cut
from fairway.proving.chaos.checks import (
    ETH,
    buys_again,
    flat_within,
    has_filled,
    is_announced,
    keeps_stops,
    kill_is_verified,
    loses_no_fill,
    opens_nothing,
)
from fairway.proving.chaos.scene import Act, ChaosScene, Injection, SceneCheck, SceneKind, ScenePlay
from fairway.proving.chaos.stage import ChaosHarness
from fairway.proving.harness import RULES
from fairway.proving.scenario_script import Path, enter, exchange_fault
from fairway.proving.sweep_scenarios import FLATTEN, KEEP
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import Limits
from fairway.strategies.api import Strategy
from fairway.strategies.signals import SignalStrategy, SignalStrategySettings
from fairway.world.clock import SECOND
from fairway.world.loop import EPOCH_NS

# -- C-1, C-2 ----------------------------------------------------------------------------------------------------------

CRASHES: Final = (
    ("while it holds a position", 100.0, 0.0),
    ("between the fill of an entry and its stop", 60.5035, 30.0),
)
ENGINE_CRASH: Final = ChaosScene(
    name="engine-crash",
    kind=SceneKind.CASE,
    source="004 C-1",
    shows="a trader that is killed is back, and each coin is under a stop, in less than 30 s",
    injects="kill -9 of the trader; what its journal had not synced is lost",
    assumes=f"a supervisor has it reading its journal again after {STARTS_AGAIN_S:g} s, as `fairway up` does",
    items=("crash-mid-order",),
    plays=[
        ScenePlay(
            tells=tells,
            minutes=5,
            signals=[enter(0), enter(2, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            acts={at: crash},
            injections=[Injection(tells="kill -9", since=at, until=at, within_s=30, loses_stream=True)],
            checks=[
                keeps_stops(at, 170, at_most=naked),
                SceneCheck(
                    tells="entries of the first symbol", ask=lambda seen: seen.bought(symbol="BTCUSDT"), at_most=1, unit="entries"
                ),
                has_filled(),
                loses_no_fill(),
                buys_again(at),
            ],
        )
        for tells, at, naked in CRASHES
    ],
)
WEBSOCKET_DOWN: Final = ChaosScene(
    name="websocket-down",
    kind=SceneKind.CASE,
    source="004 C-2",
    shows="a WebSocket that breaks is subscribed again in less than 5 s",
    injects="every connection of the trader is reset while it holds a position",
    assumes="the exchange takes new connections at once",
    items=("network",),
    plays=[
        ScenePlay(
            tells="all connections are reset",
            minutes=5,
            signals=[enter(0), enter(2, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            acts={100.0: cut},
            injections=[Injection(tells="connections reset", since=100, until=100, within_s=5, loses_stream=True)],
            checks=[keeps_stops(70, 170), is_announced(StreamLost, since=100, within_s=5), buys_again(100)],
        )
    ],
)

# -- C-3, C-4 ----------------------------------------------------------------------------------------------------------

LOCKED_FROM, LOCKED_TO = 60.503, 90.5
DATABASE_LOCKED: Final = ChaosScene(
    name="database-locked",
    kind=SceneKind.CASE,
    source="004 C-3, 003",
    shows="a locked or full database is tried three times or more; meanwhile nothing is opened, no fill lost, stops are placed",
    injects="another program holds the lock of the journal's SQLite file, or the disk is full",
    assumes="the trader opens nothing from the first failed write on, which is stricter than after three",
    items=("database-lock",),
    plays=[
        ScenePlay(
            tells="locked while an entry is filled",
            minutes=4,
            signals=[enter(0), enter(2, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            has_database=True,
            acts={LOCKED_FROM: ChaosHarness.lock_database, LOCKED_TO: ChaosHarness.unlock_database},
            injections=[Injection(tells="database locked", since=LOCKED_FROM, until=LOCKED_TO, within_s=15, lifts_cap=True)],
            checks=[
                SceneCheck(tells="tries to write", ask=lambda seen: seen.stage.failed_commits, at_least=3, unit="tries"),
                SceneCheck(tells="longest time that a coin was without a stop", ask=lambda s: s.naked_s(), at_most=5, unit="s"),
                has_filled(),
                loses_no_fill(),
                buys_again(LOCKED_TO),
            ],
        ),
        ScenePlay(
            tells="locked while an entry is signalled",
            minutes=4,
            signals=[enter(0), enter(1, symbol="ETH/USDT"), enter(2, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            has_database=True,
            acts={100.0: ChaosHarness.lock_database, 145.0: ChaosHarness.unlock_database},
            injections=[Injection(tells="database locked", since=100, until=145, within_s=15, lifts_cap=True)],
            checks=[
                SceneCheck(tells="tries to write", ask=lambda seen: seen.stage.failed_commits, at_least=3, unit="tries"),
                opens_nothing(100, 145),
                keeps_stops(70, 170),
                loses_no_fill(),
                buys_again(145),
            ],
        ),
        ScenePlay(
            tells="the disk is full while an entry is filled",
            minutes=4,
            signals=[enter(0), enter(1, symbol="ETH/USDT"), enter(2, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            acts={60.503: ChaosHarness.fill_disk, 145.0: ChaosHarness.make_room},
            injections=[Injection(tells="disk full", since=60.503, until=145, within_s=15, lifts_cap=True)],
            checks=[
                SceneCheck(tells="tries to write", ask=lambda seen: seen.stage.failed_commits, at_least=3, unit="tries"),
                opens_nothing(61, 145),
                SceneCheck(tells="longest time that a coin was without a stop", ask=lambda s: s.naked_s(), at_most=5, unit="s"),
                has_filled(),
                loses_no_fill(),
                buys_again(145),
            ],
        ),
    ],
)
EXCHANGE_OVERLOAD: Final = ChaosScene(
    name="exchange-overload",
    kind=SceneKind.CASE,
    source="004 C-4",
    shows="ten seconds after an overload of the exchange has ended all works again, and stops stayed in place",
    injects="every request gets a 503 for a minute, or an answer that comes after 15 s",
    assumes="orders that rest at the exchange match on meanwhile",
    items=("rate-limit", "network"),
    plays=[
        ScenePlay(
            tells="every request gets a 503",
            minutes=6,
            signals=[enter(0), enter(1, symbol="ETH/USDT"), enter(3, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            faults=[exchange_fault("maintenance", since=110, until=170)],
            injections=[Injection(tells="503 for a minute", since=110, until=170, within_s=10)],
            checks=[opens_nothing(110, 170), keeps_stops(70, 230), buys_again(170)],
        ),
        ScenePlay(
            tells="every answer comes after 15 s",
            minutes=6,
            signals=[enter(0), enter(1, symbol="ETH/USDT"), enter(3, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            faults=[exchange_fault("latency", since=110, until=170, before_ms=15_000)],
            injections=[Injection(tells="answers after 15 s", since=110, until=170, within_s=10)],
            checks=[
                keeps_stops(70, 110),
                SceneCheck(
                    tells="entries of one signal, however late the answer",
                    ask=lambda seen: seen.bought(since=110, until=185, symbol=ETH),
                    at_most=1,
                    unit="entries",
                ),
                SceneCheck(
                    tells="entries of the second symbol in all",
                    ask=lambda seen: seen.bought(symbol=ETH),
                    at_least=1,
                    at_most=2,
                    unit="entries",
                ),
            ],
        ),
    ],
)

# -- C-5 ---------------------------------------------------------------------------------------------------------------

ENTRIES_A_MINUTE, ORDERS_A_MINUTE, SPAM = 6, 30, 120
"""The limit of entries of the scene, the bound of the guard `runaway rate`, and how many signals come in two minutes."""
SPAMMED: Final = replace(
    RULES, limits=Limits(orders_a_minute=ENTRIES_A_MINUTE), guards=GuardRules(orders_a_minute=ORDERS_A_MINUTE)
)


def signals_strategy() -> Strategy:
    return SignalStrategy(SignalStrategySettings(range_bars=2))


def _signal(number: int, at: float) -> Act:
    """Every second signal buys, the others sell."""

    def act(stage: ChaosHarness) -> None:
        action = SignalAction.BUY if number % 2 else SignalAction.SELL
        signal = ExternalSignal(
            source="tv",
            id=str(number),
            symbol="BTC/USDT",
            action=action,
            sent_at=EPOCH_NS + round(at * SECOND),
            stop=Decimal(95),
            target=Decimal(110),
        )
        stage.tell(ReceiveSignal(reason="a signal", signal=signal))

    return act


SIGNAL_SPAM: Final = ChaosScene(
    name="signal-spam",
    kind=SceneKind.CASE,
    source="004 C-5",
    shows="a program that sends a signal each second is limited: by entries a minute, and by the guard of runaway orders",
    injects=f"{SPAM} signals in two minutes, by turns to buy and to sell",
    assumes=f"the limit is {ENTRIES_A_MINUTE} entries a minute, the guard's bound {ORDERS_A_MINUTE} orders a minute",
    plays=[
        ScenePlay(
            tells="a signal each second",
            minutes=5,
            make_strategy=signals_strategy,
            rules=SPAMMED,
            acts={70.0 + number: _signal(number + 1, 70.0 + number) for number in range(SPAM)},
            injections=[Injection(tells="signal spam", since=70, until=70.0 + SPAM, within_s=35)],
            checks=[
                SceneCheck(
                    tells="most entries in a minute",
                    ask=lambda seen: seen.most_buys_in_a_minute(),
                    at_least=2,
                    at_most=ENTRIES_A_MINUTE,
                    unit="entries",
                ),
                SceneCheck(
                    tells="most orders of all kinds in a minute",
                    ask=lambda seen: seen.orders_in_a_minute(),
                    at_most=ORDERS_A_MINUTE,
                    unit="orders",
                ),
                SceneCheck(
                    tells="signals that were refused or not obeyed, by the trader's word",
                    ask=lambda seen: seen.announced(EntryRefused, InstructionTaken) - seen.bought(),
                    at_least=SPAM // 2,
                    unit="signals",
                ),
                keeps_stops(70, at_most=5),
            ],
        )
    ],
)

# -- C-6, C-7 ----------------------------------------------------------------------------------------------------------


def _dead_then_killed(stage: ChaosHarness) -> None:
    stage.kill_trader()
    stage.kill(FLATTEN)


KILL_BY_PERSON: Final = ChaosScene(
    name="kill-by-person",
    kind=SceneKind.CASE,
    source="004 C-6",
    shows="a person's kill is seen at the exchange within two seconds, with the trader alive or dead, and opens nothing after",
    injects="`fairway kill --flatten`, or without --flatten, from a machine of its own, while a position is held",
    assumes="the person's machine reaches the exchange",
    plays=[
        ScenePlay(
            tells="all is sold",
            minutes=5,
            signals=[enter(0), enter(2, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            acts={100.0: lambda stage: stage.kill(FLATTEN)},
            checks=[has_filled(), kill_is_verified(), flat_within(100, 2), opens_nothing(100, 300)],
        ),
        ScenePlay(
            tells="all is sold while the trader is dead",
            minutes=5,
            signals=[enter(0), enter(2, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            acts={100.0: _dead_then_killed, 130.0: ChaosHarness.come_back},
            checks=[has_filled(), kill_is_verified(), flat_within(100, 2), opens_nothing(100, 300)],
        ),
        ScenePlay(
            tells="stops are kept",
            minutes=5,
            signals=[enter(0), enter(2, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            acts={100.0: lambda stage: stage.kill(KEEP)},
            checks=[
                has_filled(),
                kill_is_verified(),
                keeps_stops(70),
                SceneCheck(tells="orders open at the end", ask=lambda s: s.open_orders(), at_least=2, at_most=2, unit="orders"),
                opens_nothing(100, 300),
            ],
        ),
    ],
)
HALF: Final = replace(RULES, per_trade=Fraction.parse("50 %"), guards=GuardRules(breaker_loss=Fraction.parse("5 %")))
FELL_AT: Final = 210.0
FALLS: Final[Mapping[str, Path]] = {"BTC/USDT": {0: "100", 150: "94", 210: "88"}, "ETH/USDT": {0: "100"}}
KILL_BY_GUARD: Final = ChaosScene(
    name="kill-by-guard",
    kind=SceneKind.CASE,
    source="004 C-7",
    shows="a loss beyond the breaker has everything sold within ten seconds, and nothing is opened after",
    injects="the price falls by 12 % under half an account, past its breaker of 5 %",
    assumes="the book can take the sale",
    plays=[
        ScenePlay(
            tells="the loss passes the breaker",
            minutes=7,
            signals=[enter(0, stop="60", target="140"), enter(4, symbol="ETH/USDT")],
            prices=FALLS,
            rules=HALF,
            checks=[
                has_filled(),
                is_announced(GuardTripped, since=FELL_AT, within_s=5),
                is_announced(CapRaised, since=FELL_AT, within_s=5),
                flat_within(FELL_AT, 10),
                opens_nothing(FELL_AT, 420),
            ],
        )
    ],
)
CASES: Final = (
    ENGINE_CRASH,
    WEBSOCKET_DOWN,
    DATABASE_LOCKED,
    EXCHANGE_OVERLOAD,
    SIGNAL_SPAM,
    KILL_BY_PERSON,
    KILL_BY_GUARD,
)
