"""Commands from people to the alerting process. Each is answered in its journal by one `CommandAnswered`."""

from typing import Final

from msgspec import Struct

from fairway.incidents.lifecycle import IncidentPhase
from fairway.risk.causes import AlertSeverity


class IncidentCommand(Struct, frozen=True, tag=True, kw_only=True):
    """Base. incident: its id; "" where only one is open."""

    incident: str = ""


class Declare(Struct, frozen=True, tag=True, kw_only=True):
    """Opens an incident that no alert has opened, or adds to the open one of its cause. title: what is wrong, in words.

    since: when it began (ns), 0 for now. is_drill: it only tests that people are reached: users are told nothing, and no
    postmortem is asked for.
    """

    title: str
    severity: AlertSeverity
    cause: str = ""
    since: int = 0
    is_drill: bool = False


class Acknowledge(IncidentCommand, frozen=True, tag=True, kw_only=True):
    """The author has seen it, and commands the response where no person does."""


class AddNote(IncidentCommand, frozen=True, tag=True, kw_only=True):
    text: str


class TakeOver(IncidentCommand, frozen=True, tag=True, kw_only=True):
    """person: who commands from now on, "" for the author."""

    person: str = ""
    reason: str


class MovePhase(IncidentCommand, frozen=True, tag=True, kw_only=True):
    """phase: mitigating, stable, resolved, postmortem or closed."""

    phase: IncidentPhase
    reason: str


class ChangeSeverity(IncidentCommand, frozen=True, tag=True, kw_only=True):
    severity: AlertSeverity
    reason: str


class InformUsers(IncidentCommand, frozen=True, tag=True, kw_only=True):
    """impact: what users notice, in words for them. eta: when it is expected to be over (ns), 0 where that is unknown."""

    impact: str
    eta: int = 0


class AddAction(IncidentCommand, frozen=True, tag=True, kw_only=True):
    """verification: the claim or the gate, by name, that shows that it is done."""

    text: str
    owner: str
    due_at: int
    verification: str


class FinishAction(Struct, frozen=True, tag=True, kw_only=True):
    """attested: what the author has seen; "" where the launch has shown the verification."""

    item: str
    attested: str = ""


class OpenTicket(Struct, frozen=True, tag=True, kw_only=True):
    """user: whose it is, "" for the author."""

    subject: str
    text: str
    is_critical: bool = False
    user: str = ""


class AnswerTicket(Struct, frozen=True, tag=True, kw_only=True):
    ticket: str
    text: str


class CloseTicket(Struct, frozen=True, tag=True, kw_only=True):
    ticket: str
    reason: str


INCIDENT_COMMANDS: Final[tuple[type[Struct], ...]] = (
    Declare,
    Acknowledge,
    AddNote,
    TakeOver,
    MovePhase,
    ChangeSeverity,
    InformUsers,
    AddAction,
    FinishAction,
    OpenTicket,
    AnswerTicket,
    CloseTicket,
)
"""Every kind of command about incidents and tickets in the alerting process's command inbox."""
