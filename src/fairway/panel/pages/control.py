"""The control center: what runs, what stops and starts it, by which settings, and what the doctor finds."""

import logging
from typing import Final

from nicegui.element import Element

from fairway.operations.doctor.doctor import DOCTOR, DoctorRequest
from fairway.operations.finding import CheckVerdict, DoctorFinding
from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, button, card, mark_of
from fairway.panel.failures import told
from fairway.panel.feed import Unseen
from fairway.panel.guards import MOUNT
from fairway.panel.live import Live
from fairway.panel.moments import InstantPrecision, live_age, moment, moment_words
from fairway.panel.page import Given, Page
from fairway.panel.pages.configuration_card import configuration
from fairway.panel.pages.control_facts import CONTROL, ControlFacts, PairFacts, ProcessFacts
from fairway.panel.pages.schedule_facts import PlannedFacts
from fairway.panel.pages.strategy_card import strategies
from fairway.panel.state_marks import Mark
from fairway.panel.tables import Column, live_table
from fairway.panel.unseen import say_unseen
from fairway.panel.visit import Visit

_LOG: Final = logging.getLogger(__name__)
VERDICTS: Final = {CheckVerdict.OK: Mark.GOOD, CheckVerdict.WARN: Mark.HELD, CheckVerdict.FAIL: Mark.BAD}
RISK: Final[tuple[Column[PairFacts], ...]] = (
    Column(head="what", words=lambda row: row.name),
    Column(head="in force", words=lambda row: row.value, is_number=True),
    Column(head="from", words=lambda row: row.source),
)


SCHEDULE: Final[tuple[Column[PlannedFacts], ...]] = (
    Column(head="what", words=lambda row: row.name),
    Column(head="now", words=lambda row: row.now),
    Column(head="next", at=lambda row: row.next_at, precision=InstantPrecision.MINUTE),
    Column(head="key", words=lambda row: row.key),
)


async def build(visit: Visit, given: Given) -> None:
    """The page."""
    Tag("h1", "Control center", "only-read-out")
    live = await visit.live(CONTROL)
    if isinstance(live, Unseen):
        say_unseen(live)
        return
    with Tag("div", "", "headline"):
        with Tag("p", "", "safety"):
            live.mark(lambda facts: facts.mark)
            live.words(lambda facts: facts.sentence)
        live.words(lambda facts: facts.second, "p")
    with Tag("div", "", "cards"):
        with card("Processes", "processes"):
            _processes(visit, live)
        with card("Success", "success"):
            _pairs(live)
        with card("Start and stop", "stop-start"):
            _start_and_stop(visit, live)
        with card("Strategies", "strategy"):
            strategies(visit, live)
        with card("Risk settings in force", "risk", f"{MOUNT}/risk"):
            live_table(
                live, RISK, lambda facts: facts.risk, lambda row: row.name, label="Risk settings", nothing="No account yet."
            )
        with card("What runs when", "schedule"):
            live_table(
                live,
                SCHEDULE,
                lambda facts: facts.schedule,
                lambda row: (row.name, row.next_at),
                label="What runs when, soonest first",
                nothing="Nothing is planned.",
            )
            Tag("p", "All of it is changed in the configuration below, by the key that stands beside it.", "note")
        with card("Diagnostics", "doctor"):
            _doctor(visit)
        with card("Configuration", "configuration"):
            await configuration(visit)


def _processes(visit: Visit, live: Live[ControlFacts]) -> None:
    def actions(row: Live[ProcessFacts]) -> None:
        for words, slug, get in (
            ("Start", "process-start", lambda each: each.can_start),
            ("Restart", "process-restart", lambda each: each.can_restart),
        ):
            if visit.may(slug):
                each = command_button(visit, words, slug, {"process": row.facts.name})
                each.attribute("aria-label", f"{words} {row.facts.name}")
                row.visible(each, get)

    def since(row: Live[ProcessFacts]) -> None:
        live_age(row, lambda each: each.since)

    columns: tuple[Column[ProcessFacts], ...] = (
        Column(head="process", words=lambda row: row.name, mark=lambda row: row.mark),
        Column(head="state", words=lambda row: row.state),
        Column(head="since", words=lambda row: moment_words(row.since), build=since),
        Column(head="crashes", words=lambda row: row.crashes, is_number=True),
        Column(head="last said", words=lambda row: row.news or "nothing", tone=lambda row: "older" if row.is_older else ""),
        Column(head="", words=lambda row: "", build=actions),
    )
    live_table(
        live,
        columns,
        lambda facts: facts.processes,
        lambda row: row.name,
        label="Processes",
        nothing="No supervisor runs. Start everything with: ",
        command=f"fairway up {visit.parts.context.config}",
    )


