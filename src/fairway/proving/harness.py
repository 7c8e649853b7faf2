"""The harness of a scenario: the practice exchange's server and a trader that reaches it with ccxt, each on a machine of its own.

All of it runs in simulated time: same seed, same run, to the nanosecond. What it leaves behind is its `RunResult`.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from decimal import localcontext
from pathlib import Path as Folder
from tempfile import TemporaryDirectory
from typing import Final

from fairway.assembly import CODEC, Bot, CannotTrade, open_trader
from fairway.exchange.answers import OrderSnapshot as Truth
from fairway.exchange.faults.registry import make
from fairway.exchange.practice_exchange import Credentials
from fairway.exchange.server import Server, pause
from fairway.exchange.units import parse
from fairway.journal.memory import MemoryFile, open_memory
from fairway.journal.port import Journal, JournalError
from fairway.market.candles import INTERVALS
from fairway.money.amount import CONTEXT
from fairway.money.fraction import Fraction
from fairway.orders.ids import ClientId
from fairway.proving.exchange_log import RecordedExchange
from fairway.proving.exchange_recorder import (
    JournalWrites,
    RecordedEvent,
    RecordedWarnings,
    WitnessedJournal,
    WitnessedSession,
    WitnessedVenue,
)
from fairway.proving.harness_latch import NAME, HarnessLatch, LatchLog
from fairway.proving.harness_people import HarnessPeople
from fairway.proving.harness_result import ACCOUNT, HarnessResult
from fairway.proving.outages import Outage
from fairway.proving.scenario_script import ExchangeFault, MarketPace, Path, ScriptedSignal, ScriptedStrategy, market, rules_of
from fairway.risk.rules import RiskRules
from fairway.strategies.api import Strategy
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.command_inbox import CommandInbox
from fairway.trading.other_writers import Fenced
from fairway.trading.trader import Trader
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import VenueError
from fairway.watch.series import Spell
from fairway.world.clock import SECOND, Clock, SimClock, SteadyClock
from fairway.world.loop import EPOCH_NS, SimLoop, run, running
from fairway.world.process_memory import SimProcessMemory

HOST, PORT = "exchange", 8080
TRADER: Final = "trader"
QUIET_PRICE: Mapping[str, Path] = {"BTC/USDT": {0: "100"}}
RESTART_PAUSE_S = 5
LOOK_S: Final = 0.5
"""How often the network is checked; a cut that is shorter counts as a slow answer."""
RULES = RiskRules(per_trade=Fraction.of("0.01"), position_max=Fraction.of("0.5"), positions_max=2)


class Harness(HarnessResult, HarnessPeople):
    """A world that has not begun yet. `run` plays it; then everything below is what was left at the end."""

    mode = "scene"
    """What the trader is started as; an act may start it as something else."""
    needs_lease = False
    """Whether its trader opens positions only while it has a lease."""
    maintenance: tuple[Spell, ...] = ()
    """Planned (ns), as the configuration says it."""
    release = ""
    """Digest of what its trader runs; "" where the scenario sets none."""
    updates_a_second = 1
    """How often each symbol's price is told, and may change."""
    fee_asset = ""
    """What the account pays its fees in, as far as it has enough of that; "" for what it receives."""
    name = NAME
    """What its trader calls the account."""
    interval = "1m"
    """Of the candles that its strategy decides on."""
    telling = MarketPace()
    """How the market is told; the trader starts when it begins to be heard."""
    stops_where_fenced = False
    """Whether a trader that meets another one's orders ends well, and stays away; else the play fails."""

    def __init__(
        self,
        *signals: ScriptedSignal,
        faults: Sequence[ExchangeFault] = (),
        prices: Mapping[str, Path] = QUIET_PRICE,
        balances: Mapping[str, str] = {"USDT": "10000"},
        acts: Mapping[float, Callable[..., object]] = {},
        rules: RiskRules = RULES,
        seed: int = 1,
    ) -> None:
        """acts are called with the stage at a second, counted from the beginning of the play."""
        super().__init__()
        self._signals, self.exchange_faults, self._prices, self._seed = signals, faults, prices, seed
        self._start = {asset: parse(amount) or 0 for asset, amount in balances.items()}
        self._acts, self._rules = acts, rules
        self._writing = JournalWrites()
        self._latch_log = LatchLog()
        self._cuts: list[Outage] = []
        self._companions: list[asyncio.Task[object]] = []
        """What else runs in the play, and ends with it."""
        self._downs: list[int] = []
        self._ended_at = 0
        self._is_fenced = False
        self.strangers: list[Harness] = []
        """Other traders on the same key, each with a journal of its own."""
        self.lost: list[RecordedEvent] = []
        """What was durable in a journal that was lost, or in the part of it that was."""
        self._has_journal = False
        self._witness: WitnessedSession
        self.exchange: RecordedExchange
        self.trader: Trader
        self._trader_clock: SimClock | None = None
        self._executor: AccountExecutor
        self.file = MemoryFile()
        self.orders: list[Truth] = []
        """All orders of the trader that the exchange ever had, oldest first."""
        self.by_hand: list[Truth] = []
        """Those of a person who uses the same account."""
        self.complaints = RecordedWarnings(logging.ERROR)
        self.process_memory = SimProcessMemory()
        """What the trader's process holds in memory, in all of its lives."""

    # -- the play ------------------------------------------------------------------------------------------------

    def run(self, minutes: float) -> None:
        """Raises whatever ended the trader before its time."""
        server = logging.getLogger("aiohttp.server")
        server.addHandler(self.complaints)
        try:
            with localcontext(CONTEXT), TemporaryDirectory() as folder:
                self.latch = HarnessLatch(Folder(folder), NAME, tuple(self._prices), self._latch_log)
                run(lambda: self._play(minutes), seed=self._seed)
        finally:
            server.removeHandler(self.complaints)

    async def _play(self, minutes: float) -> None:
        loop = running()
        exchange = self.exchange = self._exchange(loop, minutes)
        credentials = exchange.open_account(ACCOUNT, self._start, fee_asset=self.fee_asset)
        serving = asyncio.Event()
        server = loop.spawn(HOST, self._serve(loop, serving))
        opened = asyncio.ensure_future(serving.wait())
        await asyncio.wait((opened, server), return_when=asyncio.FIRST_COMPLETED)
        opened.cancel()
        loop.on_kill(TRADER, self._note_down)
        for second, act in self._acts.items():
            loop.call_later(second, act, self)
        if self.telling.begins_s:
            await asyncio.sleep(self.telling.begins_s)
        self.start_trader(credentials)
        watching = asyncio.ensure_future(self._watch_the_network(loop))
        left_s = minutes * 60 - self.telling.begins_s
        await asyncio.wait((self._trading, server), timeout=left_s, return_when=asyncio.FIRST_COMPLETED)
        self._ended_at = loop.wall_ns
        watching.cancel()
        for task in (*self._companions, self._trading, server):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        for symbol in exchange.context.rules:  # what the exchange itself knows, whatever it lets others see
            self.orders += await exchange.backend.all_orders(ACCOUNT, symbol, limit=1000)
        self.orders.sort(key=lambda order: order.order_id)
        self.by_hand = [order for order in self.orders if ClientId.parse(order.client_id) is None]
        self.orders = [order for order in self.orders if order not in self.by_hand]
        for task in (self._trading, server):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    def _exchange(self, loop: SimLoop, minutes: float) -> RecordedExchange:
        rules = [rules_of(symbol) for symbol in self._prices]
        updates = market(self._prices, round(minutes * 60) + 1, self.updates_a_second, self.telling)
        exchange = RecordedExchange(rules, updates, clock=loop.clock, chance=loop.chance.child("exchange"), pause=pause)
        exchange.session = self._witness = WitnessedSession(exchange, loop)
        exchange.warm_up(EPOCH_NS)
        for number, it in enumerate(self.exchange_faults):
            exchange.context.faults.add(make(it.kind, it.scope(), it.options, loop.chance.child(f"fault {number}")))
        return exchange

    async def _serve(self, loop: SimLoop, serving: asyncio.Event) -> None:
        async with Server(self.exchange, loop.chance.child("server")).listening(HOST, PORT):
            serving.set()
            await asyncio.get_running_loop().create_future()

    async def _watch_the_network(self, loop: SimLoop) -> None:
        while True:
            if loop.network.link(TRADER, HOST).blocked or loop.network.link(HOST, TRADER).blocked:
                now = loop.wall_ns
                self._cuts.append(Outage(now - round(LOOK_S * SECOND), now + round(LOOK_S * SECOND), "the network is cut"))
            await asyncio.sleep(LOOK_S)

    @property
    def trader_clock(self) -> SimClock:
        """Of the trader's machine, in all of its lives."""
        if self._trader_clock is None:
            self._trader_clock = SimClock(running())
        return self._trader_clock

    # -- the trader ----------------------------------------------------------------------------------------------

    def start_trader(self, credentials: Credentials) -> None:
        self._credentials = credentials
        self._trading = running().spawn(TRADER, self._supervise(credentials))

    async def _supervise(self, credentials: Credentials) -> None:
        """What the venue does not answer, or refuses, and a journal that cannot be written, end a trader; it is started again,
        as a process supervisor does."""
        while True:
            try:
                return await self._trade(credentials)
            except (VenueError, JournalError, CannotTrade) as error:
                if isinstance(error, CannotTrade) and self._lists_any():
                    raise
                self._note_down()
            except ExceptionGroup as crash:
                fenced, others = crash.split(Fenced)
                if fenced is not None and self.stops_where_fenced:
                    self._is_fenced = True
                    self._note_down()
                    await asyncio.get_running_loop().create_future()
                _, others = crash.split((VenueError, JournalError))
                if others is not None:
                    raise
                self._note_down()
            await asyncio.sleep(RESTART_PAUSE_S)

    def _lists_any(self) -> bool:
        """Whether the exchange still lists a symbol that is traded here."""
        return any(self.exchange.context.status_of(rules, running().wall_ns) for rules in self.exchange.context.rules.values())

    async def _trade(self, credentials: Credentials) -> None:
        loop = running()
        clock = SteadyClock(self.trader_clock)
        venue = self._client(credentials, loop, "venue", clock)
        bot = Bot(
            account=self.name,
            symbols=tuple(self._prices),
            interval=self.interval,
            strategy_name="scripted",
            strategy=self.strategy(),
            rules=self._rules,
            needs_lease=self.needs_lease,
            maintenance=self.maintenance,
            digest=self.release,
        )
        try:
            self.journal: Journal = WitnessedJournal(self.open_journal(), self._writing, loop)
            self._has_journal = True
            try:
                comebacks, latch = loop.process_chance(), self.latch.read_anew()
                self.trader = await open_trader(
                    bot, venue, self.journal, latch, clock, comebacks, self.process_memory, self.command_inbox()
                )
                self._executor = self.trader.executors[self.name]
                self.meet(self.trader)
                await self.trader.run()
            finally:
                self.journal.close()
        finally:
            await venue.close()

    def meet(self, trader: Trader) -> None:
        """Called with each trader before it runs; a scene that watches its events adds a watcher here."""

    def strategy(self) -> Strategy:
        """A strategy that gives the signals of the scenario. A scene about what strategies see returns another one."""
        return ScriptedStrategy(self._signals, INTERVALS[self.interval])

    def command_inbox(self) -> CommandInbox | None:
        """Where its trader listens; nowhere, unless people of the play have something to say."""
        return self.delayed_inbox

    def open_journal(self) -> Journal:
        """In memory; a scene about a database opens one of its kind."""
        return open_memory(self.file, CODEC, mode=self.mode, trader=self.name)

    def _client(self, credentials: Credentials, loop: SimLoop, name: str, clock: Clock) -> CcxtVenue:
        settings = CcxtSettings(exchange="binance", key=credentials.key, secret=credentials.secret, url=f"http://{HOST}:{PORT}")
        return WitnessedVenue(settings, clock, loop.chance.child(name)).witnessed(self._left_at, loop)

    def _note_down(self) -> None:
        self._downs.append(running().wall_ns)

    def kill_and_restart_trader(self) -> None:
        """`kill -9`, and up again at once, with nothing but the journal."""
        self.kill_trader()
        self.come_back()

    def kill_trader(self) -> None:
        """`kill -9`: what was not synced is lost."""
        running().kill(TRADER)
        self._forget_unsynced()

    def come_back(self) -> None:
        """Up again after a kill."""
        self._forget_unsynced()
        self.start_again()

    def start_again(self) -> None:
        """Starts the trader again, even where another process may hold its journal."""
        self.start_trader(self._credentials)

    def lose_journal(self, kept: int) -> None:
        """Between two lives of its trader; of the records at most so many are still there, none where the file is gone.

        What was written at once is lost at once, as of a database.
        """
        before = self.journaled()
        self.file = self._writing.cut_short(self.file, kept)
        self.lost += before[len(self.journaled()) :]

    def expect_little(self, seconds: float, why: str) -> None:
        """From now on something keeps the trader from acting that nothing else in the play tells of."""
        now = running().wall_ns
        self._cuts.append(Outage(now, now + round(seconds * SECOND), why))

    def _forget_unsynced(self) -> None:
        if self._has_journal:  # else it died before it had one
            self.journal.crash()
