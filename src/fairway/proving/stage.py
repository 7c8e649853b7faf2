"""The stage of a play: the practice exchange's server and a trader that comes to it with ccxt, each on a machine of its own.

All of it runs in simulated time: same seed, same play, to the nanosecond. What it leaves behind is its `Aftermath`.
"""

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from itertools import zip_longest
from pathlib import Path as Folder
from tempfile import TemporaryDirectory
from typing import Final, cast

from msgspec import structs

from fairway.assembly import CODEC, Bot, open_trader
from fairway.exchange.answers import OrderState as Truth
from fairway.exchange.events import BalanceMoved, ExchangeEvent, OrderReport
from fairway.exchange.mischief.kinds import make
from fairway.exchange.practice_exchange import EVENTS_KEPT, Credentials
from fairway.exchange.server import Server, pause
from fairway.exchange.units import parse
from fairway.journal.kinds import EpochRaised, Event, TraderStarted
from fairway.journal.memory import MemoryFile, open_memory
from fairway.journal.port import Journal, JournalError
from fairway.money.amount import CONTEXT
from fairway.money.fraction import Fraction
from fairway.orders.ids import ClientId
from fairway.proving import restrictions
from fairway.proving.aftermath import Aftermath, decimal
from fairway.proving.exchange_log import PlayFacts, RecordedExchange, log_of
from fairway.proving.oracle_case import Case
from fairway.proving.script import Misdeed, Path, Scripted, Wish, market, rules_of
from fairway.proving.timeline import own_id
from fairway.proving.troubles import Trouble, of_blindness, of_exits_in_doubt, of_flattening, of_misdeeds
from fairway.proving.witness import FOR_EVER, Latching, Noted, WitnessedJournal, WitnessedSession, WitnessedVenue, Writing
from fairway.risk.rules import RiskRules
from fairway.strategies.api import Strategy
from fairway.trading.clerk import Clerk
from fairway.trading.desk import Desk
from fairway.trading.doors import Doors
from fairway.trading.kill import Killer, Killing, NotDone
from fairway.trading.latch import FileLatch, Killed, Scope
from fairway.trading.runs import draw_run
from fairway.trading.trader import Trader
from fairway.venues.ccxt import CcxtSettings, CcxtVenue
from fairway.venues.port import VenueError
from fairway.world.clock import SECOND, Clock, SimClock, SteadyClock
from fairway.world.footprint import SimFootprint
from fairway.world.loop import EPOCH_NS, SimLoop, run, running

ACCOUNT = "alice"
"""The name at the exchange of the account that calls itself `main`."""
NAME: Final = "main"
HOST, PORT = "exchange", 8080
TRADER: Final = "trader"
QUIET_PRICE: Mapping[str, Path] = {"BTC/USDT": {0: "100"}}
RESTART_PAUSE_S = 5
LOOK_S: Final = 0.5
"""How often somebody looks whether the network is whole; what is cut for less is a slow answer."""
RULES = RiskRules(per_trade=Fraction.of("0.01"), position_max=Fraction.of("0.5"), positions_max=2)


class Complaints(logging.Handler):
    """What a logger was told."""

    told: list[str]

    def __init__(self, level: int) -> None:
        super().__init__(level)
        self.told = []

    def emit(self, record: logging.LogRecord) -> None:
        self.told.append(self.format(record))


@dataclass(slots=True)
class LatchLog:
    """What was done to the latch of a play, by whichever of its readers and writers."""

    latchings: list[Latching] = field(default_factory=list)
    changes: int = 0


class StageLatch(FileLatch):
    """A latch whose changes are counted, not dated: the machine's own clock must not decide what happens in a play."""

    def __init__(self, folder: Folder, symbols: Sequence[str], log: LatchLog) -> None:
        super().__init__(folder, NAME, symbols)
        self._log, self._seen = log, -1

    def read_anew(self) -> "StageLatch":
        """The same files, by a reader that has not read them yet."""
        return StageLatch(self._folder, self._symbols, self._log)

    def may_have_changed(self) -> bool:
        return self._seen != self._log.changes

    def read(self) -> Sequence[Killed]:
        self._seen = self._log.changes
        return super().read()

    def set(self, killed: Killed) -> Folder:
        path = super().set(killed)
        self._log.latchings.append(Latching(running().wall_ns, killed))
        self._log.changes += 1
        return path

    def clear(self, scope: Scope, symbol: str = "") -> None:
        super().clear(scope, symbol)
        self._log.changes += 1
        now = running().wall_ns
        self._log.latchings[:] = [it._replace(until=min(it.until, now)) for it in self._log.latchings]


