"""Start: trades in real time, as a configuration says, until the trader is asked to stop.

It blocks the thread that performs it, which must be the main one: the signals that end a run belong to it.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview, Progress
from fairway.operations.refusal import Ground, Refusal, against_rule
from fairway.operations.trader.accounts_of_trader import carried_accounts
from fairway.people.roles import UserAct
from fairway.settings import Settings, load
from fairway.settings.environment import overrides

if TYPE_CHECKING:
    from fairway.assembly import FinishedRun
    from fairway.operations.trader.stopped_account import StoppedAccount


@dataclass(frozen=True, slots=True, kw_only=True)
class StartRequest:
    """config: of the trader; with the key `people` it trades all accounts of the registry at the configured venue."""

    config: Path


@dataclass(frozen=True, slots=True, kw_only=True)
class StartOutcome(Outcome):
    """The run has ended in order. accounts: what each holds, and what protects it."""

    accounts: "tuple[StoppedAccount, ...]"
    stopped_at: int | None = None
    """When the trader had stopped, by the machine's monotonic clock (ns); None for many accounts."""
    finished: "FinishedRun | None" = None
    """What a report is made of; None for many accounts, which have no report."""


def perform_start(call: Call[StartRequest]) -> StartOutcome:
    """Trades until SIGINT, SIGTERM or SIGHUP; protective orders stay at the venue.

    Raises Refusal, SettingsError, CannotTrade, SecretMissing, Fenced, VenueErrors, JournalErrors, StoreErrors and PeopleErrors.
    """
    settings = load(call.request.config)
    for each in overrides(os.environ):  # what widens a limit there must not come unseen
        call.tell(Progress(f"from the environment: {each}"))
    with _journal_failures(settings):
        return _one_account(settings, call) if settings.people is None else _all_accounts(settings, call)


def _one_account(settings: Settings, call: Call[StartRequest]) -> StartOutcome:
    from fairway import assembly
    from fairway.operations.trader.run_log import RunLog
    from fairway.operations.trader.stopped_account import stopped_account
    from fairway.world.clock import SystemClock

    profile = f"is traded by profile {settings.risk.profile}, by risk.profile in {call.request.config}"
    call.tell(Progress(f"account {settings.account} {profile}"))
    log = RunLog(SystemClock(), call.tell)
    finished = assembly.run(settings, log)
    stopped = stopped_account(settings.account, finished.account_state)
    return StartOutcome(accounts=(stopped,), lines=(stopped.sentence,), stopped_at=log.stopped_at, finished=finished)


def _all_accounts(settings: Settings, call: Call[StartRequest]) -> StartOutcome:
    from fairway.assembly.fleet import run_fleet
    from fairway.operations.trader.run_log import FleetLog
    from fairway.operations.trader.stopped_account import stopped_account
    from fairway.world.clock import SystemClock

    states = run_fleet(settings, FleetLog(SystemClock(), call.tell))
    stopped = tuple(stopped_account(name, state) for name, state in states.items())
    return StartOutcome(accounts=stopped, lines=tuple(f"{each.account}: {each.sentence}" for each in stopped))


@contextmanager
def _journal_failures(settings: Settings) -> Iterator[None]:
    """A journal that ends a run becomes a refusal that says what becomes of positions, and what to do without a backup."""
    from fairway.journal.port import JournalBroken, JournalFull, JournalMissing

    try:
        yield
    except (JournalBroken, JournalFull, JournalMissing) as error:
        lines = [str(error).removesuffix("."), "Stops and targets that rest at the venue go on working without Fairway."]
        if isinstance(error, JournalBroken) and isinstance(settings.journal, Path):
            file = settings.journal
            lines.append(
                f"Without a backup: move {file}, and {file.name}-wal and {file.name}-shm where they are, to another directory, "
                "and start again; a new journal opens nothing until you have looked, see docs/explanation/reconciliation.md."
            )
        refusal = against_rule(f"JOURNAL_FAILED: error={type(error).__name__}", "\n".join(lines))
        refusal.cause = error
        raise refusal from None


def preview_start(call: Call[StartRequest]) -> Preview:
    """Which accounts would be traded, how, and what they hold by the journal. Raises Refusal, SettingsError, StoreErrors."""
    settings = load(call.request.config)
    _check_not_running(settings)
    accounts = tuple(carried_accounts(settings))
    positions, unknown = _positions(settings, accounts)
    return Preview(effect=_effect(settings), accounts=accounts, positions=positions, unknown=unknown)


def _check_not_running(settings: Settings) -> None:
    from fairway.journal.writer_lock import holder_of

    holder = holder_of(settings.journal) if isinstance(settings.journal, Path) else None
    if holder is not None:
        what = f"{holder} writes the journal {settings.journal}; stop it first: fairway stop CONFIG"
        raise Refusal(f"TRADER_RUNS: pid={holder.pid}", what, Ground.IN_USE)


def _effect(settings: Settings) -> str:
    """What would be traded, where and how."""
    where = f"{settings.venue.exchange} in mode {settings.mode}"
    profile = f"by profile {settings.risk.profile}" if settings.people is None else "by the profile of its user"
    opens = "it opens positions only while it has a lease" if settings.lease else "it opens positions at once"
    changed = "".join(f"; from the environment: {each}" for each in overrides(os.environ))
    return f"trades {', '.join(settings.symbols)} at {where} with {settings.strategy.name}, {profile}; {opens}{changed}"


def _positions(settings: Settings, accounts: tuple[str, ...]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The open positions by the journal, and what of it cannot be read."""
    from fairway.journal.port import JournalError
    from fairway.money.amount import text_of
    from fairway.operations.trader.status import holdings_of
    from fairway.world.clock import SystemClock

    now = SystemClock().now()
    try:
        found = [holdings_of(settings, account, now) for account in accounts]
    except JournalError as error:
        return (), (f"what is held by the journal: {error}",)
    return tuple(f"{its.account}: {text_of(each.quantity.value)} {each.symbol}" for its in found for each in its.held), ()


START = Operation(
    name="run",
    summary="Trade in real time, as a configuration says, until the trader is asked to stop.",
    act=UserAct.TRADE,
    exposure=Exposure.RAISES,
    request=StartRequest,
    subject=lambda request: WHOLE_BOT,
    preview=preview_start,
    perform=perform_start,
)
OPERATIONS: Final = (START,)
