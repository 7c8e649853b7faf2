"""Incidents: what is open, what fires, what is silenced, who is called, and the runbooks."""

from typing import Final
from urllib.parse import quote

from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, card
from fairway.panel.guards import MOUNT
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_moment
from fairway.panel.page import LISTS, Given, Page
from fairway.panel.pages.incidents_facts import (
    INCIDENTS,
    AlertLine,
    IncidentsFacts,
    ListedIncident,
    RunbookLine,
    SilenceLine,
)
from fairway.panel.tables import Column, SearchedTable, live_table
from fairway.panel.unseen import seen
from fairway.panel.visit import Visit

PATH: Final = f"{MOUNT}/incidents"
RUNBOOKS: Final = f"{MOUNT}/runbooks"
TICKETS: Final = f"{MOUNT}/tickets"


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    Tag("h1", "Incidents")
    live = await seen(visit, INCIDENTS)
    if live is None:
        return
    with Tag("div", "", "headline"):
        with Tag("p", "", "safety"):
            live.mark(lambda facts: facts.headline_mark)
            live.words(lambda facts: facts.headline)
        live.words(lambda facts: facts.on_call, "p")
        with Tag("p"):
            Tag("a", "Tickets", href=TICKETS)
            live.words(lambda facts: f": {facts.tickets}")
    if visit.may("incident-declare"):
        with Tag("p", "", "actions"):
            command_button(visit, "Declare an incident", "incident-declare", {})
    with Tag("div", "", "cards stacked"):
        with card("Alerts that fire", "firing"):
            _alerts(visit, live)
        with card("Incidents, the newest first", "all-incidents"):
            _incidents(visit, live)
        with card("Runbooks", "runbooks"):
            _runbooks(visit, live)


def _alerts(visit: Visit, live: Live[IncidentsFacts]) -> None:
    with Tag("p", "evaluated ", "empty"):
        live_moment(live, lambda facts: facts.evaluated_at, InstantPrecision.SECOND, nothing="never")
    may_silence = visit.may("alerts-silence")

    def silence(row: Live[AlertLine]) -> None:
        if may_silence:
            command_button(visit, "Silence", "alerts-silence", {"rule": row.facts.rule, "subject": row.facts.subject})

    live_table(
        live,
        (*_ALERTS, Column(head="Act", build=silence)),
        lambda facts: facts.alerts,
        lambda each: each.key,
        label="Alerts that fire",
        nothing="No alert fires.",
    )

    def end(row: Live[SilenceLine]) -> None:
        if visit.may("alerts-unsilence"):
            command_button(visit, "End it", "alerts-unsilence", {"silence": row.facts.id})

    Tag("h3", "Silences")
    live_table(
        live,
        (*_SILENCES, Column(head="Act", build=end)),
        lambda facts: facts.silences,
        lambda each: each.id,
        label="Silences",
        nothing="Nothing is silenced.",
    )


def _quiet(row: Live[AlertLine]) -> None:
    row.words(_notified)
    live_moment(row, lambda each: each.silenced_until, InstantPrecision.SECOND)


def _notified(each: AlertLine) -> str:
    return each.quiet or "yes"


def _alert_incident(row: Live[AlertLine]) -> None:
    link = row.words(lambda each: each.incident, "a")
    row.attribute(link, "href", lambda each: f"{PATH}/{quote(each.incident, safe='')}" if each.incident else None)


def _alert_runbook(row: Live[AlertLine]) -> None:
    if row.facts.runbook:
        Tag("a", row.facts.runbook, href=f"{RUNBOOKS}/{quote(row.facts.runbook, safe='')}")


_ALERTS: Final[tuple[Column[AlertLine], ...]] = (
    Column(head="Alert", words=lambda each: each.rule),
    Column(head="Of", words=lambda each: each.subject or "the bot"),
    Column(head="Severity", words=lambda each: each.severity),
    Column(head="Since, UTC", at=lambda each: each.since),
    Column(head="Why", words=lambda each: each.reason, prose=True),
    Column(head="Incident", words=lambda each: each.incident, build=_alert_incident),
    Column(head="Runbook", words=lambda each: each.runbook, build=_alert_runbook),
    Column(head="People are notified", words=_notified, build=_quiet),
)
_SILENCES: Final[tuple[Column[SilenceLine], ...]] = (
    Column(head="Silence", words=lambda each: each.id),
    Column(head="Of", words=lambda each: each.what),
    Column(head="Until, UTC", at=lambda each: each.until),
    Column(head="By", words=lambda each: each.by),
    Column(head="Why", words=lambda each: each.reason),
)


def _incidents(visit: Visit, live: Live[IncidentsFacts]) -> None:
    SearchedTable(
        visit,
        live,
        _INCIDENTS,
        lambda facts: facts.incidents,
        lambda each: each.id,
        name="incidents",
        label="Incidents",
        nothing="No incident was ever declared. Alerts declare them by themselves; people do with ",
        command="fairway incident declare TITLE --severity P2",
    )


_INCIDENTS: Final[tuple[Column[ListedIncident], ...]] = (
    Column(
        head="Incident",
        words=lambda each: each.id,
        mark=lambda each: each.mark,
        link=lambda each: f"{PATH}/{quote(each.id, safe='')}",
    ),
    Column(head="Severity", words=lambda each: each.severity),
    Column(head="Phase", words=lambda each: each.phase),
    Column(head="Title", words=lambda each: each.title, prose=True),
    Column(head="Commander", words=lambda each: each.commander),
    Column(head="Alerts", words=lambda each: each.alerts),
    Column(head="Declared, UTC", at=lambda each: each.declared_at),
)


def _runbooks(visit: Visit, live: Live[IncidentsFacts]) -> None:
    def run(row: Live[RunbookLine]) -> None:
        if visit.may("runbook-run"):
            command_button(visit, "Run", "runbook-run", {"runbook": row.facts.name}, ask=("account", "symbol", "incident"))

    SearchedTable(
        visit,
        live,
        (*_RUNBOOKS, Column(head="Act", build=run)),
        lambda facts: facts.runbooks,
        lambda each: each.name,
        name="runbooks",
        label="Runbooks",
        nothing="There is no runbook. Those of Fairway are listed by ",
        command="fairway runbook list",
    )


_RUNBOOKS: Final[tuple[Column[RunbookLine], ...]] = (
    Column(head="Runbook", words=lambda each: each.name, link=lambda each: f"{RUNBOOKS}/{quote(each.name, safe='')}"),
    Column(head="About", words=lambda each: each.about, prose=True),
    Column(head="Severity", words=lambda each: each.severity),
    Column(head="Steps", words=lambda each: str(each.steps), by=lambda each: each.steps, is_number=True),
    Column(
        head="Last executed", words=lambda each: each.last, mark=lambda each: each.mark, by=lambda each: (each.last_at, each.name)
    ),
)
PAGE: Final = Page(styles=LISTS, path="/incidents", title="Incidents", nav="Incidents", key="i", build=build)
