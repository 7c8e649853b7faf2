"""Makes of a configuration how incidents are answered: which channels hear of what, and whom each step of escalation reaches."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fairway.alerting.escalation import CHAT, DEFAULT_ESCALATION, MAIL, DueNotice, EscalationPolicy, due_notices
from fairway.alerting.on_call import OnCallSchedule, Rotation, on_call_at, turn_words
from fairway.alerting.rule import AlertRule
from fairway.alerting.rule_files import RuleError, rules_of
from fairway.incidents.policy import UPDATE_NS, IncidentPolicy
from fairway.notify.registry import CONSOLE
from fairway.risk.causes import AlertSeverity
from fairway.settings import Settings
from fairway.settings.alerts import AlertSettings
from fairway.world.clock import datetime_of

TEAM: Final = "the team"
"""Who is reached where no person is on call by a schedule."""

_TRADING: Final = ("kill", "protection", "books", "losses", "breaker", "orders", "venue", "trader", "launch", "pilot", "database")
COMPONENTS: Final[Mapping[str, str]] = {
    **dict.fromkeys(_TRADING, "Trading"),
    "data": "Prices",
    **dict.fromkeys(("process", "http", "bus", "disk", "memory", "machine"), "Service"),
    **dict.fromkeys(("notify", "alerting"), "Notifications"),
}
"""By the cause of an incident, what users call the part that it affects, where a configuration names no other."""


def rules_of_settings(alerts: AlertSettings) -> tuple[AlertRule, ...]:
    """All rules. Raises RuleError."""
    found = rules_of(alerts.rules)
    if found.problems:
        raise RuleError("alerts.rules", list(found.problems))
    return found.rules


def routes_of(settings: Settings, alerts: AlertSettings) -> Mapping[AlertSeverity, tuple[str, ...]]:
    """By severity, the channels that hear of an incident. A severity that is not named has every channel; the console else."""
    known = tuple(each.name for each in settings.notify.channels if each.name not in alerts.users) or (CONSOLE,)
    return {severity: alerts.channels.get(severity, known) for severity in AlertSeverity}


def policy_of(settings: Settings, alerts: AlertSettings, config: str) -> IncidentPolicy:
    """config: the configuration file, as commands in messages name it."""
    routes, page, surveys, clocks = routes_of(settings, alerts), alerts.status_page, alerts.surveys, alerts.clocks
    return IncidentPolicy(
        escalation=Escalations(alerts, routes),
        routes=routes,
        users=alerts.users,
        components={**COMPONENTS, **(page.components if page is not None else {})},
        status_url=page.url if page is not None else "",
        config=config,
        update_ns={**UPDATE_NS, **clocks.updates},
        quiet_ns=clocks.quiet,
        reopen_ns=clocks.reopen,
        postmortem_ns=clocks.postmortem,
        answer_within={True: clocks.critical_tickets, False: clocks.tickets},
        on_call=OnCallTurns(alerts.on_call, alerts.contacts) if alerts.on_call is not None else None,
        survey_every_ns=surveys.every if surveys is not None else 0,
        survey_channels=surveys.channels if surveys is not None else (),
    )


@dataclass(frozen=True, slots=True)
class EscalatedNotice:
    """to: people, in words; by: the names of channels."""

    to: tuple[str, ...]
    by: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Escalations:
    """The steps of escalation of a configuration, with the channels of each person."""

    alerts: AlertSettings
    routes: Mapping[AlertSeverity, tuple[str, ...]]

    def __call__(self, severity: AlertSeverity, began_at: int, since: int, until: int) -> Sequence[EscalatedNotice]:
        """Those with since < at <= until (ns) of an incident whose response began at an instant; without acknowledgement."""
        policy: EscalationPolicy = self.alerts.escalation.get(severity, DEFAULT_ESCALATION[severity])
        schedule = self.alerts.on_call or _team_since(began_at)
        return [self._reached(each, severity) for each in due_notices(policy, schedule, began_at, since, until)]

    def _reached(self, notice: DueNotice, severity: AlertSeverity) -> EscalatedNotice:
        """A person without the media of the step is reached by every medium; a gap in the schedule by the severity's channels."""
        found: list[str] = []
        for person in notice.to:
            media = self.alerts.contacts.get(person, {})
            own = [name for medium in notice.by for name in media.get(medium, ())]
            found += own or [name for names in media.values() for name in names]
        return EscalatedNotice(notice.to or (TEAM,), tuple(dict.fromkeys(found)) or self.routes[severity])


@dataclass(frozen=True, slots=True)
class OnCallTurns:
    """The schedule of a configuration, with the channels of each person."""

    schedule: OnCallSchedule
    contacts: Mapping[str, Mapping[str, Sequence[str]]]

    def person(self, at: int) -> str:
        return on_call_at(self.schedule, at)

    def words(self, at: int) -> str:
        return turn_words(self.schedule, at)

    def channels_of(self, person: str) -> Sequence[str]:
        """By chat, else by e-mail, else by what there is: that a turn changes wakes no person who can read it later."""
        media = self.contacts.get(person, {})
        return media.get(CHAT) or media.get(MAIL) or [name for names in media.values() for name in names]


def _team_since(began_at: int) -> OnCallSchedule:
    """A schedule in which the team as a whole is always on call."""
    return OnCallSchedule(rotations=(Rotation(people=(TEAM,), begins=datetime_of(began_at).date().replace(day=1)),))
