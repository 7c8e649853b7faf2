"""Decides what a person's command leads to, or why it is refused. A valid command that lowers exposure is never refused.

What concerns the connection to the venue is only answered here; `connection_commands` carries it out, once for all accounts.
Signals of another program have a handler of their own: a late one may be refused also where it sells.
"""

from collections.abc import Iterator, Mapping

from fairway.journal.commands import (
    AnnounceTransfer,
    CancelEntry,
    IssueLease,
    LiftCap,
    LimitPositions,
    Pause,
    ReceiveSignal,
    Reconnect,
    StopEveryone,
    SwitchAddress,
    TrialEntry,
)
from fairway.journal.kinds import CapLifted, CapRaised, Event, InstructionTaken, LeaseAccepted, TransferAnnounced
from fairway.orders.ids import Role
from fairway.orders.lifecycle import CancelSent
from fairway.orders.order import Order
from fairway.risk import cap_kinds
from fairway.risk.breakers import stopped_for_everyone
from fairway.risk.caps import Cap, limited, paused, why_it_stays
from fairway.risk.limits import NO_LIMITS, Limits, TradingState
from fairway.trading import signal_handler
from fairway.trading.account.limits import Lease
from fairway.trading.account_state import AccountState
from fairway.trading.entries import trial
from fairway.trading.inputs import CommandReceived
from fairway.trading.safety_checks import LEASE_CAP
from fairway.venues.port import StreamChannel


def of_command(state: AccountState, received: CommandReceived, now: int) -> Iterator[Event]:
    """Once, however often it is read; one that is for another account says nothing here."""
    instruction = received.instruction
    if received.number <= state.limits.last_command or instruction.account not in ("", state.config.account):
        return
    if isinstance(instruction, ReceiveSignal):
        yield from signal_handler.of_signal(state, received, instruction.signal, _what(received), now)
        return
    refused = _why_not(state, received, now)
    yield InstructionTaken(number=received.number, what=_what(received), by=received.by, refused=refused)
    if not refused:
        yield from _obey(state, received, now)


def _what(received: CommandReceived) -> str:
    name = type(received.instruction).__name__
    match received.instruction:
        case LiftCap(cap_id=cap_id):
            return f"{name} {cap_id}"
        case AnnounceTransfer(amount=amount):
            return f"{name} {amount}"
        case LimitPositions(positions=positions):
            return f"{name} {positions}"
        case CancelEntry(order_id=order_id):
            return f"{name} {order_id}"
        case ReceiveSignal(signal=signal):
            return f"{name} {signal.action} {signal.symbol} {signal.name}"
        case Reconnect(channel=channel):
            return f"{name} {channel}".strip()
        case TrialEntry(symbol=symbol):
            return f"{name} {symbol}"
        case _:
            return name


def _why_not(state: AccountState, received: CommandReceived, now: int) -> str:
    match received.instruction:
        case LiftCap(cap_id=cap_id):
            return why_not_lifted(state.limits.caps, cap_id, now)
        case CancelEntry(order_id=order_id):
            return why_not_cancelled(state.orders.blotter.live.get(order_id), order_id)
        case IssueLease(epoch=epoch) if state.limits.lease is not None and epoch < state.limits.lease.epoch:
            return f"LEASE_FENCED: epoch={epoch} last={state.limits.lease.epoch}"
        case IssueLease(until=until) if until <= now:
            return "LEASE_OVER: it ended before it was read"
        case IssueLease() as issued if state.limits.lease is not None and _is_around_a_launch(state.limits.lease, issued, now):
            return f"LEASE_OF_A_STAGE: stage={state.limits.lease.stage} epoch={issued.epoch}"
        case Reconnect(channel=channel) if channel not in ("", *StreamChannel):
            return f"CHANNEL_UNKNOWN: channel={channel}"
        case TrialEntry(symbol=symbol):
            return trial(state, symbol, now)
        case SwitchAddress() if state.config.addresses < 2:
            return "ADDRESS_SINGLE: addresses=1"
        case _:
            return ""


def _is_around_a_launch(last: Lease, issued: IssueLease, now: int) -> bool:
    """Whether it would let positions be opened beyond a stage whose lease is fresh. To do that, a lease needs a later epoch."""
    opens = issued.limits.state is TradingState.ACTIVE and not issued.stage
    return opens and bool(last.stage) and last.is_fresh(now) and issued.epoch == last.epoch


def why_not_lifted(caps: Mapping[str, Cap], cap_id: str, now: int) -> str:
    """Why a person may not lift one of these caps at an instant (ns), as a code; "" where they may."""
    cap = caps.get(cap_id)
    if cap is None:
        return f"CAP_UNKNOWN: cap={cap_id}"
    if cap.limits.state is TradingState.KILLED:
        return f"CAP_OF_KILL: cap={cap_id}"
    return why_it_stays(cap, now)


def why_not_cancelled(order: Order | None, order_id: str) -> str:
    """Why a person may not cancel an order, as a code; "" where they may. order: None for one that is not at work.

    A stop or a target protects, and an exit lowers exposure: to cancel one would raise it.
    """
    if order is None:
        return f"ORDER_NOT_AT_WORK: order={order_id}"
    if order.role is not Role.ENTRY:
        return f"ORDER_PROTECTS: order={order_id} role={order.role.name.lower()}"
    if not order.is_resting:
        return f"ORDER_NOT_RESTING: order={order_id} state={order.state.value}"
    return ""


def _obey(state: AccountState, received: CommandReceived, now: int) -> Iterator[Event]:
    match received.instruction:
        case Pause(reason=reason):
            yield CapRaised(cap=paused(reason, received.by, now))
        case StopEveryone(reason=reason):
            yield CapRaised(cap=stopped_for_everyone(f"stopped by {received.by}: {reason}", now))
        case LimitPositions(positions=positions, reason=reason):
            yield CapRaised(cap=limited(positions, reason, received.by, now))
        case LiftCap(cap_id=cap_id, reason=reason):
            yield CapLifted(cap_id=cap_id, by=received.by, why=reason)
        case CancelEntry(order_id=order_id, reason=reason):
            yield CancelSent(order_id, f"cancelled by {received.by}: {reason}")
        case AnnounceTransfer(amount=amount, reason=reason):
            yield TransferAnnounced(amount=amount, by=received.by, why=reason)
        case IssueLease() as issued:
            yield LeaseAccepted(epoch=issued.epoch, until=issued.until, limits=issued.limits, by=received.by, stage=issued.stage)
            reason, known = f"{_what_was_done(issued.limits, received.by)}: {issued.reason}", state.limits.caps.get(LEASE_CAP)
            if known is None or (known.limits, known.reason) != (issued.limits, reason):  # else it only goes on
                yield CapRaised(cap=Cap(id=LEASE_CAP, kind=cap_kinds.LEASE, limits=issued.limits, reason=reason, since=now))


def _what_was_done(limits: Limits, by: str) -> str:
    """Who set the limits of a lease, and what they leave: "issued by" beside a limit reads as if that person had lifted it."""
    if limits.state is not TradingState.ACTIVE:
        return f"{by} has revoked the lease to open positions"
    return f"{by} lets it open positions, {'without limits' if limits == NO_LIMITS else 'within these limits'}"
