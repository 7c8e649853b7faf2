"""Postmortem: begins it where the incident is resolved, and drafts it from the journals."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from fairway.operations.incidents.instruct import incident_subject, instruct_alerting, written_down
from fairway.operations.incidents.reading import incident_named, incidents_now
from fairway.operations.incidents.timelines import timeline_now
from fairway.operations.operation import Call, Exposure, Operation, Outcome, Preview
from fairway.people.roles import UserAct
from fairway.settings import load


@dataclass(frozen=True, slots=True, kw_only=True)
class PostmortemRequest:
    config: Path
    incident: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PostmortemOutcome(Outcome):
    """markdown: the draft. phase: of the incident, afterwards."""

    markdown: str
    phase: str


def perform_postmortem(call: Call[PostmortemRequest]) -> PostmortemOutcome:
    """A draft is made in every phase; that it has begun is written down where the incident is resolved.

    Raises Refusal, SettingsError, JournalErrors.
    """
    from fairway.incidents.incident_commands import MovePhase
    from fairway.incidents.lifecycle import IncidentPhase
    from fairway.incidents.postmortem import draft_postmortem

    settings = load(call.request.config)
    state = incidents_now(settings)
    incident = incident_named(state, call.request.incident)
    lines = [f"{incident.id} is {incident.phase.value}: the draft shows it as it is now"]
    is_done = True
    if incident.phase is IncidentPhase.RESOLVED:
        command = MovePhase(incident=incident.id, phase=IncidentPhase.POSTMORTEM, reason="its postmortem is written")
        answer = instruct_alerting(settings, command, call, "its postmortem has begun")
        lines, is_done = list(answer.lines), answer.is_done
        state = incidents_now(settings)
        incident = incident_named(state, incident.id)
    text = draft_postmortem(state, incident, timeline_now(settings, incident), config=str(call.request.config))
    return PostmortemOutcome(is_done=is_done, lines=tuple(lines), markdown=text, phase=incident.phase.value)


def preview_postmortem(call: Call[PostmortemRequest]) -> Preview:
    return written_down("a draft is made from the journals; a resolved incident is in the phase postmortem")


POSTMORTEM: Final = Operation(
    name="incident postmortem",
    summary="Begin the postmortem of an incident, and draft it from the journals.",
    act=UserAct.RESPOND,
    exposure=Exposure.KEEPS,
    request=PostmortemRequest,
    subject=incident_subject,
    preview=preview_postmortem,
    perform=perform_postmortem,
)
OPERATIONS: Final = (POSTMORTEM,)
