"""Folds events of the alerting journal into the state of incidents: one handler for each kind of event."""

from collections.abc import Callable, Iterable
from typing import Any, Final

from msgspec import Struct
from msgspec.structs import replace

from fairway.incidents import incident_events as events
from fairway.incidents.incident import UPDATES_KEPT, ActionItem, ActionState, Incident, Incidents, JoinedAlert, urgency
from fairway.incidents.incident_events import AnnouncementKind, ResponseClock
from fairway.incidents.lifecycle import (
    ALERTING,
    IncidentClosed,
    IncidentMove,
    IncidentPhase,
    IncidentReopened,
    IncidentResolved,
    IncidentStabilised,
    phase_after,
)
from fairway.incidents.tickets import TICKET_EVENTS
from fairway.notify.outbox import MessageSent
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import text_of

DAYS_KEPT: Final = 30
UNSAID_MAX: Final = 20
"""Changes that wait for a message; beyond it the oldest go, and the timeline has them."""


def apply_event(state: Incidents, event: Struct, at: int) -> None:
    """Changes the state by one event, live and in replay alike; other rooms' events change nothing. at: ns.

    Raises IncidentMoveRefused for a move that the table lacks, KeyError for an incident that was never declared.
    """
    if isinstance(event, IncidentMove):
        _moved(state.by_id[event.incident], event, at)
        return
    if isinstance(event, TICKET_EVENTS):
        state.tickets.apply(event, at)
        return
    handler = HANDLERS.get(type(event))
    if handler is not None:
        handler(state, event, at)


def incidents_from(entries: Iterable[tuple[int, Struct]]) -> Incidents:
    """The state, folded from events with their instants (ns)."""
    state = Incidents()
    for at, event in entries:
        apply_event(state, event, at)
    return state


def day_of(at: int) -> str:
    """`20260103`: the day of an instant, UTC."""
    return text_of(at)[:10].replace("-", "")


def _unsaid(incident: Incident, what: str, *, urgent: bool = False) -> None:
    report = incident.report
    report.unsaid = (*report.unsaid, what)[-UNSAID_MAX:]
    report.is_urgent = report.is_urgent or urgent


def _moved(incident: Incident, move: IncidentMove, at: int) -> None:
    incident.phase, incident.phase_at = phase_after(incident.phase, move), at
    if move.by != ALERTING:
        incident.updated_at = at
    if incident.phase is IncidentPhase.MITIGATING:
        incident.mitigated_at = incident.mitigated_at or at
    match move:
        case IncidentStabilised():
            incident.stable_at = at
        case IncidentResolved():
            incident.resolved_at = at
            incident.stable_at = incident.stable_at or at
        case IncidentReopened():
            incident.reopened += 1
            incident.acknowledged_at = incident.stable_at = incident.resolved_at = incident.steps = 0
            incident.response_since, incident.escalated_to = at, at - 1
            incident.report.users_told_start = incident.report.users_told_end = False
        case IncidentClosed():
            incident.closed_at = at
            return  # people have read that it is resolved
    _unsaid(incident, f"{incident.phase.value}: {move.why}" + ("" if move.by == ALERTING else f" ({move.by})"))


def _declared(state: Incidents, event: events.IncidentDeclared, at: int) -> None:
    state.by_id[event.incident] = Incident(
        id=event.incident,
        cause=event.cause,
        title=event.title,
        severity=event.severity,
        by=event.by,
        declared_at=at,
        since=event.since,
        runbook=event.runbook,
        realized=event.realized,
        stage=event.stage,
        is_drill=event.is_drill,
        phase_at=at,
        response_since=at,
        escalated_to=at - 1,
        updated_at=at,
    )
    day = day_of(at)
    state.numbers[day] = state.numbers.get(day, 0) + 1
    while len(state.numbers) > DAYS_KEPT:
        del state.numbers[min(state.numbers)]


