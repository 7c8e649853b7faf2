"""Answers an incident: declare, acknowledge, note, take over, move it to another phase, change its severity, inform users."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from fairway.operations.incidents.instruct import AlertingOutcome, incident_subject, instruct_alerting, written_down
from fairway.operations.operation import Call, Exposure, Length, Operation, Preview
from fairway.operations.refusal import reason_given, wrong_input
from fairway.people.roles import UserAct
from fairway.risk.causes import AlertSeverity
from fairway.settings import load

if TYPE_CHECKING:
    from msgspec import Struct

PHASES: Final = ("mitigating", "stable", "resolved", "postmortem", "closed")
TEXT_MAX: Final = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclareRequest:
    """title: what is wrong. cause: as alert rules name it, "" for none; where it has an open incident, that one is meant."""

    config: Path
    title: str
    severity: AlertSeverity
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AcknowledgeRequest:
    """incident: "" where only one is open, here and below."""

    config: Path
    incident: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteRequest:
    config: Path
    text: str
    incident: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TakeOverRequest:
    """person: who commands from now on, "" for the actor."""

    config: Path
    reason: str
    person: str = ""
    incident: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRequest:
    """phase: mitigating, stable, resolved, postmortem or closed."""

    config: Path
    phase: str
    reason: str
    incident: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SeverityRequest:
    config: Path
    severity: AlertSeverity
    reason: str
    incident: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class InformRequest:
    """impact: what users notice, in words for them. length: how long it will last from now on (ns), 0 where that is unknown."""

    config: Path
    impact: str
    length: Length = 0
    incident: str = ""


def words_given(field: str, text: str, example: str) -> str:
    """The text without spaces at its ends. Raises Refusal where it is empty or too long."""
    if not 0 < len(text.strip()) <= TEXT_MAX:
        raise wrong_input(
            f"TEXT_LENGTH: field={field}",
            f"has {len(text.strip())} characters, and may have 1 to {TEXT_MAX}",
            field=field,
            example=f'"{example}"',
        )
    return text.strip()


def perform_declare(call: Call[DeclareRequest]) -> AlertingOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.incident_commands import Declare

    asked = call.request
    title = words_given("title", asked.title, "users see no orders")
    return _say(call, Declare(title=title, severity=asked.severity, cause=asked.cause.strip()), "declared")


def perform_acknowledge(call: Call[AcknowledgeRequest]) -> AlertingOutcome:
    """Raises SettingsError, JournalErrors."""
    from fairway.incidents.incident_commands import Acknowledge

    return _say(call, Acknowledge(incident=call.request.incident), "acknowledged; nothing more is escalated")


def perform_note(call: Call[NoteRequest]) -> AlertingOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.incident_commands import AddNote

    text = words_given("text", call.request.text, "the venue confirms it")
    return _say(call, AddNote(incident=call.request.incident, text=text), "noted in its timeline")


def perform_take_over(call: Call[TakeOverRequest]) -> AlertingOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.incident_commands import TakeOver

    asked, reason = call.request, reason_given(call.request.reason, "the end of the shift")
    command = TakeOver(incident=asked.incident, person=asked.person, reason=reason)
    return _say(call, command, f"{asked.person or call.actor.name} commands the response")


def perform_phase(call: Call[PhaseRequest]) -> AlertingOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.incident_commands import MovePhase
    from fairway.incidents.lifecycle import IncidentPhase

    asked = call.request
    if asked.phase not in PHASES:
        raise wrong_input(
            f"PHASE_UNKNOWN: phase={asked.phase}", f"is not one of {', '.join(PHASES)}", field="phase", example="resolved"
        )
    reason = reason_given(asked.reason, "the venue answers again")
    return _say(call, MovePhase(incident=asked.incident, phase=IncidentPhase(asked.phase), reason=reason), asked.phase)


def perform_severity(call: Call[SeverityRequest]) -> AlertingOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.incident_commands import ChangeSeverity

    asked, reason = call.request, reason_given(call.request.reason, "only test orders fail")
    command = ChangeSeverity(incident=asked.incident, severity=asked.severity, reason=reason)
    return _say(call, command, f"its severity is {asked.severity.value}")


def perform_inform(call: Call[InformRequest]) -> AlertingOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    from fairway.incidents.incident_commands import InformUsers
    from fairway.world.clock import SystemClock

    asked = call.request
    impact = words_given("impact", asked.impact, "New orders are delayed")
    eta = SystemClock().now() + asked.length if asked.length else 0
    return _say(call, InformUsers(incident=asked.incident, impact=impact, eta=eta), "users are told, by message and status page")


def _say(call: Call[Any], command: "Struct", then: str) -> AlertingOutcome:
    return instruct_alerting(load(call.request.config), command, call, then)


def _preview(effect: str) -> Callable[[Call[Any]], Preview]:
    return lambda call: written_down(effect)


DECLARE: Final = Operation(
    name="incident declare",
    summary="Declare an incident that no alert has opened.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=DeclareRequest,
    subject=incident_subject,
    preview=_preview("an incident is opened, and the people on call are told"),
    perform=perform_declare,
)
ACKNOWLEDGE: Final = Operation(
    name="incident ack",
    summary="Acknowledge an incident: you have seen it, and command the response where no person does.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=AcknowledgeRequest,
    subject=incident_subject,
    preview=_preview("the incident is escalated no further"),
    perform=perform_acknowledge,
)
NOTE: Final = Operation(
    name="incident note",
    summary="Add a note to the timeline of an incident.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=NoteRequest,
    subject=incident_subject,
    preview=_preview("a note is kept"),
    perform=perform_note,
)
TAKE_OVER: Final = Operation(
    name="incident take",
    summary="Take over the command of an incident, or hand it to another person.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=TakeOverRequest,
    subject=incident_subject,
    preview=_preview("another person commands the response, and the people on call are told"),
    perform=perform_take_over,
)
PHASE: Final = Operation(
    name="incident phase",
    summary="Move an incident to another phase: mitigating, stable, resolved, postmortem or closed.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=PhaseRequest,
    subject=incident_subject,
    preview=_preview("the incident is in another phase, and those who heard of it are told"),
    perform=perform_phase,
)
SEVERITY: Final = Operation(
    name="incident severity",
    summary="Raise or lower the severity of an incident.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=SeverityRequest,
    subject=incident_subject,
    preview=_preview("the incident is escalated as its new severity says"),
    perform=perform_severity,
)
INFORM: Final = Operation(
    name="incident inform",
    summary="Tell users what an incident means for them, and until when.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=InformRequest,
    subject=incident_subject,
    preview=_preview("users are sent a message, and the status page shows it"),
    perform=perform_inform,
)
OPERATIONS: Final = (DECLARE, ACKNOWLEDGE, NOTE, TAKE_OVER, PHASE, SEVERITY, INFORM)
