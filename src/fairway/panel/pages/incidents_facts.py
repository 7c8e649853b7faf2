"""What the page of incidents shows: what fires, what is silenced, who is called, and what people were asked to handle."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from fairway.alerting.alert_events import Silence
from fairway.assembly.system_alerts import ShownAlert
from fairway.incidents.incident import Incident
from fairway.incidents.lifecycle import IncidentPhase
from fairway.operations.actor import Actor
from fairway.operations.alerts.show import ALERTS, AlertsOutcome, AlertsRequest
from fairway.operations.incidents.show import LIST_INCIDENTS, ListIncidentsRequest
from fairway.operations.incidents.tickets import LIST_TICKETS, ListTicketsRequest
from fairway.operations.refusal import Refusal
from fairway.operations.runbooks.listing import LIST_RUNBOOKS, RunbooksRequest, RunbookSummary, last_words
from fairway.panel.feed import Question
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.texts.display import count_text
from fairway.world.clock import SECOND

INCIDENTS_SHOWN: Final = 100
FOLDED_FRESH_NS: Final = SECOND
"""Answers that fold the whole alerting journal are asked again after this time."""
_OVER: Final = (IncidentPhase.RESOLVED, IncidentPhase.POSTMORTEM, IncidentPhase.CLOSED)
O = TypeVar("O")  # noqa: E741


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedIncident:
    """One incident of the list."""

    id: str
    severity: str
    phase: str
    mark: Mark
    title: str
    commander: str
    declared_at: int
    alerts: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertLine:
    """An alert that fires. quiet: why no person is notified of it, "" where people are; silenced_until: ns."""

    rule: str
    subject: str
    severity: str
    since: int
    reason: str
    incident: str
    runbook: str
    quiet: str
    silenced_until: int

    @property
    def key(self) -> tuple[str, str]:
        return self.rule, self.subject


@dataclass(frozen=True, slots=True, kw_only=True)
class SilenceLine:
    """Alerts of which no person is notified for a time."""

    id: str
    what: str
    until: int
    by: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunbookLine:
    """One runbook, and when it was last executed."""

    name: str
    about: str
    severity: str
    steps: int
    last: str
    last_at: int
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentsFacts:
    """headline: what is open, in a sentence. evaluated_at: when alerting looked last (ns), 0 for never."""

    headline: str
    headline_mark: Mark
    on_call: str
    evaluated_at: int
    tickets: str
    incidents: tuple[ListedIncident, ...]
    alerts: tuple[AlertLine, ...]
    silences: tuple[SilenceLine, ...]
    runbooks: tuple[RunbookLine, ...]


def incidents_facts(sources: Sources, actor: Actor) -> IncidentsFacts:
    """Raises what the operations raise; where alerting has never run, the page says so and shows the rest."""
    config = sources.context.config
    alerts = sources.outcome(actor, ALERTS, AlertsRequest(config=config), FOLDED_FRESH_NS)
    asked = ListIncidentsRequest(config=config, all_incidents=True)
    none: tuple[Incident, ...] = ()
    found, trouble = unless_refused(lambda: sources.outcome(actor, LIST_INCIDENTS, asked, FOLDED_FRESH_NS).incidents, none)
    tickets, _ = unless_refused(lambda: _tickets(sources, actor), "")
    runbooks = sources.outcome(actor, LIST_RUNBOOKS, RunbooksRequest(config=config), FOLDED_FRESH_NS).runbooks
    headline, mark = headline_of(found, alerts, trouble)
    return IncidentsFacts(
        headline=headline,
        headline_mark=mark,
        on_call=alerts.on_call or "No schedule says who is called; alerts.on_call in the configuration does.",
        evaluated_at=alerts.evaluated_at,
        tickets=tickets,
        incidents=tuple(incident_line(each) for each in found[:INCIDENTS_SHOWN]),
        alerts=tuple(alert_line(each) for each in alerts.alerts),
        silences=tuple(silence_line(each) for each in alerts.silences),
        runbooks=tuple(runbook_line(each) for each in runbooks),
    )


def unless_refused(ask: Callable[[], O], otherwise: O) -> tuple[O, str]:
    """The answer and "", or what stands for it and why it was refused."""
    try:
        return ask(), ""
    except Refusal as refusal:
        return otherwise, refusal.sentence()


def _tickets(sources: Sources, actor: Actor) -> str:
    found = sources.outcome(actor, LIST_TICKETS, ListTicketsRequest(config=sources.context.config), FOLDED_FRESH_NS)
    late = f", {found.overdue:,} overdue" if found.overdue else ""
    return f"{len(found.tickets):,} to be looked after{late}" if found.tickets else "none is open"


def headline_of(incidents: tuple[Incident, ...], alerts: AlertsOutcome, trouble: str) -> tuple[str, Mark]:
    """What is the matter now, in a sentence."""
    if trouble:
        return f"What is open is unknown: {trouble}", Mark.UNKNOWN
    if alerts.is_silent:
        return "Alerting is silent: what fires now is unknown. fairway up status shows whether it runs.", Mark.UNKNOWN
    is_open = [each for each in incidents if each.is_open]
    if not is_open:
        fires = f" {count_text(len(alerts.alerts), 'alert')} fire without one." if alerts.alerts else ""
        return f"No incident is open.{fires}", Mark.BAD if alerts.alerts else Mark.GOOD
    unseen = sum(not each.acknowledged_at for each in is_open)
    worst = min(each.severity.value for each in is_open)
    waiting = f", {unseen} of them not acknowledged" if unseen else ", acknowledged"
    return f"{count_text(len(is_open), 'incident')} open, the most urgent {worst}{waiting}.", Mark.BAD


def incident_line(incident: Incident) -> ListedIncident:
    """One incident of the list."""
    return ListedIncident(
        id=incident.id,
        severity=incident.severity.value,
        phase=incident.phase.value,
        mark=phase_mark(incident),
        title=incident.title,
        commander=incident.commander or "not acknowledged",
        declared_at=incident.declared_at,
        alerts=f"{len(incident.firing)} of {len(incident.alerts)} fire" if incident.alerts else "none",
    )


def phase_mark(incident: Incident) -> Mark:
    """Open and unseen is bad, open and handled is held, over is good."""
    if incident.phase in _OVER:
        return Mark.GOOD
    return Mark.HELD if incident.acknowledged_at else Mark.BAD


def alert_line(shown: ShownAlert) -> AlertLine:
    """An alert that fires."""
    fired = shown.fired
    follows = f"follows from {', '.join(map(str, shown.inhibited_by))}" if shown.inhibited_by else ""
    quiet = "silenced until " if shown.silenced_until else follows
    return AlertLine(
        rule=fired.key.rule,
        subject=fired.key.subject,
        severity=fired.severity.value,
        since=fired.since,
        reason=fired.sentence,
        incident=shown.incident,
        runbook=fired.runbook,
        quiet=quiet,
        silenced_until=shown.silenced_until,
    )


def silence_line(silence: Silence) -> SilenceLine:
    """A silence that is in force."""
    what = " ".join(filter(None, (silence.rule or "every rule", silence.subject)))
    return SilenceLine(id=silence.id, what=what, until=silence.until, by=silence.by, reason=silence.reason)


def runbook_line(summary: RunbookSummary) -> RunbookLine:
    """One runbook of the list."""
    return RunbookLine(
        name=summary.name,
        about=summary.about,
        severity=summary.severity,
        steps=summary.steps,
        last=last_words(summary),
        last_at=summary.last.at if summary.last is not None else 0,
        mark=Mark.PENDING if summary.is_overdue else Mark.GOOD,
    )


INCIDENTS: Final = Question("incidents", incidents_facts)
