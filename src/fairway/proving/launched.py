"""A simulation with a launch: one exchange, one trader of many accounts, a pilot that issues leases to it, and people.

Everything in it is the real thing, as in `simulation`; commands of people and faults come from the actors (see `demo_actors`).
Its pace is slower than a trader's with money: it reconciles and looks less often, so that ten days of twelve users take minutes.
"""

import asyncio
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

from msgspec import Struct

from fairway.assembly import CODEC, Bot, TradedAccount, open_shared
from fairway.exchange.faults.port import Fault
from fairway.exchange.practice_exchange import Credentials, PracticeExchange
from fairway.journal.command_reader import ReadCommand
from fairway.journal.kinds import Event
from fairway.journal.sql import SqlJournal, open_journal
from fairway.launch.control.command_inbox import PILOT_STREAM, LaunchInbox, launch_beside
from fairway.launch.control.commands import LaunchInstruction
from fairway.launch.control.pilot import LaunchRequest, Pilot, Ports
from fairway.launch.control.state import CODEC as LAUNCH_CODEC
from fairway.launch.evidence.survey_answers import Surveying
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.simulation.population import SimulatedUser
from fairway.market.candles import Candle
from fairway.market.instrument import Instrument
from fairway.proving.delayed_inbox import DelayedInbox, PilotInbox
from fairway.proving.launched_pilot import FLEET, SeatedPeople, SimulatedPilotVenues, SimulatedTraderBeside
from fairway.proving.market import SimulatedMarket
from fairway.proving.served import EXCHANGE, URL, balances_of, begin_anew, candles_of, served
from fairway.risk.profiles import rules_of
from fairway.strategies.api import Strategy
from fairway.trading.latch import FileLatch
from fairway.trading.schedule import RECONCILE_MAX_NS, Schedule
from fairway.trading.trader import Trader
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.venues.port import VenueError
from fairway.world.clock import HOUR, MILLISECOND, MINUTE, SECOND, SimClock
from fairway.world.links import jittered
from fairway.world.loop import SimLoop, running
from fairway.world.process_memory import SimProcessMemory

TRADER: Final = "trader"
TOWER: Final = "tower"
QUOTE: Final = "USDT"
PACE: Final = Schedule(idle_ns=15 * SECOND, reconcile_ns=RECONCILE_MAX_NS, rights_ns=HOUR)
ECHO_S: Final = 300.0
PING_EVERY_NS: Final = 3 * MINUTE
TICK_S: Final = 120.0
VENUE_CHECK_EVERY_S: Final = 1_800.0
VENUE_CHECK_LASTS_NS: Final = 65 * MINUTE
LEASE_NS: Final = HOUR
RENEW_NS: Final = 30 * MINUTE
SHOWN_EVERY_NS: Final = 20 * MINUTE
LAST_WORDS_S: Final = 700.0
"""After the market has ended the trader may still catch up once with all that it had not received."""


class LaunchViewer:
    """What sees a launched simulation live; this one sees nothing and wants no end."""

    show_every_ns = SHOWN_EVERY_NS

    def meet(self, instruments: Mapping[str, Instrument]) -> None:
        """Before the first event: what is traded."""

    def hear(self, account: str, events: Sequence[Event], at: int) -> None:
        """What happened to an account."""

    def decided(self, event: Struct, at: int) -> None:
        """What the pilot wrote down."""

    def acted(self, at: int, line: str) -> None:
        """What the actors did."""

    def show(self, at: int, share_done: float, simulation: "LaunchSimulation") -> None:
        """How all stands, from time to time."""

    @property
    def stop_wanted(self) -> bool:
        return False


@dataclass(frozen=True, slots=True, kw_only=True)
class LaunchFinalState:
    """What was left: by account, the exchange's own word on its balances. Instants in ns."""

    balances: Mapping[str, Mapping[str, Decimal]]
    prices: Mapping[str, Decimal]
    instruments: Mapping[str, Instrument]
    candles: Mapping[str, Sequence[Candle]]
    ended_at: int
    is_complete: bool


