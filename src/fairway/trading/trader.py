"""The trader: the shell that holds the loop, the clock and the journal of many accounts, and decides nothing.

Inputs wait in one bounded queue. All that wait are taken together: their events go into the journal with one commit, and only
then do their commands leave, each with its account's executor. When the trader stops, protective orders stay at the venue.
"""

import asyncio
from collections.abc import Sequence
from contextlib import suppress

from fairway.journal.kinds import AddressSwitched
from fairway.journal.port import Journal
from fairway.market.candles import Candle, Quote, Trade
from fairway.orders.ids import Role
from fairway.texts.messages.catalogue import prepare
from fairway.texts.messages.difference_messages import DifferenceMessage
from fairway.texts.messages.holdings_messages import HoldingsMessage
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.account_roster import AccountRoster
from fairway.trading.checkpoint import BYTES_MAX, BYTES_MAX_AT_END
from fairway.trading.command_inbox import CommandInbox
from fairway.trading.command_poller import CommandPoller
from fairway.trading.connection_commands import ConnectionCommands
from fairway.trading.entries import timed
from fairway.trading.fleet_breaker import FleetBreaker
from fairway.trading.input_queue import InputQueue
from fairway.trading.inputs import Input, PlaceFailed, Tick
from fairway.trading.journal_health import Alert, JournalHealth
from fairway.trading.journal_writer import JournalWriter, Watcher
from fairway.trading.market_feed import MarketFeed
from fairway.trading.process_watch import ProcessWatch
from fairway.trading.safety_checks import changes_with_time
from fairway.trading.schedule import TICK_NS
from fairway.trading.self_measurement import SelfMeasurement
from fairway.trading.step import step
from fairway.trading.trader_config import TraderConfig
from fairway.trading.venue_requests import Place, QueryAccount, VenueRequest
from fairway.venues.port import AddressChanged, StreamDown, StreamUp, Unreachable, VenueEvent
from fairway.world.chance import Chance
from fairway.world.clock import SECOND, Clock
from fairway.world.process_memory import ProcessMemory
from fairway.world.tasks import Tasks

ACCOUNTS_MAX = 5_000
"""Accounts of one trader; one more is not taken up."""
OWN_TASKS = 8
"""Tasks of the trader itself, beside its accounts' executors."""

PendingCommand = tuple[AccountExecutor, VenueRequest]
"""A command that leaves as soon as the events behind it are durable, and the executor that sends it."""


