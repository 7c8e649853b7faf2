"""Reads what the alerting journal holds: incidents, and the events of other kinds."""

from collections.abc import Collection, Iterator
from typing import TYPE_CHECKING, Any

from fairway.operations.refusal import against_rule, wrong_input

if TYPE_CHECKING:
    from fairway.incidents.incident import Incident, Incidents
    from fairway.journal.reader import SqlReader
    from fairway.settings import Settings


def alerting_reader(settings: "Settings") -> "SqlReader":
    """The alerting journal beside a trader's. Raises JournalErrors."""
    from fairway.incidents.alerting_journal import ALERTING_STREAM, alerting_beside
    from fairway.journal.sql import open_reader

    return open_reader(alerting_beside(settings.journal), trader=settings.account, stream=ALERTING_STREAM)


def incidents_now(settings: "Settings") -> "Incidents":
    """All incidents, folded from the journal. Raises Refusal where no alerting process has ever run, JournalErrors."""
    from fairway.incidents.folding import incidents_from
    from fairway.incidents.incident_events import INCIDENT_EVENTS
    from fairway.incidents.tickets import TICKET_EVENTS
    from fairway.notify.outbox import MessageSent

    return incidents_from(alerting_events(settings, (*INCIDENT_EVENTS, *TICKET_EVENTS, MessageSent)))


def alerting_events(settings: "Settings", kinds: Collection[type]) -> Iterator[tuple[int, Any]]:
    """Events of these kinds with their instants (ns), oldest first.

    Raises Refusal where no alerting process has ever run, JournalErrors.
    """
    from fairway.incidents.alerting_journal import ALERTING_CODEC
    from fairway.journal.port import JournalMissing

    names = {each.__name__ for each in kinds}
    try:
        with alerting_reader(settings) as journal:
            for each in journal.replay():
                if each.kind in names:
                    yield each.at, ALERTING_CODEC.decode(each)
    except JournalMissing:
        raise against_rule(
            "ALERTING_NEVER_RAN: journal", "no alerting process has run beside this journal yet; `fairway up` starts it"
        ) from None


def incident_named(state: "Incidents", name: str) -> "Incident":
    """Raises Refusal."""
    found = state.by_id.get(name)
    if found is None:
        known = ", ".join(list(state.by_id)[-5:]) or "none yet"
        raise wrong_input(
            f"INCIDENT_UNKNOWN: incident={name}",
            f"names no incident; the newest are {known}",
            field="incident",
            example="INC-20260105-1",
        )
    return found
