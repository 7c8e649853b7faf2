"""Reads records of the journals of one system as they are, page by page: the trader's, the launch's, the server's."""

from dataclasses import dataclass
from enum import StrEnum
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Final

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


class JournalName(StrEnum):
    """Whose journal."""

    TRADER = "trader"
    LAUNCH = "launch"
    SERVER = "server"


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalRequest:
    """after: the number of a record; those that follow it are read."""

    config: Path
    journal: JournalName
    after: int = 0
    limit: int = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class JournalOutcome(Outcome):
    """Oldest first."""

    records: "tuple[Record, ...]"


def read_journal(call: Call[JournalRequest]) -> JournalOutcome:
    """Records that the actor may see. A journal that does not exist yet holds nothing. Raises Refusal, JournalErrors."""
    from fairway.journal.port import JournalMissing

    asked = call.request
    if not 1 <= asked.limit <= PAGE_MAX:
        raise wrong_input(f"LIMIT_WRONG: limit={asked.limit}", f"is not between 1 and {PAGE_MAX}", field="limit", example="100")
    try:
        with opened_reader(load(asked.config), asked.journal) as reader:
            found = (each for each in reader.read(asked.after) if sees(call.actor, asked.journal, each.account, each.author))
            return JournalOutcome(records=tuple(islice(found, asked.limit)))
    except JournalMissing:
        return JournalOutcome(records=())


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
