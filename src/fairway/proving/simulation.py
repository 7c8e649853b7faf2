"""A simulation of one exchange and one trader on a simulated network, from first candle to last, and the truth at its end.

Everything in it is the real thing: the server, the wire, the unmodified client, the trader and its journal; only time, chance
and the network are ours.
"""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from fairway.assembly import CODEC, Bot, TraderObserver, open_trader
from fairway.exchange.faults.port import Fault
from fairway.exchange.practice_exchange import Credentials, PracticeExchange
from fairway.journal.port import Journal
from fairway.journal.sql import open_journal
from fairway.market.candles import Candle
from fairway.market.instrument import Instrument
from fairway.proving.market import SimulatedMarket
from fairway.proving.served import EXCHANGE, URL, balances_of, begin_anew, candles_of, served
from fairway.reports.run import RunProgress
from fairway.trading.account_state import AccountState
from fairway.trading.latch import FileLatch
from fairway.trading.snapshot import snapshot
from fairway.trading.trader import Trader
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.clock import MILLISECOND, MINUTE, SECOND, Clock
from fairway.world.links import jittered
from fairway.world.loop import SimLoop, running
from fairway.world.process_memory import SimProcessMemory

TRADER = "trader"
LAST_WORDS_NS = 40 * SECOND
"""After the market has ended the trader may still catch up once with all that it was not told."""


class Viewer(TraderObserver):
    """What sees a simulation live; this one sees nothing and wants no end."""

    show_every_ns = 5 * MINUTE

    def show(self, progress: RunProgress) -> None:
        """The account, each `show_every_ns` of simulated time."""

    @property
    def stop_wanted(self) -> bool:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class FinalState:
    """What was left at the end: the exchange's own word on the account, and what the trader had seen. Instants in ns."""

    balances: dict[str, Decimal]
    """Free and locked together, by asset, asked of the exchange after the trader had stopped."""
    prices: dict[str, Decimal]
    instruments: dict[str, Instrument]
    candles: dict[str, Sequence[Candle]]
    ended_at: int
    is_complete: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Simulation:
    """One exchange, one account, one bot.

    opening: what the account begins with, by asset; journal: where its file is made; faults: what goes wrong at the exchange.
    """

    market: SimulatedMarket
    bot: Bot
    opening: dict[str, int]
    journal: Path
    viewer: Viewer
    faults: Sequence[Fault] = ()

    async def live(self) -> FinalState:
        """Runs until the market ends or the viewer wants it to; inside a SimLoop."""
        loop = running()
        loop.network.shape(TRADER, EXCHANGE, latency=jittered(5 * MILLISECOND, 15 * MILLISECOND, loop.chance.stream("latency")))
        async with served(loop, self.market, {self.bot.account: self.opening}, self.faults) as (exchange, keys):
            journal = self._open_journal()
            try:
                trader = await self._trade(loop, journal, keys[self.bot.account], exchange)
            finally:
                journal.close()
            return await self._truth(loop, exchange, trader)

    def _open_journal(self) -> Journal:
        """A new file, not synced to the disk: in simulated time no power is lost."""
        begin_anew(self.journal)
        return open_journal(self.journal, CODEC, mode="practice", trader=self.bot.account, synchronous="OFF")

    async def _trade(self, loop: SimLoop, journal: Journal, credentials: Credentials, exchange: PracticeExchange) -> Trader:
        """Trades until the end of the market and a while beyond, so that nothing is left untold."""
        traders: list[Trader] = []
        trading = loop.spawn(TRADER, self._trader(loop, journal, credentials, traders))
        await self._watch(loop.clock, trading, traders)
        exchange.time.pause()
        await asyncio.sleep(LAST_WORDS_NS / SECOND)
        trading.cancel()
        await asyncio.wait([trading])
        if not trading.cancelled():
            trading.result()  # it failed before it was told to stop: that is this run's failure
        return traders[0]

    async def _trader(self, loop: SimLoop, journal: Journal, credentials: Credentials, opened: list[Trader]) -> None:
        settings = CcxtSettings(
            exchange="binance",
            key=credentials.key,
            secret=credentials.secret,
            url=URL,
            market_silence_s=(LAST_WORDS_NS + 3 * self.market.quiet_ns) / SECOND,
        )
        venue = CcxtVenue(settings, loop.clock, loop.chance.child("trader"))
        try:
            trader = await open_trader(
                self.bot,
                venue,
                journal,
                FileLatch(self.journal.parent, self.bot.account, self.bot.symbols),
                loop.clock,
                loop.process_chance(),
                SimProcessMemory(),
            )
            self.viewer.meet(self._account_state(trader).config.instruments, ())
            trader.watchers.append(self.viewer.hear)
            opened.append(trader)
            await trader.run()
        finally:
            await venue.close()

    def _account_state(self, trader: Trader) -> AccountState:
        return trader.executors[self.bot.account].state

    async def _watch(self, clock: Clock, trading: asyncio.Task[None], traders: list[Trader]) -> None:
        """Shows the account from time to time until the market ends, a person wants an end, or the trader has failed."""
        begin, end = self.market.trading_from, self.market.ends_at
        while (now := clock.now()) < end and not trading.done() and not self.viewer.stop_wanted:
            if traders:
                share = (now - begin) / (end - begin)
                self.viewer.show(RunProgress(now, share, snapshot(self._account_state(traders[0]), now)))
            await asyncio.sleep(min(self.viewer.show_every_ns, end - now) / SECOND)

    async def _truth(self, loop: SimLoop, exchange: PracticeExchange, trader: Trader) -> FinalState:
        account_state = self._account_state(trader)
        terms, begin = account_state.config, self.market.trading_from
        return FinalState(
            balances=await balances_of(exchange, self.bot.account),
            prices=account_state.marks(),
            instruments=dict(terms.instruments),
            candles={
                symbol: await candles_of(exchange, terms.instruments[symbol], self.bot.interval, begin)
                for symbol in terms.symbols
            },
            ended_at=min(loop.clock.now(), self.market.ends_at),
            is_complete=loop.clock.now() >= self.market.ends_at,
        )
