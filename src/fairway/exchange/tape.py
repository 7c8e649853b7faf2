"""A symbol's tape: its latest prints, its candles, its last and average price, and its figures of the last 24 hours."""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

from fairway.exchange.candles import INTERVALS, Series, Sums
from fairway.exchange.port import Candle, Print
from fairway.exchange.units import ONE
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND, Instant

PRINTS_KEPT: Final = 5_000
"""Prints remembered for each symbol; the oldest is forgotten first."""

MINUTES_KEPT: Final = 30 * DAY // MINUTE
SECONDS_KEPT: Final = HOUR // SECOND

_print = tuple.__new__


class DayFigures(NamedTuple):
    """The last 24 hours, to the minute: the minute that is forming and the 1,439 before it. All zero before the first trade."""

    open_at: Instant
    close_at: Instant
    open: int
    high: int
    low: int
    last: int
    last_quantity: int
    volume: int
    quote_volume: int
    trades: int
    weighted_average: int
    previous_close: int
    """The last price before these 24 hours; `open` where there is none."""
    first_trade_id: int
    last_trade_id: int


class Tape:
    """What was traded in one symbol. Trade ids run from 1; a print that stands for n trades takes n and shows the first."""

    __slots__ = (
        "_average_forming",
        "_average_minutes",
        "_average_opened",
        "_average_quote",
        "_average_until",
        "_average_volume",
        "_day",
        "_day_key",
        "last",
        "last_quantity",
        "minutes",
        "next_id",
        "prints",
        "seconds",
        "symbol",
    )

    def __init__(self, symbol: str) -> None:
        self.symbol = symbol
        self.next_id = 1
        self.last = 0
        """Price of the last trade; 0 before the first."""
        self.last_quantity = 0
        self.prints: deque[Print] = deque(maxlen=PRINTS_KEPT)
        self.minutes = Series(MINUTE, MINUTES_KEPT)
        self.seconds = Series(SECOND, SECONDS_KEPT)
        self._average_until = self._average_opened = self._average_minutes = 0
        self._average_volume = self._average_quote = 0
        self._average_forming = False
        self._day_key = (-1, -1)
        self._day: Sums | None = None

    def record(
        self,
        price: int,
        quantity: int,
        quote: int,
        at: Instant,
        buyer_is_maker: bool,
        trades: int,
        taker_buy: int,
        taker_buy_quote: int,
    ) -> Print:
        """Writes one print and gives it its trade id."""
        trade_id = self.next_id
        made = _print(
            Print,
            (self.symbol, trade_id, price, quantity, quote, at, buyer_is_maker, trades, taker_buy, taker_buy_quote),
        )
        self.next_id = trade_id + (trades or 1)
        self.last = price
        self.last_quantity = quantity
        self.prints.append(made)
        self.minutes.add(at, price, quantity, quote, trades, taker_buy, taker_buy_quote, trade_id)
        self.seconds.add(at, price, quantity, quote, trades, taker_buy, taker_buy_quote, trade_id)
        return made

    def recent(self, from_id: int, limit: int) -> list[Print]:
        """Remembered prints, oldest first: the newest, or from a trade id on."""
        if limit <= 0:
            return []
        if from_id < 0:
            start = max(0, len(self.prints) - limit)
            return [self.prints[at] for at in range(start, len(self.prints))]
        return [made for made in self.prints if made.trade_id >= from_id][:limit]

    def candles(self, interval: str, since: Instant, until: Instant, limit: int, now: Instant) -> list[Candle]:
        """Candles of any interval of the wire: of seconds for the last hour, of all others for the last 30 days.

        Raises ValueError for an interval that the wire does not have.
        """
        if interval not in INTERVALS:
            raise ValueError(f"no interval {interval!r}; there are {', '.join(INTERVALS)}")
        series = self.seconds if interval == "1s" else self.minutes
        return series.candles(self.symbol, interval, since, until, limit, now, self.next_id)

    def average(self, now: Instant, minutes: int) -> int:
        """Quote by base volume of the running minute and those before it, `minutes` in all, cut to eight decimals.

        The last price where nothing was traded in them, or minutes is 0; 0 before the first trade. Simplification: the real
        exchange's window slides with each trade, this one with each minute.
        """
        series = self.minutes
        if now >= self._average_until or series.opens_at != self._average_opened or minutes != self._average_minutes:
            self._sum_closed_minutes(now, minutes)
        volume, quote = self._average_volume, self._average_quote
        if self._average_forming:
            volume += series.volume
            quote += series.quote
        return quote * ONE // volume if volume else self.last

    def _sum_closed_minutes(self, now: Instant, minutes: int) -> None:
        """Sums the closed minutes of the average's window, which stand until a minute closes or the clock's minute ends."""
        series = self.minutes
        opened = now - now % MINUTE
        since = opened - (minutes - 1) * MINUTE
        self._average_until = opened + MINUTE
        self._average_opened = series.opens_at
        self._average_minutes = minutes
        self._average_forming = bool(minutes) and series.opens_at >= since
        sums = series.sums(since, series.opens_at, 0) if since < series.opens_at else None
        self._average_volume, self._average_quote = (sums.volume, sums.quote) if sums else (0, 0)

    def day(self, now: Instant) -> DayFigures:
        """Figures of the last 24 hours. Closed minutes are summed once a minute, the forming one each time."""
        if not self.last:
            return DayFigures(now - DAY, now, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, -1)
        series = self.minutes
        slot = now // MINUTE
        since = (slot + 1) * MINUTE - DAY
        if (slot, series.opens_at) != self._day_key:
            self._day_key = (slot, series.opens_at)
            self._day = series.sums(since, series.opens_at, 0) if since < series.opens_at else None
        sums = self._with_forming(since)
        average = sums.quote * ONE // sums.volume if sums.volume else self.last
        before = series.sums(since - MINUTE, since, 0)
        return DayFigures(
            now - DAY,
            now,
            sums.open,
            sums.high,
            sums.low,
            self.last,
            self.last_quantity,
            sums.volume,
            sums.quote,
            sums.trades,
            average,
            before.close if before else sums.open,
            sums.first_id if sums.first_id < self.next_id else -1,
            self.next_id - 1,
        )

    def _with_forming(self, since: Instant) -> Sums:
        series, closed = self.minutes, self._day
        if series.opens_at < since:
            return Sums(self.last, self.last, self.last, self.last, 0, 0, 0, 0, 0, self.next_id)
        forming = series.forming()
        return forming if closed is None else closed.with_next(forming)
