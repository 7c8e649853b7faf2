"""Alerts that fire, and the path at which Alertmanager reports those of Prometheus."""

import json
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
from fairway.operations.alerts.report import REPORT, ReportAlertsRequest, understood
from fairway.operations.alerts.show import ALERTS, AlertsRequest
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.permissions import check_permission
from fairway.settings import load

router: Final = APIRouter(prefix="/api/v1", tags=["incidents"])
READING: Final = documented(401, 403, 409, 422, 429, 503)
WAIT_S: Final = 8.0
"""Alertmanager posts again later where it gets no answer."""


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
    evaluated_at: str = Field(description="When the rules were last evaluated; empty where never")
    is_silent: bool = Field(description="Whether alerting evaluates nothing at the moment: what fires now is unknown")


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
                reason=each.fired.sentence,
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
        evaluated_at=instant(outcome.evaluated_at),
        is_silent=outcome.is_silent,
    )


def alertmanager_router(runner: CommandRunner) -> APIRouter:
    """The path that Alertmanager posts to."""
    posted = APIRouter(prefix="/api/v1", tags=["incidents"])

    @posted.post("/alerts/prometheus", responses=documented(401, 403, 413, 422, 503))
    async def report_alerts(body: AlertmanagerMessage, request: Request, caller: Lowering, context: Context) -> CommandStatus:
        """Take what Alertmanager posts: 200 says that it is written down, and alerting takes it as soon as it runs.

        A repeated message is harmless. After a 503 it is not written down, and Alertmanager posts it again.
        """
        message = (await request.body()).decode(errors="replace")
        call = Call(actor=caller.actor, request=ReportAlertsRequest(config=context.config, message=message))
        await short(_check, call)
        record = await short(runner.accept, REPORT, call.request, _shown(body), caller, "")
        ended = status_of(await runner.ended(record.id, WAIT_S))
        if ended.state is not CommandState.DONE:
            raise HttpProblem(503, ended.code or "INBOX_SLOW", " ".join(ended.sentences) or f"it took longer than {WAIT_S:g} s")
        return ended

    return posted


def _check(call: Call[ReportAlertsRequest]) -> None:
    """Raises Refusal where the caller may not report, or the message is not understood: neither is mended by posting it again."""
    check_permission(REPORT, call)
    understood(load(call.request.config), call.request.message)


def _shown(body: AlertmanagerMessage) -> str:
    """For the server's own journal; the command inbox of alerting has the whole message."""
    return json.dumps({"version": body.version, "alerts": len(body.alerts)})
