"""The timeline of an incident: what the journals of trader, launch, server and alerting hold of its span, oldest first.

A record is looked at by its kind and its instant before it is decoded, so a journal of a million records costs little more than
to read it.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Final, TypeAlias

from fairway.journal.port import Readable, Record, ReplayEntry
from fairway.money.amount import Amount
from fairway.world.clock import HOUR, MINUTE

ENTRIES_MAX: Final = 2_000
"""Lines of one source; beyond it the latest are counted and left out."""
MARGIN_NS: Final = 10 * MINUTE
"""So much before the beginning is shown, too: what led to it."""
CLOCK_NS: Final = HOUR
"""By no more a clock is set back; a journal is searched that much earlier."""

Entry: TypeAlias = Record | ReplayEntry
TextOf: TypeAlias = Callable[[Entry], str]


@dataclass(frozen=True, slots=True, order=True)
class TimelineLine:
    """at: ns. source: which journal; account: "" for none; what: one sentence."""

    at: int
    source: str
    account: str
    what: str


@dataclass(slots=True)
class MoneyImpact:
    """What the trader's journal says of money within the span. None and empty are unknown or nothing, as `fills` shows."""

    fees: dict[str, Decimal] = field(default_factory=dict)
    """By asset."""
    fills: int = 0
    rejected: int = 0
    unprotected: int = 0
    """How often a position was without its whole protection for too long."""
    first: dict[str, Amount] = field(default_factory=dict)
    worst: dict[str, Amount] = field(default_factory=dict)
    last: dict[str, Amount] = field(default_factory=dict)
    """By account, its worth at market: at the beginning, at its lowest, at the end."""
    disturbed: set[str] = field(default_factory=set)
    """Accounts from or into which money was moved: their worth says nothing of losses."""

    def mark(self, account: str, worth: Amount) -> None:
        self.first.setdefault(account, worth)
        known = self.worst.get(account)
        self.worst[account] = worth if known is None or worth.value < known.value else known
        self.last[account] = worth

    def fee(self, fee: Amount) -> None:
        self.fees[fee.asset] = self.fees.get(fee.asset, Decimal(0)) + fee.value

    def deepest_fall(self) -> Amount | None:
        """By how much all accounts together were below the beginning at most, each at its own lowest; None where unknown."""
        known = [name for name in self.first if name not in self.disturbed]
        assets = {self.first[name].asset for name in known}
        if not known or self.disturbed or len(assets) != 1:
            return None
        fall = sum((self.worst[name].value - self.first[name].value for name in known), Decimal(0))
        return Amount(min(fall, Decimal(0)), assets.pop())


@dataclass(frozen=True, slots=True)
class TimelineSource:
    """A journal. texts: by kind of record, what it says; "" for what is counted and not shown. Other kinds are skipped."""

    name: str
    texts: Mapping[str, TextOf]


@dataclass(frozen=True, slots=True)
class IncidentTimeline:
    """since, until: the span that was looked at (ns). left_out: lines beyond the most, by source. unread: sources that could not
    be read, each with the reason."""

    since: int
    until: int
    lines: tuple[TimelineLine, ...]
    money: MoneyImpact
    left_out: Mapping[str, int] = field(default_factory=dict)
    unread: Mapping[str, str] = field(default_factory=dict)


def lines_of(source: TimelineSource, entries: Iterable[Entry], since: int, until: int) -> tuple[list[TimelineLine], int]:
    """The lines of a journal within since <= at <= until, and how many were left out. Raises UnreadableRecord."""
    texts, name = source.texts, source.name
    found: list[TimelineLine] = []
    left_out = 0
    for entry in entries:
        text_of = texts.get(entry.kind)
        if text_of is None or not since <= entry.at <= until:
            continue
        what = text_of(entry)
        if not what:
            continue
        if len(found) < ENTRIES_MAX:
            found.append(TimelineLine(entry.at, name, entry.account, " ".join(what.split())))
        else:
            left_out += 1
    return found, left_out


def timeline_of(
    sources: Sequence[tuple[TimelineSource, Iterable[Entry]]],
    money: MoneyImpact,
    since: int,
    until: int,
    unread: Mapping[str, str] | None = None,
) -> IncidentTimeline:
    """All sources together, oldest first. money: filled by the texts of the trader's source. Raises UnreadableRecord."""
    found = {source.name: lines_of(source, entries, since - MARGIN_NS, until) for source, entries in sources}
    return merged(found, money, since, until, unread)


def merged(
    found: Mapping[str, tuple[list[TimelineLine], int]],
    money: MoneyImpact,
    since: int,
    until: int,
    unread: Mapping[str, str] | None = None,
) -> IncidentTimeline:
    """A timeline of what `lines_of` gave for each source, by its name."""
    lines = sorted((line for part, _ in found.values() for line in part), key=lambda each: each.at)
    left_out = {name: more for name, (_, more) in found.items() if more}
    return IncidentTimeline(since, until, tuple(lines), money, left_out, unread or {})


def number_before(journal: Readable, at: int) -> int:
    """The number of a record that lies before an instant (ns), so that reading may begin after it; 0 for the beginning."""
    last = journal.last()
    low, high, at = 0, last.seq if last is not None else 0, at - CLOCK_NS
    while low < high:
        middle = (low + high + 1) // 2
        record = next(iter(journal.read(middle - 1)), None)
        if record is not None and record.at < at:
            low = middle
        else:
            high = middle - 1
    return low
