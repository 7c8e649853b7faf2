"""Leave: what accounts may do, from a trader's journal alone, while it runs or after; for people who ask from outside."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Final

from msgspec import Struct

from fairway.journal.events import Codec
from fairway.journal.kinds import CapLifted, CapRaised, InstructionTaken, LeaseGranted, TraderStarted
from fairway.journal.port import Record
from fairway.risk.caps import Cap

CODEC: Final = Codec(TraderStarted, CapRaised, CapLifted, LeaseGranted, InstructionTaken)
"""Of a million records these are few; the others are passed over without being read."""


@dataclass(slots=True)
class Leave:
    """One account's. heard: number of the last instruction that was taken."""

    caps: dict[str, Cap] = field(default_factory=dict)
    lease: LeaseGranted | None = None
    heard: int = 0

    def lacks_lease(self, now: int) -> bool:
        """Whether no lease is fresh at an instant (ns); the trader asks more: see `desk.Lease`."""
        return self.lease is None or now >= self.lease.until


def leaves(records: Iterable[Record]) -> Mapping[str, Leave]:
    """By account, of each that was ever started. Raises UnreadableRecord."""
    found: dict[str, Leave] = {}
    for record in records:
        if record.kind in CODEC.kinds:
            heed(found.setdefault(record.account, Leave()), CODEC.decode(record))
    return found


def answers(records: Iterable[Record], number: int) -> Mapping[str, InstructionTaken]:
    """What accounts answered to an instruction, by account."""
    taken = ((record.account, CODEC.decode(record)) for record in records if record.kind == InstructionTaken.__name__)
    return {account: event for account, event in taken if isinstance(event, InstructionTaken) and event.number == number}


def heed(leave: Leave, event: Struct) -> None:
    """Moves it by one event of its account; most say nothing here."""
    match event:
        case CapRaised(cap=cap):
            leave.caps[cap.id] = cap
        case CapLifted(cap_id=cap_id):
            leave.caps.pop(cap_id, None)
        case LeaseGranted() as lease:
            leave.lease = lease
        case InstructionTaken(number=number):
            leave.heard = number
