"""The error injections of document 003: the network, the exchange's limits, incomplete and malformed data, a corrupted state."""

from collections.abc import Sequence
from typing import Final

from fairway.journal.kinds import StreamLost
from fairway.proving.chaos.acts import TWO_PAIRS, crash, cut, fast, heal, part, slow
from fairway.proving.chaos.checks import (
    ETH,
    buys_again,
    flat_within,
    has_filled,
    is_announced,
    is_not_banned,
    is_turned_away,
    keeps_stops,
    kill_is_verified,
    loses_no_fill,
    one_entry_at_most,
    opens_nothing,
)
from fairway.proving.chaos.scene import Act, ChaosScene, Injection, SceneCheck, SceneKind, ScenePlay
from fairway.proving.chaos.stage import ChaosHarness
from fairway.proving.scenario_script import ExchangeFault, ScriptedSignal, enter, exchange_fault, leave
from fairway.proving.sweep_scenarios import FLATTEN
from fairway.world.loop import running

SIGNALS: Final[Sequence[ScriptedSignal]] = (enter(0), enter(1, symbol="ETH/USDT"), enter(3, symbol="ETH/USDT"))
"""A position from second 60 on, and signals of the second symbol at second 120, within a trouble, and 240, after it."""


# -- network -----------------------------------------------------------------------------------------------------------

