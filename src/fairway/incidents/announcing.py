"""Decides which messages are due: to the people on call, to users, and surveys. Each has an id that names it for good.

What alerts bring within five minutes is collected into one message. A new incident, a higher severity, a P0 about money that
begins to fire, an acknowledgement, an end and an escalation are sent at once.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct
from msgspec.structs import replace

from fairway.incidents import incident_text, users_text
from fairway.incidents.clocks import escalation_of, reminder_of
from fairway.incidents.incident import Incident, urgency
from fairway.incidents.incident_context import IncidentContext
from fairway.incidents.incident_events import AnnouncementKind, EscalationRaised, IncidentAnnounced, UsersAnnounced
from fairway.incidents.lifecycle import OPEN_PHASES, IncidentPhase
from fairway.incidents.tickets import survey_due
from fairway.notify.message import Message, MessagePhase
from fairway.notify.outbox import MessageQueued
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import MINUTE

USERS_EVERY_NS: Final = MINUTE
"""Users are sent at most one message within it: several incidents at once are one matter to them."""
AT_ONCE: Final = (AnnouncementKind.RAISED, AnnouncementKind.REOPENED, AnnouncementKind.RESOLVED)


def announce(context: IncidentContext) -> Iterator[Struct]:
    """Escalations, reminders, and the messages to the people on call; at most one message for each incident."""
    for incident in _in_question(context):
        raised = escalation_of(context, incident) or reminder_of(context, incident)
        if raised is not None:
            text = incident_text.escalation(incident, raised, context.now)
            yield raised
            yield from _message(context, incident, raised, (text,))
        else:
            yield from _message(context, incident, None, ())


def _in_question(context: IncidentContext) -> list[Incident]:
    """Those that are not closed, and those that were closed in this tick: that they are resolved may not be said yet."""
    found = context.state.by_id.values()
    return [each for each in found if each.phase is not IncidentPhase.CLOSED or each.closed_at == context.now]


def _message(
    context: IncidentContext, incident: Incident, raised: EscalationRaised | None, said: tuple[str, ...]
) -> Iterator[Struct]:
    kind = _kind(context, incident, raised)
    channels = _channels(context, incident, kind, raised) if kind is not None else ()
    if kind is None or not channels:
        return
    number = incident.report.number + 1
    message = Message(
        id=f"{incident.id}-{number}",
        title=incident_text.title(incident, kind),
        lines=tuple(incident_text.lines(context, incident, kind, said)),
        at=context.now,
        severity=incident.severity.value,
        phase=_phase(incident, kind),
        thread=incident.id,
        command=incident_text.command(context.policy, incident, kind),
    )
    known = incident.report.channels
    yield IncidentAnnounced(incident=incident.id, number=number, kind=kind, channels=channels)
    yield from (MessageQueued(channel=each, message=_for_channel(message, is_new=each not in known)) for each in channels)


def _for_channel(message: Message, *, is_new: bool) -> Message:
    """A channel that hears of the incident for the first time opens it."""
    opens = is_new and message.phase is not MessagePhase.RESOLVED
    return replace(message, phase=MessagePhase.OPENED) if opens else message


def _kind(context: IncidentContext, incident: Incident, raised: EscalationRaised | None) -> AnnouncementKind | None:
    """What is said now, None where nothing is, or where it is collected still."""
    report = incident.report
    if not report.number:
        return AnnouncementKind.OPENED if incident.is_open else None
    kind = _changed(incident)
    is_due = kind in AT_ONCE or report.is_urgent or context.now - report.at >= context.policy.group_ns
    if kind is not None and (is_due or raised is not None):
        return kind
    return AnnouncementKind.ESCALATED if raised is not None else None


def _changed(incident: Incident) -> AnnouncementKind | None:
    report = incident.report
    was_open = report.phase in OPEN_PHASES
    if was_open and not incident.is_open:
        return AnnouncementKind.RESOLVED
    if incident.is_open and not was_open:
        return AnnouncementKind.REOPENED
    if urgency(incident.severity) < urgency(report.severity):
        return AnnouncementKind.RAISED
    return AnnouncementKind.CHANGED if report.unsaid or incident_text.unannounced(incident) else None


def _channels(
    context: IncidentContext, incident: Incident, kind: AnnouncementKind, raised: EscalationRaised | None
) -> tuple[str, ...]:
    """Where it goes. An incident of P2 or P3 that no step of escalation has sent yet waits for that step."""
    steps, routes = raised.channels if raised is not None else (), context.policy.routes_of(incident.severity)
    match kind:
        case AnnouncementKind.OPENED:
            is_sent = incident.severity in (AlertSeverity.P0, AlertSeverity.P1) or bool(incident.acknowledged_at or steps)
            found = (*steps, *routes) if is_sent else ()
        case AnnouncementKind.ESCALATED:
            found = steps
        case AnnouncementKind.RESOLVED:
            found = incident.report.channels
        case _:
            found = (*incident.report.channels, *steps, *routes)
    return tuple(dict.fromkeys(found))


def _phase(incident: Incident, kind: AnnouncementKind) -> MessagePhase:
    match kind:
        case AnnouncementKind.OPENED | AnnouncementKind.REOPENED:
            return MessagePhase.OPENED
        case AnnouncementKind.RESOLVED:
            return MessagePhase.RESOLVED
    is_news = incident.acknowledged_at > incident.report.at
    return MessagePhase.ACKNOWLEDGED if is_news else MessagePhase.UPDATED


def announce_to_users(context: IncidentContext) -> Iterator[Struct]:
    """One message about all that begins, goes on or ends for users."""
    state, policy = context.state, context.policy
    if not policy.users or (state.users_messages and context.now - state.users_at < USERS_EVERY_NS):
        return
    about = [each for each in _in_question(context) if users_text.state_of(policy, each) is not None]
    if about:
        number = state.users_messages + 1
        message = _to_users(context, about, number)
        yield UsersAnnounced(number=number, incidents=tuple(each.id for each in about))
        yield from (MessageQueued(channel=each, message=message) for each in policy.users)


def _to_users(context: IncidentContext, about: Sequence[Incident], number: int) -> Message:
    worst = min(about, key=lambda each: urgency(each.severity))
    alone = about[0] if len(about) == 1 else None
    phases = {
        users_text.UsersState.BEGAN: MessagePhase.OPENED,
        users_text.UsersState.UPDATED: MessagePhase.UPDATED,
        users_text.UsersState.ENDED: MessagePhase.RESOLVED,
    }
    state = users_text.state_of(context.policy, alone) if alone is not None else None
    return Message(
        id=f"users-{number}",
        title=users_text.title(context.policy, about),
        lines=tuple(users_text.lines(context, about)),
        at=context.now,
        severity=worst.severity.value,
        phase=phases[state] if state is not None else MessagePhase.NOTE,
        thread=_users_thread(alone.id) if alone is not None else "",
        link=context.policy.status_url,
    )


def threads_of(incident: str) -> tuple[str, ...]:
    """The threads of an incident's messages: to the people on call, and to users where they hear of this incident alone."""
    return incident, _users_thread(incident)


def _users_thread(incident: str) -> str:
    return f"users {incident}"


def ask_users(context: IncidentContext) -> Iterator[Struct]:
    """A survey, when it is due."""
    policy = context.policy
    if not policy.survey_channels:
        return
    for asked in survey_due(context.state.tickets, policy.survey_every_ns, context.now, context.tick.began_at):
        title, text = users_text.survey(asked.number)
        message = Message(id=f"survey-{asked.number}", title=title, lines=(text,), at=context.now)
        yield asked
        yield from (MessageQueued(channel=each, message=message) for each in policy.survey_channels)