def _pairs(live: Live[ControlFacts]) -> None:
    def line(row: Live[PairFacts]) -> Element:
        with Tag("div", "", "figure-line") as found:
            row.words(lambda each: each.name, "dt")
            with Tag("dd", "", "number"):
                row.words(lambda each: each.value, classes="value")
                row.words(lambda each: each.source, classes="note")
        return found

    live.rows(Tag("dl", "", "figures"), lambda facts: facts.success, lambda each: each.name, line)


def _start_and_stop(visit: Visit, live: Live[ControlFacts]) -> None:
    """Each with what it does in one line: from the mildest to the hardest."""
    with Tag("dl", "", "ways"):
        for words, slug, given, ask, what in (
            ("Pause", "pause", {"everyone": True}, (), "Opens nothing. What is held keeps its stop, and is managed on."),
            ("Stop the trader", "stop", {}, (), "Ends the process. Stops and targets stay at the exchange; nothing is trailed."),
            ("Kill", "kill", {"flatten": False}, (), "Cancels what does not protect, and latches: no start before a resume."),
            ("Emergency close", "kill", {"flatten": True}, (), "Kills, and sells everything at the market, verified there."),
            ("Resume", "resume", {}, (), "Ends a kill, where bot and exchange agree. It asks for a fresh sign-in."),
        ):
            if not visit.may(slug, **given):
                continue
            with Tag("div", "", "way"):
                with Tag("dt"):
                    command_button(visit, words, slug, given, classes="raises" if slug == "resume" else "lowers", ask=ask)
                Tag("dd", what)
    with Tag("p", "", "empty") as hint:
        Tag("span", "No supervisor runs, so nothing can be started from here. Type: ")
        Tag("code", f"fairway up {visit.parts.context.config}")
    live.visible(hint, lambda facts: not facts.is_up)


def _doctor(visit: Visit) -> None:
    """What `fairway doctor` finds, asked for by a button: it asks the venue."""
    said = Tag(
        "p", "It checks the configuration, the key, the clock, the disk, the venue and each pair.", "outcome", role="status"
    )
    place = Tag("div", "", "findings", role="region", aria_label="Findings of the doctor", tabindex="0")

    async def examine() -> None:
        start.attribute("disabled", True)
        said.set_text("… the machine and the venue are being asked")
        try:
            found = await visit.read(DOCTOR, DoctorRequest(config=visit.parts.context.config))
        except Exception as error:
            said.set_text(f"✗ {told(error, _LOG, 'the doctor')}")
            return
        finally:
            start.attribute("disabled", None)
        fails = sum(each.verdict is CheckVerdict.FAIL for each in found.findings)
        said.set_text(f"{fails} of {len(found.findings)} failed" if fails else f"✓ none of {len(found.findings)} failed")
        place.clear()
        with place:
            moment(found.asked_at, classes="asked-at")
            _findings(found.findings)

    start = button("Run the doctor", examine)


def _findings(findings: tuple[DoctorFinding, ...]) -> None:
    """Those that failed first."""
    order = (CheckVerdict.FAIL, CheckVerdict.WARN, CheckVerdict.OK)
    with Tag("ul", "", "finding-list"):
        for each in sorted(findings, key=lambda finding: order.index(finding.verdict)):
            with Tag("li"):
                mark_of(VERDICTS[each.verdict])
                Tag("strong", each.check)
                Tag("span", each.found, "found")
                if each.advice:
                    Tag("span", each.advice, "advice")


PAGE: Final = Page(styles=("control",), path="/control", title="Control", nav="Control", key="c", build=build)
