"""Keeps a connection to a venue's market between the questions of one process: what is listed there is asked for once.

It has no key, so it sees what everybody sees. It ends by itself when nothing has been asked for a while.
"""

import asyncio
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from concurrent.futures import TimeoutError as TooLate
from typing import TYPE_CHECKING, Final

from fairway.venues.port import Unreachable, VenueError
from fairway.world.clock import MINUTE, SECOND, SystemClock

if TYPE_CHECKING:
    from fairway.market.candles import Candle
    from fairway.market.instrument import Instrument
    from fairway.settings import Settings
    from fairway.venues.port import Venue

IDLE_NS: Final = 2 * MINUTE
"""A connection that was not asked for so long is closed."""
LOOK_S: Final = 5.0
PATIENCE_S: Final = 20.0
"""So long a question waits for the venue."""
PAUSE_NS: Final = 5 * SECOND
"""A venue that could not be opened is tried again after this time, however often it is asked."""

_KEPT: Final[dict[tuple[str, str, str, bool], "MarketConnection"]] = {}
_TURN: Final = threading.Lock()


def market_of(settings: "Settings") -> "MarketConnection":
    """The connection to the market of a configuration."""
    venue = settings.venue
    key = (venue.kind, venue.exchange, venue.url or "", venue.sandbox)
    with _TURN:
        found = _KEPT.get(key)
        if found is None or found.is_over:
            found = _KEPT[key] = MarketConnection(settings)
        return found


class MarketConnection:
    """One venue that is asked from any thread. Its loop has a thread of its own."""

    def __init__(self, settings: "Settings") -> None:
        from fairway.assembly import venue_account
        from fairway.venues.registry import make_venue

        self._clock = SystemClock()
        self._venue: Venue = make_venue(settings.venue.kind, venue_account(settings), self._clock)
        self._instruments: Mapping[str, Instrument] = {}
        self._asked_at = self._clock.monotonic()
        self._failed_at, self._failure = 0, ""
        self._loop: asyncio.AbstractEventLoop | None = None
        self._is_up = threading.Event()
        self._turn = threading.Lock()
        self.is_over = False
        threading.Thread(target=lambda: asyncio.run(self._live()), name="market connection", daemon=True).start()

    def candles(self, symbol: str, interval: str, limit: int) -> "tuple[Instrument, Sequence[Candle]]":
        """The newest closed candles, oldest first, and the instrument. Raises VenueErrors."""
        future = self._begin(symbol, interval, limit)
        try:
            return future.result(PATIENCE_S)
        except TooLate:
            future.cancel()
            raise Unreachable(f"the venue has not told its candles within {PATIENCE_S:.0f} s") from None

    def _begin(self, symbol: str, interval: str, limit: int) -> "Future[tuple[Instrument, Sequence[Candle]]]":
        self._is_up.wait(PATIENCE_S)
        with self._turn:
            if self.is_over or self._loop is None:
                raise Unreachable("the connection to the market was just closed; ask again")
            self._asked_at = self._clock.monotonic()
            return asyncio.run_coroutine_threadsafe(self._ask(symbol, interval, limit), self._loop)

    async def _ask(self, symbol: str, interval: str, limit: int) -> "tuple[Instrument, Sequence[Candle]]":
        await self._open()
        instrument = self._instruments.get(symbol)
        if instrument is None:
            raise Unreachable(f"the venue does not list {symbol}")
        return instrument, await self._venue.candles(symbol, interval, limit)

    async def _open(self) -> None:
        """Raises VenueErrors: at once while the last attempt is recent, so that open pages don't press a venue that is down."""
        if self._instruments:
            return
        now = self._clock.monotonic()
        if self._failure and now - self._failed_at < PAUSE_NS:
            raise Unreachable(self._failure)
        try:
            self._instruments = await self._venue.open()
        except VenueError as error:
            self._failed_at, self._failure = now, str(error)
            raise

    async def _live(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._is_up.set()
        while not self._ends():
            await asyncio.sleep(LOOK_S)
        await self._venue.close()

    def _ends(self) -> bool:
        with self._turn:
            self.is_over = self._clock.monotonic() - self._asked_at > IDLE_NS
            return self.is_over
