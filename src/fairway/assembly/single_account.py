"""Runs the trader of one account in real time."""

import asyncio
import signal
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fairway.assembly.bot import bot_of
from fairway.assembly.configured import command_inbox_of, latch_of, venue_of
from fairway.assembly.first_start import removing_failed_start
from fairway.assembly.history import CODEC, history_of
from fairway.assembly.opening import open_trader
from fairway.assembly.operational_log import operational_log
from fairway.assembly.signals import kill_by_signal, until_signalled
from fairway.journal.kinds import Event
from fairway.journal.sql import open_journal
from fairway.market.instrument import Instrument
from fairway.money.amount import use_exact_decimals
from fairway.settings import Settings
from fairway.trading.account_state import AccountState
from fairway.trading.latch import KillScope
from fairway.trading.schedule import Schedule
from fairway.venues.port import Venue, VenueError
from fairway.world.chance import SystemChance
from fairway.world.clock import SteadyClock, SystemClock
from fairway.world.garbage import settle
from fairway.world.process_memory import SystemProcessMemory
from fairway.world.realtime import run_real

FINAL_BALANCES_S: Final = 0.75
"""How long the end of a run waits for the venue's balances; all of the end takes less than two seconds."""


class TraderObserver:
    """Is shown what a trader does, for a terminal or a log; this one ignores everything."""

    def meet(self, instruments: Mapping[str, Instrument], history: Iterable[tuple[Event, int]]) -> None:
        """Called before the first new event: the instruments, and the journal's events so far with their instants (ns)."""

    def hear(self, account: str, events: Sequence[Event], at: int) -> None:
        """Called with the events of an account once they are durable, and their instant (ns)."""

    def tell(self, what: str) -> None:
        """Called with a message about what cannot be journaled, such as an error of the journal itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FinishedRun:
    """A run that was stopped. balances: as the venue reports them at the end, None where it does not answer; instants in ns."""

    account_state: AccountState
    balances: Mapping[str, Decimal] | None
    began_at: int
    ended_at: int


def run(settings: Settings, observer: TraderObserver) -> FinishedRun:
    """Trades in real time until SIGINT, SIGTERM or SIGHUP; protective orders stay at the venue.

    Raises CannotTrade, SecretMissing, VenueErrors and JournalErrors.
    """
    use_exact_decimals()
    with removing_failed_start(settings.journal):
        return run_real(lambda: _run(settings, observer))


async def _run(settings: Settings, observer: TraderObserver) -> FinishedRun:
    clock = SteadyClock(SystemClock())
    log = operational_log(settings, clock)
    began_at, venue = clock.now(), log.venue(venue_of(settings, clock=clock), account=settings.account)
    journal = log.journal(open_journal(settings.journal, CODEC, mode=settings.mode, trader=settings.account))
    command_inbox, latch = command_inbox_of(settings), latch_of(settings)
    try:
        bot, memory = bot_of(settings), SystemProcessMemory()
        schedule = Schedule(reconcile_ns=settings.reconcile_every)
        trader = await open_trader(bot, venue, journal, latch, clock, SystemChance(), memory, command_inbox, schedule)
        executor = trader.executors[settings.account]
        observer.meet(executor.state.config.instruments, history_of(journal))
        trader.watchers.extend((observer.hear, log.hear))
        trader.alerts.extend((observer.tell, log.tell))
        settle()
        asyncio.get_running_loop().add_signal_handler(
            signal.SIGUSR1, kill_by_signal, settings, KillScope.ACCOUNT, clock, observer.tell
        )
        await until_signalled(log.watching(trader.run()))
        return FinishedRun(
            account_state=executor.state, balances=await _final_balances(venue), began_at=began_at, ended_at=clock.now()
        )
    finally:
        command_inbox.close()
        journal.close()
        await venue.close()
        log.close()


async def _final_balances(venue: Venue) -> Mapping[str, Decimal] | None:
    """The account's balances at the venue, free and locked together; None where it does not answer in time."""
    try:
        async with asyncio.timeout(FINAL_BALANCES_S):
            report = await venue.balances()
    except (VenueError, TimeoutError):
        return None
    return {asset: free.value + locked.value for asset, (free, locked) in report.balances.items()}
