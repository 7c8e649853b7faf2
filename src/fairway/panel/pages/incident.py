"""One incident: phases and clocks, what may be done, alerts, action items, and the timeline of all journals."""

from typing import Final
from urllib.parse import quote

from nicegui.element import Element

from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, card, empty
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_age, live_moment, moment
from fairway.panel.page import LISTS, Given, Page
from fairway.panel.pages.incident_facts import (
    ActionFacts,
    ClockFacts,
    IncidentPageFacts,
    JoinedAlertFacts,
    PhaseStep,
    TimelineEntryFacts,
    incident_question,
)
from fairway.panel.pages.incidents import RUNBOOKS
from fairway.panel.pages.postmortem_draft import postmortem_part
from fairway.panel.tables import Column, live_table
from fairway.panel.unseen import seen
from fairway.panel.visit import Visit

_PHASES: Final = (
    ("mitigating", "Mitigating"),
    ("stable", "Stable"),
    ("resolved", "Resolve"),
    ("closed", "Close"),
)
"""Phases and the words of the button that leads there; the postmortem begins with its draft."""


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    incident = given["incident"]
    Tag("h1", f"Incident {incident}")
    live = await seen(visit, incident_question(incident))
    if live is None:
        return
    with Tag("div", "", "headline"):
        with Tag("p", "", "safety"):
            live.mark(lambda facts: facts.mark)
            live.words(lambda facts: f"{facts.severity}, {facts.phase}: {facts.title}")
        live.words(lambda facts: f"Commander: {facts.commander}. Cause: {facts.cause}.", "p")
    if visit.may("incident-ack", incident=incident):
        _actions(visit, live, incident)
    with Tag("div", "", "cards incident-cards"):
        with card("Phases", "phases"):
            live.rows(Tag("ol", "", "phase-track"), lambda facts: facts.steps, lambda step: step.phase, _step)
        with card("Clocks", "clocks"):
            _clocks(live)
        with card("Alerts", "joined"):
            _alerts(live)
        with card("Action items", "action-items"):
            _items(visit, live, incident)
        with card("Postmortem", "postmortem"):
            postmortem_part(visit, incident)
        with card("What users were told", "told"):
            _told(live)
        with card("Timeline, the newest first", "timeline"):
            _timeline(live)


def _actions(visit: Visit, live: Live[IncidentPageFacts], incident: str) -> None:
    given = {"incident": incident}
    with Tag("p", "", "actions") as place:
        ack = command_button(visit, "Acknowledge", "incident-ack", given)
        live.visible(ack, lambda facts: not facts.is_acknowledged)
        command_button(visit, "Note", "incident-note", given)
        command_button(visit, "Take over", "incident-take", given, ask=("person",))
        for phase, words in _PHASES:
            found = command_button(visit, words, "incident-phase", {**given, "phase": phase})
            live.visible(found, lambda facts, phase=phase: phase in facts.possible)  # type: ignore[misc]
        command_button(visit, "Change the severity", "incident-severity", given)
        command_button(visit, "Inform users", "incident-inform", given, ask=("length",))
    live.visible(place, lambda facts: not facts.is_closed)


def _step(row: Live[PhaseStep]) -> Element:
    with Tag("li") as found:
        row.mark(lambda step: step.mark)
        row.words(lambda step: step.phase, classes="name")
        live_moment(row, lambda step: step.at, InstantPrecision.SECOND, classes="at")
    row.attribute(found, "aria-current", lambda step: "step" if step.is_now else None)
    return found


def _clocks(live: Live[IncidentPageFacts]) -> None:
    live.rows(Tag("ul", "", "clock-list"), lambda facts: facts.clocks, lambda clock: (clock.name, clock.since), _clock)
    with Tag("dl", "", "fact-list"):
        Tag("dt", "runbook")
        with Tag("dd"):
            name = live.facts.runbook
            Tag("a", name or "none", href=f"{RUNBOOKS}/{quote(name, safe='')}" if name else None)
        Tag("dt", "deepest fall of all accounts")
        live.words(lambda facts: facts.deepest_fall, "dd")


def _clock(row: Live[ClockFacts]) -> Element:
    with Tag("li") as found:
        row.mark(lambda clock: clock.mark)
        row.words(lambda clock: clock.name, classes="name")
        row.words(lambda clock: clock.words)
        if row.facts.since:
            live_moment(row, lambda clock: clock.since, InstantPrecision.SECOND)
            live_age(row, lambda clock: clock.since)
    return found


def _alerts(live: Live[IncidentPageFacts]) -> None:
    live_table(
        live,
        _ALERTS,
        lambda facts: facts.alerts,
        lambda alert: alert.key,
        label="Alerts of the incident",
        nothing="No alert: a person declared it.",
    )


_ALERTS: Final[tuple[Column[JoinedAlertFacts], ...]] = (
    Column(head="Alert", words=lambda alert: alert.key, mark=lambda alert: alert.mark),
    Column(head="Severity", words=lambda alert: alert.severity),
    Column(head="Since, UTC", at=lambda alert: alert.since),
    Column(head="Why", words=lambda alert: alert.reason, prose=True),
)


def _items(visit: Visit, live: Live[IncidentPageFacts], incident: str) -> None:
    def finish(row: Live[ActionFacts]) -> None:
        if visit.may("incident-action-done", item=row.facts.id):
            found = command_button(visit, "Done", "incident-action-done", {"item": row.facts.id}, ask=("attest",))
            row.visible(found, lambda item: not item.is_done)

    live_table(
        live,
        (*_ITEMS, Column(head="Act", build=finish)),
        lambda facts: facts.actions,
        lambda item: item.id,
        label="Action items",
        nothing="None yet: what keeps it from happening again is added here.",
    )
    if visit.may("incident-action-add", incident=incident):
        with Tag("p", "", "actions"):
            command_button(visit, "Add an action item", "incident-action-add", {"incident": incident})


_ITEMS: Final[tuple[Column[ActionFacts], ...]] = (
    Column(head="Item", words=lambda item: item.id, mark=lambda item: item.mark),
    Column(head="What", words=lambda item: item.text, prose=True),
    Column(head="Owner", words=lambda item: item.owner),
    Column(head="Due", at=lambda item: item.due_at, precision=InstantPrecision.DAY),
    Column(head="State", words=lambda item: item.state),
    Column(head="Verified by", words=lambda item: item.verification),
)


def _told(live: Live[IncidentPageFacts]) -> None:
    place = Tag("ol", "", "timeline-lines")
    live.rows(place, lambda facts: facts.told, lambda update: update, lambda row: _update(*row.facts))
    live.visible(
        empty("Nothing yet: the status page says only what is set there. Inform users above."), lambda facts: not facts.told
    )


def _update(at: int, words: str) -> Element:
    with Tag("li") as found:
        moment(at)
        Tag("span", words, "what")
    return found


def _timeline(live: Live[IncidentPageFacts]) -> None:
    live.rows(Tag("ul", "", "empty"), lambda facts: facts.notes, lambda note: note, lambda row: Tag("li", row.facts))
    place = Tag("ol", "", "timeline-lines", tabindex="0", aria_label="timeline, the newest first")
    live.rows(place, lambda facts: facts.lines, lambda line: line, lambda row: _line(row.facts))
    live.visible(empty("The journals hold nothing of its span."), lambda facts: not facts.lines)


def _line(line: TimelineEntryFacts) -> Element:
    with Tag("li") as found:
        moment(line.at)
        Tag("span", line.source, "source")
        Tag("span", line.what, "what")
    return found


PAGE: Final = Page(styles=LISTS, path="/incidents/{incident}", title="Incident", build=build)
