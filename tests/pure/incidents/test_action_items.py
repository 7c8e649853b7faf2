"""Action items of a postmortem: open, overdue, attested or shown; and what they are evidence for in a launch."""

from dataclasses import replace

import pytest
from tests.pure.incidents.responses import BEGAN, PROTECTED, Desk, alert
from tests.pure.launch.launches import plan

from fairway.incidents.incident import ActionState
from fairway.incidents.incident_commands import AddAction, FinishAction
from fairway.incidents.incident_events import ActionItemDone, ActionItemOverdue
from fairway.incidents.verification import VerificationSeen
from fairway.launch.control.state import Launch
from fairway.launch.evidence.claims import why_not_taken
from fairway.launch.evidence.model import Rank
from fairway.launch.evidence.postmortem_actions import ENDS_NS, RENEWED_NS, evidence_due, evidence_of_actions
from fairway.launch.gates.port import Claim, Facts
from fairway.launch.gates.statistics.claim_check import assess_claim
from fairway.launch.gates.verdict import Result
from fairway.world.clock import DAY, HOUR, SECOND

ITEM = "INC-20260105-1-A1"
SHOWN = VerificationSeen(at=BEGAN + SECOND, holds=True, is_machine=True, must_be_shown=True, says="observed in a drill, by ann")
"""What a launch says of a claim that a drill has shown."""


def with_item() -> Desk:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    add = AddAction(text="ask twice", owner="ben", due_at=BEGAN + DAY, verification="rollback")
    assert desk.say(add) == ""
    return desk


def seen(desk: Desk, word: VerificationSeen | None) -> Desk:
    """A second later the launch says this of the verification; None where it says nothing."""
    desk.now += SECOND
    desk.facts = replace(PROTECTED, verifications={} if word is None else {"rollback": word})
    return desk


def finished(desk: Desk, attested: str = "") -> str:
    return desk.say(FinishAction(item=ITEM, attested=attested), by="eve")


def test_an_item_is_overdue_from_its_day_on_and_said_so_once() -> None:
    desk = with_item()
    desk.later(DAY - SECOND)
    assert [each.state for each in desk.state.actions.values()] == [ActionState.OPEN]
    desk.later(SECOND)
    desk.later(SECOND)
    assert [each.state for each in desk.state.actions.values()] == [ActionState.OVERDUE]
    assert sum(isinstance(event, ActionItemOverdue) for _, event in desk.journal) == 1


def test_an_item_is_done_once_the_launch_has_shown_its_verification_since() -> None:
    desk = seen(with_item(), SHOWN)
    assert finished(desk) == ""
    item = desk.state.actions[ITEM]
    assert (item.state, item.shown_by) == (ActionState.DONE, "rollback: observed in a drill, by ann, 2026-01-05 10:00:01")
    assert finished(desk) == f"ACTION_DONE: action={ITEM}"
    assert desk.say(FinishAction(item="x")) == "ACTION_UNKNOWN: action=x"


@pytest.mark.parametrize(
    ("word", "why"),
    [
        (None, "no launch beside the trader says anything of it"),
        (replace(SHOWN, at=0, says=""), "the launch has no word on it yet"),
        (replace(SHOWN, at=BEGAN), "the newest word of the launch is no newer than the item"),
        (replace(SHOWN, at=BEGAN + DAY), "the newest word of the launch is of later than now"),
        (replace(SHOWN, holds=False, says="it's \nspoiled"), "it does not hold: it s spoiled"),
        (replace(SHOWN, is_machine=False, says="attested file, by ann"), "a person alone says so: attested file, by ann"),
    ],
)
def test_an_item_that_no_launch_has_shown_is_not_done(word: VerificationSeen | None, why: str) -> None:
    desk = seen(with_item(), word)
    assert finished(desk) == f"ACTION_NOT_SHOWN: action={ITEM} verification=rollback why='{why}'"
    assert desk.state.actions[ITEM].state is ActionState.OPEN


