"""The events of incidents and of their action items, as the alerting process journals them. All instants are in ns."""

from enum import StrEnum
from typing import Final

from msgspec import Struct

from fairway.alerting.alert_events import AlertKey
from fairway.incidents.lifecycle import INCIDENT_MOVES
from fairway.incidents.protection import PositionProtection
from fairway.money.amount import Amount
from fairway.risk.causes import AlertSeverity


class IncidentEvent(Struct, frozen=True, tag=True, kw_only=True):
    """Base of all events of one incident but its moves. incident: its id."""

    incident: str


class IncidentDeclared(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """cause: what its alerts have in common, "" where a person declared it without one. since: when it began, as far as is known.

    title: for people of the project; users are shown no part of it. realized: the result of all accounts so far, None where it is
    unknown. stage: of the launch then. is_drill: people on call are paged, and nothing is wrong.
    """

    cause: str
    title: str
    severity: AlertSeverity
    by: str
    since: int
    runbook: str = ""
    realized: Amount | None = None
    stage: str = ""
    is_drill: bool = False


class AlertJoined(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """An alert that fires belongs to the incident. notifies: whether people are notified of it: it is neither inhibited nor
    silenced."""

    key: AlertKey
    severity: AlertSeverity
    reason: str
    since: int
    event_at: int
    runbook: str = ""
    is_money: bool = False
    notifies: bool = True


class AlertLeft(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """An alert of the incident has cleared."""

    key: AlertKey
    reason: str = ""


class SeverityChanged(IncidentEvent, frozen=True, tag=True, kw_only=True):
    was: AlertSeverity
    now: AlertSeverity
    by: str
    why: str


class IncidentAcknowledged(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """A person has seen it. The first one who does commands the response."""

    by: str


class CommanderChanged(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """was: "" where no person commanded it."""

    was: str
    now: str
    by: str
    why: str


class NoteAdded(IncidentEvent, frozen=True, tag=True, kw_only=True):
    by: str
    text: str


class UsersInformed(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """What users are told: impact in a person's words; eta: when it is expected to be over, 0 where that is unknown."""

    by: str
    impact: str
    eta: int = 0


class MitigationDone(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """What Fairway did by itself about an alert. action: as the rule calls it; outcome: what came of it, in words."""

    action: str
    outcome: str
    is_done: bool = True


class FiguresNoted(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """What was known of money when it was declared, when protection changed, and when it was resolved. None is unknown."""

    protection: PositionProtection
    detail: str = ""
    exposure: Amount | None = None
    realized: Amount | None = None


class ResponseClock(StrEnum):
    """What an incident waits for."""

    ACKNOWLEDGEMENT = "acknowledgement"
    UPDATE = "update"
    POSTMORTEM = "postmortem"


class EscalationRaised(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """A clock of the incident is late. step: how many steps were taken so, from 1; who: whom they reach, in words."""

    clock: ResponseClock
    step: int
    channels: tuple[str, ...]
    who: str = ""


class AnnouncementKind(StrEnum):
    """What people are sent about an incident."""

    OPENED = "opened"
    RAISED = "raised"
    CHANGED = "changed"
    ESCALATED = "escalated"
    REOPENED = "reopened"
    RESOLVED = "resolved"


class IncidentAnnounced(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """A message about it was queued. number: from 1, in the incident; it and the incident name the message.

    channels: where it goes. All that had happened to the incident by then is in it.
    """

    number: int
    kind: AnnouncementKind
    channels: tuple[str, ...]


class UsersAnnounced(Struct, frozen=True, tag=True, kw_only=True):
    """A message to users was queued. number: from 1; incidents: those that it is about."""

    number: int
    incidents: tuple[str, ...]


class ActionItemAdded(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """What is to be done so that it does not happen again. verification: the claim or the gate, by its name, that shows it."""

    item: str
    text: str
    owner: str
    due_at: int
    verification: str
    by: str


class ActionItemDone(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """shown: what the launch has shown of its verification, "" where a person attests it in these words."""

    item: str
    by: str
    shown: str = ""
    attested: str = ""


class ActionItemOverdue(IncidentEvent, frozen=True, tag=True, kw_only=True):
    """Its day has passed, and it is not done. Once for each item."""

    item: str


class OnCallChanged(Struct, frozen=True, tag=True, kw_only=True):
    """Another person is on call, "" for none. number: from 1. The first one says who is, and is no change."""

    number: int
    was: str
    now: str


class CommandAnswered(Struct, frozen=True, tag=True, kw_only=True):
    """The answer to a command. number: of its record in the command inbox; refused: why it was refused, or "".

    made: the id of what it made, such as an incident. digest: of that record and all before it.
    """

    number: int
    what: str
    by: str
    refused: str = ""
    made: str = ""
    digest: str = ""


INCIDENT_EVENTS: Final[tuple[type[Struct], ...]] = (
    IncidentDeclared,
    AlertJoined,
    AlertLeft,
    SeverityChanged,
    IncidentAcknowledged,
    CommanderChanged,
    NoteAdded,
    UsersInformed,
    MitigationDone,
    FiguresNoted,
    EscalationRaised,
    IncidentAnnounced,
    UsersAnnounced,
    ActionItemAdded,
    ActionItemDone,
    ActionItemOverdue,
    OnCallChanged,
    CommandAnswered,
    *INCIDENT_MOVES,
)
"""Every kind of event about incidents in the alerting journal."""
