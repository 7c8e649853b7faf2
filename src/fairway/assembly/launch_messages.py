"""Turns the messages that a launch's plan has due into messages for channels, each once.

The pilot writes a message into the launch's journal with the decision that it reports; nothing is sent from there.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final

from fairway.journal.port import Readable, Record
from fairway.launch.control.launch_events import LaunchBegan, MessageDue
from fairway.launch.control.state import CODEC
from fairway.notify.message import Message, MessagePhase
from fairway.world.clock import DAY

LATEST_NS: Final = DAY
"""A message that is older is not sent any more: what it says is not so any more. The journal still has it."""
KINDS: Final = frozenset({LaunchBegan.__name__, MessageDue.__name__})
Recipients = Mapping[str, Mapping[str, Sequence[str]]]
"""By a plan's `to` and `by`, the names of channels."""


@dataclass(slots=True)
class LaunchMessages:
    """Follows one launch's journal. fallback: channels for a message that the recipients name no channel for."""

    recipients: Recipients
    fallback: Sequence[str]
    read_to: int = 0
    """Number of the last record that was read."""
    _launch: str = ""
    """The digest of the record with which the launch began, in part: numbers of messages begin again with each launch."""

    def due(self, journal: Readable, now: int, most: int | None = None) -> list[tuple[str, Message]]:
        """Channels and messages of what the pilot has written since the last call, at an instant (ns). Raises JournalErrors.

        most: so many records are read; None for all.
        """
        return list(self._of(islice(journal.read(self.read_to), most), now))

    def _of(self, records: Iterable[Record], now: int) -> Iterator[tuple[str, Message]]:
        for record in records:
            self.read_to = record.seq
            if record.kind not in KINDS:
                continue
            event = CODEC.decode(record)
            if isinstance(event, LaunchBegan):
                self._launch = record.digest[:12]
            elif isinstance(event, MessageDue) and now - record.at <= LATEST_NS:
                message = self._message(event, record.at)
                for channel in self._channels(event):
                    yield channel, message

    def _channels(self, due: MessageDue) -> Sequence[str]:
        """Those of the recipient's medium; of all its media where the plan names none."""
        media = self.recipients.get(due.to, {})
        found = media.get(due.by, ()) if due.by else [name for names in media.values() for name in names]
        return tuple(dict.fromkeys(found or self.fallback))

    def _message(self, due: MessageDue, at: int) -> Message:
        return Message(
            id=f"launch {self._launch} {due.number}",
            title=f"Launch, to {due.to}: {due.about}",
            lines=(due.text,),
            at=at,
            phase=MessagePhase.NOTE,
        )
