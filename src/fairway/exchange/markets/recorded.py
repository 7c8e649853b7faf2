"""Replays a recorded market: the book that the exchange really showed, rebuilt update by update, and the trades it told.

The book is joined from the snapshot and the differences by the exchange's own rule: differences that the snapshot already holds
are dropped, and the first one used must begin at or before the update after it. Each depth update is shown at the exchange's time
of it; a trade is printed at its own time, before a depth update of the same instant.

Where differences are missing, or the book would cross itself, the crowd shows nothing until the next snapshot: a book with a hole
in it is not the market's. Trades go on. Until the first snapshot nothing is shown either. Simplification: the stream bookTicker
tells the top of the book between two depth updates, but not when, so it is not replayed.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Final

from fairway.exchange.market_data import CrowdUpdate, Level, Print
from fairway.exchange.markets.grid import units_of
from fairway.exchange.markets.joined import replay_of
from fairway.exchange.units import quote_of
from fairway.market.candles import Trade
from fairway.market.files.frames import Difference, FrameEvent, FrameFile, Levels, Snapshot

_WAITING_MAX: Final = 10_000
"""Differences kept while the book is not known: a quarter of an hour."""


def recorded(files: Sequence[FrameFile]) -> Iterator[CrowdUpdate]:
    """What the crowd did, oldest first. The files are of different pairs."""
    return replay_of(files, _one)


def _one(file: FrameFile) -> Iterator[CrowdUpdate]:
    symbol = file.symbol.replace("/", "")
    book = _Book(symbol)
    for at, event in _in_time(file):
        match event:
            case Trade():
                yield CrowdUpdate(symbol, at, (print_of(symbol, event),))
            case Snapshot() | Difference():
                update = book.join(at, event) if isinstance(event, Snapshot) else book.take(at, event)
                if update is not None:
                    yield update


def _in_time(file: FrameFile) -> list[tuple[int, FrameEvent]]:
    """Events by the exchange's time; a snapshot, which has none, stays behind the difference after which it arrived."""
    timed: list[tuple[int, int, FrameEvent]] = []
    latest = 0
    for frame in file.frames:
        event = frame.event
        if isinstance(event, Trade):
            timed.append((event.at, 0, event))
        elif isinstance(event, Difference):
            latest = max(latest, event.at)
            timed.append((latest, 1, event))
        elif isinstance(event, Snapshot):
            timed.append((latest, 1, event))
    timed.sort(key=lambda entry: entry[:2])
    return [(at, event) for at, _, event in timed]


def print_of(symbol: str, trade: Trade) -> Print:
    """A recorded trade as a print of the exchange (symbol as on the wire)."""
    price, quantity = units_of(trade.price), units_of(trade.quantity)
    quote = quote_of(price, quantity)
    bought = (0, 0) if trade.buyer_is_maker else (quantity, quote)
    return Print(symbol, 0, price, quantity, quote, trade.at, trade.buyer_is_maker, 1, *bought)


class _Book:
    """Both sides as sorted levels, which is how the exchange takes them; last_id is 0 while the book is not known."""

    def __init__(self, symbol: str) -> None:
        self._symbol = symbol
        self._bids, self._asks = _Side(-1), _Side(1)
        self._last_id = 0
        self._waiting: list[Difference] = []
        """Differences since the book was lost, at most _WAITING_MAX; the oldest is dropped first."""

    def join(self, at: int, snapshot: Snapshot) -> CrowdUpdate | None:
        """Takes a snapshot where the book is not known; where it is, the book is already newer.

        The book that results is shown if it is the one of the last difference, whose time is known; else the next one shows it.
        """
        if self._last_id:
            return None
        self._bids.reset(snapshot.bids)
        self._asks.reset(snapshot.asks)
        self._last_id = snapshot.last_id
        waiting, self._waiting = self._waiting, []
        for difference in waiting:
            self._follow(difference)
        return self._shown(at) if waiting and self._last_id == waiting[-1].last_id else None

    def take(self, at: int, difference: Difference) -> CrowdUpdate | None:
        """The book after a difference; empty when it has just been lost, None while it is not known or was newer."""
        if not self._last_id:
            self._wait(difference)
            return None
        if not self._follow(difference):
            return CrowdUpdate(self._symbol, at, (), (), ()) if not self._last_id else None
        return self._shown(at)

    def _shown(self, at: int) -> CrowdUpdate:
        return CrowdUpdate(self._symbol, at, (), tuple(self._bids.levels), tuple(self._asks.levels))

    def _follow(self, difference: Difference) -> bool:
        if not self._last_id:
            self._wait(difference)
            return False
        if difference.last_id <= self._last_id:
            return False
        if difference.first_id > self._last_id + 1:
            self._lose(difference)
            return False
        self._bids.change(difference.bids)
        self._asks.change(difference.asks)
        self._last_id = difference.last_id
        if self._bids.levels and self._asks.levels and self._bids.levels[0].price >= self._asks.levels[0].price:
            self._lose(difference)
            return False
        return True

    def _lose(self, difference: Difference) -> None:
        self._last_id = 0
        self._waiting = [difference]

    def _wait(self, difference: Difference) -> None:
        self._waiting.append(difference)
        del self._waiting[:-_WAITING_MAX]


class _Side:
    """Levels of one side, best first. sign: 1 for asks, whose best is the lowest, -1 for bids."""

    def __init__(self, sign: int) -> None:
        self._sign = sign
        self.levels: list[Level] = []
        self._keys: list[int] = []

    def reset(self, levels: Levels) -> None:
        self.levels, self._keys = [], []
        self.change(levels)

    def change(self, changes: Levels) -> None:
        keys, levels = self._keys, self.levels
        for price, quantity in changes:
            units = units_of(price)
            key = units * self._sign
            place = bisect_left(keys, key)
            is_there = place < len(keys) and keys[place] == key
            if not quantity:
                if is_there:
                    del keys[place], levels[place]
            elif is_there:
                levels[place] = Level(units, units_of(quantity))
            else:
                keys.insert(place, key)
                levels.insert(place, Level(units, units_of(quantity)))
