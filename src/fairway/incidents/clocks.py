"""Moves incidents by what has happened and by time: stable, resolved and closed by themselves, and what is late."""

from collections.abc import Iterator

from msgspec import Struct

from fairway.incidents.incident import ActionState, Incident
from fairway.incidents.incident_context import IncidentContext
from fairway.incidents.incident_events import ActionItemOverdue, EscalationRaised, FiguresNoted, MitigationDone, ResponseClock
from fairway.incidents.lifecycle import (
    ALERTING,
    IncidentClosed,
    IncidentPhase,
    IncidentResolved,
    IncidentStabilised,
    IncidentWorsened,
    MitigationBegan,
)
from fairway.texts.durations import duration_words


def mitigation_began(incident: Incident, done: MitigationDone) -> Iterator[MitigationBegan]:
    if done.is_done and incident.phase is IncidentPhase.DECLARED:
        yield MitigationBegan(incident=incident.id, by=ALERTING, why=f"Fairway has acted: {done.action}")


def move(context: IncidentContext) -> Iterator[Struct]:
    """One incident after the other. Severities that need a postmortem are resolved by people alone."""
    for incident in list(context.state.living()):
        yield from _phase(context, incident)


def _phase(context: IncidentContext, incident: Incident) -> Iterator[Struct]:
    """Its move, if it is due; escalations are decided where its messages are."""
    policy, since = context.policy, context.now - incident.phase_at
    match incident.phase:
        case IncidentPhase.DECLARED | IncidentPhase.MITIGATING if incident.is_of_alerts and not incident.firing:
            yield IncidentStabilised(incident=incident.id, by=ALERTING, why="all its alerts have cleared")
        case IncidentPhase.STABLE if loud := context.loud(incident):
            yield IncidentWorsened(incident=incident.id, by=ALERTING, why=f"{loud[0]} fires again")
        case IncidentPhase.STABLE if _ends_by_itself(incident) and since >= policy.quiet_ns:
            why = f"no alert of it has fired for {duration_words(policy.quiet_ns)}"
            yield IncidentResolved(incident=incident.id, by=ALERTING, why=why)
        case IncidentPhase.RESOLVED if not incident.needs_postmortem and since >= policy.reopen_ns:
            why = f"its cause has not come back for {duration_words(policy.reopen_ns)}"
            yield IncidentClosed(incident=incident.id, by=ALERTING, why=why)


def note_figures(context: IncidentContext) -> Iterator[FiguresNoted]:
    """What is known of money: at the beginning, when protection has changed, and at the end."""
    facts = context.tick.facts
    for incident in list(context.state.living()):
        known = incident.figures
        is_new = known is None or (incident.is_open and known.protection is not facts.protection)
        if is_new or incident.figures_at < incident.resolved_at:
            yield FiguresNoted(
                incident=incident.id,
                protection=facts.protection,
                detail=facts.detail,
                exposure=facts.exposure,
                realized=facts.realized,
            )


def _ends_by_itself(incident: Incident) -> bool:
    return incident.is_of_alerts and not incident.needs_postmortem


def escalation_of(context: IncidentContext, incident: Incident) -> EscalationRaised | None:
    """The steps that have become due while no person has acknowledged it, as one; None where none has."""
    if not incident.is_open or incident.acknowledged_at:
        return None
    table = context.policy.escalation
    due = table(incident.severity, incident.response_since, incident.escalated_to, context.now)
    channels = tuple(dict.fromkeys(channel for each in due for channel in each.by))
    if not channels:
        return None
    who = ", ".join(dict.fromkeys(person for each in due for person in each.to))
    return EscalationRaised(
        incident=incident.id, clock=ResponseClock.ACKNOWLEDGEMENT, step=incident.steps + 1, channels=channels, who=who
    )


def reminder_of(context: IncidentContext, incident: Incident) -> EscalationRaised | None:
    """That an update or the postmortem is late, once for each time that it is due; None where it is not."""
    policy = context.policy
    if incident.is_open and incident.acknowledged_at:
        clock, every, since = ResponseClock.UPDATE, policy.update_ns.get(incident.severity, 0), incident.updated_at
    elif not incident.is_open and incident.needs_postmortem:
        clock, every, since = ResponseClock.POSTMORTEM, policy.postmortem_ns, incident.resolved_at
    else:
        return None
    if not every or context.now - max(since, incident.reminded_at) < every:
        return None
    channels = policy.routes_of(incident.severity)
    return EscalationRaised(incident=incident.id, clock=clock, step=1, channels=channels, who=incident.commander)


def watch_items(context: IncidentContext) -> Iterator[Struct]:
    """Action items whose day has passed."""
    for item in list(context.state.actions.values()):
        if item.state is ActionState.OPEN and context.now >= item.due_at:
            yield ActionItemOverdue(incident=item.incident, item=item.id)