def _joined(state: Incidents, event: events.AlertJoined, at: int) -> None:
    incident = state.by_id[event.incident]
    state.firing[event.key] = event.incident
    known = incident.alerts.get(event.key)
    report = incident.report
    report.is_urgent = report.is_urgent or _is_told_at_once(event)
    if known is not None and known.announced:
        _unsaid(incident, f"fires again: {event.key}: {event.reason}")
    incident.alerts[event.key] = JoinedAlert(
        severity=event.severity,
        reason=event.reason,
        since=event.since,
        event_at=event.event_at,
        joined_at=known.joined_at if known is not None else at,
        runbook=event.runbook,
        is_money=event.is_money,
        notifies=event.notifies,
        announced=known is not None and known.announced,
    )
    incident.since = min(incident.since, event.since)


def _is_told_at_once(event: events.AlertJoined) -> bool:
    """Whether it is not collected: a P0 about money of a second account is no news of the first one's."""
    return event.is_money and event.severity is AlertSeverity.P0 and event.notifies


def _left(state: Incidents, event: events.AlertLeft, at: int) -> None:
    incident = state.by_id[event.incident]
    state.firing.pop(event.key, None)
    alert = incident.alerts[event.key]
    incident.alerts[event.key] = replace(alert, is_firing=False)
    if alert.announced:
        _unsaid(incident, f"cleared: {event.key}" + (f": {event.reason}" if event.reason else ""))


def _severity(state: Incidents, event: events.SeverityChanged, at: int) -> None:
    incident = state.by_id[event.incident]
    is_raised = urgency(event.now) < urgency(incident.severity)
    incident.severity = event.now
    if event.by != ALERTING:
        incident.updated_at = at
    incident.response_since, incident.escalated_to = at, at - 1
    _unsaid(incident, f"severity {event.now.value}, was {event.was.value}: {event.why} ({event.by})", urgent=is_raised)


def _acknowledged(state: Incidents, event: events.IncidentAcknowledged, at: int) -> None:
    incident = state.by_id[event.incident]
    incident.commander = incident.commander or event.by
    incident.acknowledged_at = incident.updated_at = at
    incident.first_acknowledged_at = incident.first_acknowledged_at or at
    _unsaid(incident, f"acknowledged by {event.by}", urgent=True)


def _commander(state: Incidents, event: events.CommanderChanged, at: int) -> None:
    incident = state.by_id[event.incident]
    incident.commander, incident.updated_at = event.now, at
    incident.acknowledged_at = incident.acknowledged_at or at
    incident.first_acknowledged_at = incident.first_acknowledged_at or at
    _unsaid(incident, f"{event.now} commands it now" + (f", and not {event.was}" if event.was else ""), urgent=True)


def _noted(state: Incidents, event: events.NoteAdded, at: int) -> None:
    incident = state.by_id[event.incident]
    if incident.phase is not IncidentPhase.CLOSED:  # a note on a closed one is in the timeline alone
        incident.updated_at = at


def _informed(state: Incidents, event: events.UsersInformed, at: int) -> None:
    incident = state.by_id[event.incident]
    incident.updates = (*incident.updates, (at, event))[-UPDATES_KEPT:]
    incident.updated_at = at
    incident.report.users_unsaid = True


def _mitigated(state: Incidents, event: events.MitigationDone, at: int) -> None:
    """The first of its kind is told at once. A rule may act on hundreds of accounts, some each second: those are collected."""
    incident = state.by_id[event.incident]
    is_news = all((each.action, each.is_done) != (event.action, event.is_done) for each in incident.mitigations)
    incident.mitigations = (*incident.mitigations, event)[-UPDATES_KEPT:]
    is_urgent = is_news and (not event.is_done or urgency(incident.severity) == 0)
    done = "done by Fairway" if event.is_done else "NOT DONE"
    _unsaid(incident, f"{event.action}, {done}: {event.outcome}", urgent=is_urgent)


