"""Reads records of the journals of one system as they are, page by page: the trader's, the launch's, the server's."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.operation import WHOLE_BOT, Call, Exposure, Operation, Outcome, Preview
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
    """A journal that does not exist yet holds nothing. Raises Refusal, SettingsError, JournalErrors."""
    from fairway.journal.port import JournalMissing

    asked = call.request
    if not 1 <= asked.limit <= PAGE_MAX:
        raise wrong_input(f"LIMIT_WRONG: limit={asked.limit}", f"is not between 1 and {PAGE_MAX}", field="limit", example="100")
    try:
        with opened_reader(load(asked.config), asked.journal) as reader:
            return JournalOutcome(records=tuple(reader.page(asked.after)[: asked.limit]))
    except JournalMissing:
        return JournalOutcome(records=())


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
    subject=lambda asked: WHOLE_BOT,
    preview=lambda call: Preview(effect="reads the journal; nothing is changed"),
    perform=read_journal,
)
OPERATIONS: Final = (READ_JOURNAL,)
