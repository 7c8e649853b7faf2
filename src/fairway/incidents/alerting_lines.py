"""What the records of the alerting journal say in the timeline of one incident: alerts, people, messages, action items."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from msgspec import Struct

from fairway.incidents import incident_events as events
from fairway.incidents.alerting_journal import ALERTING_CODEC
from fairway.incidents.folding import incident_of_message
from fairway.incidents.lifecycle import INCIDENT_MOVES, TRANSITIONS, IncidentMove
from fairway.incidents.timeline import Entry, TimelineSource
from fairway.notify.outbox import MessageFailed, MessageSent
from fairway.world.clock import text_of

_TARGETS: Final = {move: phase for (_, move), phase in TRANSITIONS.items()}


def alerting_source(incident: str) -> TimelineSource:
    """The alerting journal, as far as it is about one incident."""

    def text(entry: Entry) -> str:
        event = ALERTING_CODEC.decode(entry)
        if _incident_of(event) != incident:
            return ""
        return _moved(event) if isinstance(event, IncidentMove) else TEXTS[type(event)](event)

    kinds: tuple[type[Struct], ...] = (*TEXTS, *INCIDENT_MOVES)
    return TimelineSource("alerting", {kind.__name__: text for kind in kinds})


def _incident_of(event: Struct) -> str:
    """Which incident an event is about."""
    if isinstance(event, MessageSent | MessageFailed):
        return incident_of_message(event.id)
    return str(getattr(event, "incident", ""))


def _moved(event: IncidentMove) -> str:
    return f"{_TARGETS[type(event)].value}, by {event.by}: {event.why}"


def _joined(event: events.AlertJoined) -> str:
    quiet = "" if event.notifies else " (it follows from another alert, or is silenced)"
    return f"alert {event.key} ({event.severity.value}): {event.reason}{quiet}"


def _informed(event: events.UsersInformed) -> str:
    return f"{event.by} wrote to users: {event.impact}" + (f" (until {text_of(event.eta)[:16]})" if event.eta else "")


def _mitigated(event: events.MitigationDone) -> str:
    return f"Fairway {'did' if event.is_done else 'could NOT do'} {event.action}: {event.outcome}"


def _figures(event: events.FiguresNoted) -> str:
    exposure = event.exposure if event.exposure is not None else "unknown"
    return f"positions {event.protection.value}{f' ({event.detail})' if event.detail else ''}, exposure {exposure}"


def _escalated(event: events.EscalationRaised) -> str:
    who = f" for {event.who}" if event.who else ""
    return f"escalation {event.step} of its {event.clock.value}: to {', '.join(event.channels)}{who}"


def _commander(event: events.CommanderChanged) -> str:
    return f"{event.now} commands it" + (f", and not {event.was}" if event.was else "") + f": {event.why}"


def _action_done(event: events.ActionItemDone) -> str:
    if event.shown:
        return f"action item {event.item} is done, shown by {event.shown}"
    return f"action item {event.item} was not shown to be done; attested by {event.by}: {event.attested}"


TEXTS: Final[Mapping[type[Struct], Callable[[Any], str]]] = {
    events.IncidentDeclared: lambda event: f"declared as {event.severity.value} by {event.by}: {event.title}",
    events.AlertJoined: _joined,
    events.AlertLeft: lambda event: f"alert {event.key} cleared" + (f": {event.reason}" if event.reason else ""),
    events.SeverityChanged: lambda event: f"severity {event.now.value}, was {event.was.value}, by {event.by}: {event.why}",
    events.IncidentAcknowledged: lambda event: f"acknowledged by {event.by}",
    events.CommanderChanged: _commander,
    events.NoteAdded: lambda event: f"{event.by}: {event.text}",
    events.UsersInformed: _informed,
    events.MitigationDone: _mitigated,
    events.FiguresNoted: _figures,
    events.EscalationRaised: _escalated,
    events.IncidentAnnounced: lambda event: f"message {event.number} ({event.kind.value}) to {', '.join(event.channels)}",
    events.ActionItemAdded: lambda event: f"action item {event.item} for {event.owner}: {event.text}",
    events.ActionItemDone: _action_done,
    events.ActionItemOverdue: lambda event: f"action item {event.item} is overdue",
    MessageSent: lambda event: f"message {event.id} was delivered by {event.channel}",
    MessageFailed: lambda event: f"message {event.id} was NOT delivered by {event.channel}: {event.why}",
}
"""By kind, the sentence of one of its events."""