def test_the_word_of_a_person_is_journaled_as_that_and_a_launch_may_show_the_item_later() -> None:
    desk = seen(with_item(), None)
    assert finished(desk, "I saw the drill pass") == ""
    item = desk.state.actions[ITEM]
    assert (item.state, item.shown_by) == (ActionState.ATTESTED, "attested by eve: I saw the drill pass")
    [told] = [event for _, event in desk.journal if isinstance(event, ActionItemDone)]
    assert (told.shown, told.attested, told.by) == ("", "I saw the drill pass", "eve")
    assert finished(desk, "again") == f"ACTION_ATTESTED: action={ITEM}"
    seen(desk, replace(SHOWN, at=desk.now))
    assert finished(desk) == ""
    assert desk.state.actions[ITEM].state is ActionState.DONE


def test_what_the_launch_lets_a_machine_show_is_not_attested() -> None:
    desk = seen(with_item(), replace(SHOWN, at=0))
    assert finished(desk, "I saw it") == f"ACTION_MUST_BE_SHOWN: action={ITEM} verification=rollback"
    seen(desk, replace(SHOWN, at=0, must_be_shown=False))
    assert finished(desk, "I saw it") == ""


def test_an_item_of_the_past_is_refused() -> None:
    desk = with_item()
    assert desk.say(AddAction(text="x", owner="y", due_at=BEGAN, verification="z")) == f"DUE_PASSED: due={BEGAN}"


def test_the_evidence_holds_while_no_item_is_overdue_and_speaks_against_it_at_once() -> None:
    desk = with_item()
    first = evidence_due(desk.state, None, desk.now)
    assert first is not None
    assert (first.claim, first.rank, first.holds) == ("postmortem-actions", Rank.MACHINE_ARTIFACT, True)
    assert first.why == "no action item is overdue, 1 are open"
    assert evidence_due(desk.state, first, desk.now + RENEWED_NS - 1) is None
    again = evidence_due(desk.state, first, desk.now + RENEWED_NS)
    assert again is not None
    assert (again.digest, again.holds) == (first.digest, True)
    late = evidence_due(desk.state, again, BEGAN + DAY)
    assert late is not None
    assert (late.holds, late.why) == (False, "overdue: INC-20260105-1-A1 of ben, due 2026-01-06")
    desk.now = BEGAN + 2 * DAY
    finished(seen(desk, SHOWN))
    found = evidence_of_actions(desk.state, desk.now)
    assert (found.holds, found.rank, found.ends_at) == (True, Rank.MACHINE_ARTIFACT, desk.now + ENDS_NS)


def test_the_evidence_of_a_machine_ends_when_the_next_item_is_due() -> None:
    desk = with_item()
    found = evidence_of_actions(desk.state, BEGAN + 10 * HOUR)
    assert (found.ends_at, found.holds) == (BEGAN + DAY, True)


def test_a_due_item_that_a_person_attests_makes_the_evidence_a_bare_word() -> None:
    """A plan that asks for what a machine shows is not passed by it, and one that takes a person's word is."""
    desk = with_item()
    desk.later(HOUR)
    finished(desk, "I saw it")
    before = evidence_due(desk.state, None, desk.now)
    assert before is not None
    assert (before.rank, before.ends_at) == (Rank.MACHINE_ARTIFACT, BEGAN + DAY)
    due = evidence_due(desk.state, before, BEGAN + DAY)
    assert due is not None
    assert (due.holds, due.rank) == (True, Rank.BARE_WORD)
    assert due.why == "not shown, but attested by a person: INC-20260105-1-A1 of ben, due 2026-01-06"
    facts = replace(Facts(now=BEGAN + DAY, since=BEGAN), evidence=(before, due))
    asked = [Claim(due.claim, rank, of_release=False) for rank in (Rank.MACHINE_ARTIFACT, Rank.BARE_WORD)]
    assert [assess_claim(each, facts).result for each in asked] == [Result.STALE, Result.PASS]
    flown, launch = plan(checklist=asked), Launch(evidence=[before])
    assert why_not_taken(flown, launch, due, BEGAN + DAY) == "", "the launch takes it, for the stronger one has ended"
