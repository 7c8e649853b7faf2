"""Addresses of the journal explorer that show the records behind a number, a cap or a verdict; the newest stands first."""

from urllib.parse import urlencode

from fairway.operations.trader.read_journal import JournalName
from fairway.panel.guards import MOUNT


def records_of(kind: str = "", *, account: str = "", text: str = "", journal: JournalName = JournalName.TRADER) -> str:
    """The records of a kind. text: what their body contains."""
    asked = {"journal": journal.value, "account": account, "kind": kind, "text": text}
    return f"{MOUNT}/journal?{urlencode({name: value for name, value in asked.items() if value})}"


def record_at(number: int, journal: JournalName = JournalName.TRADER) -> str:
    """One record, opened, with those that follow it."""
    return f"{MOUNT}/journal?{urlencode({'journal': journal.value, 'after': number - 1})}"
