"""`fairway caps`: shows the outcome of the operation `caps`: what each cap does, why, since when, and who may lift it.

The sentences are in `texts/messages/caps_messages.py`.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.cli.answer import CommandOutput, instant, shows
from fairway.cli.perform import outcome_of
from fairway.cli.shared_options import USUAL, Config
from fairway.operations.trader.accounts_of_trader import account_option
from fairway.operations.trader.caps import CAPS, AccountCaps, CapsOutcome, CapsRequest
from fairway.texts.messages.caps_messages import CapsMessage
from fairway.texts.messages.catalogue import rendered
from fairway.texts.messages.message import Argument, InstantValue, message
from fairway.world.clock import text_of

if TYPE_CHECKING:
    from fairway.journal.commands import Instruction
    from fairway.risk.caps import Cap
    from fairway.risk.limits import Limits

STATES: Final = {
    "KILLED": CapsMessage.STATE_KILLED,
    "HALTED": CapsMessage.STATE_HALTED,
    "REDUCE_ONLY": CapsMessage.STATE_REDUCE_ONLY,
}


@shows
def caps(config: Config = USUAL, /, *, account: str = "") -> CommandOutput:
    """Show all caps in force, from the trader's journal and the kill latch; whether the trader runs makes no difference.

    Parameters
    ----------
    account: str
        This account only, where the trader has several.
    """
    outcome = outcome_of(CAPS, CapsRequest(config=config, account=account))
    waiting = list(_waiting(outcome))
    value = {
        "accounts": [_value(each) for each in outcome.accounts],
        "gone": list(outcome.removed),
        "waiting": waiting,
        "environment": list(outcome.environment),
    }
    return CommandOutput(value=value, text=[*_lines(outcome, config), *waiting])


def _lines(outcome: CapsOutcome, config: Path) -> Iterator[str]:
    yield from (f"from the environment: {each}" for each in outcome.environment)
    shown = {each.account: each for each in outcome.accounts}
    for name in outcome.known:
        if name in outcome.removed:
            yield _text(CapsMessage.REMOVED, account=name)
        elif name in shown:
            yield from account_lines(shown[name], config, account_option(outcome.settings, name))
    if not outcome.known:
        yield _text(CapsMessage.NO_ACCOUNT)


def _text(key: CapsMessage, **arguments: Argument) -> str:
    return rendered(message(key, **arguments)).sentence


def _value(its: AccountCaps) -> dict[str, object]:
    """What `account_lines` says of one account."""
    lease = its.lease
    return {
        "account": its.account,
        "may_open": its.may_open,
        "doubt": its.doubt,
        "streams_lost": [{"stream": name, "since": instant(since), "why": why} for name, (since, why) in its.lost.items()],
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
            for cap in [*its.caps, its.settings_cap]
        ],
        "needs_lease": its.needs_lease,
        "lease": {"by": lease.by, "until": instant(lease.until), "stage": lease.stage, "limits": lease.limits} if lease else None,
    }


def _waiting(outcome: CapsOutcome) -> Iterator[str]:
    """What was said and not taken yet."""
    for number, by, said in outcome.waiting:
        yield _text(CapsMessage.WAITS, number=str(number), what=in_short(said), account=said.account, by=by, reason=said.reason)
    if outcome.waiting_trouble:
        yield _text(CapsMessage.WAITING_UNREADABLE, error=outcome.waiting_trouble)


def in_short(instruction: "Instruction") -> str:
    """What an instruction is about, in two words."""
    from fairway.journal.commands import (
        AnnounceTransfer,
        CancelEntry,
        IssueLease,
        LiftCap,
        LimitPositions,
        Pause,
        ReceiveSignal,
        Reconnect,
        SwitchAddress,
        TrialEntry,
    )

    match instruction:
        case Pause():
            return "pause"
        case LiftCap():
            return f"lift {instruction.cap_id!r}"
        case LimitPositions(positions=positions):
            return f"at most {positions} positions"
        case CancelEntry():
            return f"cancel {instruction.order_id}"
        case IssueLease():
            return "lease"
        case AnnounceTransfer(amount=amount):
            return f"transfer of {amount}"
        case ReceiveSignal(signal=signal):
            return f"signal {signal.name}: {signal.action} {signal.symbol}"
        case Reconnect(channel=channel):
            return f"reconnect {channel}".strip()
        case TrialEntry(symbol=symbol):
            return f"question to risk about {symbol}"
        case SwitchAddress():
            return "switch the venue's address"
        case _:
            return "pause everyone"


def account_lines(its: AccountCaps, config: Path, option: str) -> Iterator[str]:
    """One account's caps, the tightest first; those of the configuration are in no journal, and come last.

    option: what makes a command be about this account.
    """
    if its.doubt:
        yield _text(CapsMessage.CANNOT_BE_KNOWN, account=its.account, doubt=its.doubt)
    else:
        yield _text(CapsMessage.MAY_OPEN if its.may_open else CapsMessage.OPENS_NOTHING, account=its.account)
    for channel, (since, why) in its.lost.items():
        yield from _stream(channel, since, why)
    caps = [*its.caps, its.settings_cap]
    resume = f"fairway resume {config}{option}{' --all' if its.has_wide_kill else ''}"
    for cap in caps:
        yield from _cap(cap, f"fairway lift {config} {_quoted(cap.id)}{option}", config, resume)
    yield from _together(caps)
    if its.needs_lease:
        yield f"  {_text(CapsMessage.LEASE, lease=_lease(its))};  {_renew(its, config, option)}"


def _stream(channel: str, since: int, why: str) -> Iterator[str]:
    """A lost stream is no cap: the trader checks it with every order. It is shown as a reason why nothing is opened."""
    yield f"  the {channel} stream"
    yield f"    what   {_text(CapsMessage.STATE_REDUCE_ONLY)}"
    yield f"    why    {_text(CapsMessage.STREAM_LOST, why=why)}"
    yield f"    since  {instant(since)}"
    yield f"    ends   {_text(CapsMessage.STREAM_ENDS)}"


def _cap(cap: "Cap", lift: str, config: Path, resume: str) -> Iterator[str]:
    from fairway.risk.guards.sentences import cap_reason

    yield f"  {cap.id}"
    yield f"    what   {f'{cap.symbol}: ' if cap.symbol else ''}{what(cap.limits)}"
    yield f"    why    {cap_reason(cap)}"
    if cap.since:
        yield f"    since  {instant(cap.since)}"
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
        return _text(CapsMessage.NOTHING_LIMITED)
    return _text(CapsMessage.ALLOWS, limits=shown) if limits.state is TradingState.ACTIVE else shown


def _shown(name: str, value: object) -> str:
    if name == "state":
        return _text(STATES[str(value)])
    if name == "hands_off":
        return _text(CapsMessage.HANDS_OFF)
    shown = (", ".join(sorted(value)) or "none") if isinstance(value, frozenset) else value
    return f"{name.replace('_', ' ')} {shown}"


def _end(cap: "Cap", lift: str, config: Path, resume: str) -> str:
    from fairway.risk.caps import Lifting
    from fairway.risk.limits import TradingState

    if cap.lifting is Lifting.ITSELF:
        return _text(CapsMessage.ENDS_BY_ITSELF, clears=cap.kind.clears)
    if cap.lifting is Lifting.CONFIGURATION:
        return _text(CapsMessage.ENDS_WITH_SETTINGS, config=str(config))
    is_killed = cap.limits.state is TradingState.KILLED
    not_before = InstantValue(0 if is_killed else cap.not_before)
    return _text(CapsMessage.ENDS_BY_PERSON, not_before=not_before, command=resume if is_killed else lift)


def _lease(its: AccountCaps) -> str:
    from fairway.risk.limits import TradingState

    lease = its.lease
    if lease is None:
        return _text(CapsMessage.LEASE_NONE)
    if lease.limits.state is not TradingState.ACTIVE:
        return _text(CapsMessage.LEASE_REVOKED, by=lease.by)
    until = InstantValue(lease.until)
    if not lease.stage:
        return _text(CapsMessage.LEASE_UNTIL, by=lease.by, until=until)
    name, _, began = lease.stage.partition(" ")
    began_at = text_of(int(began))[:19] if began.isdigit() else ""  # not `InstantValue`: 0 is an instant here
    return _text(CapsMessage.LEASE_OF_STAGE, by=lease.by, stage=name, began=began_at, until=until)


def _renew(its: AccountCaps, config: Path, option: str) -> str:
    """The command to copy. Beside a launch no lease by hand is suggested: that would open what no stage allows."""
    from fairway.risk.limits import TradingState

    lease = its.lease
    if lease is not None and lease.limits.state is TradingState.ACTIVE and lease.stage:
        return f"fairway launch status {config}"
    if its.has_launch:
        return f"a launch gives it, by its stage:  fairway launch explain {config}"
    return f'fairway lease {config}{option} --for 12h --reason "..."'


def _quoted(cap_id: str) -> str:
    return f"'{cap_id}'" if " " in cap_id else cap_id
