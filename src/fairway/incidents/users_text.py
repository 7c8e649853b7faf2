"""What users read about incidents: which part of the service, how badly, until when, and whether their positions are protected.

Nothing of it comes from an alert: accounts, symbols and figures of other users stay with the people on call.
"""

from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import Final

from fairway.incidents.incident import Incident
from fairway.incidents.incident_context import IncidentContext
from fairway.incidents.policy import SUBJECTS_MAX, IncidentPolicy
from fairway.incidents.protection import PositionProtection
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.message import Argument, DurationValue, InstantValue, Precision, message
from fairway.texts.messages.response_messages import ResponseMessage


class UsersState(StrEnum):
    """What is new about an incident for users."""

    BEGAN = "disturbed"
    UPDATED = "update"
    ENDED = "over"


POSITIONS: Final = {
    PositionProtection.PROTECTED: ResponseMessage.USERS_POSITIONS_SAFE,
    PositionProtection.UNPROTECTED: ResponseMessage.USERS_POSITIONS_OPEN,
    PositionProtection.UNKNOWN: ResponseMessage.USERS_POSITIONS_UNKNOWN,
}
COMPONENTS_MAX: Final = 3


def state_of(policy: IncidentPolicy, incident: Incident) -> UsersState | None:
    """What users are told now; None for nothing."""
    report = incident.report
    if not report.users_told_start:
        is_for_users = not incident.is_drill and (incident.severity in policy.users_for or bool(incident.updates))
        return UsersState.BEGAN if incident.is_open and is_for_users else None
    if not incident.is_open:
        return UsersState.ENDED if not report.users_told_end else None
    return UsersState.UPDATED if report.users_unsaid else None


def title(policy: IncidentPolicy, about: Sequence[Incident]) -> str:
    names = list(dict.fromkeys(policy.component(each.cause) for each in about))
    shown = ", ".join(names[:COMPONENTS_MAX]) + (
        f" and {len(names) - COMPONENTS_MAX} more" if len(names) > COMPONENTS_MAX else ""
    )
    states = list(dict.fromkeys(str(state_of(policy, each) or "") for each in about))
    return _said(ResponseMessage.USERS_TITLE, component=shown, state=", ".join(states))


def lines(context: IncidentContext, about: Sequence[Incident]) -> Iterator[str]:
    yield from (_incident(context, each) for each in about[:SUBJECTS_MAX])
    if len(about) > SUBJECTS_MAX:
        yield _said(ResponseMessage.USERS_MORE, count=len(about) - SUBJECTS_MAX)
    if any(each.is_open for each in about):
        yield _said(POSITIONS[context.tick.facts.protection])
    if context.policy.status_url:
        yield _said(ResponseMessage.USERS_STATUS, url=context.policy.status_url)


def _incident(context: IncidentContext, incident: Incident) -> str:
    component, severity = context.policy.component(incident.cause), incident.severity.value
    state = state_of(context.policy, incident)
    if state is UsersState.ENDED:
        lasted = DurationValue(incident.resolved_at - incident.declared_at)
        return _said(ResponseMessage.USERS_ENDED, component=component, severity=severity, duration=lasted)
    said = incident.updates[-1][1] if incident.updates else None
    key = ResponseMessage.USERS_BEGAN if state is UsersState.BEGAN else ResponseMessage.USERS_UPDATED
    impact, eta = (said.impact, said.eta) if said is not None else ("", 0)
    eta = eta if eta > context.now else 0  # an end that has passed is none in sight
    return _said(key, component=component, severity=severity, impact=impact, eta=InstantValue(eta, Precision.MINUTE))


def survey(number: int) -> tuple[str, str]:
    """The title and the text of a survey."""
    return _said(ResponseMessage.SURVEY_TITLE), _said(ResponseMessage.SURVEY, number=number)


def _said(key: ResponseMessage, **arguments: Argument) -> str:
    return line(message(key, **arguments))
