"""What the journal explorer shows: records of one journal that fit, and where older and newer ones are."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Final
from urllib.parse import urlencode

import msgspec

from fairway.journal.port import Record
from fairway.journal.record_filter import RecordFilter
from fairway.journal.record_text import what
from fairway.operations.actor import Actor
from fairway.operations.trader.read_journal import READ_JOURNAL, JournalName, JournalOutcome, JournalRequest
from fairway.panel.feed import Question
from fairway.panel.guards import MOUNT
from fairway.panel.sources import Sources

PATH: Final = f"{MOUNT}/journal"
SHOWN: Final = 60
FILTER_MAX: Final = 200
_WHAT_MAX: Final = 400
_NUMBER_MAX: Final = 2**62


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalPlace:
    """What of which journal is looked at. after: records that follow this one, oldest first; None for the newest, which follow.

    before: the newest before this one, and not those that are written meanwhile; 0 for none.
    """

    journal: JournalName = JournalName.TRADER
    wanted: RecordFilter = RecordFilter()
    after: int | None = None
    before: int = 0

    @property
    def is_tail(self) -> bool:
        """Whether new records appear in it as they are written."""
        return self.after is None and not self.before

    @property
    def href(self) -> str:
        """The address of the page that shows it."""
        asked = {
            "journal": self.journal.value,
            **msgspec.structs.asdict(self.wanted),
            "after": "" if self.after is None else str(self.after),
            "before": str(self.before or ""),
        }
        return f"{PATH}?{urlencode({name: value for name, value in asked.items() if value})}"

    def request(self, config: object) -> JournalRequest:
        """What the operation is asked."""
        return JournalRequest(
            config=config,  # type: ignore[arg-type]
            journal=self.journal,
            after=self.after or 0,
            before=self.before,
            newest=self.after is None,
            limit=SHOWN,
            wanted=self.wanted,
        )


def place_of(given: Mapping[str, str]) -> JournalPlace:
    """As the address of a page names it; what does not fit is as if it was not given."""
    journal = given.get("journal", "")
    return JournalPlace(
        journal=JournalName(journal) if journal in set(JournalName) else JournalName.TRADER,
        wanted=RecordFilter(
            **{name: given.get(name, "").strip()[:FILTER_MAX] for name in ("account", "author", "kind", "text")},
        ),
        after=_number(given.get("after", "")),
        before=_number(given.get("before", "")) or 0,
    )


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 and int(text) < _NUMBER_MAX else None


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordFacts:
    """One record. what: its body in a line; body: as it was written."""

    seq: int
    at: int
    account: str
    author: str
    kind: str
    version: int
    what: str
    body: bytes
    digest: str

    @property
    def full_text(self) -> str:
        """The body as indented JSON; as it is where it is not readable."""
        try:
            return msgspec.json.format(self.body, indent=2).decode()
        except (msgspec.MsgspecError, UnicodeDecodeError):
            return repr(self.body)


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalFacts:
    """records: in the order in which they are shown. older, newer: addresses, "" where there are none."""

    sentence: str
    records: tuple[RecordFacts, ...]
    older: str
    newer: str


def journal_question(place: JournalPlace) -> Question[JournalFacts]:
    """What one page of the explorer asks."""
    return Question("journal", partial(_ask, place), about=place)


def _ask(place: JournalPlace, sources: Sources, actor: Actor) -> JournalFacts:
    """Raises what the operation raises."""
    return journal_facts(place, sources.outcome(actor, READ_JOURNAL, place.request(sources.context.config)))


def journal_facts(place: JournalPlace, found: JournalOutcome) -> JournalFacts:
    """Where one starts at a record, the oldest stands first; else the newest does."""
    records = [_record(each) for each in found.records]
    if place.after is None:
        records.reverse()
    return JournalFacts(
        sentence=_sentence(place, found),
        records=tuple(records),
        older=_older(place, found),
        newer=_newer(place, found),
    )


def _record(record: Record) -> RecordFacts:
    return RecordFacts(
        seq=record.seq,
        at=record.at,
        account=record.account,
        author=record.author,
        kind=record.kind,
        version=record.version,
        what=what(record.body)[:_WHAT_MAX],
        body=record.body,
        digest=record.digest,
    )


def _sentence(place: JournalPlace, found: JournalOutcome) -> str:
    if not found.last:
        return f"The journal of the {place.journal} holds no records yet."
    held = f"The journal of the {place.journal} holds {found.last:,} records."
    if place.is_tail:
        held = f"{held} New ones appear at the top."
    if found.searched_before - found.searched_after <= 1:
        return f"{held} None comes after record {found.searched_after:,}."
    if place.wanted.is_narrow or (place.after is None and len(found.records) < SHOWN):
        searched = f"records {found.searched_after + 1:,} to {found.searched_before - 1:,}"
        return f"{held} {_count(len(found.records))} of {searched} fit and are shown."
    return held


def _count(found: int) -> str:
    if found == SHOWN:
        return f"The {SHOWN} nearest"
    return f"{found:,}" if found else "None"


def _older(place: JournalPlace, found: JournalOutcome) -> str:
    """The newest before those that are shown; where fewer fit than may be shown, those before what was searched."""
    is_full = len(found.records) == SHOWN
    before = found.records[0].seq if found.records and (is_full or place.after is not None) else found.searched_after + 1
    return replace(place, after=None, before=before).href if before > 1 else ""


def _newer(place: JournalPlace, found: JournalOutcome) -> str:
    if place.is_tail:
        return ""
    is_full = len(found.records) == SHOWN
    after = found.records[-1].seq if found.records and (is_full or place.after is None) else found.searched_before - 1
    return replace(place, after=after, before=0).href if after < found.last else replace(place, after=None, before=0).href
