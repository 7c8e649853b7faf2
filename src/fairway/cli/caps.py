"""`fairway caps`: every reason to be careful that is in force: what it does, why, since when, and who may lift it."""

import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from fairway.cli.answer import CommandOutput, instant, shows
from fairway.cli.shared_options import USUAL, Config
from fairway.operations.trader.accounts_of_trader import (
    account_option,
    chosen_account,
    is_launched,
    lost_streams_of,
    permissions_of,
    removed_accounts,
    waiting_instructions,
)
from fairway.settings import Settings, load
from fairway.settings.environment import overrides

if TYPE_CHECKING:
    from fairway.journal.account_permissions import AccountPermissions
    from fairway.journal.commands import Instruction
    from fairway.risk.caps import Cap
    from fairway.risk.limits import Limits
    from fairway.trading.latch import FileLatch

SILENT_MAX_S: Final = 150
"""A trader that runs writes what it measures once a minute; after this long it does not, or cannot."""
_NONE_YET: Final = "none was granted yet, so nothing is opened"
STATES: Final = {
    "KILLED": "opens nothing, until it is resumed",
    "HALTED": "cancels entries and protects what is held, nothing else",
    "REDUCE_ONLY": "opens nothing; what is held stays protected, and may be sold",
}


@shows
def caps(config: Config = USUAL, /, *, account: str = "") -> CommandOutput:
    """Show all caps in force, from the trader's journal and the kill latch; whether the trader runs makes no difference.

    Parameters
    ----------
    account: str
        This account only, where the trader has several.
    """
    from fairway.world.clock import SystemClock

    settings = load(config)
    only = chosen_account(settings, account) if account else ""
    found = permissions_of(settings)
    gone, lost = removed_accounts(settings, found), lost_streams_of(settings)
    changed = [str(each) for each in overrides(os.environ)]
    lines, accounts = [f"from the environment: {each}" for each in changed], list[object]()
    for name, permissions in found.items():
        if name in gone:
            lines.append(f"{name} is traded here no more; what was done with it: fairway accounts show {name}")
        elif only in ("", name):
            has_launch, its, now = is_launched(found), lost.get(name, {}), SystemClock().now()
            lines += told(settings, config, name, permissions, now, has_launch=has_launch, lost=its)
            accounts.append(_value(settings, name, permissions, now, its))
    if not found:
        lines.append("no account is traded yet; `fairway accounts list` shows those of the registry, and where each of them is")
    waiting_for = list(_waiting(settings, max((permissions.heard for permissions in found.values()), default=0)))
    value = {"accounts": accounts, "gone": gone, "waiting": waiting_for, "environment": changed}
    return CommandOutput(value=value, told=[*lines, *waiting_for])


def _value(
    settings: Settings, account: str, permissions: "AccountPermissions", now: int, lost: Mapping[str, tuple[int, str]]
) -> dict[str, object]:
    """What `told` tells of one account."""
    from fairway.risk.caps import of_settings

    known, may_open, doubt = _standing(settings, account, permissions, now, lost)
    lease = permissions.lease
    return {
        "account": account,
        "may_open": may_open and not doubt,
        "doubt": doubt,
        "streams_lost": [{"stream": name, "since": instant(since), "why": why} for name, (since, why) in lost.items()],
        "caps": [
            {
                "id": cap.id,
                "kind": cap.kind.name,
                "source": cap.source,
                "severity": cap.kind.severity,
                "symbol": cap.symbol,
                "limits": cap.limits,
                "state": cap.limits.state,
                "reason": cap.reason,
                "since": instant(cap.since),
                "ends": cap.lifting,
            }
            for cap in [*known, of_settings(_configured(settings, account))]
        ],
        "needs_lease": settings.lease,
        "lease": {"by": lease.by, "until": instant(lease.until), "stage": lease.stage, "limits": lease.limits} if lease else None,
    }


def _standing(
    settings: Settings, account: str, permissions: "AccountPermissions", now: int, lost: Mapping[str, tuple[int, str]]
) -> "tuple[list[Cap], bool, str]":
    """Caps of journal and latch, the tightest first; whether the account may open positions; and why that cannot be known."""
    from fairway.risk.caps import in_force
    from fairway.risk.limits import TradingState

    known = {**_latched(settings, account), **permissions.caps}
    caps = sorted(known.values(), key=lambda cap: (cap.limits.state, cap.since))
    may_open = not lost and in_force(caps).state is TradingState.ACTIVE and not (settings.lease and permissions.lacks_lease(now))
    return caps, may_open, doubt_of(settings, now) if may_open else ""


