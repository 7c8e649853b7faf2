"""Caps: every reason to be careful that is in force, from the journal and the kill latch, whether the trader runs or not."""

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview, account_or_own
from fairway.operations.permissions import may_read
from fairway.operations.trader.accounts_of_trader import (
    chosen_account,
    is_launched,
    removed_accounts,
    waiting_instructions,
)
from fairway.operations.trader.journal_view import seen_permissions
from fairway.people.roles import UserAct
from fairway.settings import Settings, load
from fairway.settings.environment import overrides

if TYPE_CHECKING:
    from fairway.journal.account_permissions import AccountPermissions
    from fairway.journal.commands import Instruction
    from fairway.journal.kinds import LeaseAccepted
    from fairway.risk.caps import Cap
    from fairway.risk.rules import RiskRules
    from fairway.trading.latch import FileLatch

SILENT_MAX_S: Final = 150
"""A trader that runs writes what it measures once a minute; after this long it does not, or cannot."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapsRequest:
    """account: this one only, "" for all accounts of the trader."""

    config: Path
    account: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountCaps:
    """What limits one account. caps: the tightest first. Instants in ns."""

    account: str
    caps: "tuple[Cap, ...]"
    settings_cap: "Cap"
    """The limits of configuration and profile, which are in no journal."""
    may_open: bool
    doubt: str
    """Why it cannot be known whether it may open positions, "" where it is known."""
    lost: Mapping[str, tuple[int, str]]
    """By channel, streams that are not trusted now: since when, and why."""
    lease: "LeaseAccepted | None"
    needs_lease: bool
    has_launch: bool
    """Whether a launch issues leases to accounts of this trader."""
    has_wide_kill: bool
    """Whether a kill of more than this account is in force."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CapsOutcome(Outcome):
    """waiting: instructions that the trader has not taken yet: number, author, instruction."""

    settings: Settings
    accounts: tuple[AccountCaps, ...]
    removed: tuple[str, ...]
    """Accounts that this trader once had and has no more."""
    known: tuple[str, ...]
    """All accounts of the journal and the configuration, in the order in which they are shown."""
    waiting: "tuple[tuple[int, str, Instruction], ...]" = ()
    waiting_trouble: str = ""
    """Why the waiting instructions cannot be read. That hides nothing of the rest."""
    environment: tuple[str, ...] = field(default=())
    """Settings that come from the environment."""


def perform_caps(call: Call[CapsRequest]) -> CapsOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.world.clock import SystemClock

    asked, now = call.request, SystemClock().now()
    settings = load(asked.config)
    only = chosen_account(settings, asked.account) if asked.account else ""
    found, lost = seen_permissions(settings)
    removed = removed_accounts(settings, found)
    has_launch = is_launched(found)
    accounts = tuple(
        account_caps(settings, name, permissions, now, lost=lost.get(name, {}), has_launch=has_launch)
        for name, permissions in found.items()
        if name not in removed and only in ("", name) and may_read(call.actor, name)
    )
    waiting, trouble = _waiting(settings, max((each.heard for each in found.values()), default=0))
    return CapsOutcome(
        settings=settings,
        accounts=accounts,
        removed=tuple(removed),
        known=tuple(found),
        waiting=waiting,
        waiting_trouble=trouble,
        environment=tuple(str(each) for each in overrides(os.environ)),
    )


def account_caps(
    settings: Settings,
    account: str,
    permissions: "AccountPermissions",
    now: int,
    *,
    lost: Mapping[str, tuple[int, str]],
    has_launch: bool,
) -> AccountCaps:
    """What limits one account at an instant (ns)."""
    from fairway.risk.caps import in_force, of_settings
    from fairway.risk.limits import TradingState

    known = {**_latched(settings, account), **permissions.caps}
    caps = sorted(known.values(), key=lambda cap: (cap.limits.state, cap.since))
    may_open = not lost and in_force(caps).state is TradingState.ACTIVE and not (settings.lease and permissions.lacks_lease(now))
    doubt = doubt_of(settings, now) if may_open else ""
    return AccountCaps(
        account=account,
        caps=tuple(caps),
        settings_cap=of_settings(rules_in_use(settings, account).all_limits),
        may_open=may_open and not doubt,
        doubt=doubt,
        lost=lost,
        lease=permissions.lease,
        needs_lease=settings.lease,
        has_launch=has_launch,
        has_wide_kill=any(killed.is_wide for killed in _latch(settings, account).read()),
    )


