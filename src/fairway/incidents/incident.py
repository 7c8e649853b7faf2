"""The state of incidents, folded from the alerting journal: one open incident for one cause. All instants are in ns."""

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Final

from msgspec import Struct

from fairway.alerting.alert_events import AlertKey
from fairway.incidents.incident_events import FiguresNoted, MitigationDone, UsersInformed
from fairway.incidents.lifecycle import OPEN_PHASES, IncidentPhase
from fairway.incidents.protection import PositionProtection
from fairway.incidents.tickets import Tickets
from fairway.money.amount import Amount
from fairway.risk.causes import AlertSeverity

UPDATES_KEPT: Final = 50
"""Words to users kept of an incident; the journal keeps all."""


def urgency(severity: AlertSeverity) -> int:
    """0 for P0, the most urgent."""
    return list(AlertSeverity).index(severity)


def most_urgent(severities: "list[AlertSeverity]") -> AlertSeverity:
    return min(severities, key=urgency)


class JoinedAlert(Struct, frozen=True, kw_only=True):
    """An alert of an incident. notifies: people are notified of it. announced: it was in a message to people."""

    severity: AlertSeverity
    reason: str
    since: int
    event_at: int
    joined_at: int
    runbook: str
    is_money: bool
    notifies: bool
    is_firing: bool = True
    announced: bool = False


@dataclass(slots=True, kw_only=True)
class IncidentReport:
    """What people were sent so far, and what has happened since."""

    number: int = 0
    """Of the last message to the people on call; 0 for none."""
    at: int = 0
    phase: IncidentPhase = IncidentPhase.DECLARED
    severity: AlertSeverity = AlertSeverity.P3
    """Both as the last message had them."""
    channels: tuple[str, ...] = ()
    """Every channel that was ever sent something about it: each is told how it goes on."""
    delivered: tuple[str, ...] = ()
    """The channels by which a message about it was sent; the others were only given one."""
    unsaid: tuple[str, ...] = ()
    """What has changed since the last message, as short sentences."""
    is_urgent: bool = False
    """Whether something of it is sent at once, and not collected."""
    users_told_start: bool = False
    users_told_end: bool = False
    users_unsaid: bool = False
    """A word to users was written and not sent yet."""


@dataclass(slots=True, kw_only=True)
class Incident:
    id: str
    cause: str
    title: str
    severity: AlertSeverity
    by: str
    declared_at: int
    since: int
    """When it began, as far as is known: before the first alert fired."""
    runbook: str = ""
    realized: Amount | None = None
    """The result of all accounts when it was declared; None where it is unknown."""
    stage: str = ""
    is_drill: bool = False
    """Whether it only tests that people are reached: nothing is wrong."""
    phase: IncidentPhase = IncidentPhase.DECLARED
    phase_at: int = 0
    mitigated_at: int = 0
    stable_at: int = 0
    resolved_at: int = 0
    closed_at: int = 0
    commander: str = ""
    acknowledged_at: int = 0
    """0 while no person has acknowledged it, also after its cause came back."""
    first_acknowledged_at: int = 0
    response_since: int = 0
    """When the clock of the acknowledgement began: declared, raised or opened again."""
    escalated_to: int = 0
    """Steps of escalation that were due by then are taken."""
    steps: int = 0
    """How many steps of escalation were taken."""
    updated_at: int = 0
    """When a person last said how it goes."""
    reminded_at: int = 0
    """When an update or the postmortem was last asked for."""
    reopened: int = 0
    alerts: dict[AlertKey, JoinedAlert] = field(default_factory=dict)
    updates: tuple[tuple[int, UsersInformed], ...] = ()
    """What users were told, oldest first."""
    mitigations: tuple[MitigationDone, ...] = ()
    """What Fairway did by itself, oldest first."""
    figures: FiguresNoted | None = None
    """As they were noted last, and when that was."""
    figures_at: int = 0
    protections: frozenset[PositionProtection] = frozenset()
    """Every protection of positions that was noted."""
    report: IncidentReport = field(default_factory=IncidentReport)

    @property
    def is_open(self) -> bool:
        return self.phase in OPEN_PHASES

    @property
    def needs_postmortem(self) -> bool:
        return not self.is_drill and self.severity in (AlertSeverity.P0, AlertSeverity.P1)

    @property
    def is_of_alerts(self) -> bool:
        """Whether alerts are what it rests on: then it ends by itself with them."""
        return bool(self.alerts)

    @property
    def firing(self) -> list[AlertKey]:
        return [key for key, alert in self.alerts.items() if alert.is_firing]

    @property
    def first_seen_at(self) -> int:
        """When the first alert of it fired, or a person declared it."""
        return min((each.joined_at for each in self.alerts.values()), default=self.declared_at)

    def copied(self) -> "Incident":
        return replace(self, alerts=dict(self.alerts), report=replace(self.report))


