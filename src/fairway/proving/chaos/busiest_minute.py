"""Finds the busiest minute of a trader by its journal: the most orders that it sent within sixty seconds, over half a year."""

from collections import deque
from typing import Final, NamedTuple

from fairway.assembly import CODEC
from fairway.journal.port import JournalMissing
from fairway.journal.sql import open_reader
from fairway.orders.lifecycle import OrderSent
from fairway.store.place import Place
from fairway.world.clock import DAY, MINUTE

SPAN_NS: Final = 182 * DAY


class BusiestMinute(NamedTuple):
    """orders: sent within it. days: how long the journal was looked at, rounded up."""

    orders: int
    days: int


def busiest_minute(journal: Place, trader: str) -> BusiestMinute | None:
    """None where there is no journal, or no order in it. Raises JournalErrors."""
    try:
        reader = open_reader(journal, trader=trader)
    except JournalMissing:
        return None
    with reader:
        last = reader.last()
        if last is None:
            return None
        since, most = last.at - SPAN_NS, 0
        first_at, sent = last.at, deque[int]()
        for record in reader.read():
            if record.at < since:
                continue
            first_at = min(first_at, record.at)
            if isinstance(CODEC.decode(record), OrderSent):
                sent.append(record.at)
                while sent[0] <= record.at - MINUTE:
                    sent.popleft()
                most = max(most, len(sent))
    return BusiestMinute(most, -(-(last.at - first_at) // DAY)) if most else None
