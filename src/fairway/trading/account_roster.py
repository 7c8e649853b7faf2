"""The accounts that a trader trades at the moment: takes them up, lets them go, and restarts one that has failed."""

import asyncio
from collections.abc import Iterator
from functools import partial
from typing import Final

from fairway.journal.kinds import TraderStopped
from fairway.journal.port import JournalError
from fairway.orders.ids import Role
from fairway.trading.account_executor import AccountExecutor
from fairway.trading.account_state import AccountState
from fairway.trading.exposure import figures
from fairway.trading.failure_attribution import failure
from fairway.trading.fleet_breaker import standing
from fairway.trading.input_queue import InputQueue, InputQueueFull
from fairway.trading.inputs import AccountStarted
from fairway.trading.journal_writer import JournalWriter
from fairway.trading.latch_watch import LatchWatch
from fairway.trading.market_feed import MarketFeed
from fairway.trading.other_writers import Fenced
from fairway.trading.run_ids import draw_run
from fairway.trading.totals import Figures, Totals
from fairway.trading.trader_config import TraderConfig
from fairway.venues.port import StreamChannel, StreamUp
from fairway.world.chance import Chance
from fairway.world.clock import Clock
from fairway.world.tasks import Crash, CrashBudget, CrashBudgetSpent, Tasks, innermost, restarting

RESTARTS_MAX: Final = CrashBudget(crashes_max=5, within_s=600.0)
"""How often an account's executor may fail before that account is left to a person; its stops stay at the venue."""


class AccountRoster:
    def __init__(
        self, inputs: InputQueue, feed: MarketFeed, writer: JournalWriter, clock: Clock, chance: Chance, config: TraderConfig
    ) -> None:
        self._inputs, self._feed, self._writer, self._clock, self._chance = inputs, feed, writer, clock, chance
        self._config, self._runs = config, chance.stream("runs")
        self.executors: dict[str, AccountExecutor] = {}
        self.totals = Totals()
        self.latches = LatchWatch(self.executors, inputs)
        self._tasks: Tasks | None = None
        self._running: dict[str, asyncio.Task[None]] = {}

    def states(self) -> Iterator[AccountState]:
        return (executor.state for executor in self.executors.values())

    def admit(self, executor: AccountExecutor) -> None:
        """Takes up an account, now or when the trader runs. Raises TooManyTasks where there are too many."""
        executor.report_to(partial(self._inputs.put, executor))
        self.executors[executor.account] = executor
        self._share_totals(executor)
        if self._tasks is not None:
            executor.state.skip_candles()
            self._spawn(self._tasks, executor)

    @property
    def is_running(self) -> bool:
        return self._tasks is not None

    def start(self, tasks: Tasks) -> None:
        """Starts all accounts; one that is admitted later starts at once."""
        self._tasks = tasks
        for executor in self.executors.values():
            self._spawn(tasks, executor)

    def stop(self) -> None:
        """Starts no account any more, and notes that each has stopped."""
        self._tasks = None
        for executor in self.executors.values():
            self._note_stop(executor)

    async def dismiss(self, account: str) -> None:
        """Lets an account go: nothing more is sent for it, and its protective orders stay at the venue."""
        executor, task = self.executors.pop(account), self._running.pop(account, None)
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
        self._inputs.discard(executor)
        self._note_stop(executor)
        self.totals.forget(account)
        self._inputs.wake()

    def note_change(self, executor: AccountExecutor) -> None:
        """The account's figures in the totals are computed again when they are next asked for."""
        self.totals.change(executor.account, partial(self._figures_of, executor))

    def save_checkpoint(self, bytes_max: int) -> None:
        """Not while an account's state is broken: events that were never journaled may have changed it."""
        if not any(executor.has_failed for executor in self.executors.values()):
            self._writer.save_checkpoint(self.states(), self._config.release, bytes_max)

    def _share_totals(self, executor: AccountExecutor) -> None:
        """The account's state reads the totals of all accounts, and is counted in them."""
        executor.state.totals = self.totals
        self.note_change(executor)

    def _figures_of(self, executor: AccountExecutor) -> Figures:
        """An account whose state breaks here fails alone; the caller goes on, with its loss marked as unknown."""
        try:
            return figures(executor.state)
        except Exception as error:
            executor.fail(error)
            return Figures(unknown=1)

    def _note_stop(self, executor: AccountExecutor) -> None:
        resting = sum(order.role in (Role.STOP, Role.TARGET) for order in executor.state.orders.blotter.live.values())
        stopped, now = TraderStopped(why="stopped", protective_orders=resting), self._clock.now()
        executor.state.apply(stopped, now)
        self._writer.note(executor.account, [stopped], now)

    def _spawn(self, tasks: Tasks, executor: AccountExecutor) -> None:
        self._running[executor.account] = tasks.spawn(f"executor of {executor.account}", self._supervise(executor))

    async def _supervise(self, executor: AccountExecutor) -> None:
        """Keeps an account traded: one that fails recovers, and stops no other. Raises where it was the last one."""
        try:
            await restarting(
                executor.account,
                partial(self._serve, executor),
                survives=(Exception,),
                chance=self._chance.stream(f"comebacks of {executor.account}"),
                tell=partial(self._note_failure, executor),
                budget=RESTARTS_MAX,
            )
        except (CrashBudgetSpent, Fenced):
            del self.executors[executor.account]
            self.totals.forget(executor.account)
            if not self.executors and not self._config.may_be_empty:
                raise

    async def _serve(self, executor: AccountExecutor) -> None:
        self.latches.read_at_start(executor)
        config, run = self._config, draw_run(self._runs)
        started = AccountStarted(release=config.release, venue=executor.venue.name, strategy=config.strategy, run=run)
        self._inputs.put(executor, started)
        is_new = executor.state.money.opening is None
        for news in standing(list(self.states())) if is_new else ():
            self._inputs.put(executor, news)
        if self._feed.is_up:
            self._inputs.put(executor, StreamUp(StreamChannel.MARKET))
        await executor.work()

    def _note_failure(self, executor: AccountExecutor, crash: Crash) -> None:
        """Events of the account that were not journaled are forgotten, as after a crash of the whole trader."""
        error = innermost(crash.error)
        if isinstance(error, InputQueueFull | JournalError):
            raise error
        self._inputs.discard(executor)
        executor.begin_anew(self._config.rebuild(executor.account))
        self._share_totals(executor)
        self._writer.note(executor.account, [failure(error, crash.recent)], self._clock.now())
        if isinstance(error, Fenced):
            raise error  # a restart takes a later fencing epoch, which would fence the other trader
        self._inputs.wake()