def _waiting(settings: Settings, heard: int) -> Iterator[str]:
    """What was said and not taken yet. An unreadable command inbox hides nothing of the rest."""
    from fairway.journal.port import JournalError

    try:
        for number, by, wish in waiting_instructions(settings, heard):
            whose = f" for {wish.account}" if wish.account else " for all accounts"
            yield f"waits for the trader: instruction {number}, {in_short(wish)}{whose}, by {by}: {wish.reason}"
    except JournalError as error:
        yield f"what people have told the trader cannot be read: {error}"


def in_short(wish: "Instruction") -> str:
    """What an instruction is about, in two words."""
    from fairway.journal.commands import AnnounceTransfer, IssueLease, LiftCap, Pause

    match wish:
        case Pause():
            return "pause"
        case LiftCap():
            return f"lift {wish.cap_id!r}"
        case IssueLease():
            return "lease"
        case AnnounceTransfer(amount=amount):
            return f"transfer of {amount}"
        case _:
            return "pause everyone"


def told(
    settings: Settings,
    config: Path,
    account: str,
    permissions: "AccountPermissions",
    now: int,
    *,
    has_launch: bool = False,
    lost: Mapping[str, tuple[int, str]] = MappingProxyType({}),
) -> Iterator[str]:
    """One account's caps, the tightest first; those of the configuration are in no journal, and come last.

    has_launch: a launch issues leases to accounts of this trader.
    lost: its streams that are not trusted now; see `lost_streams`.
    """
    from fairway.risk.caps import of_settings

    option = account_option(settings, account)
    caps, may_open, doubt = _standing(settings, account, permissions, now, lost)
    yield f"{account}: it cannot be known whether it may open positions: {doubt}" if doubt else _may(account, may_open=may_open)
    for channel, (since, why) in lost.items():
        yield from _stream(channel, since, why)
    caps.append(of_settings(_configured(settings, account)))
    resume = f"fairway resume {config}{option}{_all_option(settings, account)}"
    for cap in caps:
        yield from _cap(cap, f"fairway lift {config} {_quoted(cap.id)}{option}", config, resume)
    yield from _together(caps)
    yield from _lease(settings, config, permissions, option, has_launch=has_launch)


def _may(account: str, *, may_open: bool) -> str:
    return f"{account} {'may open positions' if may_open else 'opens nothing'}"


def doubt_of(settings: Settings, now: int) -> str:
    """Why the journal does not say how things stand: a trader runs beside it and has not written for too long; else "".

    Where none runs, what was written last stands.
    """
    from fairway.journal.port import JournalError
    from fairway.journal.sql import open_reader
    from fairway.journal.writer_lock import trouble_of
    from fairway.world.clock import SECOND

    trouble = trouble_of(settings.journal) if isinstance(settings.journal, Path) else ""
    if trouble is None:
        return ""
    try:
        with open_reader(settings.journal, trader=settings.account) as journal:
            last = journal.last()
    except JournalError as error:
        return f"the journal cannot be read: {error}" if trouble else ""
    behind_s = (now - last.at) // SECOND if last is not None else 0
    if trouble:
        return f"the journal is {behind_s} s behind, for its trader cannot write it ({trouble}); its terminal says what it holds"
    if behind_s > SILENT_MAX_S:
        return f"the journal is {behind_s} s behind, and a trader that runs writes once a minute; look at the trader and its disk"
    return ""


def _configured(settings: Settings, account: str) -> "Limits":
    """The limits of configuration and profile: of a registry's account its user's, the most careful where that cannot be read."""
    if settings.people is None:
        return settings.risk.rules(settings.quote).limits
    from fairway.assembly.fleet import registry_of, rules_of_account
    from fairway.people.problems import PeopleError
    from fairway.risk.profiles import Profile
    from fairway.store.failures import StoreError
    from fairway.trading.account_supervisor import NotOpened

    try:
        with registry_of(settings) as registry:
            its = registry.account(account)
            return rules_of_account(its, registry.user(its.user), settings).limits
    except (StoreError, PeopleError, NotOpened):
        return settings.risk.rules(settings.quote, Profile.CONSERVATIVE).limits


