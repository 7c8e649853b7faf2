"""The people of a track: what holds it and who lifts that, who has approved and who is missing, and the button that raises."""

from functools import partial
from typing import Final

from nicegui.element import Element

from fairway.panel.command_dialog import command_button
from fairway.panel.elements import Tag, card, empty, mark_of
from fairway.panel.facts.approvals import ApprovalFacts, RoleFacts
from fairway.panel.facts.tracks import HoldFacts
from fairway.panel.live import Live
from fairway.panel.moments import live_moment
from fairway.panel.pages.launch_facts import LaunchTrackFacts
from fairway.panel.state_marks import Mark
from fairway.panel.visit import Visit

_NOT_YOURS: Final = "Your role does not allow it; ask an admin."


def people(visit: Visit, row: Live[LaunchTrackFacts]) -> None:
    """Holds, approvals, review, and the next stage."""
    with card("Holds", "holds"):
        row.rows(
            Tag("ul", "", "hold-list"), lambda each: each.track.holds, lambda hold: (hold.id, hold.since), partial(_hold, visit)
        )
        row.visible(empty("Nothing holds it."), lambda each: not each.track.holds)
    with card("Approvals", "approvals"):
        row.rows(Tag("ul", "", "role-list"), lambda each: each.roles, lambda role: role.key, partial(_role, visit))
        row.visible(empty("The next stage needs no approval."), lambda each: not each.roles)
        row.rows(Tag("ul", "", "approval-list"), lambda each: each.approvals, lambda given: given.key, _approval)
        _review(row)
    with card("The next stage", "raise"):
        _raise(visit, row)


def _hold(visit: Visit, row: Live[HoldFacts]) -> Element:
    facts = row.facts
    with Tag("li", "", "hold") as found:
        with Tag("p"):
            mark_of(Mark.HELD)
            row.words(lambda hold: hold.reason, classes="name")
            code = row.words(lambda hold: hold.code, "code", "code-of")
        row.visible(code, lambda hold: bool(hold.code))
        with Tag("p", "", "quiet"):
            Tag("span", "since ")
            live_moment(row, lambda hold: hold.since)
            row.words(lambda hold: f"; {'nothing is opened' if hold.contains else 'no stage is entered'}; ends when {hold.ends}")
        if facts.needs_person and visit.may("launch-release", hold_id=facts.id):
            command_button(visit, "Release", "launch-release", {"hold_id": facts.id}, classes="raises")
        elif facts.needs_person:
            Tag("p", _NOT_YOURS, "empty")
    return found


def _role(visit: Visit, row: Live[RoleFacts]) -> Element:
    facts = row.facts
    given = {"track": facts.track, "stage": facts.stage, "role": facts.role}
    with Tag("li", "", "role") as found:
        with Tag("p"):
            row.mark(lambda role: role.mark)
            row.words(lambda role: f"{role.stage}: {role.counts} as {role.role}", classes="name")
            row.words(lambda role: f"may approve: {role.may}", classes="quiet")
        if not visit.may("launch-approve", **given):
            Tag("p", _NOT_YOURS, "empty")
            return found
        act = command_button(visit, f"Approve as {facts.role}", "launch-approve", given, classes="raises")
        why = row.words(lambda role: f"You cannot approve: {role.why_not}", "p", "refused")
        row.visible(why, lambda role: bool(role.why_not))
        row.attribute(act, "disabled", lambda role: bool(role.why_not) or None)
    return found


def _approval(row: Live[ApprovalFacts]) -> Element:
    with Tag("li", "", "approval") as found:
        with Tag("p"):
            row.mark(lambda given: given.mark)
            row.words(lambda given: f"{given.person} approved {given.stage} as {given.role}", classes="name")
            row.words(lambda given: given.says, classes="quiet")
        with Tag("p", "", "quiet"):
            live_moment(row, lambda given: given.at)
            Tag("span", ", until ")
            live_moment(row, lambda given: given.ends_at)
            row.words(lambda given: f": {given.comment}" if given.comment else "")
    return found


def _review(row: Live[LaunchTrackFacts]) -> None:
    with Tag("p", "", "review") as found:
        row.mark(lambda each: Mark.HELD if each.review.is_late else Mark.GOOD)
        row.words(lambda each: f"Review: {each.review.told}; {'was due' if each.review.is_late else 'due'} ")
        live_moment(row, lambda each: each.review.due_at)
    row.visible(found, lambda each: bool(each.review.told))


def _raise(visit: Visit, row: Live[LaunchTrackFacts]) -> None:
    """The pilot enters the next stage by itself; the button asks it now. What is missing stands below it."""
    row.words(_coming, "p")
    if visit.may("launch-promote", track=row.facts.name):
        act = command_button(visit, "Promote", "launch-promote", {"track": row.facts.name}, classes="raises")
        row.attribute(act, "disabled", lambda each: bool(each.why_not) or None)
        row.visible(act, lambda each: bool(each.next.name))
    else:
        Tag("p", _NOT_YOURS, "empty")
    missing = Tag("p", "Missing:", "quiet")
    row.visible(missing, lambda each: bool(each.next.name and each.why_not))
    lines = Tag("ul", "", "missing")
    row.visible(lines, lambda each: bool(each.next.name))
    row.rows(lines, lambda each: each.why_not, lambda words: words.partition(":")[0], _missing)


def _coming(each: LaunchTrackFacts) -> str:
    if not each.next.name:
        return "No stage follows."
    if each.why_not:
        return f"{each.next.name} is entered by itself once nothing is missing."
    return f"Nothing is missing for {each.next.name}: the pilot enters it at its next look."


def _missing(row: Live[str]) -> Element:
    return row.words(lambda words: words, "li")
