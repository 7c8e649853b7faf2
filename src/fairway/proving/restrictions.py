"""When opening positions was forbidden in a play: by the latch at the disk, by caps that the trader announced, by persons.

A cap counts from its announcement in the trader's journal. One that only a person may lift counts until a person lifted it, and
not until the trader thought so.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from fairway.journal.commands import IssueLease, LiftCap, Pause, StopEveryone
from fairway.journal.kinds import CapLifted, CapRaised, LeaseAccepted
from fairway.proving.exchange_log import EntryBan, IssuedLease
from fairway.proving.exchange_recorder import FOR_EVER, LatchChange, RecordedEvent
from fairway.risk import breakers
from fairway.risk.cap_kinds import BREAKER_FLEET
from fairway.risk.caps import Cap, CapSource, Lifting
from fairway.risk.limits import TradingState
from fairway.trading.inputs import CommandReceived
from fairway.world.clock import MILLISECOND, SECOND

MACHINES: Final = ("", "trader")
"""Who lifts a cap without being a person."""
GUARDED: Final = (CapSource.GUARD, CapSource.LOSS_BUDGET)
"""What caps of guards, and of breakers that guards trip, come from."""
READ_WITHIN_NS: Final = SECOND + 100 * MILLISECOND
"""A trader looks once a second at what persons said."""


Said = Sequence[tuple[int, CommandReceived]]
"""What persons said at the trader's command inbox, each with its instant (ns)."""


def of_play(latchings: Sequence[LatchChange], journal: Sequence[RecordedEvent], said: Said | None) -> list[EntryBan]:
    """All of a play. said: None where the trader has no command inbox."""
    return [*of_latchings(latchings), *of_caps(journal, said), *of_persons(said or ())]


def of_latchings(latchings: Sequence[LatchChange]) -> Iterator[EntryBan]:
    for it in latchings:
        why = f"the latch was set: {it.killed.reason}"
        yield EntryBan(it.at, it.until, why, it.killed.symbol, forbids_selling=True)


def of_caps(journal: Sequence[RecordedEvent], said: Said | None) -> Iterator[EntryBan]:
    """Caps that forbid opening, by the trader's own announcements. With a command inbox, a person lifts a cap through it."""
    open_caps: dict[str, tuple[Cap, int]] = {}
    for event, _, noted_at, _ in journal:
        match event:
            case CapRaised(cap=cap):
                before = open_caps.get(cap.id)
                if cap.limits.state is TradingState.ACTIVE and before is not None and before[0].lifting is not Lifting.ITSELF:
                    continue
                if before is not None:
                    yield _restriction(*open_caps.pop(cap.id), noted_at)
                if cap.limits.state is not TradingState.ACTIVE:
                    open_caps[cap.id] = cap, noted_at
            case CapLifted(cap_id=cap_id, by=by) if cap_id in open_caps:
                cap = open_caps[cap_id][0]
                if cap.lifting is Lifting.ITSELF or _is_persons(cap, by, noted_at, said):
                    yield _restriction(*open_caps.pop(cap_id), noted_at)
    for cap, since in open_caps.values():
        yield _restriction(cap, since, FOR_EVER)


def _is_persons(cap: Cap, by: str, lifted_at: int, said: Said | None) -> bool:
    """A kill is not lifted through the command inbox, and a scene may hand what a person says to the trader itself."""
    if not said or cap.limits.state is TradingState.KILLED:
        return by not in MACHINES
    lifts = ((at, received.instruction) for at, received in said if isinstance(received.instruction, LiftCap))
    return any(at <= lifted_at and lift.cap_id == cap.id for at, lift in lifts)


def _restriction(cap: Cap, since: int, until: int) -> EntryBan:
    why, is_halt = f"cap {cap.id!r} was raised: {cap.reason}", cap.limits.state < TradingState.REDUCE_ONLY
    calls = cap.lifting is Lifting.PERSON
    return EntryBan(since, until, why, cap.symbol, forbids_selling=is_halt, calls_person=calls, is_own=True)


def of_persons(said: Said) -> Iterator[EntryBan]:
    """What persons ordered through the command inbox, (instant, order), from the time at which the trader had to have read it."""
    paused: dict[str, EntryBan] = {}
    for at, received in said:
        match received.instruction:
            case Pause(reason=reason):
                paused.setdefault("paused", EntryBan(at, FOR_EVER, f"{received.by} paused: {reason}", grace_ns=READ_WITHIN_NS))
            case StopEveryone(reason=reason):
                why = f"{received.by} stopped all accounts: {reason}"
                paused.setdefault(breakers.EVERYONE, EntryBan(at, FOR_EVER, why, grace_ns=READ_WITHIN_NS))
            case LiftCap(cap_id=cap_id) if cap_id in paused:
                yield paused.pop(cap_id)._replace(until=at)
            case _:
                pass
    yield from paused.values()


def issued_leases(said: Said | None, journal: Sequence[RecordedEvent]) -> Iterator[IssuedLease]:
    """Leases as their issuer said them; where a scene hands them to the trader itself, as the trader noted them."""
    if said:
        yield from (
            IssuedLease(at, received.instruction) for at, received in said if isinstance(received.instruction, IssueLease)
        )
        return
    for event, _, noted_at, _ in journal:
        if isinstance(event, LeaseAccepted):
            lease = IssueLease(reason="", epoch=event.epoch, until=event.until, limits=event.limits, stage=event.stage)
            yield IssuedLease(noted_at, lease)


def lifted_guards(journal: Sequence[RecordedEvent]) -> list[int]:
    """When persons lifted caps of guards and breakers."""
    lifted, caps = list[int](), dict[str, Cap]()
    for event, _, noted_at, _ in journal:
        if isinstance(event, CapRaised):
            caps[event.cap.id] = event.cap
        elif isinstance(event, CapLifted):
            cap = caps.pop(event.cap_id, None)
            if event.by not in MACHINES and cap is not None and (cap.source in GUARDED or cap.is_a(BREAKER_FLEET)):
                lifted.append(noted_at)
    return lifted
