"""Who did what by the server: its journal as rows for people, with what came of each."""

from collections.abc import Iterable
from dataclasses import dataclass

from msgspec import Struct

from fairway.api.context import SAFE
from fairway.api.server_events import (
    CODEC,
    CommandAccepted,
    CommandEnded,
    RequestDenied,
    RequestServed,
    SignedIn,
    SignInFailed,
)
from fairway.journal.port import Record, UnreadableRecord
from fairway.journal.record_text import what
from fairway.panel.state_marks import Mark

TEXT_MAX = 300
_LEAST_ERROR = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Deed:
    """One row. seq: the number of its record. origin: an address, or the shell of a command; "" where it is not told."""

    seq: int
    at: int
    who: str
    what: str
    origin: str
    outcome: str
    mark: Mark


def deeds(records: Iterable[Record]) -> tuple[Deed, ...]:
    """Newest first; what only read something is left out. records: oldest first."""
    known = list(records)
    events = [_event(record) for record in known]
    ends = {event.id: event for event in events if isinstance(event, CommandEnded)}
    found = (_deed(record, event, ends) for record, event in zip(known, events, strict=True))
    return tuple(each for each in found if each is not None)[::-1]


def _event(record: Record) -> Struct | UnreadableRecord:
    try:
        return CODEC.decode(record)
    except UnreadableRecord as error:  # of a newer release: the others are still shown
        return error


def _deed(record: Record, event: Struct | UnreadableRecord, ends: dict[str, CommandEnded]) -> Deed | None:
    match event:
        case UnreadableRecord():
            return _row(record, record.author, str(event), "", "not known", Mark.UNKNOWN)
        case SignedIn(kind=kind, address=address):
            return _row(record, record.author, f"signed in ({kind})", address, "done", Mark.GOOD)
        case SignInFailed(user=user, address=address, code=code):
            return _row(record, user, "tried to sign in", address, code, Mark.BAD)
        case RequestServed(method=method, path=path, status=status, address=address) if method not in SAFE:
            is_bad = status >= _LEAST_ERROR
            outcome = f"{'not done' if is_bad else 'done'}, {status}"
            return _row(record, record.author, f"{method} {path}", address, outcome, Mark.BAD if is_bad else Mark.GOOD)
        case RequestDenied(method=method, path=path, status=status, code=code, address=address, more=more):
            alike = f" and {more:,} alike" if more else ""
            return _row(record, record.author, f"{method} {path}{alike}", address, f"{code} {status}".strip(), Mark.BAD)
        case CommandAccepted() as accepted:
            outcome, mark = _end(ends.get(accepted.id))
            return _row(record, record.author, _command(accepted), accepted.shell, outcome, mark)
    return None


def _row(record: Record, who: str, did: str, origin: str, outcome: str, mark: Mark) -> Deed:
    return Deed(
        seq=record.seq,
        at=record.at,
        who=who or "not proven",
        what=did[:TEXT_MAX],
        origin=origin,
        outcome=outcome[:TEXT_MAX],
        mark=mark,
    )


def _command(accepted: CommandAccepted) -> str:
    given = what(accepted.request.encode())
    return f"{accepted.operation}{f': {given}' if given else ''}"


def _end(ended: CommandEnded | None) -> tuple[str, Mark]:
    if ended is None:
        return "its end is not in these records", Mark.UNKNOWN
    words = ended.sentences[0] if ended.sentences else ended.code
    return f"{'done' if ended.is_done else 'not done'}{f': {words}' if words else ''}", Mark.GOOD if ended.is_done else Mark.BAD
