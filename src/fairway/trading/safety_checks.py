"""Caps that the trader raises by itself, for as long as it cannot do its work well or holds no lease."""

from collections.abc import Iterator

from fairway.journal.kinds import CapLifted, CapRaised, Event
from fairway.risk import breakers, cap_kinds
from fairway.risk.caps import reduce_only
from fairway.risk.limits import TradingState
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import (
    AccountsFailing,
    ClockCorrected,
    ClockJumped,
    CommandInboxFailed,
    CommandInboxRecovered,
    JournalFailed,
    JournalRecovered,
    RegistryUpdated,
    TotalLossReached,
)
from fairway.world.clock import MINUTE, SECOND, text_of

JOURNAL_CAP = cap_kinds.JOURNAL.id_of()
CLOCK_CAP = cap_kinds.CLOCK.id_of()
COMMANDS_CAP = cap_kinds.COMMANDS.id_of()
LEASE_CAP = cap_kinds.LEASE.id_of()
REGISTRY_CAP = cap_kinds.REGISTRY.id_of()
MAINTENANCE_CAP = cap_kinds.MAINTENANCE.id_of()
CRASH_CAP = cap_kinds.CRASH_LOOP.id_of()
CRASHES_MAX = 5
CRASHES_WITHIN_NS = 10 * MINUTE
"""A trader that has crashed more often in so short a time is started as often as one likes, and opens nothing until a person has
looked."""


def of_journal(state: AccountState, news: JournalFailed | JournalRecovered, now: int) -> Iterator[Event]:
    """Nothing is opened that could not be remembered."""
    if isinstance(news, JournalFailed) and JOURNAL_CAP not in state.limits.caps:
        yield CapRaised(cap=reduce_only(cap_kinds.JOURNAL, news.why, now))
    elif isinstance(news, JournalRecovered) and JOURNAL_CAP in state.limits.caps:
        yield CapLifted(cap_id=JOURNAL_CAP, by="trader", why="the journal is written again")


def of_registry(state: AccountState, news: RegistryUpdated, now: int) -> Iterator[Event]:
    """An account that is paused there opens nothing; who pauses it there resumes it there."""
    cap = state.limits.caps.get(REGISTRY_CAP)
    if news.paused and (cap is None or cap.reason != news.paused):
        yield CapRaised(cap=reduce_only(cap_kinds.REGISTRY, news.paused, now))
    elif not news.paused and cap is not None:
        yield CapLifted(cap_id=REGISTRY_CAP, by="registry", why="resumed")


def of_clock(state: AccountState, news: ClockJumped | ClockCorrected, now: int) -> Iterator[Event]:
    """A trader whose wall clock was set opens nothing; it protects positions by the monotonic clock, which cannot be set."""
    if isinstance(news, ClockJumped) and CLOCK_CAP not in state.limits.caps:
        side = "ahead of" if news.by_ns > 0 else "behind"
        why = f"the machine's clock was set, and is {abs(news.by_ns) // SECOND} s {side} the time since the start; start again"
        yield CapRaised(cap=reduce_only(cap_kinds.CLOCK, why, now))
    elif isinstance(news, ClockCorrected) and CLOCK_CAP in state.limits.caps:
        yield CapLifted(cap_id=CLOCK_CAP, by="trader", why="the machine's clock is as it was")


def of_command_inbox(state: AccountState, news: CommandInboxFailed | CommandInboxRecovered, now: int) -> Iterator[Event]:
    """A trader that cannot read commands opens nothing, because nothing could stop it."""
    if isinstance(news, CommandInboxFailed) and COMMANDS_CAP not in state.limits.caps:
        yield CapRaised(cap=reduce_only(cap_kinds.COMMANDS, f"what people say cannot be read: {news.why}", now))
    elif isinstance(news, CommandInboxRecovered) and COMMANDS_CAP in state.limits.caps:
        yield CapLifted(cap_id=COMMANDS_CAP, by="trader", why="what people say is read again")


def of_accounts(state: AccountState, news: AccountsFailing, now: int) -> Iterator[Event]:
    """The breaker L3, in each account alike; the first reason stays."""
    if breakers.EVERYONE not in state.limits.caps:
        yield CapRaised(cap=breakers.stopped_for_everyone(news.why, now))


def of_total_loss(state: AccountState, news: TotalLossReached, now: int) -> Iterator[Event]:
    """In each account alike; the first reason stays."""
    if breakers.TOTAL_LOSS not in state.limits.caps:
        yield CapRaised(cap=breakers.all_have_lost(news.why, now))


def of_start(state: AccountState, now: int) -> Iterator[Event]:
    """Trusts journal, command inbox and clock until they fail again. A supervisor restarts a trader that crashes; one that
    crashes too often opens nothing."""
    yield from of_journal(state, JournalRecovered(), now)
    yield from of_command_inbox(state, CommandInboxRecovered(), now)
    yield from of_clock(state, ClockCorrected(), now)
    recent = sum(now - at <= CRASHES_WITHIN_NS for at in state.starts.unended)
    if recent > CRASHES_MAX and CRASH_CAP not in state.limits.caps:
        why = f"started {recent} times in ten minutes, and never stopped in order"
        yield CapRaised(cap=reduce_only(cap_kinds.CRASH_LOOP, why, now))


def of_time(state: AccountState, now: int) -> Iterator[Event]:
    """Silence means reduce-only: a lease that is not renewed ends by itself, at the second; so does maintenance."""
    if lease_has_ended(state, now):
        why = "the lease has run out and was not renewed" if state.limits.lease is not None else "no lease has been issued yet"
        yield CapRaised(cap=reduce_only(cap_kinds.LEASE, why, now))
    yield from _of_maintenance(state, now)


def _of_maintenance(state: AccountState, now: int) -> Iterator[Event]:
    """Nothing is opened while maintenance is planned. It is no alarm: a person has planned it."""
    if not _maintenance_differs(state, now):
        return
    if why := _maintenance(state, now):
        yield CapRaised(cap=reduce_only(cap_kinds.MAINTENANCE, why, now))
    else:
        yield CapLifted(cap_id=MAINTENANCE_CAP, by="trader", why="the planned maintenance is over")


def _maintenance(state: AccountState, now: int) -> str:
    """Until when maintenance is planned now, in words; "" where none is."""
    until = next((until for since, until in state.config.maintenance if since <= now < until), None)
    return f"planned maintenance until {text_of(until)[:16].replace('T', ' ')} UTC" if until is not None else ""


def _maintenance_differs(state: AccountState, now: int) -> bool:
    """Whether its cap is not as the configuration has it now."""
    cap = state.limits.caps.get(MAINTENANCE_CAP)
    return (cap.reason if cap is not None else "") != _maintenance(state, now)


def changes_with_time(state: AccountState, now: int) -> bool:
    """Whether time alone raises or lifts a cap now: even an idle state must be told."""
    return lease_has_ended(state, now) or _maintenance_differs(state, now)


def lease_has_ended(state: AccountState, now: int) -> bool:
    """Whether there is none that is fresh, and the cap that says so is not raised yet."""
    if not state.limits.lacks_lease(now):
        return False
    cap = state.limits.caps.get(LEASE_CAP)
    return cap is None or cap.limits.state is TradingState.ACTIVE
