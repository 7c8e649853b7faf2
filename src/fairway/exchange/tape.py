"""A symbol's tape: its latest prints, its candles, its last and average price, and its figures of the last 24 hours."""

from __future__ import annotations

from collections import deque
from typing import Final, NamedTuple

from fairway.exchange.candles import CandleSeries, CandleSums
from fairway.exchange.intervals import INTERVALS, Calendar
from fairway.exchange.market_data import Candle, Print
from fairway.exchange.units import ONE
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND, Duration, Instant

PRINTS_KEPT: Final = 5_000
"""Prints remembered for each symbol; the oldest is forgotten first."""

MINUTES_KEPT: Final = 30 * DAY // MINUTE
SECONDS_KEPT: Final = HOUR // SECOND


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
        "_day",
        "_day_key",
        "_window_forming",
        "_window_opened",
        "_window_quote",
        "_window_until",
        "_window_volume",
        "average_minutes",
        "average_until",
        "known_average",
        "last",
        "last_quantity",
        "minutes",
        "next_id",
        "prints",
        "seconds",
        "symbol",
    )

    def __init__(self, symbol: str, average_minutes: int = 5) -> None:
        self.symbol = symbol
        self.next_id = 1
        self.last = 0
        """Price of the last trade; 0 before the first."""
        self.last_quantity = 0
        self.prints: deque[Print] = deque(maxlen=PRINTS_KEPT)
        self.seconds = CandleSeries(SECOND, SECONDS_KEPT)
        self.minutes = CandleSeries(MINUTE, MINUTES_KEPT, self.seconds)
        self.average_minutes = average_minutes
        self.known_average = self.average_until = 0
        """The average price as last reckoned, and until when it stays so unless something is traded."""
        self._window_until = self._window_opened = 0
        self._window_volume = self._window_quote = 0
        self._window_forming = False
        self._day_key = (-1, -1)
        self._day: CandleSums | None = None

    def record(self, made: Print) -> None:
        """Writes one print, which bears the next trade id."""
        self.next_id = made.trade_id + (made.trades or 1)
        self.last = made.price
        self.last_quantity = made.quantity
        self.average_until = 0
        self.prints.append(made)
        seconds = self.seconds
        if made.at >= seconds.ends_at:
            self.minutes.turn(made)
            seconds.turn(made)
        seconds.add(made)

    def recent(self, from_id: int, limit: int) -> list[Print]:
        """Remembered prints, oldest first: the newest, or from a trade id on."""
        if limit <= 0:
            return []
        if from_id < 0:
            start = max(0, len(self.prints) - limit)
            return [self.prints[at] for at in range(start, len(self.prints))]
        return [made for made in self.prints if made.trade_id >= from_id][:limit]

    def candles(
        self, interval: str, since: Instant, until: Instant, limit: int, now: Instant, zone_ns: Duration = 0
    ) -> list[Candle]:
        """Candles of any interval of the wire: of seconds for the last hour, of all others for the last 30 days. `zone_ns` is how
        far the time zone by which they open is ahead of UTC, in whole minutes.

        Raises ValueError for an interval that the wire does not have.
        """
        if interval not in INTERVALS:
            raise ValueError(f"no interval {interval!r}; there are {', '.join(INTERVALS)}")
        series = self.seconds if interval == "1s" else self.minutes
        return series.candles(self.symbol, Calendar(interval, zone_ns), since, until, limit, now, self.next_id)

    def since(self, opened: Instant) -> Candle | None:
        """All that was traded since this minute opened, as one candle; None before the first trade."""
        return self.minutes.since(self.symbol, opened, self.next_id)

    def average(self, now: Instant) -> int:
        """Quote by base volume of the running minute and those before it, `average_minutes` in all, cut to eight decimals.

        The last price where nothing was traded in them, or the minutes are 0; 0 before the first trade. Simplification: the
        real exchange's window slides with each trade, this one with each minute.
        """
        if now < self.average_until:
            return self.known_average
        series = self.minutes
        if now >= self._window_until or series.opens_at != self._window_opened:
            self._sum_closed_minutes(now)
        volume, quote = self._window_volume, self._window_quote
        if self._window_forming:
            volume += series.volume + self.seconds.volume
            quote += series.quote + self.seconds.quote
        self.average_until = self._window_until
        self.known_average = quote * ONE // volume if volume else self.last
        return self.known_average

    def _sum_closed_minutes(self, now: Instant) -> None:
        """Sums the closed minutes of the average's window, which stand until a minute closes or the clock's minute ends."""
        series = self.minutes
        opened = now - now % MINUTE
        since = opened - (self.average_minutes - 1) * MINUTE
        self._window_until = opened + MINUTE
        self._window_opened = series.opens_at
        self._window_forming = bool(self.average_minutes) and series.opens_at >= since
        sums = series.sums(since, series.opens_at, 0) if since < series.opens_at else None
        self._window_volume, self._window_quote = (sums.volume, sums.quote) if sums else (0, 0)

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

    def _with_forming(self, since: Instant) -> CandleSums:
        series, closed = self.minutes, self._day
        if series.opens_at < since:
            return CandleSums(self.last, self.last, self.last, self.last, 0, 0, 0, 0, 0, self.next_id)
        forming = series.forming()
        return forming if closed is None else closed.with_next(forming)
