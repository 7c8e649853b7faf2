"""How incidents are answered: who is sent what, by which channels, how soon, and how often users and people hear of it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from fairway.incidents.tickets import ANSWER_WITHIN
from fairway.risk.causes import AlertSeverity
from fairway.world.clock import HOUR, MINUTE

UPDATE_NS: Final[Mapping[AlertSeverity, int]] = {
    AlertSeverity.P0: 30 * MINUTE,
    AlertSeverity.P1: 60 * MINUTE,
    AlertSeverity.P2: 4 * HOUR,
    AlertSeverity.P3: 0,
}
"""By severity, how often a person says how it goes while an incident is open (ns); 0 for never."""
QUIET_NS: Final = 30 * MINUTE
REOPEN_NS: Final = 30 * MINUTE
POSTMORTEM_NS: Final = 48 * HOUR
SUBJECTS_MAX: Final = 10
"""Alerts listed in one message; the others are counted."""


class EscalationNotice(Protocol):
    """One sending that has become due: to these people, by these channels."""

    @property
    def to(self) -> tuple[str, ...]: ...

    @property
    def by(self) -> tuple[str, ...]: ...


class EscalationTable(Protocol):
    """Which steps of escalation become due within a window of time."""

    def __call__(self, severity: AlertSeverity, began_at: int, since: int, until: int) -> Sequence[EscalationNotice]:
        """Those with since < at <= until (ns) of an incident whose response began at an instant; without acknowledgement."""
        ...


class OnCallTable(Protocol):
    """Who is on call, by the schedule of a configuration."""

    def person(self, at: int) -> str:
        """At an instant (ns); "" where there is none."""
        ...

    def words(self, at: int) -> str:
        """Who is on call and until when, as a sentence."""
        ...

    def channels_of(self, person: str) -> Sequence[str]:
        """Where a person reads what is not urgent; empty for ""."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPolicy:
    """All lengths are in ns. routes: by severity, the channels that are told what changes, beside those that were told before.

    users: channels to users. users_for: the severities of which users are told by themselves; of others, where a person writes to
    them. components: by cause, what users call the part of the service. status_url: of the status page, "" for none. config: the
    configuration file, for commands to copy. survey_every_ns: 0 for no surveys; survey_channels: where users are asked.
    """

    escalation: EscalationTable
    routes: Mapping[AlertSeverity, tuple[str, ...]]
    users: tuple[str, ...] = ()
    users_for: tuple[AlertSeverity, ...] = (AlertSeverity.P0, AlertSeverity.P1)
    components: Mapping[str, str] = field(default_factory=dict)
    status_url: str = ""
    config: str = "fairway.yaml"
    update_ns: Mapping[AlertSeverity, int] = field(default_factory=lambda: UPDATE_NS)
    group_ns: int = 5 * MINUTE
    """So long what changes is collected into one message."""
    quiet_ns: int = QUIET_NS
    """After so long without an alert an incident of P2 or P3 is resolved by itself."""
    reopen_ns: int = REOPEN_NS
    """The same cause within it opens a resolved incident again."""
    postmortem_ns: int = POSTMORTEM_NS
    """So soon after it is resolved an incident of P0 or P1 is closed with its postmortem."""
    answer_within: Mapping[bool, int] = field(default_factory=lambda: ANSWER_WITHIN)
    """By whether a ticket is critical, how soon it has its first answer."""
    on_call: OnCallTable | None = None
    """None without a schedule."""
    survey_every_ns: int = 0
    survey_channels: tuple[str, ...] = ()

    def routes_of(self, severity: AlertSeverity) -> tuple[str, ...]:
        return self.routes.get(severity, ())

    def component(self, cause: str) -> str:
        """What users call the part that a cause affects."""
        return self.components.get(cause, "Service")
