"""The trader: the shell that holds the loop, the clock and the journal of many accounts, and decides nothing.

Inputs wait in one bounded inbox. All that wait are taken together: their events go into the journal with one commit, and only
then do their commands leave, each with its account's clerk. When it stops, protective orders stay at the venue.
"""

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from contextlib import suppress
from functools import partial
from itertools import islice

from fairway.journal.kinds import TraderStopped
from fairway.journal.port import Journal, JournalError
from fairway.market.candles import Candle, Quote, Trade
from fairway.orders.ids import Role
from fairway.risk.guards.memory import SAMPLE_NS
from fairway.risk.guards.port import Measured
from fairway.texts.messages.catalogue import prepare
from fairway.texts.messages.difference_messages import DifferenceMessage
from fairway.texts.messages.holdings_messages import HoldingsMessage
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.account_state import AccountState
from fairway.trading.checkpoint import BYTES_MAX, BYTES_MAX_AT_END
from fairway.trading.command_inbox import CommandInbox
from fairway.trading.command_poller import CommandPoller
from fairway.trading.event_mapping import is_news
from fairway.trading.exposure import figures
from fairway.trading.failure_attribution import failure
from fairway.trading.fleet_breaker import TotalLoss, standing, trouble_of
from fairway.trading.holdings_text import held_in_words
from fairway.trading.journal_writer import JournalWriter, Watcher
from fairway.trading.market_cache import MarketCache
from fairway.trading.other_writers import Fenced
from fairway.trading.price_watch import PriceWatch
from fairway.trading.run_ids import draw_run
from fairway.trading.safety_checks import lease_has_ended
from fairway.trading.schedule import ORDINARY, TICK_NS, Schedule
from fairway.trading.self_measurement import SelfMeasurement
from fairway.trading.step import step
from fairway.trading.totals import Figures, Totals
from fairway.trading.venue_requests import (
    AccountsFailing,
    AllHaveLost,
    CatchUp,
    ClockAgrees,
    ClockLeapt,
    Command,
    Input,
    JournalFailed,
    JournalRecovered,
    Latched,
    Place,
    PlaceFailed,
    Started,
    Tick,
)
from fairway.venues.port import Channel, StreamDown, StreamUp, Unreachable, Venue, VenueEvent
from fairway.world.chance import Chance
from fairway.world.clock import SECOND, Clock, SteadyClock
from fairway.world.process_memory import ProcessMemory
from fairway.world.tasks import Crash, CrashBudget, CrashBudgetSpent, Tasks, innermost, restarting

INBOX_MAX = 10_000
"""Inputs that may wait. Facts must not be dropped, so at the bound the trader crashes and recovers by asking the venue."""
ACCOUNTS_MAX = 5_000
"""Accounts of one trader; one more is not taken up. OWN_TASKS: what it runs beside their clerks."""
OWN_TASKS = 8
JOURNAL_STEADY_NS = 10 * SECOND
"""A journal that failed is trusted again after it has been written without trouble for so long."""
LEAP_MAX_NS = 10 * SECOND
"""How far the machine's clock may be from the trader's before nothing is opened any more. Exchanges bear less without a word."""
CRASH_BUDGET = CrashBudget(crashes_max=5, within_s=600.0)
"""How often an account's clerk may fail before that account is left to a person; its stops stay at the venue."""

Rebuild = Callable[[str], AccountState]
"""Makes an account's desk anew, from the journal alone."""
Errand = tuple[AccountExecutor, Command]


class InboxFull(Exception):
    """More inputs than the trader can work through."""


