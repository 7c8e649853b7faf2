"""What a play is to tell: how prices go, what the strategy wishes at which bar, and which mischief strikes when."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import cast

from fairway.exchange.market_data import CrowdUpdate, Level, Print
from fairway.exchange.mischief.port import Scope
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

Path = Mapping[int, str]
"""The price from a second on, counted from the beginning of the play."""


@dataclass(frozen=True, slots=True)
class Wish:
    """What the strategy wishes when a bar has closed; bar 0 closes a minute after the play begins."""

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


def enter(bar: int = 0, *, stop: str = "95", target: str = "110", symbol: str = "BTC/USDT", exit_plan: ExitPlan = PLAIN) -> Wish:
    return Wish(bar, stop, target, symbol, exit_plan)


def leave(bar: int, *, symbol: str = "BTC/USDT") -> Wish:
    return Wish(bar, symbol=symbol)


class Scripted:
    """A strategy that wishes what it was told to, and nothing else."""

    warm_up = 1

    def __init__(self, wishes: Sequence[Wish]) -> None:
        self._wishes = {(wish.symbol, EPOCH_NS + wish.bar * MINUTE): wish.intent() for wish in wishes}

    def decide(self, view: View) -> Sequence[Intent]:
        wish = self._wishes.get((view.symbol, view.candles[-1].open_at))
        return () if wish is None else (wish,)


@dataclass(frozen=True, slots=True)
class Misdeed:
    """A mischief, when it may strike (seconds from the beginning of the play; until 0 is for ever), and whom."""

    kind: str
    since: float = 0
    until: float = 0
    symbol: str = ""
    endpoints: tuple[str, ...] = ()
    options: Mapping[str, object] = field(default_factory=dict)

    def scope(self) -> Scope:
        until = EPOCH_NS + round(self.until * SECOND) if self.until else 0
        since = EPOCH_NS + round(self.since * SECOND)
        return Scope(symbol=self.symbol, endpoints=self.endpoints, since=since, until=until)


def misdeed(kind: str, *endpoints: str, since: float = 0, until: float = 0, symbol: str = "", **options: object) -> Misdeed:
    return Misdeed(kind, since, until, symbol, endpoints, options)


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


def market(paths: Mapping[str, Path], seconds: int, a_second: int = 1) -> Iterator[CrowdUpdate]:
    """So many times a second, each symbol trades once at its price, with a tick of spread on each side of it."""
    prices = dict.fromkeys(paths, 0)
    moves = {symbol: {round(second * a_second): price for second, price in path.items()} for symbol, path in paths.items()}
    for step in range(-BEFORE_S * a_second, seconds * a_second):
        for symbol, path in paths.items():
            prices[symbol] = _units(moves[symbol][step]) if step in moves[symbol] else prices[symbol] or _first(path)
            yield _moment(symbol.replace("/", ""), prices[symbol], EPOCH_NS + step * SECOND // a_second, step)


def _moment(symbol: str, price: int, at: int, step: int) -> CrowdUpdate:
    """What is shown changes a little each time, as in a market that lives."""
    trade = Print(symbol, 0, price, ONE, price, at, buyer_is_maker=bool(step % 2))
    quantity = (100 + step % 2) * ONE
    bids = [Level(price - step * TICK, quantity) for step in range(1, DEPTH_LEVELS + 1)]
    asks = [Level(price + step * TICK, quantity) for step in range(1, DEPTH_LEVELS + 1)]
    return CrowdUpdate(symbol, at, (trade,), bids, asks)


def _first(path: Path) -> int:
    return _units(path[min(path)])


def _units(text: str) -> int:
    units = parse(text)
    assert units, f"{text!r} is no price"
    return units


def seconds_into(at: int) -> float:
    """Seconds from the beginning of a play to an instant (ns)."""
    return (at - EPOCH_NS) / SECOND