class ActionState(StrEnum):
    OPEN = "open"
    OVERDUE = "overdue"
    ATTESTED = "attested"
    """A person says that it is done; no machine has shown it."""
    DONE = "done"
    """A launch has shown its verification."""


class ActionItem(Struct, frozen=True, kw_only=True):
    """What is to be done so that an incident does not happen again. verification: a claim or a gate, by name."""

    id: str
    incident: str
    text: str
    owner: str
    due_at: int
    verification: str
    added_at: int
    state: ActionState = ActionState.OPEN
    done_at: int = 0
    shown_by: str = ""
    """What the launch has shown, or who attests it and how."""


@dataclass(slots=True)
class Incidents:
    """All incidents, action items and tickets. `fairway.incidents.folding.apply_event` moves it."""

    by_id: dict[str, Incident] = field(default_factory=dict)
    actions: dict[str, ActionItem] = field(default_factory=dict)
    firing: dict[AlertKey, str] = field(default_factory=dict)
    """By alert that fires and belongs to an incident, the incident's id."""
    numbers: dict[str, int] = field(default_factory=dict)
    """By day, how many incidents were declared on it."""
    users_messages: int = 0
    users_at: int = 0
    """How many messages users were sent, and when the last one was queued."""
    tickets: Tickets = field(default_factory=Tickets)
    on_call: str | None = None
    """Who was on call at the last tick, "" for no person; None where that was never noted."""
    turns: int = 0
    """How often that was noted."""
    commands_read: int = 0
    """Number of the last command that was answered."""
    commands_digest: str = ""

    def living(self) -> Iterator[Incident]:
        """Those that are not closed, oldest first."""
        yield from (each for each in self.by_id.values() if each.phase is not IncidentPhase.CLOSED)

    def open(self) -> list[Incident]:
        return [each for each in self.living() if each.is_open]

    def open_of(self, cause: str) -> Incident | None:
        """The open incident of a cause; there is one at most."""
        return next((each for each in self.open() if cause and each.cause == cause), None)

    def recent_of(self, cause: str, since: int) -> Incident | None:
        """The newest of a cause that was resolved at an instant or later, and is not closed."""
        over = (IncidentPhase.RESOLVED, IncidentPhase.POSTMORTEM)
        found = [each for each in self.living() if cause and each.cause == cause and each.phase in over]
        found = [each for each in found if each.resolved_at >= since]
        return max(found, key=lambda each: each.resolved_at, default=None)

    def incident_of(self, key: AlertKey) -> str:
        """The id of the incident that an alert which fires belongs to, "" for none."""
        return self.firing.get(key, "")

    def scratch(self) -> "Incidents":
        """A copy that decisions are folded into; closed incidents never change, and are shared."""
        living = {each.id: each.copied() for each in self.living()}
        return replace(
            self,
            by_id={**self.by_id, **living},
            actions=dict(self.actions),
            firing=dict(self.firing),
            numbers=dict(self.numbers),
            tickets=self.tickets.scratch(),
        )
