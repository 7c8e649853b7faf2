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


@dataclass(slots=True)
class AccountPermissions:
    """What one account may do. heard: number of the last command that was taken. symbols: since its last start."""

    caps: dict[str, Cap] = field(default_factory=dict)
    lease: LeaseAccepted | None = None
    heard: int = 0
    symbols: tuple[str, ...] = ()

    def lacks_lease(self, now: int) -> bool:
        """Whether no lease is fresh at an instant (ns); the trader asks more: see `trading.account.limits.Lease`."""
        return self.lease is None or now >= self.lease.until


def permissions_by_account(records: Iterable[Record]) -> Mapping[str, AccountPermissions]:
    """By account, of each that was ever started. Raises UnreadableRecord."""
    found: dict[str, AccountPermissions] = {}
    for record in records:
        if record.kind in CODEC.kinds:
            apply_event(found.setdefault(record.account, AccountPermissions()), CODEC.decode(record))
    return found


def apply_stream(lost: dict[str, tuple[int, str]], event: Struct, at: int) -> None:
    """Applies one event of the account at an instant (ns) to its lost streams; most change nothing here."""
    match event:
        case StreamLost(channel=channel, why=why):
            lost.setdefault(channel, (at, why))
        case CaughtUp(channels=channels):
            for channel in channels:
                lost.pop(channel, None)
        case TraderStarted():  # it was made again, and subscribes again
            lost.clear()


def answers(records: Iterable[Record], number: int) -> Mapping[str, InstructionTaken]:
    """The answer of each account to a command, by account."""
    taken = ((record.account, CODEC.decode(record)) for record in records if record.kind == InstructionTaken.__name__)
    return {account: event for account, event in taken if isinstance(event, InstructionTaken) and event.number == number}


def apply_event(permissions: AccountPermissions, event: Struct) -> None:
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