@dataclass(slots=True, kw_only=True)
class LaunchSimulation:
    """course, text: the plan as it is flown, and as it was written. strategy: of every account. journal: where its file is."""

    market: SimulatedMarket
    users: Sequence[SimulatedUser]
    plan: CompiledPlan
    text: str
    strategy: Strategy
    interval: str
    journal: Path
    watching: LaunchViewer
    faults: Sequence[Fault] = ()
    pace: Schedule = PACE
    pilot_tick_s: float = TICK_S
    venue_check_every_s: float = VENUE_CHECK_EVERY_S
    memory: SimProcessMemory = field(default_factory=SimProcessMemory)
    """Of the trader's process."""
    restarts: int = 0
    exchange: PracticeExchange = field(init=False)
    trader: Trader = field(init=False)
    pilot: Pilot = field(init=False)
    projection: TraderProjection = field(default_factory=TraderProjection)
    command_inbox: DelayedInbox = field(default_factory=DelayedInbox)
    said: list[ReadCommand] = field(default_factory=list)
    _keys: dict[str, Credentials] = field(default_factory=dict)
    _tasks: dict[str, "asyncio.Task[None]"] = field(default_factory=dict)
    _journals: dict[str, SqlJournal] = field(default_factory=dict)
    """By node, the journal that it writes."""

    async def live(self, play: Any) -> LaunchFinalState:
        """Runs inside a SimLoop until the market ends or the viewer stops it. play: what the actors do, awaited beside it."""
        loop = running()
        for node in (TRADER, TOWER):
            loop.network.shape(
                node, EXCHANGE, latency=jittered(5 * MILLISECOND, 15 * MILLISECOND, loop.chance.stream(f"latency {node}"))
            )
        begin_anew(self.journal)
        begin_anew(self.launch_journal)
        openings = {user.name: {QUOTE: user.opening} for user in self.users}
        async with served(loop, self.market, openings, self.faults, PING_EVERY_NS) as (self.exchange, self._keys):
            self._start(TRADER, self._trade())
            self._start(TOWER, self._fly())
            await self._begin()
            actors = loop.create_task(play(self), name="actors")
            try:
                await self._watch(loop)
            finally:
                actors.cancel()
                await asyncio.gather(actors, return_exceptions=True)
            await self._finish()
            await self._end(TOWER)
            self.exchange.time.pause()
            await asyncio.sleep(LAST_WORDS_S)
            await self._end(TRADER)
            return await self._ended(loop)

    @property
    def launch_journal(self) -> Path:
        where = launch_beside(self.journal)
        assert isinstance(where, Path)
        return where

    def tell_pilot(self, by: str, instruction: LaunchInstruction) -> None:
        """What a person says at the launch's command inbox."""
        self.said.append(ReadCommand(len(self.said) + 1, by, running().wall_ns, instruction))

    async def restart_trader(self) -> None:
        """Ends it in order and starts it again, with nothing but its journal and what the venue says."""
        await self._end(TRADER)
        self.start_trader_again()

    def start_trader_again(self) -> None:
        """After its end, or after a kill."""
        self.restarts += 1
        self._start(TRADER, self._trade())

    def start_pilot_again(self) -> None:
        """After a kill, with nothing but its journal and the trader's."""
        self.projection = TraderProjection()
        self._start(TOWER, self._fly())

    def kill(self, node: str) -> None:
        """`kill -9`: nothing of it runs any more, and the system closes its files, so that another one may write its journal."""
        running().kill(node)
        del self._tasks[node]
        self._journals.pop(node).crash()

    # -- what a subclass has beside --------------------------------------------------------------------------------

    async def _begin(self) -> None:
        """After trader and pilot were started."""

    async def _finish(self) -> None:
        """Before they end."""

    def _pilot_inbox(self) -> LaunchInbox:
        return PilotInbox(self.said)

    # -- processes -----------------------------------------------------------------------------------------------

    def _start(self, node: str, work: Any) -> None:
        self._tasks[node] = running().spawn(node, work)

    async def _end(self, node: str) -> None:
        task = self._tasks[node]
        task.cancel()
        await asyncio.wait([task])
        if not task.cancelled():
            task.result()  # it failed before it was asked to stop: that is this run's failure

    async def _trade(self) -> None:
        loop = running()
        journal = open_journal(self.journal, CODEC, mode="practice", trader=FLEET, synchronous="OFF")
        self._journals[TRADER] = journal
        accounts = self._accounts(loop)
        market = accounts[0].venue
        try:
            self.trader = await open_shared(
                accounts,
                market,
                journal,
                loop.clock,
                loop.process_chance(),
                self.memory,
                self.command_inbox,
                self.pace,
            )
            self.watching.meet(next(iter(self.trader.executors.values())).state.config.instruments)
            self.trader.watchers.append(self.watching.hear)
            await self.trader.run()
        finally:
            for each in accounts:
                with suppress(VenueError):
                    await each.venue.close()
            journal.close()

    def _accounts(self, loop: SimLoop) -> list[TradedAccount]:
        accounts: list[TradedAccount] = []
        first: CcxtVenue | None = None
        for user in self.users:
            venue = self.client(user.name, loop, f"venue of {user.name} {self.restarts}", first)
            first = first or venue
            accounts.append(TradedAccount(self._bot(user), venue, self.latch_of(user.name)))
        return accounts

    def latch_of(self, account: str) -> FileLatch:
        return FileLatch(self.journal.parent, account, self.market.symbols)

    def client(self, name: str, loop: SimLoop, chance: str, like: CcxtVenue | None = None) -> CcxtVenue:
        keys = self._keys[name]
        settings = CcxtSettings(
            exchange="binance",
            key=keys.key,
            secret=keys.secret,
            url=URL,
            market_silence_s=40 + 3 * self.market.quiet_ns / SECOND,
            account_echo_s=ECHO_S,
        )
        return CcxtVenue(settings, loop.clock, loop.chance.child(chance), like=like)

    def _bot(self, user: SimulatedUser) -> Bot:
        return Bot(
            account=user.name,
            symbols=self.market.symbols,
            interval=self.interval,
            strategy_name="trend",
            strategy=self.strategy,
            rules=rules_of(user.profile, QUOTE),
            needs_lease=True,
            digest="demo",
        )

    async def _fly(self) -> None:
        clock = SimClock(running())
        journal = open_journal(
            self.launch_journal, LAUNCH_CODEC, mode="practice", trader=FLEET, stream=PILOT_STREAM, synchronous="OFF"
        )
        self._journals[TOWER] = journal
        beside, venues = SimulatedTraderBeside(self), SimulatedPilotVenues(self)
        people = SeatedPeople(self.users, self.market.trading_from)
        ports = Ports(journal, beside, self._pilot_inbox(), venues, people, clock, self.projection, (Surveying(),))
        self.pilot = Pilot(
            LaunchRequest(self.plan, self.text, "ann"),
            ports,
            venue_check_every_s=self.venue_check_every_s,
            tick_s=self.pilot_tick_s,
        )
        self.pilot.watchers.append(self.watching.decided)
        try:
            await self.pilot.run()
        finally:
            journal.close()
            await beside.close()
            await venues.close()

    # -- the end -------------------------------------------------------------------------------------------------

    async def _watch(self, loop: SimLoop) -> None:
        begin, end = self.market.trading_from, self.market.ends_at
        while (now := loop.clock.now()) < end and not self.watching.stop_wanted:
            for task in self._tasks.values():
                if task.done() and not task.cancelled():
                    task.result()
            if hasattr(self, "trader") and hasattr(self, "pilot"):
                self.watching.show(now, (now - begin) / (end - begin), self)
            await asyncio.sleep(min(self.watching.show_every_ns, end - now) / SECOND)

    async def _ended(self, loop: SimLoop) -> LaunchFinalState:
        account_state = next(iter(self.trader.executors.values())).state
        listed, begin = dict(account_state.config.instruments), self.market.trading_from
        return LaunchFinalState(
            balances={user.name: await balances_of(self.exchange, user.name) for user in self.users},
            prices=account_state.marks(),
            instruments=listed,
            candles={
                symbol: await candles_of(self.exchange, listed[symbol], self.interval, begin) for symbol in self.market.symbols
            },
            ended_at=min(loop.clock.now(), self.market.ends_at),
            is_complete=loop.clock.now() >= self.market.ends_at,
        )
