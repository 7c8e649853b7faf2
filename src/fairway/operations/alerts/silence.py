"""Silence: notifies no person of an alert for a time, or of it again; and takes what Alertmanager has found."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.incidents.instruct import AlertingOutcome, incident_subject, instruct_alerting, written_down
from fairway.operations.operation import Call, Exposure, Length, Operation
from fairway.operations.refusal import reason_given, wrong_input
from fairway.people.roles import UserAct
from fairway.settings import load


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceRequest:
    """rule: its name, "" for all but those of P0 about money. subject: as the alert names it, "" for all. length: ns."""

    config: Path
    reason: str
    length: Length
    rule: str = ""
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnsilenceRequest:
    """silence: its id, such as S12."""

    config: Path
    silence: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAlertsRequest:
    """message: what Alertmanager posts, version 4 of its webhook."""

    config: Path
    message: str


def perform_silence(call: Call[SilenceRequest]) -> AlertingOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.alert_commands import BeginSilence

    asked = call.request
    reason = reason_given(asked.reason, "the venue is moved to another address until noon")
    command = BeginSilence(rule=asked.rule, subject=asked.subject, length=asked.length, reason=reason)
    return instruct_alerting(load(asked.config), command, call, "no person is notified until it ends; the alert is shown")


def perform_unsilence(call: Call[UnsilenceRequest]) -> AlertingOutcome:
    """Raises SettingsError, JournalErrors."""
    from fairway.incidents.alert_commands import EndSilence

    return instruct_alerting(load(call.request.config), EndSilence(id=call.request.silence), call, "has ended")


def perform_report(call: Call[ReportAlertsRequest]) -> AlertingOutcome:
    """Raises Refusal for a message that is none, SettingsError, RuleError, JournalErrors."""
    from fairway.incidents.alert_commands import ReportAlerts

    settings, message = load(call.request.config), call.request.message
    check_message(message)
    return instruct_alerting(settings, ReportAlerts(message=message), call, "its alerts are taken")


def check_message(message: str) -> None:
    """Raises Refusal where it is no message of Alertmanager. Alerts of rules that are unknown are reported when it is taken."""
    from fairway.alerting.alert_book import AlertBook
    from fairway.alerting.alertmanager_webhook import read_webhook
    from fairway.alerting.rule_files import shipped_rules

    found = read_webhook(message.encode(), shipped_rules(), AlertBook())
    wrong = [each for each in found.problems if not each.key.startswith("alerts[")]
    if wrong:
        raise wrong_input(f"MESSAGE_WRONG: field={wrong[0].key or 'message'}", f"{wrong[0]}", field="message")


SILENCE: Final = Operation(
    name="alerts silence",
    summary="Notify no person of an alert for a time; never of a P0 about money.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=SilenceRequest,
    subject=incident_subject,
    preview=lambda call: written_down("no person is notified of it until the silence ends; it is evaluated and shown"),
    perform=perform_silence,
)
UNSILENCE: Final = Operation(
    name="alerts unsilence",
    summary="End a silence before its time.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=UnsilenceRequest,
    subject=incident_subject,
    preview=lambda call: written_down("people are notified again"),
    perform=perform_unsilence,
)
REPORT: Final = Operation(
    name="alerts report",
    summary="Take alerts that Prometheus has found, as Alertmanager posts them.",
    act=UserAct.STOP,
    exposure=Exposure.LOWERS,
    request=ReportAlertsRequest,
    subject=incident_subject,
    preview=lambda call: written_down("opens or joins incidents, and does what the rules do by themselves: none raises exposure"),
    perform=perform_report,
)
OPERATIONS: Final = (SILENCE, UNSILENCE, REPORT)
