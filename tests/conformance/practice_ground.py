"""Where venues are put to the test: a practice exchange with a calm market, on real sockets or in simulated time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from tests.conformance import memory_venue
from tests.pure.exchange.pair_rules import rules_of

from fairway.exchange.answers import KeyPermissions
from fairway.exchange.market_data import BookLevel, MarketUpdate, Print
from fairway.exchange.practice_exchange import Credentials, PracticeExchange
from fairway.exchange.server import Server, pause
from fairway.exchange.units import ONE
from fairway.market.instrument import Instrument
from fairway.money.grid import Round
from fairway.orders.order import OrderType, Side, TimeInForce
from fairway.venues.allowance import Lane
from fairway.venues.ccxt.dialect import Dialect
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.unified import UnifiedVenue
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import NewOrder, NewPair, Venue, VenueEvent
from fairway.venues.registry import VenueAccount
from fairway.world.chance import Chance
from fairway.world.clock import MINUTE, SECOND, Clock, SystemClock
from fairway.world.loop import run, running
from fairway.world.realtime import run_real

SYMBOL = "BTC/USDT"
BID, ASK = 29_990, 30_010
BEFORE_NS = 10 * MINUTE
AFTER_NS = 60 * MINUTE

RULES = rules_of(SYMBOL)


@dataclass
class Ground:
    """One open venue, what is known of its market, and what its streams have told."""

    venue: Venue
    instrument: Instrument
    clock: Clock
    make: Callable[[Credentials], Venue]
    exchange: PracticeExchange
    heard: list[VenueEvent] = field(default_factory=list)
    _news: asyncio.Event = field(default_factory=asyncio.Event)
    _count: int = 0

    def sink(self, event: VenueEvent) -> None:
        self.heard.append(event)
        self._news.set()

    async def until(self, condition: Callable[[], object], within_s: float = 30) -> None:
        """Waits for news until a condition holds; the test fails where it does not in time."""
        async with asyncio.timeout(within_s):
            while not condition():
                self._news.clear()
                await self._news.wait()

    def all_heard(self, kind: type[Any]) -> list[Any]:
        return [event for event in self.heard if isinstance(event, kind)]

    def id(self, role: str) -> str:
        self._count += 1
        return f"fw-main-1-{self._count}-{role}"

    def order(
        self,
        side: Side,
        kind: OrderType,
        quantity: str,
        *,
        price: str = "",
        stop: str = "",
        role: str = "e",
        time_in_force: TimeInForce = "GTC",
    ) -> NewOrder:
        at = self.instrument.price
        return NewOrder(
            client_id=self.id(role),
            symbol=SYMBOL,
            side=side,
            type=kind,
            quantity=self.instrument.quantity(quantity),
            price=at(price, Round.DOWN) if price else None,
            stop_price=at(stop, Round.DOWN) if stop else None,
            time_in_force=time_in_force,
        )

    def pair(self, quantity: str) -> NewPair:
        stop = self.order(Side.SELL, OrderType.STOP, quantity, stop="25000", role="s")
        target = self.order(Side.SELL, OrderType.LIMIT, quantity, price="35000", role="t")
        return NewPair(client_id=self.id("p"), stop=stop, target=target)

    @asynccontextmanager
    async def streaming(self) -> AsyncIterator[None]:
        """Both streams run into `heard` while the block is open."""
        tasks = [
            asyncio.create_task(self.venue.market_stream([SYMBOL], "1m", self.sink)),
            asyncio.create_task(self.venue.account_stream(self.sink)),
        ]
        try:
            yield
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


Story = Callable[[Ground], Awaitable[None]]
Client = Callable[[Credentials, str, PracticeExchange, Clock, Chance], Venue]
"""Makes an account's venue: of these credentials, at this address or exchange."""


class VenueInUnifiedWords(CcxtVenue):
    """The same exchange, spoken to as ccxt speaks to any."""

    def _speak(self, client: Any) -> Dialect:
        return UnifiedVenue(client, self._settings, self._clock)


def in_simulated_time(story: Story, kind: type[CcxtVenue] = CcxtVenue) -> None:
    _simulated(story, _by_ccxt(kind))


def _simulated(story: Story, client: Client) -> None:
    async def main() -> None:
        loop = running()
        async with _ground(story_clock=loop.clock, host="exchange.test", chance=loop.chance, client=client) as ground:
            await story(ground)

    run(main)


def on_real_sockets(story: Story) -> None:
    async def main() -> None:
        async with _ground(story_clock=SystemClock(), host="127.0.0.1", chance=Chance(1), client=_by_ccxt(CcxtVenue)) as ground:
            await story(ground)

    run_real(main)


def in_unified_words(story: Story) -> None:
    in_simulated_time(story, VenueInUnifiedWords)


def in_memory(story: Story) -> None:
    """A venue without ccxt, which reads the exchange's matching directly."""
    _simulated(story, _in_memory)


def _by_ccxt(kind: type[CcxtVenue]) -> Client:
    def client(credentials: Credentials, url: str, exchange: PracticeExchange, clock: Clock, chance: Chance) -> Venue:
        settings = CcxtSettings(exchange="binance", key=credentials.key, secret=credentials.secret, url=url)
        return kind(settings, clock, chance)

    return client


def _in_memory(credentials: Credentials, url: str, exchange: PracticeExchange, clock: Clock, chance: Chance) -> Venue:
    memory_venue.EXCHANGES["lab"] = exchange
    account = VenueAccount(exchange="lab", key=credentials.key, secret=credentials.secret)
    return memory_venue.VENUE.make(account, clock, chance, like=None, looks=Lane.QUERY)


@asynccontextmanager
async def _ground(*, story_clock: Clock, host: str, chance: Chance, client: Client) -> AsyncIterator[Ground]:
    begin = story_clock.now() // SECOND * SECOND
    exchange = PracticeExchange([RULES], calm_market(begin), clock=story_clock, chance=chance.child("exchange"), pause=pause)
    exchange.warm_up(begin)
    account = exchange.open_account("main", {"USDT": 1_000_000 * ONE, "BTC": 10 * ONE})
    async with Server(exchange, chance.child("server")).listening(host, 0) as address:

        def make(credentials: Credentials) -> Venue:
            return client(credentials, address.url, exchange, story_clock, chance.child("venue"))

        venue = make(account)
        try:
            listed = await venue.open()
            yield Ground(venue, listed[SYMBOL], story_clock, make, exchange)
        finally:
            await venue.close()


def calm_market(begin: int) -> Iterator[MarketUpdate]:
    """A trade and a book of two levels a side each second; the best bid moves by a cent, so that each second tells something."""
    for number, at in enumerate(range(begin - BEFORE_NS, begin + AFTER_NS, SECOND)):
        best = BID * ONE + (number % 2) * ONE // 100
        trade = Print("BTCUSDT", 0, 30_000 * ONE, ONE // 10, 3_000 * ONE, at, buyer_is_maker=False)
        bids = [BookLevel(best, 5 * ONE), BookLevel(best - 10 * ONE, 50 * ONE)]
        asks = [BookLevel(ASK * ONE, 5 * ONE), BookLevel((ASK + 10) * ONE, 50 * ONE)]
        yield MarketUpdate("BTCUSDT", at, [trade], bids, asks)


def without_trading(exchange: PracticeExchange) -> Credentials:
    return exchange.open_account("watcher", {"USDT": 1_000 * ONE}, rights=KeyPermissions(spot_trading=False))
