"""Reads from a trader's journal alone what each account may do, whether the trader runs or not."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from fairway.journal.events import Codec
from fairway.journal.kinds import CapLifted, CapRaised, CaughtUp, InstructionTaken, LeaseAccepted, StreamLost, TraderStarted
from fairway.journal.port import Record
from fairway.risk.caps import Cap

CODEC: Final = Codec(TraderStarted, CapRaised, CapLifted, LeaseAccepted, InstructionTaken)
"""Of a million records these are few; the others are not decoded."""
STREAMS: Final = Codec(TraderStarted, StreamLost, CaughtUp)


@dataclass(slots=True)
class AccountPermissions:
    """One account's. heard: number of the last instruction that was taken. symbols: that it trades since its last start."""

    caps: dict[str, Cap] = field(default_factory=dict)
    lease: LeaseAccepted | None = None
    heard: int = 0
    symbols: tuple[str, ...] = ()

    def lacks_lease(self, now: int) -> bool:
        """Whether no lease is fresh at an instant (ns); the trader asks more: see `trading/safety_checks.py`."""
        return self.lease is None or now >= self.lease.until


def permissions_by_account(records: Iterable[Record]) -> Mapping[str, AccountPermissions]:
    """By account, of each that was ever started. Raises UnreadableRecord."""
    found: dict[str, AccountPermissions] = {}
    for record in records:
        if record.kind in CODEC.kinds:
            heed(found.setdefault(record.account, AccountPermissions()), CODEC.decode(record))
    return found


def lost_streams(records: Iterable[Record]) -> Mapping[str, Mapping[str, tuple[int, str]]]:
    """By account and channel, streams that are not trusted now: since when (ns), and why. Nothing is opened meanwhile.

    Raises UnreadableRecord.
    """
    found: dict[str, dict[str, tuple[int, str]]] = {}
    for record in records:
        if record.kind not in STREAMS.kinds:
            continue
        its = found.setdefault(record.account, {})
        match STREAMS.decode(record):
            case StreamLost(channel=channel, why=why):
                its.setdefault(channel, (record.at, why))
            case CaughtUp(channels=channels):
                for channel in channels:
                    its.pop(channel, None)
            case _:  # it was made again, and subscribes again
                its.clear()
    return found


def answers(records: Iterable[Record], number: int) -> Mapping[str, InstructionTaken]:
    """The answer of each account to a command, by account."""
    taken = ((record.account, CODEC.decode(record)) for record in records if record.kind == InstructionTaken.__name__)
    return {account: event for account, event in taken if isinstance(event, InstructionTaken) and event.number == number}


def heed(permissions: AccountPermissions, event: Struct) -> None:
    """Applies one event of the account; most change nothing here."""
    match event:
        case CapRaised(cap=cap):
            permissions.caps[cap.id] = cap
        case CapLifted(cap_id=cap_id):
            permissions.caps.pop(cap_id, None)
        case LeaseAccepted() as lease:
            permissions.lease = lease
        case InstructionTaken(number=number):
            permissions.heard = number
        case TraderStarted(symbols=symbols):
            permissions.symbols = symbols
