"""Builds the timeline of an incident from the journals of trader, launch, server and alerting, as they are now."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from msgspec.json import Decoder

from fairway.operations.incidents.reading import alerting_reader

if TYPE_CHECKING:
    from fairway.incidents.incident import Incident
    from fairway.incidents.timeline import Entry, IncidentTimeline, TimelineLine, TimelineSource
    from fairway.journal.reader import SqlReader
    from fairway.settings import Settings

SERVER_KIND: Final = "CommandAccepted"
"""Of the server's journal commands alone belong to an incident: who asked for what."""
_FIELDS: Final = Decoder(dict[str, object])


def timeline_now(settings: "Settings", incident: "Incident") -> "IncidentTimeline":
    """A journal that is missing or cannot be read is named in it. Raises JournalErrors of the alerting journal."""
    from fairway.incidents.alerting_lines import alerting_source
    from fairway.incidents.timeline import MoneyImpact, merged
    from fairway.incidents.trader_lines import trader_source
    from fairway.journal.port import JournalError
    from fairway.world.clock import SystemClock

    money, unread, now = MoneyImpact(), {}, SystemClock().now()
    until = incident.resolved_at or now
    found = {}
    wanted: tuple[tuple[TimelineSource, Callable[[], SqlReader]], ...] = (
        (trader_source(money), lambda: _trader(settings)),
        (_launch_source(), lambda: _launch(settings)),
        (_server_source(), lambda: _server(settings)),
    )
    for source, opened in wanted:
        try:
            with opened() as journal:
                found[source.name] = _lines(journal, source, incident.since, until)
        except JournalError as error:
            unread[source.name] = str(error)
    with alerting_reader(settings) as journal:
        own = alerting_source(incident.id)
        found[own.name] = _lines(journal, own, incident.since, now)
    return merged(found, money, incident.since, until, unread)


def _lines(journal: "SqlReader", source: "TimelineSource", since: int, until: int) -> "tuple[list[TimelineLine], int]":
    from fairway.incidents.timeline import MARGIN_NS, lines_of, number_before

    first = since - MARGIN_NS
    return lines_of(source, journal.replay(number_before(journal, first)), first, until)


def _trader(settings: "Settings") -> "SqlReader":
    from fairway.journal.sql import open_reader

    return open_reader(settings.journal, trader=settings.account)


def _launch(settings: "Settings") -> "SqlReader":
    from fairway.assembly.tower import reader_of

    return reader_of(settings)


def _server(settings: "Settings") -> "SqlReader":
    from fairway.journal.sql import open_reader
    from fairway.settings.server import SERVER_STREAM, server_journal_beside

    return open_reader(server_journal_beside(settings.journal), trader=settings.account, stream=SERVER_STREAM)


def _launch_source() -> "TimelineSource":
    from fairway.incidents.timeline import TimelineSource
    from fairway.launch.control.launch_events import EVENTS
    from fairway.launch.control.state import CODEC
    from fairway.launch.views.event_text import event_in_words

    def text(entry: "Entry") -> str:
        return event_in_words(CODEC.decode(entry))

    return TimelineSource("launch", {each.__name__: text for each in EVENTS})


def _server_source() -> "TimelineSource":
    """The server's own events belong to the room `api`, which lies above this one: its fields are read by their names."""
    from fairway.incidents.timeline import TimelineSource

    def text(entry: "Entry") -> str:
        fields = _FIELDS.decode(entry.body)
        return f"asked over {fields.get('shell', 'HTTP')}: {fields.get('operation', 'unknown')}"

    return TimelineSource("server", {SERVER_KIND: text})
