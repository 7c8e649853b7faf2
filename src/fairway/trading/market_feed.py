"""The market data of a trader: the stream of quotes and candles, the candles from before the start, and the cache of both."""

from collections.abc import Sequence

from fairway.market.candles import Candle, Quote
from fairway.trading.account_state import AccountState
from fairway.trading.market_cache import MarketCache
from fairway.trading.price_watch import PriceWatch
from fairway.venues.port import Sink, StreamDown, StreamUp, Venue


class MarketFeed:
    """venue: streams quotes and candles for all accounts; it may be the venue of one of them.

    cache: shared with the states of all accounts. price_watch: picks the accounts whose worth a quote has lowered.
    """

    def __init__(self, venue: Venue, cache: MarketCache, price_watch: PriceWatch, symbols: Sequence[str], interval: str) -> None:
        self.venue, self._cache, self._price_watch = venue, cache, price_watch
        self._symbols, self._interval = symbols, interval
        self.is_up = False
        """Whether the market stream was up when it last reported."""

    async def warm_up(self) -> None:
        """Fetches candles from before the start, so that the strategy can decide at once. They are never traded on."""
        for symbol in self._symbols:
            for candle in await self.venue.candles(symbol, self._interval, self._cache.depth):
                self._cache.see_candle(candle)

    async def stream(self, sink: Sink) -> None:
        """Streams quotes and closed candles into `sink` until cancelled."""
        await self.venue.market_stream(self._symbols, self._interval, sink)

    def note_stream(self, news: StreamUp | StreamDown) -> None:
        self.is_up = isinstance(news, StreamUp)

    def see_quote(self, quote: Quote) -> Sequence[str]:
        """Caches a quote. Returns the accounts that must be looked at because of it."""
        self._cache.see_quote(quote)
        return self._price_watch.woken(quote)

    def see_candle(self, candle: Candle) -> None:
        self._cache.see_candle(candle)

    def watch(self, state: AccountState) -> None:
        """Watches the account's worth as it is now."""
        self._price_watch.keep(state)

    def quote_ages(self) -> dict[str, int | None]:
        """By symbol: the age of its newest quote in ns; None where none has arrived."""
        ages = self.venue.ages()
        return {symbol: ages.get(f"quotes {symbol}") for symbol in self._symbols}
