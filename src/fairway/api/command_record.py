"""What became of each command, folded from the server's journal, so that it is known after a restart too."""

from collections.abc import Iterable
from enum import StrEnum
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from fairway.api.server_events import CODEC, CommandAccepted, CommandEnded, CommandProgressed
from fairway.journal.port import Record

KEPT_MAX: Final = 10_000
"""Commands remembered; the oldest that ended go first. The journal keeps all of them."""
SENTENCES_MAX: Final = 200


class CommandState(StrEnum):
    RUNNING = "running"
    DONE = "done"
    """Performed, and confirmed by whom it concerns: the venue, the trader, the pilot."""
    NOT_DONE = "not done"
    """Performed, and not confirmed, or not wholly; the sentences say what is missing."""
    REFUSED = "refused"
    """Not performed; the code says why."""
    UNKNOWN = "unknown"
    """The server ended while it was performed: look at the venue before anything is repeated."""


class CommandRecord(Struct, frozen=True, kw_only=True):
    """One command. Instants in ns; ended_at is 0 while it runs. outcome: its own fields, as JSON, "" before its end."""

    id: str
    operation: str
    by: str
    request: str
    key: str
    accepted_at: int
    state: CommandState = CommandState.RUNNING
    sentences: tuple[str, ...] = ()
    code: str = ""
    outcome: str = ""
    ended_at: int = 0


class Commands:
    """All commands of one server, by id and by idempotency key. Not for several threads at once."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._known: dict[str, CommandRecord] = {}
        self._by_key: dict[tuple[str, str], str] = {}
        for record in records:
            self.apply(CODEC.decode(record), record.author, record.at)
        for running in [each for each in self._known.values() if each.state is CommandState.RUNNING]:
            self._known[running.id] = replace(running, state=CommandState.UNKNOWN)

    def apply(self, event: Struct, by: str, at: int) -> None:
        """Takes one event of the journal, at an instant (ns)."""
        match event:
            case CommandAccepted():
                self._put(
                    CommandRecord(
                        id=event.id, operation=event.operation, by=by, request=event.request, key=event.key, accepted_at=at
                    )
                )
            case CommandProgressed() if (found := self._known.get(event.id)) is not None:
                self._known[event.id] = replace(found, sentences=(*found.sentences, event.sentence)[-SENTENCES_MAX:])
            case CommandEnded() if (found := self._known.get(event.id)) is not None:
                self._known[event.id] = replace(
                    found,
                    state=_state_of(event),
                    sentences=(*found.sentences, *event.sentences)[-SENTENCES_MAX:],
                    code=event.code,
                    outcome=event.outcome,
                    ended_at=at,
                )

    def get(self, command_id: str) -> CommandRecord | None:
        """The command with this id."""
        return self._known.get(command_id)

    def by_key(self, by: str, key: str) -> CommandRecord | None:
        """The command that this person sent with this idempotency key."""
        return self._known.get(self._by_key.get((by, key), ""))

    def newest(self, count: int) -> list[CommandRecord]:
        """The newest, the newest first."""
        return list(self._known.values())[: -count - 1 : -1]

    def _put(self, record: CommandRecord) -> None:
        self._known[record.id] = record
        if record.key:
            self._by_key[record.by, record.key] = record.id
        while len(self._known) > KEPT_MAX:
            oldest = next((each for each in self._known.values() if each.state is not CommandState.RUNNING), None)
            if oldest is None:
                return
            del self._known[oldest.id]
            self._by_key.pop((oldest.by, oldest.key), None)


def _state_of(event: CommandEnded) -> CommandState:
    if event.code:
        return CommandState.REFUSED
    return CommandState.DONE if event.is_done else CommandState.NOT_DONE
