"""Candles of one base length, stored compactly, and any longer interval summed up from them on request, exactly."""

from __future__ import annotations

from array import array
from collections.abc import Iterator
from typing import Final, NamedTuple

from fairway.exchange.intervals import Calendar
from fairway.exchange.market_data import Candle, Print
from fairway.world.clock import Instant

WIDTH: Final = 11
"""Integers in a row: open, high, low, close, trades, first trade id, four volumes cut to 63 bits, and their high bits."""

_CUT: Final = 63
_LOW: Final = (1 << _CUT) - 1
_HIGH_BITS: Final = 15
_HIGH: Final = (1 << _HIGH_BITS) - 1


class CandleSums(NamedTuple):
    """Candles in a row taken as one."""

    open: int
    high: int
    low: int
    close: int
    volume: int
    quote: int
    trades: int
    taker: int
    taker_quote: int
    first_id: int

    def with_next(self, later: CandleSums) -> CandleSums:
        """These candles and the later ones as one. Prices begin with the first trade, not with flat candles before it."""
        return self.with_part(later) if self.trades or self.volume else later

    def with_part(self, later: CandleSums) -> CandleSums:
        """This candle and a later part of it."""
        return CandleSums(
            self.open,
            max(self.high, later.high),
            min(self.low, later.low),
            later.close,
            self.volume + later.volume,
            self.quote + later.quote,
            self.trades + later.trades,
            self.taker + later.taker,
            self.taker_quote + later.taker_quote,
            self.first_id,
        )


