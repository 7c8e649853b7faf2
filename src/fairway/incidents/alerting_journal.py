"""The journal of the alerting process and the command inbox beside it: where they are, their streams, and what they hold.

Both lie beside the trader's journal: files beside its file, or streams in the same database.
"""

from pathlib import Path
from typing import Final

from msgspec import Struct

from fairway.alerting.alert_events import ALERT_EVENTS
from fairway.incidents.alert_commands import ALERT_COMMANDS
from fairway.incidents.alerting_state import SERVICE_EVENTS
from fairway.incidents.incident_commands import INCIDENT_COMMANDS
from fairway.incidents.incident_events import INCIDENT_EVENTS
from fairway.incidents.tickets import TICKET_EVENTS
from fairway.journal.command_inbox import write_down, writing
from fairway.journal.command_reader import CommandReader
from fairway.journal.events import Codec
from fairway.notify.outbox import OutboxEvent
from fairway.store.place import Place

ALERTING_STREAM: Final = "alerting"
ALERTING_COMMAND_STREAM: Final = "alerting commands"
ALERTING_CODEC: Final = Codec(*ALERT_EVENTS, *INCIDENT_EVENTS, *TICKET_EVENTS, *SERVICE_EVENTS, OutboxEvent)
ALERTING_COMMAND_CODEC: Final = Codec(*INCIDENT_COMMANDS, *ALERT_COMMANDS)


def alerting_beside(journal: Place) -> Place:
    """Where the alerting journal of a trader's journal is."""
    return journal.with_name(f"{journal.name}.alerts") if isinstance(journal, Path) else journal


def alerting_inbox_beside(journal: Place) -> Place:
    return journal.with_name(f"{journal.name}.alerts.commands") if isinstance(journal, Path) else journal


def alerting_command_reader(journal: Place, *, mode: str, trader: str) -> CommandReader:
    """What people say to the alerting process beside a trader's journal."""
    where = alerting_inbox_beside(journal)
    return CommandReader(where, ALERTING_COMMAND_CODEC, mode=mode, trader=trader, stream=ALERTING_COMMAND_STREAM)


def tell_alerting(journal: Place, command: Struct, *, mode: str, trader: str, by: str, at: int) -> int:
    """Writes down a person's command to the alerting process; the number of its record. Raises JournalErrors."""
    where = alerting_inbox_beside(journal)
    with writing(where, ALERTING_COMMAND_CODEC, mode=mode, trader=trader, stream=ALERTING_COMMAND_STREAM) as inbox:
        return write_down(inbox, [command], [""], by=by, at=at)
