"""Alerts that fire, and the path at which Alertmanager reports those of Prometheus."""

from typing import Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from fairway.api.command_record import CommandState
from fairway.api.command_routes import CommandStatus, status_of
from fairway.api.command_runner import CommandRunner
from fairway.api.context import Asking, Context, Lowering
from fairway.api.problems import HttpProblem, documented
from fairway.api.threads import short
from fairway.api.views.shown import instant
from fairway.operations.alerts.show import ALERTS, AlertsRequest
from fairway.operations.alerts.silence import REPORT, ReportAlertsRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform

router: Final = APIRouter(prefix="/api/v1", tags=["incidents"])
READING: Final = documented(401, 403, 409, 422, 429, 503)
WAIT_S: Final = 8.0
"""Alertmanager waits for ten seconds, and posts again later where it gets no answer."""
SHOWN_MAX: Final = 1_000
"""Characters of a message that stand in the server's own journal; the alerting journal has all of it."""


class ShownFiringAlert(BaseModel):
    """An alert that fires. inhibited_by: alerts that it follows from; silenced_until: "" where no silence covers it."""

    rule: str
    subject: str
    severity: str
    since: str
    reason: str
    incident: str
    runbook: str
    is_from_prometheus: bool
    inhibited_by: list[str]
    silenced_until: str


class ShownSilence(BaseModel):
    """Alerts of which no person is notified for a time. rule, subject: "" for all."""

    id: str
    rule: str
    subject: str
    by: str
    reason: str
    until: str


class FiringAlerts(BaseModel):
    """All that fires now, the most urgent first."""

    alerts: list[ShownFiringAlert]
    silences: list[ShownSilence]
    on_call: str = Field(description="Who is called now, as a sentence; empty without a schedule")


class AlertmanagerMessage(BaseModel):
    """What Alertmanager posts, version 4 of its webhook. Other fields than these are not read."""

    version: str = Field(max_length=8, examples=["4"])
    alerts: list[dict[str, object]] = Field(max_length=1_000, examples=[[]])


@router.get("/alerts", responses=READING)
async def list_alerts(caller: Asking, context: Context) -> FiringAlerts:
    """Alerts that fire, with what keeps each from people, and silences."""
    outcome = await short(perform, ALERTS, Call(actor=caller.actor, request=AlertsRequest(config=context.config)))
    return FiringAlerts(
        alerts=[
            ShownFiringAlert(
                rule=each.fired.key.rule,
                subject=each.fired.key.subject,
                severity=each.fired.severity.value,
                since=instant(each.fired.since),
                reason=each.fired.reason,
                incident=each.incident,
                runbook=each.fired.runbook,
                is_from_prometheus=each.fired.is_from_prometheus,
                inhibited_by=[str(key) for key in each.inhibited_by],
                silenced_until=instant(each.silenced_until),
            )
            for each in outcome.alerts
        ],
        silences=[
            ShownSilence(
                id=each.id,
                rule=each.rule,
                subject=each.subject,
                by=each.by,
                reason=each.reason,
                until=instant(each.until),
            )
            for each in outcome.silences
        ],
        on_call=outcome.on_call,
    )


def alertmanager_router(runner: CommandRunner) -> APIRouter:
    """The path that Alertmanager posts to."""
    posted = APIRouter(prefix="/api/v1", tags=["incidents"])

    @posted.post("/alerts/prometheus", responses=documented(401, 403, 409, 413, 422, 503))
    async def report_alerts(body: AlertmanagerMessage, request: Request, caller: Lowering, context: Context) -> CommandStatus:
        """Take what Alertmanager posts. A repeated message is harmless; with another answer than 200 Alertmanager posts again."""
        message = (await request.body()).decode(errors="replace")
        asked = ReportAlertsRequest(config=context.config, message=message)
        record = await short(runner.accept, REPORT, asked, message[:SHOWN_MAX], caller, "")
        ended = status_of(await runner.ended(record.id, WAIT_S))
        if ended.state is CommandState.REFUSED:
            raise HttpProblem(422, ended.code, " ".join(ended.sentences))
        if not (ended.outcome or {}).get("is_answered", False):
            raise HttpProblem(503, "ALERTING_SILENT", "no alerting process has answered; it takes the message when it runs again")
        return ended

    return posted
