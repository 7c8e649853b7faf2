"""Reads records of the journals of one system as they are, page by page: the trader's, the launch's, the server's."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.journal.record_filter import RecordFilter
from fairway.operations.actor import Actor
from fairway.operations.operation import OWN_THINGS, WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
from fairway.operations.permissions import may_read, may_read_all
from fairway.operations.refusal import wrong_input
from fairway.people.roles import UserAct
from fairway.settings import Settings, load
from fairway.settings.server import SERVER_STREAM, server_journal_beside

if TYPE_CHECKING:
    from fairway.journal.port import Record
    from fairway.journal.reader import SqlReader

PAGE_MAX: Final = 500
SEARCHED_MAX: Final = 50_000
"""Records that one read looks through where it has a filter, or reads back: so many take about a tenth of a second."""
_NO_END: Final = 2**62


class JournalName(StrEnum):
    """Whose journal."""

    TRADER = "trader"
    LAUNCH = "launch"
    SERVER = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRequest:
    """after, before: numbers of records; those between them are read, and 0 is no bound.

    newest: where there are more than the limit, the newest of them, and not the oldest. wanted: which of them.
    """

    config: Path
    journal: JournalName
    after: int = 0
    limit: int = 100
    before: int = 0
    newest: bool = False
    wanted: RecordFilter = RecordFilter()


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalOutcome(Outcome):
    """records: oldest first. last: the number of the newest record of the journal, 0 for none.

    searched_after, searched_before: numbers of records; all between them that fit are here, where the limit was not reached.
    """

    records: "tuple[Record, ...]"
    last: int = 0
    searched_after: int = 0
    searched_before: int = 0


def read_journal(call: Call[JournalRequest]) -> JournalOutcome:
    """Records that the actor may see. A journal that does not exist yet holds nothing. Raises Refusal, JournalErrors."""
    from fairway.journal.port import JournalMissing

    asked = call.request
    if not 1 <= asked.limit <= PAGE_MAX:
        raise wrong_input(f"LIMIT_WRONG: limit={asked.limit}", f"is not between 1 and {PAGE_MAX}", field="limit", example="100")
    try:
        with opened_reader(load(asked.config), asked.journal) as reader:
            newest = reader.last()
            last = newest.seq if newest is not None else 0
            after, before = _bounds(asked, last)
            found = _found(reader, asked, after, before)
            seen = (each for each in found if sees(call.actor, asked.journal, each.account, each.author))
            records = sorted(islice(seen, asked.limit), key=lambda each: each.seq)
    except JournalMissing:
        return JournalOutcome(records=())
    return JournalOutcome(records=tuple(records), last=last, searched_after=after, searched_before=before)


def _bounds(asked: JournalRequest, last: int) -> tuple[int, int]:
    """What is looked through: what is asked for, and SEARCHED_MAX at most where that could be the whole journal."""
    before = min(asked.before or _NO_END, last + 1)
    if asked.newest:
        return max(asked.after, before - SEARCHED_MAX - 1), before
    if asked.wanted.is_narrow:
        return asked.after, min(before, asked.after + SEARCHED_MAX + 1)
    return asked.after, before


def _found(reader: "SqlReader", asked: JournalRequest, after: int, before: int) -> "Iterator[Record]":
    if not asked.newest and not asked.wanted.is_narrow and not asked.before:
        return reader.read(after)  # also what is written meanwhile
    return reader.found(asked.wanted, after, before, backwards=asked.newest, count=asked.limit)


def sees(actor: Actor, journal: JournalName, account: str, author: str) -> bool:
    """Whether the actor may see a record of this account by this author.

    Who may not read the whole bot sees the records of the own accounts in the trader's journal, and the own deeds in the
    server's.
    """
    if may_read_all(actor):
        return True
    match journal:
        case JournalName.TRADER:
            return may_read(actor, account)
        case JournalName.SERVER:
            return author == actor.name
        case JournalName.LAUNCH:
            return False


def opened_reader(settings: Settings, journal: JournalName) -> "SqlReader":
    """Of one of the journals beside a trader's. Raises JournalErrors."""
    from fairway.journal.port import TRADER_STREAM
    from fairway.journal.sql import open_reader
    from fairway.launch.control.command_inbox import PILOT_STREAM, launch_beside

    where, stream = {
        JournalName.TRADER: (settings.journal, TRADER_STREAM),
        JournalName.LAUNCH: (launch_beside(settings.journal), PILOT_STREAM),
        JournalName.SERVER: (server_journal_beside(settings.journal), SERVER_STREAM),
    }[journal]
    return open_reader(where, trader=settings.account, stream=stream)


READ_JOURNAL = Operation(
    name="journal",
    summary="Show records of a journal as they are.",
    act=UserAct.READ,
    exposure=Exposure.KEEPS,
    request=JournalRequest,
    subject=lambda asked: WHOLE_BOT if asked.journal is JournalName.LAUNCH else OWN_THINGS,
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=read_journal,
)
OPERATIONS: Final = (READ_JOURNAL,)
