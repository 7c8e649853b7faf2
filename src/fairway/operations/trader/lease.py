"""Lease: gives a trader the right to open positions for a while, or renews it. When it has run out, the trader opens nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import Call, Exposure, Length, Operation, Preview, Subject, account_or_bot
from fairway.operations.refusal import against_rule, reason_given, wrong_input
from fairway.operations.trader.accounts_of_trader import chosen_account, permissions_of
from fairway.operations.trader.instruct import InstructionOutcome, instruct
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.journal.account_permissions import AccountPermissions

LONGEST: Final = "7d"
"""A lease that is not renewed for longer would be a right without an end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaseRequest:
    """length: from now on (ns), up to `LONGEST`. new_epoch: leases of earlier epochs are refused from now on."""

    config: Path
    length: Length
    reason: str
    account: str = ""
    new_epoch: bool = False


def perform_lease(call: Call[LeaseRequest]) -> InstructionOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.journal.commands import IssueLease
    from fairway.world.clock import SystemClock, text_of

    asked = call.request
    settings, reason = load(asked.config), reason_given(asked.reason, "I am watching it tonight")
    account, known = _checked(settings, asked)
    last = known[account].lease
    epoch, until = (last.epoch if last else 1) + asked.new_epoch, SystemClock().now() + asked.length
    grant = IssueLease(reason=reason, account=account, epoch=epoch, until=until)
    return instruct(settings, grant, call, f"it may open positions until {text_of(until)}, as far as no other cap forbids it")


def _checked(settings: Settings, asked: LeaseRequest) -> "tuple[str, Mapping[str, AccountPermissions]]":
    """The account, and what each account may do. Raises Refusal, JournalErrors."""
    from fairway.texts.durations import duration_of
    from fairway.world.clock import SystemClock

    if not 0 < asked.length <= duration_of(LONGEST):
        raise wrong_input(f"LENGTH_WRONG: length={asked.length}", f"a lease lasts up to {LONGEST}; a right one is 12h")
    if not settings.lease:
        raise wrong_input(
            "LEASE_NOT_NEEDED: lease=false", f"this bot needs no lease; one that does has the key  lease: true  in {asked.config}"
        )
    account = chosen_account(settings, asked.account)
    known = permissions_of(settings)
    if not asked.new_epoch:
        _check_no_stage(asked.config, known, SystemClock().now())
    return account, known


def _check_no_stage(config: Path, known: "Mapping[str, AccountPermissions]", now: int) -> None:
    """A lease by hand would let an account in that the launch's stage does not let in. Raises Refusal."""
    if any(each.lease and each.lease.stage and not each.lacks_lease(now) for each in known.values()):
        raise against_rule(
            "LEASE_OF_A_STAGE: by=launch",
            f"a launch issues the leases of this trader's accounts; `fairway launch explain {config}` says what it waits for; "
            "with --new-epoch its leases are taken over, and its pilot can issue no more",
        )


def preview_lease(call: Call[LeaseRequest]) -> Preview:
    """Which account could open positions, and for how long. Raises Refusal, SettingsError, JournalErrors."""
    from fairway.texts.durations import as_setting

    account, _ = _checked(load(call.request.config), call.request)
    effect = f"may open positions for {as_setting(call.request.length)}, as far as no cap forbids it"
    return Preview(effect=effect, accounts=(account,))


def _subject(asked: LeaseRequest) -> Subject:
    return account_or_bot(asked.account)


LEASE = Operation(
    name="lease",
    summary="Give a trader the right to open positions for a while.",
    act=UserAct.TRADE,
    exposure=Exposure.RAISES,
    request=LeaseRequest,
    subject=_subject,
    preview=preview_lease,
    perform=perform_lease,
)
OPERATIONS: Final = (LEASE,)
