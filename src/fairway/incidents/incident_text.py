"""What the people on call read about an incident: a title, and lines that list at most ten alerts and count the others."""

from collections.abc import Iterator, Sequence
from typing import Final

from fairway.alerting.alert_events import AlertKey
from fairway.incidents.incident import Incident, Incidents, JoinedAlert, urgency
from fairway.incidents.incident_context import IncidentContext
from fairway.incidents.incident_events import AnnouncementKind, EscalationRaised, ResponseClock
from fairway.incidents.incident_tick import IncidentFacts
from fairway.incidents.policy import SUBJECTS_MAX, IncidentPolicy
from fairway.money.amount import Amount
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.message import Argument, DurationValue, message
from fairway.texts.messages.response_messages import ResponseMessage

UNKNOWN: Final = "unknown"


def _said(key: ResponseMessage, **arguments: Argument) -> str:
    return line(message(key, **arguments))


def title(incident: Incident, kind: AnnouncementKind) -> str:
    return _said(
        ResponseMessage.TITLE,
        incident=incident.id,
        kind=kind.value,
        title=" ".join(incident.title.split()),
    )


def unannounced(incident: Incident) -> list[tuple[AlertKey, JoinedAlert]]:
    """Alerts that fire and were in no message yet, the most urgent first."""
    found = [(key, each) for key, each in incident.alerts.items() if each.notifies and each.is_firing and not each.announced]
    return sorted(found, key=lambda pair: urgency(pair[1].severity))


def lines(context: IncidentContext, incident: Incident, kind: AnnouncementKind, said: Sequence[str]) -> Iterator[str]:
    """said: lines that come first."""
    yield from said
    alerts = unannounced(incident)
    for key, alert in alerts[:SUBJECTS_MAX]:
        yield _said(ResponseMessage.ALERT, alert=str(key), severity=alert.severity.value, reason=alert.reason)
    if len(alerts) > SUBJECTS_MAX:
        yield _said(ResponseMessage.ALERTS_MORE, count=len(alerts) - SUBJECTS_MAX)
    quiet = sum(each.is_firing and not each.notifies for each in incident.alerts.values())
    if quiet:
        yield _said(ResponseMessage.ALERTS_FOLLOWING, count=quiet)
    yield from (_said(ResponseMessage.CHANGE, what=each) for each in incident.report.unsaid[-SUBJECTS_MAX:])
    yield from _facts(context.tick.facts, incident)
    if kind is AnnouncementKind.RESOLVED and incident.needs_postmortem:
        yield _said(ResponseMessage.POSTMORTEM_ASKED)
    elif incident.runbook and kind is not AnnouncementKind.RESOLVED:
        yield _said(ResponseMessage.RUNBOOK, runbook=incident.runbook)


def _facts(facts: IncidentFacts, incident: Incident) -> Iterator[str]:
    yield _said(ResponseMessage.PROTECTION, protection=facts.protection.value, detail=facts.detail)
    result = result_since(incident, facts.realized)
    exposure = facts.exposure if facts.exposure is not None else UNKNOWN  # an amount of zero is known, and false
    yield _said(ResponseMessage.MONEY, exposure=exposure, result=result if result is not None else UNKNOWN)
    if facts.stage:
        yield _said(ResponseMessage.LAUNCH, stage=facts.stage, holds=", ".join(facts.holds))
    if incident.commander:
        yield _said(ResponseMessage.COMMANDER, commander=incident.commander)


def result_since(incident: Incident, realized: Amount | None) -> Amount | None:
    """What all accounts have earned since it was declared; None where that is unknown."""
    if realized is None or incident.realized is None or realized.asset != incident.realized.asset:
        return None
    return realized - incident.realized


def escalation(incident: Incident, raised: EscalationRaised, now: int) -> str:
    """Why it is escalated."""
    match raised.clock:
        case ResponseClock.ACKNOWLEDGEMENT if not incident.report.number or now == incident.response_since:
            return _said(ResponseMessage.ON_CALL, who=raised.who)
        case ResponseClock.ACKNOWLEDGEMENT:
            return _said(ResponseMessage.NOT_ACKNOWLEDGED, duration=DurationValue(now - incident.response_since), who=raised.who)
        case ResponseClock.UPDATE:
            return _said(ResponseMessage.UPDATE_LATE, duration=DurationValue(now - incident.updated_at), who=raised.who)
        case ResponseClock.POSTMORTEM:
            return _said(ResponseMessage.POSTMORTEM_LATE, duration=DurationValue(now - incident.resolved_at))


def hand_over_title(was: str, now: str) -> str:
    """was, now: who was and who is on call, "" for no person."""
    return _said(ResponseMessage.HAND_OVER, was=was, now=now)


def hand_over(turn: str, state: Incidents) -> Iterator[str]:
    """What a person reads whose turn begins or ends. turn: who is on call until when."""
    yield turn
    found = sorted(state.open(), key=lambda each: urgency(each.severity))
    for each in found[:SUBJECTS_MAX]:
        yield _said(
            ResponseMessage.OPEN_INCIDENT,
            incident=each.id,
            severity=each.severity.value,
            phase=each.phase.value,
            title=" ".join(each.title.split()),
            commander=each.commander,
        )
    if len(found) > SUBJECTS_MAX:
        yield _said(ResponseMessage.INCIDENTS_MORE, count=len(found) - SUBJECTS_MAX)
    if not found:
        yield _said(ResponseMessage.NONE_OPEN)


def command(policy: IncidentPolicy, incident: Incident, kind: AnnouncementKind) -> str:
    """What a reader may copy."""
    if kind is AnnouncementKind.RESOLVED:
        return f"fairway incident postmortem {policy.config} {incident.id}" if incident.needs_postmortem else ""
    what = "show" if incident.acknowledged_at else "ack"
    return f"fairway incident {what} {policy.config} {incident.id}"