class Trader:
    """Trades the symbols for every account that it carries.

    market: where quotes and candles come from, for all; it may be an account's venue. rebuild: after a clerk has failed.
    may_be_empty: it waits for accounts where there is none, instead of ending.
    command_inbox: where people's commands come from; None where there are none, as in a rehearsal.
    """

    def __init__(
        self,
        clerks: Sequence[AccountExecutor],
        market: Venue,
        board: MarketCache,
        journal: Journal,
        clock: Clock,
        chance: Chance,
        footprint: ProcessMemory,
        *,
        symbols: Sequence[str],
        interval: str,
        vigil: PriceWatch,
        rebuild: Rebuild,
        release: str,
        strategy: str,
        may_be_empty: bool = False,
        command_inbox: CommandInbox | None = None,
        pace: Schedule = ORDINARY,
    ) -> None:
        self._pace, self._unfinished = pace, asyncio.Event()
        self.clerks: dict[str, AccountExecutor] = {}
        self._symbols, self._interval, self._may_be_empty = symbols, interval, may_be_empty
        self._vigil = vigil
        self._tasks: Tasks | None = None
        self._employed: dict[str, asyncio.Task[None]] = {}
        self._market, self._board, self._clock, self._chance = market, board, clock, chance
        self._runs = chance.stream("runs")
        self._footprint, self._measured_at = footprint, 0
        self._probe = SelfMeasurement(footprint, clock.now(), pace.reconcile_ns)
        self._scribe = JournalWriter(journal, clock, self._probe)
        self._rebuild, self._release, self._strategy = rebuild, release, strategy
        self._inbox: deque[tuple[AccountExecutor | None, Input]] = deque()
        self._news = asyncio.Event()
        self._market_is_up = False
        self._journal_troubled_at: int | None = None
        self.criers: list[Callable[[str], None]] = []
        """Called with what no event can tell, for it cannot be written down."""
        self._told_held = ""
        """What was told last of what is held, while the journal could not tell it."""
        self._everyones_trouble = ""
        self._totals = Totals()
        self._total_loss = TotalLoss(self._totals)
        self._has_leapt = False
        self._porter = (
            CommandPoller(command_inbox, self.clerks, self.take, pace.idle_ns / SECOND) if command_inbox is not None else None
        )
        for clerk in clerks:
            self.admit(clerk)

    @property
    def watchers(self) -> list[Watcher]:
        return self._scribe.watchers

    def take(self, clerk: AccountExecutor | None, news: Input) -> None:
        """Leaves an input for one account's desk, or for all of them. What the market shows goes on the board at once."""
        if isinstance(news, Quote):
            self._board.see_quote(news)
            return
        if len(self._inbox) >= INBOX_MAX:
            raise InboxFull(f"{INBOX_MAX} inputs wait; the trader stops and will recover from the venue")
        self._inbox.append((clerk, news))
        self._news.set()

    def take_market(self, news: VenueEvent) -> None:
        """The sink of the market stream."""
        if isinstance(news, StreamUp | StreamDown):
            self._market_is_up = isinstance(news, StreamUp)
        if not isinstance(news, Trade):
            self.take(None, news)
        if isinstance(news, Quote):
            if self._total_loss.takes_a_price():
                self._total_loss.is_due = True
                self.take(None, Tick())
            for account in self._vigil.woken(news):
                self._total_loss.is_due = True
                if (clerk := self.clerks.get(account)) is not None:  # it may have been let go
                    self.take(clerk, Tick())

    async def run(self) -> None:
        """Recovers, then trades until cancelled. Desks have been replayed; venues are open."""
        try:
            await self._warm_up()
            if self._porter is not None:
                await self._porter.listen()  # what was said while nobody ran is heard before anything is decided
            async with Tasks("trader", at_most=ACCOUNTS_MAX + OWN_TASKS) as tasks:
                self._tasks = tasks
                tasks.spawn("inbox", self._work())
                tasks.spawn("market stream", self._market.market_stream(self._symbols, self._interval, self.take_market))
                tasks.spawn("ticks", self._tick())
                if self._porter is not None:
                    tasks.spawn("porter", self._porter.serve())
                for clerk in self.clerks.values():
                    self._put_to_work(clerk)
        finally:
            self._tasks = None
            await self._say_farewell()

    async def _warm_up(self) -> None:
        """Candles from before the start let the strategy decide at once; they are looked at, never traded on."""
        prepare(HoldingsMessage, DifferenceMessage)  # they are also shown when no further file can be opened
        for symbol in self._symbols:
            for candle in await self._market.candles(symbol, self._interval, self._board.depth):
                self._board.see_candle(candle)
        for clerk in self.clerks.values():
            clerk.state.skip_candles()

    async def _say_farewell(self) -> None:
        for clerk in self.clerks.values():
            self._note_stop(clerk)
        self._save_checkpoint(BYTES_MAX_AT_END)
        if not await self._scribe.commit() and self._scribe.trouble:
            missing = f"what happened last could not be written down: {self._scribe.trouble}"
            self._cry(f"Stopped; {missing}. {self._held()} The next start asks the venue for what is missing.")

    def _note_stop(self, clerk: AccountExecutor) -> None:
        resting = sum(order.role in (Role.STOP, Role.TARGET) for order in clerk.state.orders.blotter.live.values())
        stopped, now = TraderStopped(why="stopped", protective_orders=resting), self._clock.now()
        clerk.state.apply(stopped, now)
        self._scribe.note(clerk.account, [stopped], now)

    def _save_checkpoint(self, bytes_max: int) -> None:
        """Not while a desk is broken: it may have been moved by what was never journaled."""
        clerks = self.clerks.values()
        if not any(clerk.has_failed for clerk in clerks):
            self._scribe.save_checkpoint((clerk.state for clerk in clerks), self._release, bytes_max)

    # -- accounts ------------------------------------------------------------------------------------------------

    def admit(self, clerk: AccountExecutor) -> None:
        """Takes up an account, now or when the trader runs. Raises TooManyTasks where there are too many."""
        clerk.report_to(partial(self.take, clerk))
        self.clerks[clerk.account] = clerk
        self._count(clerk)
        if self._tasks is not None:
            clerk.state.skip_candles()
            self._put_to_work(clerk)
            if self._porter is not None:
                self._porter.hurry()

    def _count(self, clerk: AccountExecutor) -> None:
        """From here on its desk looks at what all accounts have together, and is a part of it."""
        clerk.state.totals = self._totals
        self._totals.change(clerk.account, partial(self._figures_of, clerk))

    def _figures_of(self, clerk: AccountExecutor) -> Figures:
        """One that breaks here fails alone; whoever asked goes on, and knows that nobody knows."""
        try:
            return figures(clerk.state)
        except Exception as error:
            clerk.fail(error)
            return Figures(unknown=1)

    async def dismiss(self, account: str) -> None:
        """Lets an account go: nothing more is sent for it, and what protects it stays at the venue."""
        clerk, task = self.clerks.pop(account), self._employed.pop(account, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._inbox = deque(each for each in self._inbox if each[0] is not clerk)
        self._note_stop(clerk)
        self._totals.forget(account)
        self._news.set()

    def _put_to_work(self, clerk: AccountExecutor) -> None:
        assert self._tasks is not None
        self._employed[clerk.account] = self._tasks.spawn(f"clerk of {clerk.account}", self._employ(clerk))

    async def _employ(self, clerk: AccountExecutor) -> None:
        """Keeps an account at work: one that fails recovers, and stops no other. Raises where none is left at work."""

        async def serve() -> None:
            if self._latch_may_have_changed():
                self._look_at_latches()  # to read it for one alone would make the change look old to the others
            else:
                self._look_at_latch(clerk)
            run = draw_run(self._runs)
            self.take(clerk, Started(release=self._release, venue=clerk.venue.name, strategy=self._strategy, run=run))
            is_new = clerk.state.money.opening is None
            for news in standing([each.state for each in self.clerks.values()]) if is_new else ():
                self.take(clerk, news)
            if self._market_is_up:
                self.take(clerk, StreamUp(Channel.MARKET))
            await clerk.work()

        try:
            await restarting(
                clerk.account,
                serve,
                survives=(Exception,),
                chance=self._chance.stream(f"comebacks of {clerk.account}"),
                tell=lambda crash: self._note_failure(clerk, crash),
                budget=CRASH_BUDGET,
            )
        except (CrashBudgetSpent, Fenced):
            del self.clerks[clerk.account]
            self._totals.forget(clerk.account)
            if not self.clerks and not self._may_be_empty:
                raise

    def _note_failure(self, clerk: AccountExecutor, crash: Crash) -> None:
        """What an account had not journaled is forgotten, as after a crash of the whole trader."""
        error = innermost(crash.error)
        if isinstance(error, InboxFull | JournalError):
            raise error
        self._inbox = deque(each for each in self._inbox if each[0] is not clerk)
        clerk.begin_anew(self._rebuild(clerk.account))
        self._count(clerk)
        failed = failure(error, crash.recent)
        self._scribe.note(clerk.account, [failed], self._clock.now())
        if isinstance(error, Fenced):
            raise error  # to come back, under a later number, would fence the other one
        self._news.set()

    # -- inputs --------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            await self._news.wait()
            self._news.clear()
            for clerk, command in await self._drain():
                clerk.run(command)

    async def _drain(self) -> list[Errand]:
        """Takes all that waits, makes it durable, and returns the commands that may now leave."""
        errands: list[Errand] = []
        now = self._clock.now()
        if self._latch_may_have_changed():
            self._look_at_latches()
        while self._inbox:
            whose, news = self._inbox.popleft()
            if isinstance(news, Candle):
                self._board.see_candle(news)
            for clerk in (whose,) if whose is not None else tuple(self.clerks.values()):
                errands += [(clerk, command) for command in self._step(clerk, news, now)]
            if self._total_loss.is_due and not self._inbox:
                self._tell_of_total_loss(now)
        was_sound = self._journal_troubled_at is None
        is_durable = was_sound and await self._scribe.commit() and not self._scribe.trouble
        self._watch_journal()
        if self._latch_may_have_changed():
            self._look_at_latches()
        killed = [whose for whose, news in self._inbox if isinstance(news, Latched)]
        return [errand for errand in errands if self._may_leave(*errand, is_durable=is_durable, is_killed=errand[0] in killed)]

    def _step(self, clerk: AccountExecutor, news: Input, now: int) -> Sequence[Command]:
        """Moves one desk. An error in it is that account's: its clerk fails with it, and comes back."""
        if clerk.has_failed:
            return ()
        try:
            outcome = step(clerk.state, news, now)
        except Exception as error:
            clerk.fail(error)
            return ()
        self._scribe.note(clerk.account, outcome.events, now)
        if outcome.events and clerk.state.transient.restless:
            self._unfinished.set()
        if outcome.events or isinstance(news, Tick):
            self._vigil.keep(clerk.state)
            self._totals.change(clerk.account, partial(self._figures_of, clerk))
        return outcome.commands

    def _may_leave(self, clerk: AccountExecutor, command: Command, *, is_durable: bool, is_killed: bool) -> bool:
        """All that enlarges no position may, although it is not durable, or was not in time, or its account was killed while it
        waited for that. An entry may not, and is told that it never left."""
        if not isinstance(command, Place) or command.order.role is not Role.ENTRY or (is_durable and not is_killed):
            return True
        kept = (
            f"it could not be journaled: {self._scribe.trouble}"
            if not is_durable
            else "it was killed while it waited to be journaled"
        )
        self.take(clerk, PlaceFailed([command.order], Unreachable(f"it was not sent, for {kept}")))
        return False

    def _watch_journal(self) -> None:
        """Tells every desk when the journal fails, and when it has been sound again for a while."""
        trouble, now = self._scribe.trouble, self._clock.now()
        if trouble:
            if self._journal_troubled_at is None:
                self.take(None, JournalFailed(trouble))
                self._told_held = ""
            self._tell_what_is_held(trouble)
            self._journal_troubled_at = now
        elif self._journal_troubled_at is not None and now - self._journal_troubled_at >= JOURNAL_STEADY_NS:
            self._journal_troubled_at = None
            self.take(None, JournalRecovered())

    def _tell_what_is_held(self, trouble: str) -> None:
        """At once, and again whenever it changes: until the journal is sound again no event tells it."""
        held = self._held()
        if held != self._told_held:
            self._told_held = held
            self._cry(f"Nothing is opened, for what happens cannot be written down: {trouble}. {held}")

    def _held(self) -> str:
        return held_in_words(clerk.state for clerk in self.clerks.values())

    def _cry(self, sentence: str) -> None:
        for cry in self.criers:
            cry(sentence)

    # -- time ----------------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        while True:
            self._probe.late(await self._until_next_tick())
            now = self._clock.now()
            if self._journal_troubled_at is not None:
                await self._scribe.commit()
                self._watch_journal()
            self._watch_everyone(now)
            self._measure(now)
            await self._note_measures(now)
            self._watch_clock()
            if self._scribe.checkpoint_is_due and self._journal_troubled_at is None:
                self._save_checkpoint(BYTES_MAX)
            may_be_killed = self._latch_may_have_changed()
            for clerk in tuple(self.clerks.values()):
                is_due = clerk.is_due(now)
                if is_due or may_be_killed:
                    self._look_at_latch(clerk)
                if clerk.state.wants_ticks() or lease_has_ended(clerk.state, now):
                    self.take(clerk, Tick())
                if is_due:
                    clerk.run(CatchUp())

    async def _until_next_tick(self) -> int:
        """Sleeps; by how much too long (ns)."""
        began = self._clock.monotonic()
        if self._pace.idle_ns > TICK_NS and not any(clerk.state.restless() for clerk in self.clerks.values()):
            self._unfinished.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout((self._pace.idle_ns - TICK_NS) / SECOND):
                    await self._unfinished.wait()
        slept = self._clock.monotonic()
        await asyncio.sleep(TICK_NS / SECOND)
        return self._clock.monotonic() - slept - TICK_NS if slept >= began else 0

    def _watch_everyone(self, now: int) -> None:
        """Tells every desk when too many accounts begin to fail at once; who lifts the breaker meanwhile is not overruled."""
        states = [clerk.state for clerk in self.clerks.values()]
        self._total_loss.learn(states)
        self._tell_of_total_loss(now)
        trouble = trouble_of(states)
        if trouble and not self._everyones_trouble:
            self.take(None, AccountsFailing(trouble))
        self._everyones_trouble = trouble

    def _tell_of_total_loss(self, now: int) -> None:
        """Tells every desk, once, that all of them have lost together what they may."""
        if lost := self._total_loss.trouble(now):
            self.take(None, AllHaveLost(lost))

    def _measure(self, now: int) -> None:
        """Tells every desk how much memory the process holds that all of them share; at once for the first time."""
        if 0 <= now - self._measured_at < SAMPLE_NS:
            return
        self._measured_at, resident = now, self._footprint.resident_bytes()
        if resident is not None:
            self.take(None, Measured(None, resident, now))

    async def _note_measures(self, now: int) -> None:
        """Once a minute; durable at once, for whoever watches takes silence for death. A journal in trouble takes no more."""
        if self._probe.is_due(now) and self._journal_troubled_at is None:
            ages = self._market.ages()
            data = {symbol: ages.get(f"quotes {symbol}") for symbol in self._symbols}
            venues = [self._market, *(clerk.venue for clerk in self.clerks.values())]
            measured = self._probe.measured([clerk.state for clerk in self.clerks.values()], venues, data, now)
            self._scribe.note("", [measured], now)
            await self._scribe.commit()

    def _watch_clock(self) -> None:
        """Tells every desk when the machine's clock was set, and when it was set right again."""
        by_ns = self._clock.leapt() if isinstance(self._clock, SteadyClock) else 0
        has_leapt = abs(by_ns) > LEAP_MAX_NS
        if has_leapt != self._has_leapt:
            self.take(None, ClockLeapt(by_ns) if has_leapt else ClockAgrees())
        self._has_leapt = has_leapt

    # -- the latch -----------------------------------------------------------------------------------------------

    def _latch_may_have_changed(self) -> bool:
        """All latches of a trader lie in one directory, so one of them tells for all."""
        return any(clerk.latch.may_have_changed() for clerk in islice(self.clerks.values(), 1))

    def _look_at_latches(self) -> None:
        for clerk in self.clerks.values():
            self._look_at_latch(clerk)

    def _look_at_latch(self, clerk: AccountExecutor) -> None:
        """Before anything is decided: a kill goes ahead of all that waits."""
        kills = clerk.latch.read()
        if any(is_news(clerk.state, killed) for killed in kills):
            self._inbox.appendleft((clerk, Latched(kills)))
            self._news.set()