class Trader:
    """Trades the symbols of a market feed for every account that it carries.

    command_inbox: where people's commands come from; None where there are none, as in a rehearsal.
    """

    def __init__(
        self,
        executors: Sequence[AccountExecutor],
        feed: MarketFeed,
        journal: Journal,
        clock: Clock,
        chance: Chance,
        memory: ProcessMemory,
        config: TraderConfig,
        command_inbox: CommandInbox | None = None,
    ) -> None:
        self._feed, self._clock, self._schedule = feed, clock, config.schedule
        self._inputs, self._unfinished = InputQueue(clock), asyncio.Event()
        self._measurement = SelfMeasurement(memory, clock.now(), config.schedule.reconcile_ns)
        self._writer = JournalWriter(journal, clock, self._measurement)
        self._roster = AccountRoster(self._inputs, feed, self._writer, clock, chance, config)
        self._latches = self._roster.latches
        self._breaker = FleetBreaker(self._inputs, self._roster.totals, self._roster.states)
        self._process = ProcessWatch(self._measurement, memory, clock, self._inputs)
        self._health = JournalHealth(self._writer, self._inputs, self._roster.states, clock)
        self._poller: CommandPoller | None = None
        if command_inbox is not None:
            connection = ConnectionCommands(feed, self.executors)
            self._poller = CommandPoller(command_inbox, self.executors, self.take, connection, config.schedule.idle_ns / SECOND)
        for executor in executors:
            self.admit(executor)

    @property
    def executors(self) -> dict[str, AccountExecutor]:
        """Of the accounts traded at the moment, by account."""
        return self._roster.executors

    @property
    def watchers(self) -> list[Watcher]:
        return self._writer.watchers

    @property
    def alerts(self) -> list[Alert]:
        """Called with errors of the journal itself, which cannot be journaled."""
        return self._health.alerts

    def take(self, executor: AccountExecutor | None, news: Input) -> None:
        """Queues an input for one account, or for all of them. Raises InputQueueFull."""
        self._inputs.put(executor, news)

    def take_market(self, news: VenueEvent) -> None:
        """The sink of the market stream. A quote is cached at once; it never waits in the queue."""
        if isinstance(news, Quote):
            self._take_quote(news)
            return
        if isinstance(news, AddressChanged):
            switched = AddressSwitched(from_address=news.from_address, to_address=news.to_address, why=news.why)
            self._writer.note("", [switched], self._clock.now())
            self._inputs.wake()
            return
        if isinstance(news, StreamUp | StreamDown):
            self._feed.note_stream(news)
        if not isinstance(news, Trade):
            self._inputs.put(None, news)

    def _take_quote(self, quote: Quote) -> None:
        woken = self._feed.see_quote(quote)
        self._breaker.note_price()
        for account in woken:
            self._breaker.note_fall()
            if (executor := self.executors.get(account)) is not None:  # the account may have been dismissed
                self._inputs.put(executor, Tick())

    async def run(self) -> None:
        """Recovers, then trades until cancelled. The accounts' states have been replayed; their venues are open."""
        try:
            await self._warm_up()
            if self._poller is not None:
                await self._poller.listen()  # commands from before the start come before any decision
            async with Tasks("trader", at_most=ACCOUNTS_MAX + OWN_TASKS) as tasks:
                tasks.spawn("inputs", self._work())
                tasks.spawn("market stream", self._feed.stream(self.take_market))
                tasks.spawn("ticks", self._tick())
                if self._poller is not None:
                    tasks.spawn("command poller", self._poller.serve())
                self._roster.start(tasks)
        finally:
            self._roster.stop()
            self._roster.save_checkpoint(BYTES_MAX_AT_END)
            await self._health.commit_at_stop()

    async def _warm_up(self) -> None:
        prepare(HoldingsMessage, DifferenceMessage)  # they are also shown when no further file can be opened
        await self._feed.warm_up()
        for state in self._roster.states():
            state.skip_candles()

    def admit(self, executor: AccountExecutor) -> None:
        """Takes up an account, now or when the trader runs. Raises TooManyTasks where there are too many."""
        self._roster.admit(executor)
        if self._poller is not None and self._roster.is_running:
            self._poller.hurry()

    async def dismiss(self, account: str) -> None:
        """Lets an account go: nothing more is sent for it, and its protective orders stay at the venue."""
        await self._roster.dismiss(account)

    # -- inputs --------------------------------------------------------------------------------------------------

    async def _work(self) -> None:
        while True:
            await self._inputs.wait()
            for executor, command in await self._drain():
                executor.run(command)

    async def _drain(self) -> list[PendingCommand]:
        """Takes all inputs that wait, makes their events durable, and returns the commands that may now leave."""
        now = self._clock.now()
        self._latches.read_all_if_changed()
        pending = self._step_all(now)
        was_sound = self._health.is_sound
        is_durable = was_sound and await self._writer.commit() and not self._writer.trouble
        self._health.check()
        self._latches.read_all_if_changed()
        killed = self._inputs.killed()
        return [each for each in pending if self._may_leave(*each, is_durable=is_durable, is_killed=each[0] in killed)]

    def _step_all(self, now: int) -> list[PendingCommand]:
        pending: list[PendingCommand] = []
        while self._inputs:
            one, news, arrived = self._inputs.pop()
            if isinstance(news, Candle):
                self._feed.see_candle(news)
            for executor in (one,) if one is not None else tuple(self.executors.values()):
                pending += [(executor, command) for command in self._step(executor, news, now, arrived)]
            if self._breaker.loss_is_due and not self._inputs:
                self._breaker.look_at_loss(now)
        return pending

    def _step(self, executor: AccountExecutor, news: Input, now: int, arrived: int) -> Sequence[VenueRequest]:
        """Moves one account. An error in it is that account's: its executor fails with it, and is restarted.

        arrived: when the input came, by the clock that never goes back (ns).
        """
        if executor.has_failed:
            return ()
        try:
            outcome = step(executor.state, news, now)
        except Exception as error:
            executor.fail(error)
            return ()
        events = timed(outcome.events, self._clock.monotonic() - arrived) if outcome.events else ()
        self._writer.note(executor.account, events, now)
        if outcome.events and executor.state.transient.restless:
            self._unfinished.set()
        if outcome.events or isinstance(news, Tick):
            self._feed.watch(executor.state)
            self._roster.note_change(executor)
        return outcome.commands

    def _may_leave(self, executor: AccountExecutor, command: VenueRequest, *, is_durable: bool, is_killed: bool) -> bool:
        """Whether a command may be sent. One that enlarges no position always may. An entry may not while its events are not
        durable, or were not in time, or where its account was killed meanwhile; its order is then reported as not sent."""
        if not isinstance(command, Place) or command.order.role is not Role.ENTRY or (is_durable and not is_killed):
            return True
        kept = (
            f"it could not be journaled: {self._writer.trouble}"
            if not is_durable
            else "it was killed while it waited to be journaled"
        )
        self._inputs.put(executor, PlaceFailed([command.order], Unreachable(f"it was not sent, for {kept}")))
        return False

    # -- time ----------------------------------------------------------------------------------------------------

    async def _tick(self) -> None:
        while True:
            self._measurement.late(await self._until_next_tick())
            now = self._clock.now()
            if not self._health.is_sound:
                await self._writer.commit()
                self._health.check()
            self._breaker.look(now)
            self._process.measure_memory(now)
            if self._health.is_sound:
                await self._process.record(list(self.executors.values()), self._feed, self._writer, now)
            self._process.check_clock()
            if self._writer.checkpoint_is_due and self._health.is_sound:
                self._roster.save_checkpoint(BYTES_MAX)
            self._tick_accounts(now)

    def _tick_accounts(self, now: int) -> None:
        may_be_killed = self._latches.may_have_changed()
        for executor in tuple(self.executors.values()):
            is_due = executor.is_due(now)
            if is_due or may_be_killed:
                self._latches.read(executor)
            if executor.state.wants_ticks() or changes_with_time(executor.state, now):
                self._inputs.put(executor, Tick())
            if is_due:
                executor.run(QueryAccount())

    async def _until_next_tick(self) -> int:
        """Sleeps; by how much too long (ns)."""
        began = self._clock.monotonic()
        if self._schedule.idle_ns > TICK_NS and not any(state.restless() for state in self._roster.states()):
            self._unfinished.clear()
            with suppress(TimeoutError):
                async with asyncio.timeout((self._schedule.idle_ns - TICK_NS) / SECOND):
                    await self._unfinished.wait()
        slept = self._clock.monotonic()
        await asyncio.sleep(TICK_NS / SECOND)
        return self._clock.monotonic() - slept - TICK_NS if slept >= began else 0