def _noted_figures(state: Incidents, event: events.FiguresNoted, at: int) -> None:
    incident = state.by_id[event.incident]
    incident.figures, incident.figures_at = event, at
    incident.protections |= {event.protection}


def _escalated(state: Incidents, event: events.EscalationRaised, at: int) -> None:
    incident = state.by_id[event.incident]
    if event.clock is ResponseClock.ACKNOWLEDGEMENT:
        incident.escalated_to, incident.steps = at, event.step
    else:
        incident.reminded_at = at


def _announced(state: Incidents, event: events.IncidentAnnounced, at: int) -> None:
    incident = state.by_id[event.incident]
    report = incident.report
    report.number, report.at = event.number, at
    report.channels = tuple(dict.fromkeys((*report.channels, *event.channels)))
    report.phase, report.severity = incident.phase, incident.severity
    if event.kind is not AnnouncementKind.ESCALATED:
        report.unsaid, report.is_urgent = (), False
        for key, alert in incident.alerts.items():
            if alert.notifies and not alert.announced:
                incident.alerts[key] = replace(alert, announced=True)


def _delivered(state: Incidents, event: MessageSent, at: int) -> None:
    incident = state.by_id.get(incident_of_message(event.id))
    if incident is not None:
        incident.report.delivered = tuple(dict.fromkeys((*incident.report.delivered, event.channel)))


def incident_of_message(id: str) -> str:
    """A message to the people on call carries its incident's id before its number."""
    return id.rpartition("-")[0]


def _users_announced(state: Incidents, event: events.UsersAnnounced, at: int) -> None:
    state.users_messages, state.users_at = event.number, at
    for name in event.incidents:
        incident = state.by_id[name]
        incident.report.users_told_start, incident.report.users_unsaid = True, False
        incident.report.users_told_end = not incident.is_open


def _action_added(state: Incidents, event: events.ActionItemAdded, at: int) -> None:
    state.actions[event.item] = ActionItem(
        id=event.item,
        incident=event.incident,
        text=event.text,
        owner=event.owner,
        due_at=event.due_at,
        verification=event.verification,
        added_at=at,
    )


def _action_done(state: Incidents, event: events.ActionItemDone, at: int) -> None:
    now = ActionState.DONE if event.shown else ActionState.ATTESTED
    shown_by = event.shown or f"attested by {event.by}: {event.attested}"
    state.actions[event.item] = replace(state.actions[event.item], state=now, done_at=at, shown_by=shown_by)


def _action_overdue(state: Incidents, event: events.ActionItemOverdue, at: int) -> None:
    state.actions[event.item] = replace(state.actions[event.item], state=ActionState.OVERDUE)


def _on_call(state: Incidents, event: events.OnCallChanged, at: int) -> None:
    state.on_call, state.turns = event.now, event.number


def _answered(state: Incidents, event: events.CommandAnswered, at: int) -> None:
    if event.number > state.commands_read:  # commands of one tick may be answered in another order
        state.commands_read, state.commands_digest = event.number, event.digest


HANDLERS: Final[dict[type[Struct], Callable[[Incidents, Any, int], None]]] = {
    events.IncidentDeclared: _declared,
    events.AlertJoined: _joined,
    events.AlertLeft: _left,
    events.SeverityChanged: _severity,
    events.IncidentAcknowledged: _acknowledged,
    events.CommanderChanged: _commander,
    events.NoteAdded: _noted,
    events.UsersInformed: _informed,
    events.MitigationDone: _mitigated,
    events.FiguresNoted: _noted_figures,
    events.EscalationRaised: _escalated,
    events.IncidentAnnounced: _announced,
    MessageSent: _delivered,
    events.UsersAnnounced: _users_announced,
    events.ActionItemAdded: _action_added,
    events.ActionItemDone: _action_done,
    events.ActionItemOverdue: _action_overdue,
    events.OnCallChanged: _on_call,
    events.CommandAnswered: _answered,
}
