"""A plan in an editor: the linter's findings beside its lines, a rehearsal with its table, and the launch that begins by it."""

import asyncio
import logging
from dataclasses import dataclass, field
from typing import Any, Final

from fairway.api.command_bodies import command_forms
from fairway.launch.plan import shipped
from fairway.operations.launch.draft import DRAFT_PLAN, DraftPlanRequest
from fairway.operations.launch.plan_text import LINT, TEXT_MAX, LintOutcome, LintRequest, PlanFinding
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.panel.command_dialog import CommandDialog
from fairway.panel.elements import Tag, mark_of
from fairway.panel.failures import told
from fairway.panel.guards import MOUNT
from fairway.panel.page import Given, Page
from fairway.panel.pages.launch_plan_facts import FLOWN, Flown, flown
from fairway.panel.pages.launch_rehearsal import rehearsal
from fairway.panel.scripts import javascript
from fairway.panel.state_marks import Mark
from fairway.panel.visit import Visit
from fairway.texts.display import count_text

MARKS: Final = {"refuse": Mark.BAD, "unreadable": Mark.BAD, "warn": Mark.HELD, "accepted": Mark.GOOD}
WORDS: Final = {"refuse": "refused", "unreadable": "cannot be read", "warn": "warning", "accepted": "accepted"}
BEGIN: Final = "launch-begin"
_TEXT: Final = "() => emit(document.querySelector('.plan-text').value)"
_LOG: Final = logging.getLogger(__name__)
WAIT_S: Final = 0.5
"""After the last key the linter is asked again."""


@dataclass(slots=True)
class EditedPlan:
    """The text as it is in the browser."""

    text: str
    number: int = field(default=0)
    """Of the newest text that the linter was asked about."""


async def build(visit: Visit, given: Given) -> None:
    """The page. given: `plan`, which one it begins with."""
    found = await asyncio.to_thread(flown, visit.parts.sources, visit.actor)
    chosen = given.get("plan", "") or (FLOWN if found is not None else "first-hundred")
    edited = EditedPlan(_text(chosen, found))
    Tag("h1", "Plan and rehearsal")
    _choice(chosen, found)
    with Tag("div", "", "plan-columns"):
        with Tag("section", "", "card plan-card", aria_label="Plan"):
            editor = _editor(edited.text)
        with Tag("section", "", "card findings-card", aria_label="Findings of the linter"):
            Tag("h2", "What the linter says")
            findings = Tag("div", "", "findings", role="status")
    with Tag("section", "", "card", aria_label="Rehearsal"):
        Tag("h2", "Rehearsal")
        await rehearsal(visit, lambda: edited.text)
    with Tag("section", "", "card", aria_label="Begin the launch"):
        Tag("h2", "Begin the launch")
        start = Tag("div", "", "start")

    async def changed(event: Any) -> None:
        edited.text = str(event.args)[: TEXT_MAX + 1]
        await _lint(visit, edited, findings, start, found)

    editor.on("input", changed, js_handler="(e) => emit(e.target.value)", throttle=WAIT_S, leading_events=False)
    await _lint(visit, edited, findings, start, found)
    visit.client.run_javascript("fairwayPlan.restored()")


def _text(chosen: str, found: Flown | None) -> str:
    if chosen == FLOWN and found is not None:
        return found.text
    return shipped.text(chosen) if chosen in shipped.names() else shipped.text("first-hundred")


def _choice(chosen: str, found: Flown | None) -> None:
    with Tag("p", "", "plan-choice"):
        Tag("span", "Begin with ")
        names = [*([FLOWN] if found is not None else []), *shipped.names()]
        for name in names:
            words = f"the plan that is flown ({found.name})" if name == FLOWN and found is not None else name
            link = Tag("a", words, href=f"{MOUNT}/launch/plan?plan={name}")
            link.attribute("aria-current", "true" if name == chosen else None)


def _editor(text: str) -> Tag:
    with Tag("div", "", "plan-tools"):
        Tag("button", "Download as plan.yaml", "plan-download", type="button")
        Tag("span", "Nothing is saved here: download the plan, or begin a launch by it below.", "quiet")
    with Tag("div", "", "plan-editor"):
        Tag("div", "", "plan-lines", aria_hidden="true")
        return Tag(
            "textarea",
            text,  # as its child and not as a value, which each change of the page would set again
            "plan-text",
            aria_label="Text of the plan",
            spellcheck="false",
            autocomplete="off",
            wrap="off",
            maxlength=TEXT_MAX,
            rows="30",
        )


