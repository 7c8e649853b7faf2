"""Incidents with their timelines, and support tickets."""

from typing import Annotated, Final

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from fairway.api.context import Asking, Context
from fairway.api.problems import documented
from fairway.api.threads import short
from fairway.api.views.shown import ShownAmount, instant, money
from fairway.incidents.incident import Incident
from fairway.incidents.timeline import IncidentTimeline
from fairway.operations.incidents.show import LIST_INCIDENTS, SHOW_INCIDENT, ListIncidentsRequest, ShowIncidentRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform

router: Final = APIRouter(prefix="/api/v1", tags=["incidents"])
READING: Final = documented(401, 403, 404, 409, 422, 429, 503)
IncidentId = Annotated[str, Path(pattern=r"^INC-\d{8}-\d{1,6}$", examples=["INC-20261125-1"])]


class IncidentAlert(BaseModel):
    """An alert of an incident. subject: the account, symbol, probe or process that it is about, "" for the whole bot."""

    rule: str
    subject: str
    severity: str
    reason: str
    since: str
    is_firing: bool
    notifies: bool


class ShownIncident(BaseModel):
    """An incident. Instants are texts in UTC, "" for what has not happened."""

    id: str
    severity: str
    phase: str
    cause: str
    title: str
    commander: str
    runbook: str
    began: str
    declared: str
    acknowledged: str
    stable: str
    resolved: str
    closed: str
    alerts: list[IncidentAlert]


class TimelineEntry(BaseModel):
    """One line of a timeline. source: which journal; account: "" for none."""

    at: str
    source: str
    account: str
    what: str


class IncidentWithTimeline(BaseModel):
    """An incident with its timeline, oldest first. left_out: lines beyond the most, by source; unread: sources and why not."""

    incident: ShownIncident
    timeline: list[TimelineEntry]
    deepest_fall: ShownAmount | None = Field(description="How far all accounts fell together; null where that is unknown")
    left_out: dict[str, int]
    unread: dict[str, str]


@router.get("/incidents", responses=READING)
async def list_incidents(caller: Asking, context: Context, all_incidents: bool = False) -> list[ShownIncident]:
    """Incidents that are not closed, the newest first; with all_incidents those that are closed, too."""
    request = ListIncidentsRequest(config=context.config, all_incidents=all_incidents)
    outcome = await short(perform, LIST_INCIDENTS, Call(actor=caller.actor, request=request))
    return [_shown(each) for each in outcome.incidents]


@router.get("/incidents/{incident}", responses=READING)
async def show_incident(incident: IncidentId, caller: Asking, context: Context) -> IncidentWithTimeline:
    """An incident, with what the journals of trader, launch, server and alerting hold of its span."""
    request = ShowIncidentRequest(config=context.config, incident=incident)
    outcome = await short(perform, SHOW_INCIDENT, Call(actor=caller.actor, request=request))
    return _story(outcome.incident, outcome.timeline)


def _shown(incident: Incident) -> ShownIncident:
    return ShownIncident(
        id=incident.id,
        severity=incident.severity.value,
        phase=incident.phase.value,
        cause=incident.cause,
        title=incident.title,
        commander=incident.commander,
        runbook=incident.runbook,
        began=instant(incident.since),
        declared=instant(incident.declared_at),
        acknowledged=instant(incident.first_acknowledged_at),
        stable=instant(incident.stable_at),
        resolved=instant(incident.resolved_at),
        closed=instant(incident.closed_at),
        alerts=[
            IncidentAlert(
                rule=key.rule,
                subject=key.subject,
                severity=alert.severity.value,
                reason=alert.reason,
                since=instant(alert.since),
                is_firing=alert.is_firing,
                notifies=alert.notifies,
            )
            for key, alert in incident.alerts.items()
        ],
    )


def _story(incident: Incident, timeline: IncidentTimeline) -> IncidentWithTimeline:
    return IncidentWithTimeline(
        incident=_shown(incident),
        timeline=[
            TimelineEntry(at=instant(each.at), source=each.source, account=each.account, what=each.what)
            for each in timeline.lines
        ],
        deepest_fall=money(timeline.money.deepest_fall()),
        left_out=dict(timeline.left_out),
        unread=dict(timeline.unread),
    )
