"""Tells a quiet market from a mute channel: asks for the quote of a symbol without news, and compares it with the last one.

The same figures are a quiet market, and are told again as seen now. Others prove that the channel does not tell what happens,
although its connection lives: it is reconnected.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from fairway.market.candles import Quote
from fairway.venues.port import (
    KeyRefused,
    Sink,
    StreamChannel,
    StreamDown,
    StreamUp,
    Throttled,
    Unreachable,
    VenueError,
    VenueEvent,
)
from fairway.world.clock import MILLISECOND, SECOND, Clock

Ask = Callable[[str], Awaitable[Quote]]
"""The quote of a symbol, by request. Raises VenueErrors."""

LATE_NS: Final = 2 * SECOND
"""What the stream is about to tell may be seen by a request first; after so long it is not about to."""
WHILE_DOWN_S: Final = 1.0


class QuoteWatch:
    """Of one market stream."""

    def __init__(
        self, symbols: Sequence[str], silence_s: float, ask: Ask, reconnect: Callable[[str], None], sink: Sink, clock: Clock
    ) -> None:
        self._symbols, self._silence_s, self._silence_ns = symbols, silence_s, round(silence_s * SECOND)
        self._ask, self._reconnect, self._sink, self._clock = ask, reconnect, sink, clock
        self._is_up = False
        self._last: dict[str, Quote] = {}
        self._last_at: dict[str, int] = {}

    def take(self, event: VenueEvent) -> None:
        """The sink of the stream."""
        match event:
            case Quote():
                self._note(event)
            case StreamUp(StreamChannel.MARKET):
                self._is_up = True
                self._last.clear()
                self._last_at = dict.fromkeys(self._symbols, self._clock.monotonic())
            case StreamDown(StreamChannel.MARKET):
                self._is_up = False
            case _:
                pass
        self._sink(event)

    async def watch(self) -> None:
        """Until cancelled."""
        while True:
            await asyncio.sleep(self._nap_s())
            for symbol in self._silent():
                await self._look_at(symbol)

    def _note(self, quote: Quote) -> None:
        self._last[quote.symbol], self._last_at[quote.symbol] = quote, self._clock.monotonic()

    def _nap_s(self) -> float:
        if not self._is_up or not self._last_at:
            return WHILE_DOWN_S
        return max(min(self._last_at.values()) + self._silence_ns - self._clock.monotonic(), MILLISECOND) / SECOND

    def _silent(self) -> list[str]:
        since = self._clock.monotonic() - self._silence_ns
        return [symbol for symbol, at in self._last_at.items() if at <= since and self._is_up]

    async def _look_at(self, symbol: str) -> None:
        """What is heard of it, or the connection's end, while we wait makes the question void."""
        silent_since = self._last_at[symbol]
        try:
            asked = await self._ask(symbol)
        except (Throttled, KeyRefused, Unreachable) as error:
            self._end(symbol, silent_since, f"and the venue does not say whether its market is quiet: {error}")
            return
        except VenueError:
            self._last_at[symbol] = self._clock.monotonic()  # it is not traded there any more, so there is nothing to hear
            return
        last = self._last.get(symbol)
        if last is not None and _figures(last) != _figures(asked):
            await asyncio.sleep(LATE_NS / SECOND)
            self._end(symbol, silent_since, "and yet it moved")
        elif self._is_silent_since(symbol, silent_since):
            self.take(asked)  # with nothing heard on this connection there was nothing to compare: this is the first

    def _is_silent_since(self, symbol: str, silent_since: int) -> bool:
        return self._is_up and self._last_at[symbol] == silent_since

    def _end(self, symbol: str, silent_since: int, why: str) -> None:
        if self._is_silent_since(symbol, silent_since):
            self._reconnect(f"silent for {self._silence_s:g} s about {symbol}, {why}")


def _figures(quote: Quote) -> tuple[object, ...]:
    return quote.bid, quote.bid_quantity, quote.ask, quote.ask_quantity
