"""What the page of one incident shows: its phases with their clocks, who commands, its alerts, its actions, its timeline."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Final

from fairway.incidents.command_checks import MOVE_TO
from fairway.incidents.incident import ActionItem, ActionState, Incident
from fairway.incidents.lifecycle import IncidentPhase, can_move
from fairway.incidents.timeline import IncidentTimeline, TimelineLine
from fairway.operations.actor import Actor
from fairway.operations.incidents.actions import LIST_ACTIONS, ListActionsRequest
from fairway.operations.incidents.show import SHOW_INCIDENT, ShowIncidentRequest
from fairway.panel.feed import Question
from fairway.panel.pages.incidents_facts import FOLDED_FRESH_NS, phase_mark
from fairway.panel.sources import Sources
from fairway.panel.state_marks import Mark
from fairway.texts.display import NOTHING, amount, places_for
from fairway.texts.durations import duration_words

LINES_SHOWN: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseStep:
    """One phase on the way. at: when it was reached (ns), 0 where it was not or that is not kept."""

    phase: str
    at: int
    is_now: bool
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFacts:
    """A length of time that counts. since: where it still runs (ns), 0 where it has ended."""

    name: str
    words: str
    since: int
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class JoinedAlertFacts:
    """An alert of an incident."""

    key: str
    severity: str
    reason: str
    since: int
    mark: Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionFacts:
    """An action item of its postmortem."""

    id: str
    text: str
    owner: str
    due_at: int
    verification: str
    state: str
    mark: Mark
    is_done: bool


@dataclass(frozen=True, slots=True)
class TimelineEntryFacts:
    """One line of the timeline. alike: how many equal ones come before it, so that each can be told from the others."""

    at: int
    source: str
    what: str
    alike: int


@dataclass(frozen=True, slots=True, kw_only=True)
class IncidentPageFacts:
    """possible: phases that a person may move it to. notes: what of the timeline is not here, and why."""

    id: str
    title: str
    severity: str
    phase: str
    mark: Mark
    cause: str
    commander: str
    runbook: str
    deepest_fall: str
    is_acknowledged: bool
    is_closed: bool
    steps: tuple[PhaseStep, ...]
    clocks: tuple[ClockFacts, ...]
    alerts: tuple[JoinedAlertFacts, ...]
    told: tuple[tuple[int, str], ...]
    actions: tuple[ActionFacts, ...]
    possible: frozenset[str]
    lines: tuple[TimelineEntryFacts, ...]
    notes: tuple[str, ...]


def incident_question(incident: str) -> Question[IncidentPageFacts]:
    """What the page of one incident asks."""
    return Question("incident", partial(_ask, incident), about=incident)


def _ask(incident: str, sources: Sources, actor: Actor) -> IncidentPageFacts:
    """Raises what the operations raise."""
    config = sources.context.config
    shown = sources.outcome(actor, SHOW_INCIDENT, ShowIncidentRequest(config=config, incident=incident), FOLDED_FRESH_NS)
    items = sources.outcome(actor, LIST_ACTIONS, ListActionsRequest(config=config, all_items=True), FOLDED_FRESH_NS).items
    return incident_facts(shown.incident, shown.timeline, [each for each in items if each.incident == shown.incident.id])


def incident_facts(incident: Incident, timeline: IncidentTimeline, items: Sequence[ActionItem]) -> IncidentPageFacts:
    """Of one incident with its timeline and its action items."""
    return IncidentPageFacts(
        id=incident.id,
        title=incident.title,
        severity=incident.severity.value,
        phase=incident.phase.value,
        mark=phase_mark(incident),
        cause=incident.cause or "not known",
        commander=incident.commander or "none: it is not acknowledged",
        runbook=incident.runbook,
        deepest_fall=_fall(timeline),
        is_acknowledged=bool(incident.acknowledged_at),
        is_closed=incident.phase is IncidentPhase.CLOSED,
        steps=_steps(incident),
        clocks=_clocks(incident),
        alerts=tuple(
            JoinedAlertFacts(
                key=str(key),
                severity=alert.severity.value,
                reason=alert.reason,
                since=alert.since,
                mark=Mark.BAD if alert.is_firing else Mark.GOOD,
            )
            for key, alert in incident.alerts.items()
        ),
        told=tuple((at, informed.impact) for at, informed in incident.updates),
        actions=tuple(_action(each) for each in items),
        possible=_possible(incident.phase),
        lines=_lines(timeline.lines),
        notes=tuple(_notes(timeline)),
    )


def _fall(timeline: IncidentTimeline) -> str:
    fall = timeline.money.deepest_fall()
    return NOTHING if fall is None else amount(fall, places_for(fall.asset, Decimal(1)))


def _possible(phase: IncidentPhase) -> frozenset[str]:
    """The phases that the table of moves has from here."""
    return frozenset(target.value for target, move in MOVE_TO.items() if can_move(phase, move))


def _steps(incident: Incident) -> tuple[PhaseStep, ...]:
    reached = {
        IncidentPhase.DECLARED: incident.declared_at,
        IncidentPhase.MITIGATING: incident.mitigated_at,
        IncidentPhase.STABLE: incident.stable_at,
        IncidentPhase.RESOLVED: incident.resolved_at,
        IncidentPhase.POSTMORTEM: 0,
        IncidentPhase.CLOSED: incident.closed_at,
    }
    phases = list(IncidentPhase)
    now = phases.index(incident.phase)
    return tuple(
        PhaseStep(
            phase=phase.value,
            at=at or (incident.phase_at if place == now else 0),
            is_now=place == now,
            mark=Mark.GOOD if place < now else Mark.HELD if place == now and not incident.closed_at else _end(place, now),
        )
        for place, (phase, at) in enumerate(reached.items())
    )


def _end(place: int, now: int) -> Mark:
    return Mark.GOOD if place == now else Mark.PENDING


def _clocks(incident: Incident) -> tuple[ClockFacts, ...]:
    begun = incident.declared_at
    detected = f"{duration_words(incident.first_seen_at - incident.since)} after it began"
    found = [
        ClockFacts(name="detected", words=detected, since=0, mark=Mark.GOOD),
        _clock("acknowledged", incident.acknowledged_at and incident.first_acknowledged_at, incident.response_since or begun),
        _clock("stable", incident.stable_at, begun),
        _clock("resolved", incident.resolved_at, begun),
    ]
    if incident.is_open and (at := incident.updated_at):
        found.append(ClockFacts(name="last update", words="", since=at, mark=Mark.GOOD))
    if incident.reopened:
        found.append(ClockFacts(name="came back", words=f"{incident.reopened} times", since=0, mark=Mark.BAD))
    return tuple(found)


def _clock(name: str, at: int, since: int) -> ClockFacts:
    if at:
        return ClockFacts(name=name, words=f"{duration_words(at - since)} after it was declared", since=0, mark=Mark.GOOD)
    return ClockFacts(name=name, words="not yet; the clock runs since", since=since, mark=Mark.PENDING)


def _action(item: ActionItem) -> ActionFacts:
    marks = {
        ActionState.OPEN: Mark.PENDING,
        ActionState.OVERDUE: Mark.BAD,
        ActionState.ATTESTED: Mark.UNKNOWN,
        ActionState.DONE: Mark.GOOD,
    }
    return ActionFacts(
        id=item.id,
        text=item.text,
        owner=item.owner,
        due_at=item.due_at,
        verification=item.shown_by or item.verification or NOTHING,
        state=item.state.value,
        mark=marks[item.state],
        is_done=item.state is ActionState.DONE,
    )


def _lines(found: Sequence[TimelineLine]) -> tuple[TimelineEntryFacts, ...]:
    """Newest first."""
    known: Counter[TimelineLine] = Counter()
    lines = []
    for each in found:
        source = " ".join(filter(None, (each.source, each.account)))
        lines.append(TimelineEntryFacts(each.at, source, each.what, known[each]))
        known[each] += 1
    return tuple(lines[-LINES_SHOWN:][::-1])


def _notes(timeline: IncidentTimeline) -> list[str]:
    earlier = len(timeline.lines) - LINES_SHOWN
    found = [f"{earlier:,} earlier lines are not shown here"] if earlier > 0 else []
    found += [f"{count:,} more lines of {name} are left out" for name, count in timeline.left_out.items()]
    return found + [f"{name} is unknown: {why}" for name, why in timeline.unread.items()]
