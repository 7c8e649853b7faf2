"""Replays a recorded market: the book that the exchange really showed, rebuilt update by update, and the trades it told.

The book is joined from the snapshot and the differences by the exchange's own rule: differences that the snapshot already holds
are dropped, and the first one used must begin at or before the update after it. Each depth update is shown at the exchange's time
of it; a trade is printed at its own time, before a depth update of the same instant.

Where differences are missing, or the book would cross itself, the background shows nothing until the next snapshot: a book with a
hole in it is not the market's. Trades go on. Until the first snapshot nothing is shown either.

Where no snapshot is to come, the book grows: it begins empty and holds what differences have told since, which is a part of the
true book. The stream bookTicker, if it was recorded, tells the best of each side as of each difference. Simplification: it tells
the best between two differences as well, but not when, so that is not replayed. Without differences it is all there is, and
`best_prices` replays it.
"""

from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Final

from fairway.exchange.market_data import BookLevel, MarketUpdate
from fairway.exchange.markets.best_prices import best_prices, timed
from fairway.exchange.markets.contents import contents_of
from fairway.exchange.markets.grid import units_of
from fairway.exchange.markets.joined import replay_of
from fairway.exchange.markets.prints import print_of
from fairway.market.candles import Trade
from fairway.market.files.frames import BookSnapshot, Difference, FrameEvent, FrameFile, Levels, Top

_WAITING_MAX: Final = 10_000
"""Differences kept while the book is not known: a quarter of an hour."""


def recorded(files: Sequence[FrameFile]) -> Iterator[MarketUpdate]:
    """What the background did, oldest first. The files are of different pairs."""
    return replay_of(files, lambda file: _one(file) if contents_of(file).differences else best_prices(file))


def span_of(file: FrameFile) -> tuple[int, int]:
    """The first and the last instant of the market that the recording gives."""
    found = [at for at, _ in _in_time(file) if at] if contents_of(file).differences else [at for at, _ in timed(file)]
    return found[0], found[-1]


def _one(file: FrameFile) -> Iterator[MarketUpdate]:
    symbol = file.symbol.replace("/", "")
    book, events = _Book(symbol, file), _in_time(file)
    to_come = sum(isinstance(event, BookSnapshot) for _, event in events)
    for at, event in events:
        book.grows = not to_come
        match event:
            case Trade():
                yield MarketUpdate(symbol, at, (print_of(symbol, event),))
            case BookSnapshot() | Difference():
                to_come -= isinstance(event, BookSnapshot)
                update = book.join(at, event) if isinstance(event, BookSnapshot) else book.take(at, event)
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
        elif isinstance(event, BookSnapshot):
            timed.append((latest, 1, event))
    timed.sort(key=lambda entry: entry[:2])
    return [(at, event) for at, _, event in timed]


class _Book:
    """Both sides as sorted levels, which is how the exchange takes them; last_id is 0 while the book is not known."""

    def __init__(self, symbol: str, file: FrameFile) -> None:
        self._symbol = symbol
        self._tops = deque(sorted((it.event for it in file.frames if isinstance(it.event, Top)), key=attrgetter("update_id")))
        self.grows = False
        """No snapshot is to come: what differences tell is all that there will be."""
        self._is_part = False
        """It has grown from differences, and is a part of the true book."""
        self._bids, self._asks = _Side(-1), _Side(1)
        self._last_id = 0
        self._waiting: list[Difference] = []
        """Differences since the book was lost, at most _WAITING_MAX; the oldest is dropped first."""

    def join(self, at: int, snapshot: BookSnapshot) -> MarketUpdate | None:
        """Takes a snapshot where the book is not known; where it is, the book is already newer.

        The book that results is shown if it is the one of the last difference, whose time is known; else the next one shows it.
        """
        if self._last_id:
            return None
        self._bids.reset(snapshot.bids)
        self._asks.reset(snapshot.asks)
        self._last_id, self._is_part = snapshot.last_id, False
        waiting, self._waiting = self._waiting, []
        for difference in waiting:
            self._follow(difference)
        return self._shown(at) if waiting and self._last_id == waiting[-1].last_id else None

    def take(self, at: int, difference: Difference) -> MarketUpdate | None:
        """The book after a difference; empty when it has just been lost, None while it is not known or was newer."""
        if not self._last_id and self.grows:
            return self._grow(at, difference)
        if not self._last_id:
            self._wait(difference)
            return None
        if not self._follow(difference):
            return MarketUpdate(self._symbol, at, (), (), ()) if not self._last_id else None
        return self._shown(at)

    def _grow(self, at: int, difference: Difference) -> MarketUpdate | None:
        """Begin with what is told since the hole, and with nothing before the next one."""
        waiting, self._waiting = (*self._waiting, difference), []
        for each in waiting:
            if self._last_id:
                self._follow(each)
            if not self._last_id:
                self._begin(each)
        return self._shown(at) if self._last_id else None

    def _begin(self, difference: Difference) -> None:
        self._bids.reset(difference.bids)
        self._asks.reset(difference.asks)
        self._waiting, self._is_part = [], True
        self._last_id = 0 if self._is_crossed() else difference.last_id

    def _shown(self, at: int) -> MarketUpdate:
        if self._is_part:
            self._touch()
        return MarketUpdate(self._symbol, at, (), tuple(self._bids.levels), tuple(self._asks.levels))

    def _touch(self) -> None:
        """Set the best of each side to what bookTicker told last before the end of the difference."""
        top: Top | None = None
        while self._tops and self._tops[0].update_id <= self._last_id:
            top = self._tops.popleft()
        if top is not None:
            self._bids.touch(top.quote.bid, top.quote.bid_quantity)
            self._asks.touch(top.quote.ask, top.quote.ask_quantity)

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
        if self._is_crossed():
            self._lose(difference)
            return False
        return True

    def _is_crossed(self) -> bool:
        bids, asks = self._bids.levels, self._asks.levels
        return bool(bids and asks) and bids[0].price >= asks[0].price

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
        self.levels: list[BookLevel] = []
        self._keys: list[int] = []

    def reset(self, levels: Levels) -> None:
        self.levels, self._keys = [], []
        self.change(levels)

    def touch(self, price: Decimal, quantity: Decimal) -> None:
        """This level is the best; what is better is gone."""
        better = bisect_left(self._keys, units_of(price) * self._sign)
        del self._keys[:better], self.levels[:better]
        self.change([(price, quantity)])

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
                levels[place] = BookLevel(units, units_of(quantity))
            else:
                keys.insert(place, key)
                levels.insert(place, BookLevel(units, units_of(quantity)))
