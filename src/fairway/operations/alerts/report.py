"""Report: takes alerts that Prometheus has found, as Alertmanager posts them.

The message is written into the command inbox of alerting, and no answer is waited for: what takes messages must hold no thread
that a person's stop may need, and a message that is written down is not lost while the alerting process is dead.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.incidents.instruct import incident_subject, written_down
from fairway.operations.operation import Call, Exposure, Operation, Outcome
from fairway.operations.refusal import wrong_input
from fairway.people.roles import UserAct
from fairway.settings import Settings, load

if TYPE_CHECKING:
    from fairway.alerting.alertmanager_webhook import WebhookReading

SHOWN_MAX: Final = 20
"""Problems of one message that are named."""
_TEXT_MAX: Final = 300
"""Characters of one problem: it repeats what the message holds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAlertsRequest:
    """message: what Alertmanager posts, version 4 of its webhook."""

    config: Path
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportAlertsOutcome(Outcome):
    """number: of the command in the command inbox. understood: how many alerts are taken. refused: what keeps others from it."""

    number: int
    understood: int
    refused: tuple[str, ...]


def perform_report(call: Call[ReportAlertsRequest]) -> ReportAlertsOutcome:
    """The message is durable when this returns. Raises Refusal where none of it is understood, SettingsError, JournalErrors."""
    from fairway.incidents.alert_commands import ReportAlerts
    from fairway.incidents.alerting_journal import tell_alerting
    from fairway.world.clock import SystemClock

    settings, by = load(call.request.config), call.actor.name
    found = understood(settings, call.request.message)
    command, now = ReportAlerts(message=call.request.message), SystemClock().now()
    number = tell_alerting(settings.journal, command, mode=settings.mode, trader=settings.account, by=by, at=now)
    refused = _shown(found)
    lines = (f"written down as command {number} to the alerting process, by {by}", *(f"not taken: {each}" for each in refused))
    return ReportAlertsOutcome(lines=lines, number=number, understood=found.understood, refused=refused)


def understood(settings: Settings, message: str) -> "WebhookReading":
    """The message by the rules of a configuration. Raises Refusal that names each place where none of it is understood."""
    from fairway.alerting.alert_book import AlertBook
    from fairway.alerting.alertmanager_webhook import read_webhook
    from fairway.assembly.alerting_policy import rules_of_settings
    from fairway.settings.alerts import AlertSettings

    found = read_webhook(message.encode(), rules_of_settings(settings.alerts or AlertSettings()), AlertBook())
    if found.refused and not found.understood:
        told = "; ".join(_shown(found))
        raise wrong_input(
            f"MESSAGE_WRONG: field={found.refused[0].key or 'message'}", f"is not understood: {told}", field="message"
        )
    return found


def _shown(found: "WebhookReading") -> tuple[str, ...]:
    return tuple(str(each)[:_TEXT_MAX] for each in found.refused[:SHOWN_MAX])


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
OPERATIONS: Final = (REPORT,)
