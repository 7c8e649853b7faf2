"""Joins alerts to incidents: one open incident for one cause, and with it the alerts that follow from its own."""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from fairway.incidents.folding import day_of
from fairway.incidents.incident import Incident, Incidents, most_urgent, urgency
from fairway.incidents.incident_context import IncidentContext
from fairway.incidents.incident_events import AlertJoined, AlertLeft, IncidentDeclared, SeverityChanged
from fairway.incidents.incident_tick import FiringAlert
from fairway.incidents.lifecycle import ALERTING, IncidentReopened

PASSES: Final = 3
"""An alert may follow from one that itself follows from another."""
TITLE_MAX: Final = 160


def leave(context: IncidentContext) -> Iterator[Struct]:
    """Alerts of incidents that fire no longer."""
    for key, incident in list(context.state.firing.items()):
        if key not in context.tick.firing:
            yield AlertLeft(incident=incident, key=key, reason=context.tick.cleared(key))


def join(context: IncidentContext) -> Iterator[Struct]:
    """Alerts that fire and belong to no incident yet: first those that stand for themselves, then those that follow from them."""
    fresh = [each for key, each in context.tick.firing.items() if key not in context.state.firing]
    causes: dict[str, list[FiringAlert]] = {}
    for each in fresh:
        if not each.inhibited_by:
            causes.setdefault(each.fired.incident, []).append(each)
    for cause, alerts in causes.items():
        yield from _join_cause(context, cause, alerts)
    for _ in range(PASSES):
        for each in fresh:
            incident = next(filter(None, map(context.state.incident_of, each.inhibited_by)), "")
            if incident and each.fired.key not in context.state.firing:
                yield _joined(incident, each)


def _join_cause(context: IncidentContext, cause: str, alerts: Sequence[FiringAlert]) -> Iterator[Struct]:
    """Silenced alerts are shown in an open incident of their cause, and open none."""
    loud = [each for each in alerts if not each.silenced]
    known = context.state.open_of(cause)
    if known is None and not loud:
        return
    if known is None:
        known = context.state.recent_of(cause, context.now - context.policy.reopen_ns)
        if known is not None:
            yield IncidentReopened(incident=known.id, by=ALERTING, why=f"{loud[0].fired.key} fires again")
        else:
            declared = _declared(context, cause, loud)
            yield declared
            known = context.state.by_id[declared.incident]
    yield from (_joined(known.id, each) for each in alerts)
    yield from _raised(known, loud)


def _raised(incident: Incident, loud: Sequence[FiringAlert]) -> Iterator[SeverityChanged]:
    """An alert raises the severity of its incident, and never lowers it."""
    if not loud:
        return
    worst = min(loud, key=lambda each: urgency(each.fired.severity))
    if urgency(worst.fired.severity) < urgency(incident.severity):
        was, now = incident.severity, worst.fired.severity
        yield SeverityChanged(incident=incident.id, was=was, now=now, by=ALERTING, why=f"{worst.fired.key} fires")


def next_incident_id(state: Incidents, now: int) -> str:
    """`INC-20260103-1`: counted from 1 on each day (UTC)."""
    day = day_of(now)
    return f"INC-{day}-{state.numbers.get(day, 0) + 1}"


def _declared(context: IncidentContext, cause: str, loud: Sequence[FiringAlert]) -> IncidentDeclared:
    severity = most_urgent([each.fired.severity for each in loud])
    first = next(each.fired for each in loud if each.fired.severity is severity)
    facts = context.tick.facts
    return IncidentDeclared(
        incident=next_incident_id(context.state, context.now),
        cause=cause,
        title=f"{cause}: {first.says.rstrip('.') or first.reason}"[:TITLE_MAX],
        severity=severity,
        by=ALERTING,
        since=min(each.fired.since for each in loud),
        runbook=first.runbook,
        realized=facts.realized,
        stage=facts.stage,
    )


def _joined(incident: str, each: FiringAlert) -> AlertJoined:
    fired = each.fired
    return AlertJoined(
        incident=incident,
        key=fired.key,
        severity=fired.severity,
        reason=fired.sentence,
        since=fired.since,
        event_at=fired.event_at,
        runbook=fired.runbook,
        is_money=fired.is_money,
        notifies=not (each.silenced or each.inhibited_by),
    )