async def _lint(visit: Visit, edited: EditedPlan, findings: Tag, start: Tag, found: Flown | None) -> None:
    """Asks the linter, and shows what it says, where no newer text came meanwhile."""
    edited.number += 1
    number = edited.number
    try:
        linted = await visit.read(LINT, LintRequest(text=edited.text))
    except Exception as error:
        why = told(error, _LOG, "the linter of plans")
        linted = LintOutcome(
            is_done=False,
            findings=(PlanFinding(line=0, severity="unreadable", name="", what=why, mend="", because=""),),
        )
    if number != edited.number or visit.client.is_deleted:
        return
    findings.clear()
    with findings:
        _findings(linted)
    start.clear()
    with start:
        _start(visit, linted, found)
    lines = [[each.line, each.severity, each.what] for each in linted.findings if each.line]
    visit.client.run_javascript(f"fairwayPlan.mark({javascript(lines)})")


def _findings(linted: LintOutcome) -> None:
    refused = sum(each.severity in ("refuse", "unreadable") for each in linted.findings)
    with Tag("p", "", "verdict"):
        mark_of(Mark.GOOD if linted.is_done else Mark.BAD)
        warnings = len([each for each in linted.findings if each.severity == "warn"])
        verdict = "It may be launched" if linted.is_done else "It would not be launched"
        Tag("span", f"{verdict}: {refused} refused, {count_text(warnings, 'warning')}.")
    with Tag("ol", "", "finding-list"):
        for each in linted.findings:
            _finding(each)


def _finding(each: PlanFinding) -> None:
    with Tag("li", "", f"finding {each.severity}"):
        with Tag("p"):
            mark_of(MARKS[each.severity])
            if each.line:
                Tag("button", f"line {each.line}", "to-line", type="button", data_line=each.line)
            Tag("span", WORDS[each.severity], "name")
            Tag("span", each.name, "quiet")
        Tag("p", each.what)
        if each.mend:
            Tag("p", each.mend if each.severity in ("accepted", "unreadable") else f"Mend: {each.mend}", "mend")
        if each.because:
            with Tag("details"):
                Tag("summary", "Why")
                Tag("p", each.because)


def _start(visit: Visit, linted: LintOutcome, found: Flown | None) -> None:
    if not linted.digest:
        Tag("p", "A plan that cannot be read is not begun.")
        return
    for track, stages in linted.stages:
        Tag("p", f"{track}: the pilot issues leases stage by stage, {stages}; a minute each, and only while its gates pass.")
    if not linted.is_done:
        Tag("p", "It cannot be begun as long as the linter refuses the plan.", "refused")
    elif found is None:
        _begin(visit)
    elif found.digest == linted.digest:
        Tag("p", f"This is the plan that is flown ({linted.digest[:12]}).")
    else:
        Tag("p", f"The launch here flies plan {found.name} ({found.digest[:12]}), and this is another ({linted.digest[:12]}).")
        Tag("p", "A trader flies one launch: abort that one first. A changed plan is a new launch, with a journal of its own.")
    with Tag("p"):
        Tag("span", "Without fairway up, the command on the machine of the trader: ")
        Tag("code", "fairway launch start fairway.yaml plan.yaml")


def _begin(visit: Visit) -> None:
    if not visit.may(BEGIN):
        Tag("p", "Your role does not allow you to begin a launch; ask an admin.", "empty")
        return
    said = Tag("p", "", "refused", role="status")

    async def ask(event: Any) -> None:
        """Keeps the plan as the browser shows it as the draft, also what was typed last, and asks for the rest by its digest."""
        said.set_text("")
        request = DraftPlanRequest(config=visit.parts.context.config, text=str(event.args)[: TEXT_MAX + 1])
        try:
            await visit.again()
            kept = await asyncio.to_thread(perform, DRAFT_PLAN, Call(actor=visit.actor, request=request))
        except Exception as error:
            said.set_text(f"✗ {told(error, _LOG, 'the draft of a plan')}")
            return
        await CommandDialog(visit, command_forms()[BEGIN], "Begin the launch", {"digest": kept.digest}, (), {}).open()

    with Tag("p", "", "buttons"):
        Tag("button", "Begin this launch …", "raises", type="button").on("click", ask, js_handler=_TEXT)
        Tag("a", "See the launch", href=f"{MOUNT}/launch")


PAGE: Final = Page(styles=("launch", "launch-plan"), path="/launch/plan", title="Launch plan", build=build)