def _waiting(settings: Settings, heard: int) -> "tuple[tuple[tuple[int, str, Instruction], ...], str]":
    from fairway.journal.port import JournalError

    try:
        return tuple(waiting_instructions(settings, heard)), ""
    except JournalError as error:
        return (), str(error)


def doubt_of(settings: Settings, now: int) -> str:
    """Why the journal does not say how things stand: a trader runs beside it and has not written for too long; else "".

    Where none runs, what was written last stands.
    """
    from fairway.journal.port import JournalError
    from fairway.journal.sql import open_reader
    from fairway.journal.writer_lock import trouble_of
    from fairway.texts.messages.caps_messages import CapsMessage
    from fairway.texts.messages.catalogue import rendered
    from fairway.texts.messages.message import message
    from fairway.world.clock import SECOND

    trouble = trouble_of(settings.journal) if isinstance(settings.journal, Path) else ""
    if trouble is None:
        return ""
    try:
        with open_reader(settings.journal, trader=settings.account) as journal:
            last = journal.last()
    except JournalError as error:
        return rendered(message(CapsMessage.JOURNAL_UNREADABLE, error=str(error))).what if trouble else ""
    behind_s = (now - last.at) // SECOND if last is not None else 0
    if trouble:
        return rendered(message(CapsMessage.JOURNAL_UNWRITABLE, seconds=str(behind_s), trouble=trouble)).sentence
    if behind_s > SILENT_MAX_S:
        return rendered(message(CapsMessage.JOURNAL_BEHIND, seconds=str(behind_s))).sentence
    return ""


def rules_in_use(settings: Settings, account: str) -> "RiskRules":
    """The rules of configuration and profile: of a registry's account its user's, the most careful where that cannot be read."""
    if settings.people is None:
        return settings.risk.rules(settings.quote)
    from fairway.assembly.fleet import registry_of, rules_of_account
    from fairway.people.problems import PeopleError
    from fairway.risk.profiles import Profile
    from fairway.store.failures import StoreError
    from fairway.trading.account_supervisor import NotOpened

    try:
        with registry_of(settings) as registry:
            its = registry.account(account)
            return rules_of_account(its, registry.user(its.user), settings)
    except (StoreError, PeopleError, NotOpened):
        return settings.risk.rules(settings.quote, Profile.CONSERVATIVE)


def _latch(settings: Settings, account: str) -> "FileLatch":
    from fairway.trading.latch import FileLatch

    return FileLatch(settings.latch_folder, account, settings.symbols, settings.account)


def _latched(settings: Settings, account: str) -> "dict[str, Cap]":
    """Kills that stand in the latch, by the id of their cap: they are in force before any trader has read them."""
    from fairway.risk.cap_kinds import KILL
    from fairway.risk.caps import Cap
    from fairway.risk.disposal import Disposal
    from fairway.risk.limits import Limits, TradingState

    return {
        killed.cap_id: Cap(
            id=killed.cap_id,
            kind=KILL,
            limits=Limits(state=TradingState.KILLED, hands_off=killed.disposal is Disposal.FLATTEN),
            reason=f"{killed.reason} ({killed.by or 'unknown'}, {killed.disposal.value}); no trader has read it yet",
            since=killed.at,
            symbol=killed.symbol,
        )
        for killed in _latch(settings, account).read()
    }


CAPS = Operation(
    name="caps",
    summary="Show every reason to be careful that is in force, and who may lift it.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=CapsRequest,
    subject=lambda asked: account_or_own(asked.account),
    preview=lambda call: Preview(effect="reads the journal, the command inbox and the kill latch; nothing is changed"),
    perform=perform_caps,
)
OPERATIONS: Final = (CAPS,)