class CandleSeries:
    """Candles of one length from the first trade on, without gaps; the last one is still forming.

    A length of time without a trade is a flat candle at the previous close, as the exchange has it. Rows take 88 bytes;
    `keep` of them and up to a sixtieth more are kept, then the oldest are dropped. A trade that is told late, after one of a
    later candle, counts for the candle that is forming: closed candles never change.

    `parts` are shorter candles of the same trades. Then only they are added to, and what of them is closed counts here; the
    forming one is added to the answer of a query.
    """

    __slots__ = (
        "close", "ends_at", "first_at", "first_id", "high", "is_cut", "keep", "low", "open", "opens_at", "parts", "quote", "rows",
        "slack", "step", "taker", "taker_quote", "trades", "volume",
    )  # fmt: skip

    def __init__(self, step: int, keep: int, parts: CandleSeries | None = None) -> None:
        self.step = step
        self.parts = parts
        self.keep = keep
        self.slack = max(1, keep // 60)
        self.rows = array("q")
        self.first_at = self.opens_at = self.ends_at = 0
        self.is_cut = False
        """Whether candles were dropped, so that the oldest sum may miss a part."""
        self.open = self.high = self.low = self.close = 0
        self.volume = self.quote = self.trades = self.taker = self.taker_quote = self.first_id = 0

    def add(self, made: Print) -> None:
        """One trade, or several told as one, in the candle that is forming."""
        price = made.price
        if price > self.high:
            self.high = price
        elif price < self.low:
            self.low = price
        self.close = price
        self.volume += made.quantity
        self.quote += made.quote
        self.trades += made.trades
        self.taker += made.taker_buy_quantity
        self.taker_quote += made.taker_buy_quote

    def turn(self, made: Print) -> None:
        """The trade, which is yet to be added, ends the parts' forming candle: it counts here. It may end this one as well."""
        if self.parts is not None and self.ends_at:
            self._take(self.parts)
        if made.at < self.ends_at:
            return
        opens_at = made.at - made.at % self.step
        if self.ends_at:
            self._close_forming()
            gap = (opens_at - self.ends_at) // self.step
            self._add_flat(gap, self.close, made.trade_id)
            self._drop_oldest(opens_at)
        else:
            self.first_at = opens_at
        self.opens_at, self.ends_at = opens_at, opens_at + self.step
        self.open = self.high = self.low = made.price
        self.volume = self.quote = self.trades = self.taker = self.taker_quote = 0
        self.first_id = made.trade_id

    def _take(self, part: CandleSeries) -> None:
        """What is forming there counts here from now on."""
        if part.high > self.high:
            self.high = part.high
        if part.low < self.low:
            self.low = part.low
        self.close = part.close
        self.volume += part.volume
        self.quote += part.quote
        self.trades += part.trades
        self.taker += part.taker
        self.taker_quote += part.taker_quote

    def _close_forming(self) -> None:
        volumes = (self.volume, self.quote, self.taker, self.taker_quote)
        highs = 0
        for volume in volumes:
            if volume >> _CUT > _HIGH:
                raise OverflowError(f"a volume of {volume} in one candle: more than 2^{_CUT + _HIGH_BITS} units of 10⁻⁸")
            highs = highs << _HIGH_BITS | volume >> _CUT
        row = [self.open, self.high, self.low, self.close, self.trades, self.first_id]
        self.rows.extend([*row, *(volume & _LOW for volume in volumes), highs])

    def _add_flat(self, count: int, close: int, next_id: int) -> None:
        if count > 0:
            row = array("q", [close, close, close, close, 0, next_id, 0, 0, 0, 0, 0])
            self.rows.extend(row * min(count, self.keep))

    def _drop_oldest(self, opens_at: Instant) -> None:
        excess = len(self.rows) // WIDTH - self.keep
        if excess > self.slack or self.first_at + len(self.rows) // WIDTH * self.step != opens_at:
            excess = max(excess, 0)
            del self.rows[: excess * WIDTH]
            self.first_at = opens_at - len(self.rows) // WIDTH * self.step
            self.is_cut = True

    def sums(self, since: Instant, until: Instant, next_id: int) -> CandleSums | None:
        """The candles that open in [since, until) as one; None where there is none.

        Prices begin with the first trade among them: flat candles before it only count where there is no trade at all.
        """
        if not self.ends_at:
            return None
        step, count = self.step, len(self.rows) // WIDTH
        start = max(0, -((self.first_at - since) // step))
        stop = -((self.first_at - until) // step)
        if start >= stop:
            return None
        if start > count:
            close = self.forming().close
            return CandleSums(close, close, close, close, 0, 0, 0, 0, 0, next_id)
        closed = self._closed(start, min(stop, count)) if start < count else None
        if stop <= count:
            return closed
        forming = self.forming()
        return forming if closed is None else closed.with_next(forming)

    def forming(self) -> CandleSums:
        """The last candle as it is now."""
        own = CandleSums(
            self.open, self.high, self.low, self.close,
            self.volume, self.quote, self.trades, self.taker, self.taker_quote, self.first_id,
        )  # fmt: skip
        return own if self.parts is None else own.with_part(self.parts.forming())

    def _closed(self, start: int, stop: int) -> CandleSums:
        rows = self.rows[start * WIDTH : stop * WIDTH]
        if stop - start == 1 and not rows[10]:
            opened, high, low, close, trades, first_id, volume, quote, taker, taker_quote, _ = rows
            return CandleSums(opened, high, low, close, volume, quote, trades, taker, taker_quote, first_id)
        traded = next((at for at, figures in enumerate(zip(rows[4::WIDTH], rows[6::WIDTH], strict=True)) if any(figures)), 0)
        rows = rows[traded * WIDTH :]
        highs = [high for high in rows[10::WIDTH] if high]

        def total(column: int, place: int) -> int:
            cut = sum(high >> place * _HIGH_BITS & _HIGH for high in highs)
            return (cut << _CUT) + sum(rows[column::WIDTH])

        return CandleSums(
            rows[0],
            max(rows[1::WIDTH]),
            min(rows[2::WIDTH]),
            rows[-WIDTH + 3],
            total(6, 3),
            total(7, 2),
            sum(rows[4::WIDTH]),
            total(8, 1),
            total(9, 0),
            rows[5],
        )

    def first_id_at(self, at: Instant, next_id: int) -> int:
        """The id of the first trade at or after the opening of the candle that opens at `at`."""
        row = -((self.first_at - at) // self.step)
        count = len(self.rows) // WIDTH
        if row > count:
            return next_id
        return self.first_id if row == count else self.rows[max(0, row) * WIDTH + 5]

    def since(self, symbol: str, since: Instant, next_id: int) -> Candle | None:
        """All since a candle of this length opened, as one; flat where nothing was traded, None before the first trade."""
        until = max(self.ends_at, since + self.step)
        sums = self.sums(since, until, next_id)
        return None if sums is None else _candle(symbol, since, until, sums, next_id - 1)

    def candles(
        self, symbol: str, calendar: Calendar, since: Instant, until: Instant, limit: int, now: Instant, next_id: int
    ) -> list[Candle]:
        """Candles that open in [since, until], oldest first, at most `limit`; without `since` the newest. 0 means "not given".

        The candle that holds `now` is the last there is, flat where nothing was traded in it yet. A candle of which a part
        was dropped is left out.
        """
        if not self.ends_at:
            return []
        found = []
        for opened, closed in self._openings(calendar, since, until, limit, now):
            sums = self.sums(opened, closed, next_id)
            if sums is not None:
                last_id = self.first_id_at(closed, next_id) - 1
                found.append(_candle(symbol, opened, closed, sums, last_id))
        return found

    def _openings(
        self, calendar: Calendar, since: Instant, until: Instant, limit: int, now: Instant
    ) -> Iterator[tuple[Instant, Instant]]:
        newest = max(now, self.opens_at)
        newest = calendar.opening(min(newest, until) if until else newest)
        oldest = calendar.opening(self.first_at)
        if self.is_cut and oldest < self.first_at:
            oldest = calendar.next_opening(oldest)
        if since:
            asked = calendar.opening(since)
            oldest = max(oldest, asked if asked == since else calendar.next_opening(asked))
        if not since:
            oldest = max(oldest, calendar.opening_before(newest, limit - 1))
        while oldest <= newest and limit > 0:
            closed = calendar.next_opening(oldest)
            yield oldest, closed
            oldest, limit = closed, limit - 1


def _candle(symbol: str, opened: Instant, closed: Instant, sums: CandleSums, last_id: int) -> Candle:
    traded = last_id >= sums.first_id
    return Candle(
        symbol,
        opened,
        closed - 1,
        sums.open,
        sums.high,
        sums.low,
        sums.close,
        sums.volume,
        sums.quote,
        sums.trades,
        sums.taker,
        sums.taker_quote,
        sums.first_id if traded else -1,
        last_id if traded else -1,
    )
