"""What a chart of candles shows: the candles, the fills as marks, and prices as lines; and what of it is new."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final, Protocol, TypeVar

from fairway.operations.actor import Actor
from fairway.operations.trader.candles import CANDLES, CandlesOutcome, CandlesRequest
from fairway.orders.ids import Role
from fairway.panel.sources import Sources, UnknownOutcome
from fairway.texts.display import count_text, number, tick_places
from fairway.world.clock import SECOND

CANDLES_SHOWN: Final = 300
ASKED_NS: Final = 15 * SECOND
"""Candles are asked of the venue again after this time at the latest."""
_ASKING: Final = "The venue is being asked for its candles."


class PriceKind(StrEnum):
    """What a price in a chart is; also how it is coloured."""

    ENTRY = "entry"
    EXIT = "exit"
    STOP = "stop"
    TARGET = "target"
    ORDER = "order"


ROLE_KINDS: Final = {
    Role.ENTRY: PriceKind.ENTRY,
    Role.STOP: PriceKind.STOP,
    Role.TARGET: PriceKind.TARGET,
    Role.EXIT: PriceKind.EXIT,
    Role.PAIR: PriceKind.EXIT,
}
"""How the prices of an order are drawn, by what it is for."""
ROLE_WORDS: Final = {Role.ENTRY: "bought", Role.STOP: "stop", Role.TARGET: "target", Role.EXIT: "sold", Role.PAIR: "sold"}
"""What a fill of an order did, by what it is for."""


class Keyed(Protocol):
    """What is told from others by its key."""

    @property
    def key(self) -> Hashable: ...


K = TypeVar("K", bound=Keyed)

DrawnCandle = tuple[int, float, float, float, float]
"""(instant in s, open, high, low, close); floats, for they are drawn and nothing else."""


@dataclass(frozen=True, slots=True)
class PriceMark:
    """A fill at an instant (s). is_buy: whether an arrow points up to it."""

    key: str
    at: int
    kind: PriceKind
    is_buy: bool
    words: str


@dataclass(frozen=True, slots=True)
class PriceLine:
    """A price that is drawn through the whole chart."""

    key: str
    kind: PriceKind
    price: float
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CandlePicture:
    """interval: such as 1m. places: decimals of prices. sentence: the same in words. trouble: why there are no candles."""

    symbol: str
    interval: str
    places: int
    candles: tuple[DrawnCandle, ...] = ()
    marks: tuple[PriceMark, ...] = ()
    lines: tuple[PriceLine, ...] = ()
    sentence: str = ""
    trouble: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Traded:
    """A fill that is to be marked, at an instant (ns)."""

    key: str
    at: int
    kind: PriceKind
    is_buy: bool
    words: str


def candle_picture(
    sources: Sources,
    actor: Actor,
    request: CandlesRequest,
    length_ns: int,
    fills: Sequence[Traded],
    lines: Sequence[PriceLine],
    *,
    since: int = 0,
    until: int = 0,
) -> CandlePicture:
    """Of what the venue has told last. length_ns: of one candle. since, until: only candles in between (ns), 0 for all."""
    fresh_ns = max(SECOND, min(length_ns // 10, ASKED_NS))
    found = sources.known(actor, CANDLES, request, fresh_ns)
    if not isinstance(found, CandlesOutcome):
        trouble = found.why if isinstance(found, UnknownOutcome) else _ASKING
        return CandlePicture(symbol=request.symbol, interval=request.interval, places=2, trouble=trouble)
    return drawn(found, length_ns, fills, lines, since=since, until=until)


def drawn(
    found: CandlesOutcome, length_ns: int, fills: Sequence[Traded], lines: Sequence[PriceLine], *, since: int = 0, until: int = 0
) -> CandlePicture:
    """The picture of candles that are known."""
    chosen = [each for each in found.candles if each.close_at > since and (not until or each.open_at <= until)]
    first = chosen[0].open_at if chosen else 0
    places = tick_places(found.tick)
    marks = sorted((_mark(each, length_ns) for each in fills if chosen and each.at >= first), key=lambda each: each.at)
    return CandlePicture(
        symbol=found.symbol,
        interval=found.interval,
        places=places,
        candles=tuple(
            (each.open_at // SECOND, float(each.open), float(each.high), float(each.low), float(each.close)) for each in chosen
        ),
        marks=tuple(marks),
        lines=tuple(lines),
        sentence=_sentence(found, chosen[-1].close if chosen else None, marks, lines, places),
        trouble="" if chosen else f"The venue has no candles of {found.interval} for that time.",
    )


def _mark(fill: Traded, length_ns: int) -> PriceMark:
    """At the candle in which it happened."""
    return PriceMark(fill.key, fill.at // length_ns * length_ns // SECOND, fill.kind, fill.is_buy, fill.words)


def _sentence(
    found: CandlesOutcome, last: Decimal | None, marks: Sequence[PriceMark], lines: Sequence[PriceLine], places: int
) -> str:
    entries = sum(1 for each in marks if each.is_buy)
    exits = len(marks) - entries
    head = f"{found.symbol}, candles of {found.interval}, last {number(last, places)}: "
    drawn_lines = "; ".join(f"{each.words} {number(Decimal(str(each.price)), places)}" for each in lines)
    shown = f"{count_text(entries, 'entry', 'entries')} and {count_text(exits, 'exit')} in sight"
    return f"{head}{shown}{f'; {drawn_lines}' if drawn_lines else ''}."


@dataclass(frozen=True, slots=True)
class Changes:
    """What makes a new picture of an old one. is_whole: nothing of the old one stays. gone: keys."""

    is_whole: bool
    candles: tuple[DrawnCandle, ...]
    marks: tuple[PriceMark, ...]
    marks_gone: tuple[Hashable, ...]
    lines: tuple[PriceLine, ...]
    lines_gone: tuple[Hashable, ...]


def changes(before: CandlePicture | None, after: CandlePicture) -> Changes:
    """What is new: candles that follow the last one, marks and lines that were not there, or were otherwise."""
    if before is None or not _goes_on(before, after):
        return Changes(True, after.candles, after.marks, (), after.lines, ())
    last = before.candles[-1][0]
    fresh = tuple(each for each in after.candles if each[0] > last)
    marks, marks_gone = _keyed_changes(before.marks, after.marks)
    lines, lines_gone = _keyed_changes(before.lines, after.lines)
    return Changes(False, fresh, marks, marks_gone, lines, lines_gone)


def _goes_on(before: CandlePicture, after: CandlePicture) -> bool:
    """Whether both are of the same series, and no candle between them is missing."""
    if not before.candles or not after.candles or (before.symbol, before.interval) != (after.symbol, after.interval):
        return False
    return after.candles[0][0] <= before.candles[-1][0]


def _keyed_changes(before: Iterable[K], after: Iterable[K]) -> tuple[tuple[K, ...], tuple[Hashable, ...]]:
    old, new = {each.key: each for each in before}, {each.key: each for each in after}
    return tuple(each for key, each in new.items() if old.get(key) != each), tuple(key for key in old if key not in new)
