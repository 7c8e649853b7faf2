"""Reads the events of a trader's journal."""

from collections.abc import Iterator
from typing import Final, cast

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, Event
from fairway.journal.port import Readable

CODEC: Final = Codec(*EVENTS)


def history_of(journal: Readable, account: str = "") -> Iterator[tuple[Event, int]]:
    """The journal's events with their instants (ns), oldest first; of one account, where it is named. Raises UnreadableRecord."""
    return ((cast(Event, CODEC.decode(entry)), entry.at) for entry in journal.replay(account=account or None))
