"""Action items of a postmortem: open, overdue, done with a proof; and what they are evidence for in a launch."""

from tests.pure.incidents.responses import BEGAN, Desk, alert

from fairway.incidents.incident import ActionState
from fairway.incidents.incident_commands import AddAction, FinishAction
from fairway.incidents.incident_events import ActionItemOverdue
from fairway.launch.evidence.model import Rank
from fairway.launch.evidence.postmortem_actions import RENEWED_NS, evidence_due, evidence_of_actions
from fairway.world.clock import DAY, SECOND


def with_item() -> Desk:
    desk = Desk()
    desk.fire(alert("orders-failing"))
    add = AddAction(text="ask twice", owner="ben", due_at=BEGAN + DAY, verification="venue-drill")
    assert desk.say(add) == ""
    return desk


def test_an_item_is_overdue_from_its_day_on_and_said_so_once() -> None:
    desk = with_item()
    desk.later(DAY - SECOND)
    assert [each.state for each in desk.state.actions.values()] == [ActionState.OPEN]
    desk.later(SECOND)
    desk.later(SECOND)
    assert [each.state for each in desk.state.actions.values()] == [ActionState.OVERDUE]
    assert sum(isinstance(event, ActionItemOverdue) for _, event in desk.journal) == 1


def test_an_item_is_done_with_one_proof_only() -> None:
    desk = with_item()
    item = "INC-20260105-1-A1"
    assert desk.say(FinishAction(item=item)) == f"PROOF_NOT_ONE: action={item} verification='venue-drill'"
    assert desk.say(FinishAction(item=item, evidence="e1", attested="seen")).startswith("PROOF_NOT_ONE")
    assert desk.say(FinishAction(item="x", evidence="e1")) == "ACTION_UNKNOWN: action=x"
    assert desk.say(FinishAction(item=item, attested="I saw the drill pass"), by="eve") == ""
    assert desk.state.actions[item].shown_by == "eve: I saw the drill pass"
    assert desk.say(FinishAction(item=item, evidence="e1")) == f"ACTION_DONE: action={item}"


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
    desk.say(FinishAction(item="INC-20260105-1-A1", evidence="drill 7"))
    assert evidence_of_actions(desk.state, desk.now).holds