CONNECTION_LOST: Final = ChaosScene(
    name="connection-lost",
    kind=SceneKind.INJECTION,
    source="003 network",
    shows="a network that is gone for a minute and comes back: all works within 60 s, nothing is doubled, stops stay",
    injects="nothing passes between trader and exchange, while a position is held or an order is under way",
    assumes="the exchange and its market go on meanwhile",
    items=("network",),
    plays=[
        ScenePlay(
            tells="while it holds a position",
            minutes=6,
            signals=SIGNALS,
            prices=TWO_PAIRS,
            acts={110.0: part, 170.0: heal},
            injections=[Injection(tells="network gone", since=110, until=170, within_s=60, loses_stream=True)],
            checks=[
                opens_nothing(110, 170),
                keeps_stops(70, 170),
                is_announced(StreamLost, since=110, within_s=60),
                buys_again(170),
            ],
        ),
        ScenePlay(
            tells="before an entry arrives",
            minutes=6,
            signals=SIGNALS,
            prices=TWO_PAIRS,
            acts={60.5025: part, 120.5: heal},
            injections=[Injection(tells="network gone", since=60.5025, until=120.5, within_s=60, loses_stream=True)],
            checks=[one_entry_at_most(), buys_again(170)],
        ),
        ScenePlay(
            tells="before the answer to an entry comes",
            minutes=6,
            signals=SIGNALS,
            prices=TWO_PAIRS,
            acts={60.5035: part, 120.5: heal},
            injections=[Injection(tells="network gone", since=60.5035, until=120.5, within_s=60, loses_stream=True)],
            checks=[one_entry_at_most(), has_filled(), loses_no_fill(), buys_again(170)],
        ),
    ],
)
CUTS: Final = tuple(80.0 + 45 * number for number in range(5))
WEBSOCKET_RECONNECTION: Final = ChaosScene(
    name="websocket-reconnection",
    kind=SceneKind.INJECTION,
    source="003 network",
    shows="WebSockets that break five times, some 45 s apart, are subscribed again within 5 s each time",
    injects="every connection of the trader is reset, every 45 s, five times",
    assumes="breaks that come faster are dialled with growing pauses on purpose, so that the exchange does not ban the address",
    items=("network",),
    plays=[
        ScenePlay(
            tells="five times",
            minutes=7,
            signals=[enter(0), enter(5, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            acts=dict.fromkeys(CUTS, cut),
            injections=[Injection(tells="connections reset", since=at, until=at, within_s=5, loses_stream=True) for at in CUTS],
            checks=[keeps_stops(70, 350), buys_again(CUTS[-1]), loses_no_fill()],
        )
    ],
)
SLOW_NETWORK: Final = ChaosScene(
    name="slow-network",
    kind=SceneKind.INJECTION,
    source="003 network",
    shows="a slow network and answers that time out lead to no doubled order, and stops stay",
    injects="two seconds for each message in the mean; or the answer to an order that comes after its time-out",
    assumes="a request is given up after the time-out of the trader's own client",
    items=("network",),
    plays=[
        ScenePlay(
            tells="two seconds for each message",
            minutes=6,
            signals=SIGNALS,
            prices=TWO_PAIRS,
            acts={70.0: slow(2_000, 100), 170.0: fast},
            injections=[Injection(tells="network slow", since=70, until=170, within_s=60)],
            checks=[keeps_stops(75, 120), has_filled(), loses_no_fill(), one_entry_at_most()],
        ),
        ScenePlay(
            tells="the answer to an entry times out",
            minutes=6,
            signals=SIGNALS,
            prices=TWO_PAIRS,
            faults=[exchange_fault("latency", "order.place", since=58, until=64, after_ms=20_000)],
            injections=[Injection(tells="order answered after 20 s", since=58, until=64, within_s=60)],
            checks=[has_filled(), loses_no_fill(), one_entry_at_most(), keeps_stops(0, 120, at_most=5)],
        ),
        ScenePlay(
            tells="the answer to a stop times out",
            minutes=6,
            signals=SIGNALS,
            prices=TWO_PAIRS,
            faults=[exchange_fault("latency", "orderList.place.oco", since=58, until=64, after_ms=20_000)],
            injections=[Injection(tells="stop answered after 20 s", since=58, until=64, within_s=60)],
            checks=[has_filled(), loses_no_fill(), one_entry_at_most(), keeps_stops(0, 120, at_most=5)],
        ),
    ],
)
PARTS: Final = (
    ("account.status", "balances.asset=BTC", "omit"),
    ("account.status", "", "age"),
    ("openOrders.status", "type=STOP_LOSS", "omit"),
    ("openOrders.status", "", "empty"),
    ("executionReport", "z", "zero"),
    ("outboundAccountPosition", "B", "empty"),
    ("order.place", "executedQty", "zero"),
    ("orderList.place.oco", "orderReports", "empty"),
)
EARLY: Final = ("executionReport", "outboundAccountPosition", "order.place", "orderList.place.oco")
"""What the exchange says only while an order is made."""


def _incomplete(endpoint: str, path: str, way: str) -> ExchangeFault:
    since, until = (59, 64) if endpoint in EARLY else (70, 131)
    return exchange_fault("altered_answer", endpoint, path=path, way=way, since=since, until=until)


PARTIAL_ANSWERS: Final = ChaosScene(
    name="partial-answers",
    kind=SceneKind.INJECTION,
    source="003 network",
    shows="an answer, or an event, that lacks a part moves no order that it should not; the position keeps its stop",
    injects="a part of an answer or an event is left out, old, zero or empty; or an order is filled in parts",
    assumes="at least one other answer or event tells the truth",
    items=("network", "bad-data"),
    plays=[
        *(
            ScenePlay(
                tells=f"{endpoint}: {path or 'all of it'} {way}",
                minutes=6,
                signals=[enter(0), enter(3, symbol="ETH/USDT")],
                prices=TWO_PAIRS,
                faults=[_incomplete(endpoint, path, way)],
                injections=[Injection(tells="incomplete answers", since=59, until=131, within_s=60)],
                checks=[one_entry_at_most(), has_filled(), loses_no_fill(), keeps_stops(0, 235, at_most=5), buys_again(131)],
            )
            for endpoint, path, way in PARTS
        ),
        ScenePlay(
            tells="an entry is filled in parts",
            minutes=6,
            signals=[enter(0), enter(3, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            faults=[exchange_fault("partial_fills", quantity="2", levels=3, since=58, until=64)],
            injections=[Injection(tells="thin book", since=58, until=64, within_s=60)],
            checks=[one_entry_at_most(), has_filled(), loses_no_fill(), keeps_stops(0, 235, at_most=5), buys_again(131)],
        ),
    ],
)

# -- limits of the exchange --------------------------------------------------------------------------------------------


RATE_LIMIT_STRESS: Final = ChaosScene(
    name="rate-limit-stress",
    kind=SceneKind.INJECTION,
    source="003 network",
    shows="who is told to wait waits: no ban, stops stay, and all works again within 10 s of the exchange's minute",
    injects="other programs at the same address use up the exchange's weight: 429 for all",
    assumes="the exchange counts weight by minutes, as Binance does, so a storm lasts to the end of its minute",
    items=("rate-limit",),
    plays=[
        ScenePlay(
            tells="while it holds a position",
            minutes=6,
            signals=[enter(0), enter(1, symbol="ETH/USDT"), enter(4, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            faults=[exchange_fault("rate_limit_storm", since=110, until=170, factor=3_000)],
            injections=[Injection(tells="weight used up", since=110, until=180, within_s=10)],
            checks=[is_turned_away(), is_not_banned(), opens_nothing(115, 180), keeps_stops(70, 290), buys_again(180)],
        ),
        ScenePlay(
            tells="between an entry and its stop",
            minutes=6,
            signals=[enter(0), enter(4, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            faults=[exchange_fault("rate_limit_storm", since=60.5035, until=61, factor=6_001)],
            injections=[Injection(tells="weight used up", since=60.5035, until=120, within_s=10)],
            checks=[is_turned_away(), is_not_banned(), has_filled(), one_entry_at_most(), buys_again(180)],
        ),
    ],
)

# -- malformed data ----------------------------------------------------------------------------------------------------

OFF_MARKET_PERCENT: Final = 0.6
"""Allowed slippage and half of the widest spread, by the rules of a scene: the collar of its orders."""
MALFORMED: Final = (
    *(
        ("absurd_prices", ("bookTicker", "ticker.book"), {"price": price})
        for price in ("NaN", "0.00000000", "-1.00000000", "1e999", "")
    ),
    *(("absurd_prices", ("klines",), {"price": price}) for price in ("NaN", "0.00000000", "Infinity")),
    ("crossed_book", (), {}),
    ("frozen_book", (), {}),
    ("altered_answer", ("executionReport",), {"path": "", "way": "empty"}),
)


def _malformed(kind: str, endpoints: Sequence[str], options: dict[str, str]) -> ScenePlay:
    said = " ".join([kind.replace("_", " "), *(f"{name}={value!r}" for name, value in options.items()), *endpoints[:1]])
    return ScenePlay(
        tells=said,
        minutes=6,
        signals=[enter(0), enter(1, symbol="ETH/USDT"), enter(4, symbol="ETH/USDT")],
        prices=TWO_PAIRS,
        faults=[exchange_fault(kind, *endpoints, since=80, until=170, **options)],
        injections=[Injection(tells="malformed data", since=80, until=170, within_s=60)],
        checks=[
            SceneCheck(
                tells="farthest price of a fill from the true price",
                ask=lambda seen: seen.off_market_percent(),
                at_most=OFF_MARKET_PERCENT,
                unit="%",
            ),
            one_entry_at_most(),
            has_filled(),
            loses_no_fill(),
            keeps_stops(70, 120),
            SceneCheck(
                tells="entries of the second symbol", ask=lambda s: s.bought(symbol=ETH), at_least=1, at_most=1, unit="entries"
            ),
        ],
    )


MALFORMED_DATA: Final = ChaosScene(
    name="malformed-data",
    kind=SceneKind.INJECTION,
    source="003 error injection",
    shows="no order is outside its collar on impossible prices, stale or crossed books, and empty frames",
    injects="prices that are no numbers, zero, negative or endless; books that stand still or are crossed; empty frames",
    assumes="the exchange itself matches by the true market",
    items=("bad-data",),
    plays=[_malformed(kind, endpoints, dict(options)) for kind, endpoints, options in MALFORMED],
)

# -- state -------------------------------------------------------------------------------------------------------------


def _loses(kept: float) -> Act:
    """The trader dies, and of its journal only a share is still there when it comes back."""

    def act(stage: ChaosHarness) -> None:
        stage.kill_trader()
        stage.lose_journal(round(len(stage.file.records) * kept))
        running().call_later(5.0, stage.come_back)

    return act


STATE_CORRUPTION: Final = ChaosScene(
    name="state-corruption",
    kind=SceneKind.INJECTION,
    source="003 error injection",
    shows="a journal that is lost whole, by half, or by its newest records leaves no coin without a stop and sells none twice",
    injects="kill -9 while a position is held, and a journal that is not what it was",
    assumes="coins that only the lost journal knew are left to a person, who is told of them",
    plays=[
        ScenePlay(
            tells=tells,
            minutes=6,
            signals=[enter(0), enter(3, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            acts={100.0: _loses(kept)},
            stops_where_fenced=True,
            injections=[Injection(tells="journal lost", since=100, until=100, within_s=30)],
            checks=[has_filled(), one_entry_at_most(), keeps_stops(70, 230)],
        )
        for tells, kept in (("all of it", 0.0), ("the newer half", 0.5), ("the newest records", 0.95))
    ],
)
EMERGENCY_STOP: Final = ChaosScene(
    name="emergency-stop",
    kind=SceneKind.INJECTION,
    source="003 error injection",
    shows="an emergency stop reaches the exchange whatever the trader is in the middle of",
    injects="`fairway kill --flatten` while an entry is under way, at an exit, while the trader is cut off, and as it crashes",
    assumes="the exchange tells the newest orders: by them a kill knows of coins that have no stop yet",
    plays=[
        ScenePlay(
            tells="while an entry is under way",
            minutes=6,
            signals=[enter(0), enter(3, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            acts={60.5035: lambda stage: stage.kill(FLATTEN)},
            checks=[
                has_filled(),
                kill_is_verified(),
                flat_within(60.5035, 2),
                opens_nothing(61, 360, part="emergency stop"),
            ],
        ),
        ScenePlay(
            tells="while the strategy leaves",
            minutes=6,
            signals=[enter(0), leave(1), enter(3, symbol="ETH/USDT")],
            prices=TWO_PAIRS,
            acts={120.5025: lambda stage: stage.kill(FLATTEN)},
            checks=[
                has_filled(),
                kill_is_verified(),
                flat_within(120.5025, 2),
                opens_nothing(121, 360, part="emergency stop"),
            ],
        ),
        ScenePlay(
            tells="while the trader is cut off",
            minutes=6,
            signals=SIGNALS,
            prices=TWO_PAIRS,
            acts={100.0: part, 110.0: lambda stage: stage.kill(FLATTEN), 170.0: heal},
            checks=[has_filled(), kill_is_verified(), flat_within(110, 2), opens_nothing(100, 360, part="emergency stop")],
        ),
        ScenePlay(
            tells="as the trader crashes",
            minutes=6,
            signals=SIGNALS,
            prices=TWO_PAIRS,
            acts={100.0: crash, 100.2: lambda stage: stage.kill(FLATTEN)},
            checks=[has_filled(), kill_is_verified(), flat_within(100.2, 2), opens_nothing(101, 360, part="emergency stop")],
        ),
    ],
)
INJECTIONS: Final = (
    CONNECTION_LOST,
    RATE_LIMIT_STRESS,
    WEBSOCKET_RECONNECTION,
    SLOW_NETWORK,
    PARTIAL_ANSWERS,
    MALFORMED_DATA,
    STATE_CORRUPTION,
    EMERGENCY_STOP,
)
