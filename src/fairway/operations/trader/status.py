"""Status: what each account holds and has earned, whether it may open more, and whether its trader runs."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, account_or_own
from fairway.operations.permissions import may_read
from fairway.operations.trader.accounts_of_trader import chosen_account, removed_accounts
from fairway.operations.trader.caps import doubt_of
from fairway.operations.trader.journal_view import LostStreams, seen_permissions, view_of
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.journal.account_permissions import AccountPermissions
    from fairway.reports.holdings import Holdings
    from fairway.reports.trader_view import MeasuredMinute, OrderAnswer


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusRequest:
    """account: this one only, "" for all accounts of the trader."""

    config: Path
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountStatus:
    """One account by its journal. stage: of a launch, "" where no launch issues leases.

    lost: by channel, the streams that are not trusted now: since when (ns), and why. answer: the venue's newest to an order.
    """

    holdings: "Holdings"
    stage: str
    why_not: str
    """Why it opens nothing, in a few words; "" where it may."""
    lost: LostStreams = field(default_factory=dict)
    answer: "OrderAnswer | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TraderStatus:
    """is_started: whether there is a journal. last_at: when it was last written (ns), None for never."""

    is_started: bool
    last_at: int | None = None
    is_running: bool | None = None
    """Whether a process writes the journal now; None where that cannot be known, as with a database."""
    measures: "MeasuredMinute | None" = None
    """What it measured of itself last; None for nothing."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusOutcome(Outcome):
    """now: the instant (ns) of which all of it is told."""

    now: int
    accounts: tuple[AccountStatus, ...]
    trader: TraderStatus


def perform_status(call: Call[StatusRequest]) -> StatusOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.world.clock import SystemClock

    asked, now = call.request, SystemClock().now()
    settings = load(asked.config)
    only = chosen_account(settings, asked.account) if asked.account else ""
    permissions, lost = seen_permissions(settings)
    removed = removed_accounts(settings, permissions)
    accounts = tuple(
        AccountStatus(
            holdings=holdings_of(settings, name, now),
            stage=_stage(its),
            why_not=_why_not(settings, its, has_lost_stream=bool(lost.get(name)), now=now),
            lost=lost.get(name, {}),
            answer=_answer(settings, name),
        )
        for name, its in permissions.items()
        if name not in removed and only in ("", name) and may_read(call.actor, name)
    )
    return StatusOutcome(now=now, accounts=accounts, trader=_trader(settings))


def holdings_of(settings: Settings, account: str, now: int) -> "Holdings":
    """What an account holds by the journal; nothing where no journal exists yet. Raises JournalErrors."""
    from fairway.reports.holdings import holdings

    with view_of(settings) as view:
        found = view.accounts.get(account)
        return found.holdings(now) if found is not None else holdings(account, (), now)


def _answer(settings: Settings, account: str) -> "OrderAnswer | None":
    with view_of(settings) as view:
        found = view.accounts.get(account)
        return found.answer if found is not None else None


def _stage(permissions: "AccountPermissions") -> str:
    return permissions.lease.stage.partition(" ")[0] if permissions.lease is not None else ""


def _why_not(settings: Settings, permissions: "AccountPermissions", *, has_lost_stream: bool, now: int) -> str:
    from fairway.risk.caps import in_force
    from fairway.risk.guards.sentences import cap_sentence
    from fairway.risk.limits import TradingState

    if doubt := doubt_of(settings, now):
        return doubt
    if has_lost_stream:
        return "a stream was lost"
    if settings.lease and permissions.lacks_lease(now):
        return "it has no lease"
    caps = [cap for cap in permissions.caps.values() if not cap.symbol]
    if in_force(caps).state is not TradingState.ACTIVE:
        return "; ".join(cap_sentence(cap) for cap in caps if cap.limits.state is not TradingState.ACTIVE)
    return ""


def _trader(settings: Settings) -> TraderStatus:
    """Whether a trader runs beside the journal, and when it last wrote. Raises JournalErrors."""
    from fairway.journal.port import JournalMissing
    from fairway.journal.sql import open_reader
    from fairway.journal.writer_lock import trouble_of

    try:
        with open_reader(settings.journal, trader=settings.account) as journal:
            last = journal.last()
    except JournalMissing:
        return TraderStatus(is_started=False)
    is_running = trouble_of(settings.journal) is not None if isinstance(settings.journal, Path) else None
    with view_of(settings) as view:
        measures = view.measures
    return TraderStatus(is_started=True, last_at=last.at if last is not None else None, is_running=is_running, measures=measures)


STATUS = Operation(
    name="status",
    summary="Show what each account holds, what protects it, what it has earned, and whether it may open more.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=StatusRequest,
    subject=lambda asked: account_or_own(asked.account),
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=perform_status,
)
OPERATIONS: Final = (STATUS,)
