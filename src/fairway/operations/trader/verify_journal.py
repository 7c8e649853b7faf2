"""Verifies a journal: no record of it was changed, lost, moved or put in."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview, Progress, Tell, tell_no_one
from fairway.operations.trader.read_journal import JournalName, opened_reader
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.journal.port import Record
    from fairway.journal.reader import SqlReader

TOLD_EVERY: Final = 50_000
"""Records between two reports of how far it has come."""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyJournalRequest:
    """digest: one that was kept elsewhere, as in a report; the journal must hold it.

    Without one, a cut at the end cannot be seen.
    """

    config: Path
    journal: JournalName
    digest: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class VerifyJournalOutcome(Outcome):
    """is_done: whether it is whole. records: how many it holds. digest: of the newest record, "" without one.

    flaw: the first record that does not fit, and why; "" where there is none.
    """

    records: int
    mode: str
    trader: str
    digest: str
    flaw: str


def perform_verify(call: Call[VerifyJournalRequest]) -> VerifyJournalOutcome:
    """A journal that does not exist yet is whole. Raises SettingsError, JournalErrors."""
    from fairway.journal.port import JournalMissing

    asked = call.request
    try:
        with opened_reader(load(asked.config), asked.journal) as reader:
            return verified(reader, asked.digest, call.tell)
    except JournalMissing:
        line = f"the journal of the {asked.journal} holds no records yet"
        return VerifyJournalOutcome(lines=(line,), records=0, mode="", trader="", digest="", flaw="")


def verified(journal: "SqlReader", digest: str = "", tell: Tell = tell_no_one) -> VerifyJournalOutcome:
    """The verdict on one journal. Raises JournalErrors."""
    from fairway.journal.chain import verify

    flaw = verify(_counted(journal.read(), tell), known=digest)
    last = journal.last()
    return VerifyJournalOutcome(
        is_done=flaw is None,
        records=last.seq if last is not None else 0,
        mode=journal.mode,
        trader=journal.trader,
        digest=last.digest if last is not None else "",
        flaw=str(flaw or ""),
        lines=(_verdict(journal, last, str(flaw or "")),),
    )


def _verdict(journal: "SqlReader", last: "Record | None", flaw: str) -> str:
    place = journal.name.removeprefix("the journal ")
    if flaw:
        return f"{journal.name} is broken at {flaw}"
    if last is None:
        return f"{place} holds no records yet"
    return f"{place} is whole: {last.seq:,} records, mode {journal.mode}, trader {journal.trader}, digest {last.digest}"


def _counted(records: "Iterator[Record]", tell: Tell) -> "Iterator[Record]":
    for count, record in enumerate(records, 1):
        if count % TOLD_EVERY == 0:
            tell(Progress(f"{count:,} records looked at so far"))
        yield record


VERIFY_JOURNAL = Operation(
    name="journal verify",
    summary="Check that no record of a journal was changed, lost, moved or put in.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=VerifyJournalRequest,
    subject=lambda asked: WHOLE_BOT,
    preview=lambda call: Preview(effect="reads the whole journal; nothing is changed"),
    perform=perform_verify,
)
OPERATIONS: Final = (VERIFY_JOURNAL,)