def _stream(channel: str, since: int, why: str) -> Iterator[str]:
    """A lost stream is no cap: the trader checks it with every order. It is shown as a reason why nothing is opened."""
    from fairway.world.clock import text_of

    yield f"  the {channel} stream"
    yield f"    what   {STATES['REDUCE_ONLY']}"
    yield f"    why    it was lost: {why}"
    yield f"    since  {text_of(since)}"
    yield "    ends   by itself, when it is back and all that was missed has been asked for"


def _latch(settings: Settings, account: str) -> "FileLatch":
    from fairway.trading.latch import FileLatch

    return FileLatch(settings.latch_folder, account, settings.symbols, settings.account)


def _all_option(settings: Settings, account: str) -> str:
    """What `fairway resume` needs where a kill of more than this account is in force."""
    return " --all" if any(killed.is_wide for killed in _latch(settings, account).read()) else ""


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


def _cap(cap: "Cap", lift: str, config: Path, resume: str) -> Iterator[str]:
    from fairway.world.clock import text_of

    yield f"  {cap.id}"
    yield f"    what   {f'{cap.symbol}: ' if cap.symbol else ''}{what(cap.limits)}"
    yield f"    why    {cap.reason}"
    if cap.since:
        yield f"    since  {text_of(cap.since)}"
    yield f"    ends   {_end(cap, lift, config, resume)}"


def _together(caps: "list[Cap]") -> Iterator[str]:
    """The tightest of all caps on the whole account, limit by limit, and which of them make it so. One alone says it itself."""
    from fairway.risk.caps import binding, in_force
    from fairway.risk.limits import NO_LIMITS

    caps = [cap for cap in caps if not cap.symbol]
    together = in_force(caps)
    if len(caps) < 2:
        return
    yield "  all together"
    for name in together.set_fields():
        those = binding(caps, name) or [cap for cap in caps if getattr(cap.limits, name) != getattr(NO_LIMITS, name)]
        yield f"    {_shown(name, getattr(together, name))}: by {', '.join(cap.id for cap in those)}"


def what(limits: "Limits") -> str:
    """What limits allow still, in words."""
    from fairway.risk.limits import TradingState

    shown = "; ".join(_shown(name, getattr(limits, name)) for name in limits.set_fields())
    if not shown:
        return "nothing is limited"
    return f"allows no more than: {shown}" if limits.state is TradingState.ACTIVE else shown


def _shown(name: str, value: object) -> str:
    if name == "state":
        return STATES[str(value)]
    if name == "hands_off":
        return "sends nothing, because another program sells"
    shown = (", ".join(sorted(value)) or "none") if isinstance(value, frozenset) else value
    return f"{name.replace('_', ' ')} {shown}"


def _end(cap: "Cap", lift: str, config: Path, resume: str) -> str:
    from fairway.risk.caps import Lifting
    from fairway.risk.limits import TradingState
    from fairway.world.clock import text_of

    if cap.lifting is Lifting.ITSELF:
        return f"by itself, {cap.kind.clears}"
    if cap.lifting is Lifting.CONFIGURATION:
        return f"with a change of {config} and a restart"
    if cap.limits.state is TradingState.KILLED:
        return f'by a person:  {resume} --reason "..."'
    earliest = f", not before {text_of(cap.not_before)}" if cap.not_before else ""
    return f'by a person{earliest}:  {lift} --reason "..."'


def _lease(
    settings: Settings, config: Path, permissions: "AccountPermissions", option: str, *, has_launch: bool
) -> Iterator[str]:
    """Suggests no lease by hand beside a launch: that would open what no stage allows."""
    from fairway.risk.limits import TradingState
    from fairway.world.clock import text_of

    if not settings.lease:
        return
    lease, renew = permissions.lease, f'fairway lease {config}{option} --for 12h --reason "..."'
    if has_launch:
        renew = f"a launch gives it, by its stage:  fairway launch explain {config}"
    if lease is None:
        said = _NONE_YET
    elif lease.limits.state is not TradingState.ACTIVE:
        said = f"{lease.by} has revoked the lease to open positions"
    elif lease.stage:
        name, _, began = lease.stage.partition(" ")
        since = f", which began {text_of(int(began))[:19]}" if began.isdigit() else ""
        said, renew = (
            f"{lease.by} lets it open positions in the stage {name}{since}, until {text_of(lease.until)}",
            f"fairway launch status {config}",
        )
    else:
        said = f"{lease.by} lets it open positions until {text_of(lease.until)}"
    yield f"  the lease that it needs: {said};  {renew}"


def _quoted(cap_id: str) -> str:
    return f"'{cap_id}'" if " " in cap_id else cap_id