class Stage:
    """A world that has not begun yet. `run` plays it; then everything below is what was left at the end."""

    mode = "scene"
    """What the trader is started as; an act may start it as something else."""
    needs_lease = False
    """Whether its trader opens positions only while it has leave."""
    release = ""
    """Digest of what its trader runs; "" where nobody made one."""
    updates_a_second = 1
    """How often each symbol's price is told, and may change."""
    interval = "1m"
    """Length of the candles that its trader decides on."""
    fee_asset = ""
    """What the account pays its fees in, as far as it has enough of that; "" for what it receives."""

    def __init__(
        self,
        *wishes: Wish,
        mischief: Sequence[Misdeed] = (),
        prices: Mapping[str, Path] = QUIET_PRICE,
        balances: Mapping[str, str] = {"USDT": "10000"},
        acts: Mapping[float, Callable[..., object]] = {},
        rules: RiskRules = RULES,
        seed: int = 1,
    ) -> None:
        """acts are called with the stage at a second, counted from the beginning of the play."""
        self._wishes, self._misdeeds, self._prices, self._seed = wishes, mischief, prices, seed
        self._start = {asset: parse(amount) or 0 for asset, amount in balances.items()}
        self._acts, self._rules = acts, rules
        self._writing = Writing()
        self._latch_log = LatchLog()
        self._cuts: list[Trouble] = []
        self._companions: list[asyncio.Task[object]] = []
        """What else runs in the play, and ends with it."""
        self._downs: list[int] = []
        self._ended_at = 0
        self._has_journal = False
        self._left_at: dict[str, int] = {}
        self._witness: WitnessedSession
        self.exchange: RecordedExchange
        self.trader: Trader
        self._trader_clock: SimClock | None = None
        self._clerk: Clerk
        self.latch: StageLatch
        self.file = MemoryFile()
        self.killings: list[Killing | NotDone | VenueError] = []
        """How the kills ended that `kill` carried out."""
        self.orders: list[Truth] = []
        """All orders of the trader that the exchange ever had, oldest first."""
        self.by_hand: list[Truth] = []
        """Those of a person who uses the same account."""
        self.complaints = Complaints(logging.ERROR)
        self.footprint = SimFootprint()
        """What the trader's process holds in memory, in all of its lives."""

    # -- the play ------------------------------------------------------------------------------------------------

    def run(self, minutes: float) -> None:
        """Raises whatever ended the trader before its time."""
        server = logging.getLogger("aiohttp.server")
        server.addHandler(self.complaints)
        try:
            with localcontext(CONTEXT), TemporaryDirectory() as folder:
                self.latch = StageLatch(Folder(folder), tuple(self._prices), self._latch_log)
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
        self.start_trader(credentials)
        for second, act in self._acts.items():
            loop.call_later(second, act, self)
        watching = asyncio.ensure_future(self._watch_the_network(loop))
        await asyncio.wait((self._trading, server), timeout=minutes * 60, return_when=asyncio.FIRST_COMPLETED)
        self._ended_at = loop.wall_ns
        watching.cancel()
        for task in (*self._companions, self._trading, server):
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        for symbol in exchange.desk.rules:  # what the exchange itself knows, whatever it lets others see
            self.orders += await exchange.backend.all_orders(ACCOUNT, symbol, limit=1000)
        self.orders.sort(key=lambda order: order.order_id)
        self.by_hand = [order for order in self.orders if ClientId.parse(order.client_id) is None]
        self.orders = [order for order in self.orders if order not in self.by_hand]
        for task in (self._trading, server):
            if not task.cancelled() and (error := task.exception()) is not None:
                raise error

    def _exchange(self, loop: SimLoop, minutes: float) -> RecordedExchange:
        rules = [rules_of(symbol) for symbol in self._prices]
        updates = market(self._prices, round(minutes * 60) + 1, self.updates_a_second)
        exchange = RecordedExchange(rules, updates, clock=loop.clock, chance=loop.chance.child("exchange"), pause=pause)
        exchange.session = self._witness = WitnessedSession(exchange, loop)
        exchange.warm_up(EPOCH_NS)
        for number, it in enumerate(self._misdeeds):
            exchange.desk.mischief.add(make(it.kind, it.scope(), it.options, loop.chance.child(f"mischief {number}")))
        return exchange

    async def _serve(self, loop: SimLoop, serving: asyncio.Event) -> None:
        async with Server(self.exchange, loop.chance.child("server")).listening(HOST, PORT):
            serving.set()
            await asyncio.get_running_loop().create_future()

    async def _watch_the_network(self, loop: SimLoop) -> None:
        while True:
            if loop.network.link(TRADER, HOST).blocked or loop.network.link(HOST, TRADER).blocked:
                now = loop.wall_ns
                self._cuts.append(Trouble(now - round(LOOK_S * SECOND), now + round(LOOK_S * SECOND), "the network is cut"))
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
        as whoever supervises a trader does."""
        while True:
            try:
                return await self._trade(credentials)
            except (VenueError, JournalError):
                self._note_down()
            except ExceptionGroup as crash:
                _, others = crash.split((VenueError, JournalError))
                if others is not None:
                    raise
                self._note_down()
            await asyncio.sleep(RESTART_PAUSE_S)

    async def _trade(self, credentials: Credentials) -> None:
        loop = running()
        clock = SteadyClock(self.trader_clock)
        venue = self._client(credentials, loop, "venue", clock)
        bot = Bot(
            account=NAME,
            symbols=tuple(self._prices),
            interval=self.interval,
            strategy_name="scripted",
            strategy=self.strategy(),
            rules=self._rules,
            needs_lease=self.needs_lease,
            digest=self.release,
        )
        try:
            self.journal: Journal = WitnessedJournal(self.open_journal(), self._writing, loop)
            self._has_journal = True
            try:
                comebacks, latch = loop.process_chance(), self.latch.read_anew()
                self.trader = await open_trader(bot, venue, self.journal, latch, clock, comebacks, self.footprint, self.doors())
                self._clerk = self.trader.clerks[NAME]
                await self.trader.run()
            finally:
                self.journal.close()
        finally:
            await venue.close()

    def strategy(self) -> Strategy:
        """Wishes what was handed in; a scene about what strategies see has one that looks."""
        return Scripted(self._wishes)

    def doors(self) -> Doors | None:
        """Where its trader listens; nowhere here."""
        return None

    def open_journal(self) -> Journal:
        """In memory; a scene about a database opens one of its kind."""
        return open_memory(self.file, CODEC, mode=self.mode, trader=NAME)

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
        """Started as it is, whoever may hold its journal by now."""
        self.start_trader(self._credentials)

    def expect_little(self, seconds: float, why: str) -> None:
        """From now on something keeps the trader from acting that nothing else in the play tells of."""
        now = running().wall_ns
        self._cuts.append(Trouble(now, now + round(seconds * SECOND), why))

    def _forget_unsynced(self) -> None:
        if self._has_journal:  # else it died before it had one
            self.journal.crash()

    # -- a person ------------------------------------------------------------------------------------------------

    def kill(self, killed: Killed) -> None:
        """What `fairway kill` does, from a machine of its own."""
        running().spawn("killer", self._kill(structs.replace(killed, at=self.trader_clock.now())))

    async def _kill(self, killed: Killed) -> None:
        loop = running()
        self.latch.set(killed)
        venue = self._client(self._credentials, loop, f"killer {len(self.killings)}", SimClock(loop))
        try:
            self.killings.append(await self._killer(venue, killed).run())
        except (NotDone, VenueError) as error:
            self.killings.append(error)
        finally:
            await venue.close()

    def _killer(self, venue: CcxtVenue, killed: Killed) -> Killer:
        loop = running()
        run = draw_run(loop.process_chance().stream("runs"))
        return Killer(venue, self.latch, SimClock(loop), NAME, killed, run=run)

    def lose_latch(self) -> None:
        """Somebody removes the latch's files."""
        self.latch.clear(Scope.ALL)
        for symbol in ("", *self._prices):
            self.latch.clear(Scope.SYMBOL if symbol else Scope.ACCOUNT, symbol)

    # -- what is left --------------------------------------------------------------------------------------------

    @property
    def desk(self) -> Desk:
        return self._clerk.desk

    def aftermath(self) -> Aftermath:
        told, journal = [event for _, event in self.exchange.events], self.journaled()
        assert len(told) < EVENTS_KEPT, "the exchange has forgotten how the play began"
        lives = _lives(journal)
        reports = [event for event in told if isinstance(event, OrderReport) and event.order.account == ACCOUNT]
        strange = [report for report in reports if not _is_of(lives, own_id(report))]
        troubles = self._troubles(journal)
        return Aftermath(
            journal=journal,
            desk=self.desk,
            symbols={symbol: symbol.replace("/", "") for symbol in self._prices},
            orders=[order for order in self.orders if _is_of(lives, order.client_id)],
            reports=[report for report in reports if report not in strange],
            shared={report.order.symbol for report in strange},
            unwritable=[*zip_longest(self._writing.failed_from, self._writing.failed_to, fillvalue=FOR_EVER)],
            moves=[event for event in told if isinstance(event, BalanceMoved)],
            answers=self._witness.answers,
            troubles=troubles,
            latchings=self._latch_log.latchings,
            opening={asset: decimal(units) for asset, units in self._start.items()},
            holding=self.held_at_exchange(),
            ended_at=self._ended_at,
            case=self._case(told, journal, troubles),
        )

    def _case(self, told: Sequence[ExchangeEvent], journal: Sequence[Noted], troubles: Sequence[Trouble]) -> Case:
        """The play as the oracle sees it."""
        log = log_of(ACCOUNT, told, self.exchange.market_points, self._witness.answers, self._start)
        facts = PlayFacts(
            pairs={pair.venue_symbol: pair for pair in self.desk.terms.instruments.values()},
            rules=self._rules,
            restrictions=restrictions.of_play(self._latch_log.latchings, journal, ()),
            grants=[*restrictions.grants_of((), journal)] if self.needs_lease else None,
            troubles=troubles,
            blindness=[*of_blindness(self._misdeeds)],
            left_at=self._left_at,
            journal_began_at=journal[0].noted_at if journal else FOR_EVER,
            began_at=EPOCH_NS,
            ended_at=self._ended_at,
            guard_lifts=restrictions.lifted_guards(journal),
        )
        return Case(log, facts)

    def journaled(self) -> list[Noted]:
        noted_at, durable_at = self._writing.noted_at, self._writing.durable_at
        return [
            Noted(cast(Event, CODEC.decode(record)), record.at, noted_at[record.seq], durable_at[record.seq])
            for record in self.file.records
            if record.account == NAME
        ]

    def held_at_exchange(self) -> dict[str, Decimal]:
        """Free and locked together, by asset."""
        state = self.exchange.backend.floor.accounts[ACCOUNT].state()
        return {it.asset: decimal(it.free + it.locked) for it in state.balances}

    def _troubles(self, journal: Sequence[Noted]) -> list[Trouble]:
        starts = [noted.durable_at for noted in journal if isinstance(noted.event, TraderStarted)]
        dead = [Trouble(down, next((at for at in starts if at >= down), FOR_EVER), "the trader is dead") for down in self._downs]
        bans = [Trouble(ban.since, ban.until, "the address is banned") for ban in self._witness.bans]
        doubts = of_exits_in_doubt(journal)
        return [
            *of_misdeeds(self._misdeeds),
            *self._cuts,
            *dead,
            *bans,
            *doubts,
            *of_flattening(self._latch_log.latchings),
        ]


def _lives(journal: Sequence[Noted]) -> set[tuple[str, int]]:
    """Run and number of every start, also of those that a start counted on from."""
    begun = (noted.event for noted in journal if isinstance(noted.event, TraderStarted | EpochRaised))
    return {(event.run, event.epoch) for event in begun}


def _is_of(lives: set[tuple[str, int]], order_id: str) -> bool:
    """Whether one of these lives sent an order, or a kill command did."""
    own = ClientId.parse(order_id)
    return own is not None and (own.is_of_a_kill or (own.run, own.epoch) in lives)
