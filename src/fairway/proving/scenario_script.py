"""The script of a scenario: its prices, the strategy's signals by bar, and the exchange's faults."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, NamedTuple, cast

from fairway.exchange.faults.port import FaultScope
from fairway.exchange.market_data import BookLevel, MarketUpdate, Print
from fairway.exchange.rules import SymbolRules
from fairway.exchange.units import ONE, parse
from fairway.money.amount import Price
from fairway.orders.intent import Enter, Exit, Intent
from fairway.orders.plan import PLAIN, ExitPlan
from fairway.strategies.api import View
from fairway.world.clock import MINUTE, SECOND
from fairway.world.loop import EPOCH_NS

BEFORE_S = 180
"""The market has traded for so long when the play begins."""
LOT, TICK = ONE // 1000, ONE // 100
DEPTH_LEVELS = 5

DEPTH: Final = "100"
UNHEARD_EVERY_S: Final = 15
"""How often prices are sent before a client listens."""

Path = Mapping[int, str]
"""The price from a second on, counted from the beginning of the play; "" where the symbol does not trade from then on."""


@dataclass(frozen=True, slots=True)
class ScriptedSignal:
    """What the strategy signals when a bar has closed; bar 0 closes an interval after the play begins."""

    bar: int
    stop: str = ""
    target: str = ""
    symbol: str = "BTC/USDT"
    exit_plan: ExitPlan = PLAIN

    def intent(self) -> Intent:
        if not self.stop:
            return Exit(symbol=self.symbol, reason="the script says so")
        base, quote = self.symbol.split("/")
        stop, target = Price.of(self.stop, base, quote), Price.of(self.target, base, quote)
        return Enter(symbol=self.symbol, stop=stop, target=target, reason="the script says so", exit_plan=self.exit_plan)


def enter(
    bar: int = 0, *, stop: str = "95", target: str = "110", symbol: str = "BTC/USDT", exit_plan: ExitPlan = PLAIN
) -> ScriptedSignal:
    return ScriptedSignal(bar, stop, target, symbol, exit_plan)


def leave(bar: int, *, symbol: str = "BTC/USDT") -> ScriptedSignal:
    return ScriptedSignal(bar, symbol=symbol)


class ScriptedStrategy:
    """A strategy that signals what it was told to, and nothing else."""

    warm_up = 1

    def __init__(self, signals: Sequence[ScriptedSignal], interval_ns: int = MINUTE) -> None:
        self._signals = {(signal.symbol, EPOCH_NS + signal.bar * interval_ns): signal.intent() for signal in signals}

    def decide(self, view: View) -> Sequence[Intent]:
        signal = self._signals.get((view.symbol, view.candles[-1].open_at))
        return () if signal is None else (signal,)


@dataclass(frozen=True, slots=True)
class ExchangeFault:
    """A faults, when it may strike (seconds into the play; until 0 is for ever), and which symbol ("": all)."""

    kind: str
    since: float = 0
    until: float = 0
    symbol: str = ""
    endpoints: tuple[str, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)

    def scope(self) -> FaultScope:
        until = EPOCH_NS + round(self.until * SECOND) if self.until else 0
        since = EPOCH_NS + round(self.since * SECOND)
        return FaultScope(symbol=self.symbol.replace("/", ""), endpoints=self.endpoints, since=since, until=until)


def exchange_fault(
    kind: str, *endpoints: str, since: float = 0, until: float = 0, symbol: str = "", **options: object
) -> ExchangeFault:
    return ExchangeFault(kind, since, until, symbol, endpoints, options)


def rules_of(symbol: str) -> SymbolRules:
    """A pair with ticks of 0.01, lots of 0.001, and at least 5 a trade."""
    base, quote = symbol.split("/")
    return SymbolRules(
        symbol=base + quote,
        base=base,
        quote=quote,
        tick=TICK,
        price_min=TICK,
        price_max=1_000_000 * ONE,
        lot=LOT,
        quantity_min=LOT,
        quantity_max=9_000 * ONE,
        market_quantity_max=9_000 * ONE,
        notional_min=5 * ONE,
        notional_max=0,
    )


def falls(at_s: float, to: str, *, before: str = "100") -> Path:
    """A price, and another one from an instant on, which may lie within a second where the market tells its prices so often."""
    return cast(Path, {0: before, at_s: to})


class MarketPace(NamedTuple):
    """How a scenario's market is sent: every 15 s before `begins_s`, when no client listens, then every `step_s` seconds."""

    begins_s: int = 0
    step_s: int = 1
    depth: str = DEPTH
    """Base that each level of the book holds."""


PLAIN_TELLING: Final = MarketPace()


def market(
    paths: Mapping[str, Path], seconds: int, a_second: int = 1, telling: MarketPace = PLAIN_TELLING
) -> Iterator[MarketUpdate]:
    """So many times a second, or every few seconds, each symbol trades at its price, with a tick of spread on each side of it."""
    depth = _units(telling.depth)
    courses = {symbol: _Course(path, a_second) for symbol, path in paths.items()}
    for number, step in enumerate(_steps(seconds, a_second, telling), -BEFORE_S * a_second):
        for symbol, course in courses.items():
            if price := course.at(step):
                yield moment(symbol.replace("/", ""), price, EPOCH_NS + step * SECOND // a_second, number, depth)


def price_at(path: Path, second: float) -> Decimal:
    """The last price that was told by then, also of a symbol that does not trade."""
    told = [price for at, price in sorted(path.items()) if price and at <= second]
    return Decimal(told[-1] if told else path[min(path)])


def _steps(seconds: int, a_second: int, telling: MarketPace) -> Iterator[int]:
    unheard_to = max(0, telling.begins_s - UNHEARD_EVERY_S) * a_second
    yield from range(-BEFORE_S * a_second, 0)
    yield from range(0, unheard_to, UNHEARD_EVERY_S * a_second)
    yield from range(unheard_to, seconds * a_second, telling.step_s)


class _Course:
    """One symbol's price, asked for at one step after the other; 0 where it does not trade."""

    def __init__(self, path: Path, a_second: int) -> None:
        moves = {round(second * a_second): _units(price) if price else 0 for second, price in sorted(path.items())}
        self._moves = sorted(moves.items(), reverse=True)
        self._price = self._moves[-1][1]

    def at(self, step: int) -> int:
        while self._moves and self._moves[-1][0] <= step:
            self._price = self._moves.pop()[1]
        return self._price


def moment(symbol: str, price: int, at: int, number: int, depth: int, tick: int = TICK) -> MarketUpdate:
    """A trade, with a tick of spread on each side. What is shown changes a little each time, as in a market that lives."""
    trade = Print(symbol, 0, price, ONE, price, at, buyer_is_maker=bool(number % 2))
    quantity = depth + number % 2 * depth // 100
    bids = [BookLevel(price - step * tick, quantity) for step in range(1, DEPTH_LEVELS + 1)]
    asks = [BookLevel(price + step * tick, quantity) for step in range(1, DEPTH_LEVELS + 1)]
    return MarketUpdate(symbol, at, (trade,), bids, asks)


def _units(text: str) -> int:
    units = parse(text)
    assert units, f"{text!r} is no price"
    return units


def seconds_into(at: int) -> float:
    """Seconds from the beginning of a play to an instant (ns)."""
    return (at - EPOCH_NS) / SECOND
