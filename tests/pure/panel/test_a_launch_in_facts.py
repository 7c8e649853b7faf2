"""What the launch page says of stages, people and evidence, of a launch that dwells in the second of three stages."""

from tests.pure.launch.launches import STAGES, Flight, at_middle, plan
from tests.pure.launch.test_record import told

from fairway.launch.control import commands as said
from fairway.launch.evidence.model import Rank
from fairway.launch.gates.port import Claim
from fairway.launch.plan.compiled_plan import CompiledTrack
from fairway.panel.facts.approvals import approval_facts, role_facts
from fairway.panel.facts.claims import claim_facts
from fairway.panel.facts.launch_stages import next_facts, review_facts, stage_facts
from fairway.panel.state_marks import Mark
from fairway.world.clock import DAY, HOUR, MINUTE

TRACK = CompiledTrack("engine", STAGES)


def ready() -> Flight:
    """The same, where approvals alone are missing."""
    flight = at_middle()
    flight.say("two", "good")
    flight.say("harm", "good")
    flight.fly(HOUR, MINUTE)
    assert flight.where == (1, "ready")
    return flight


def test_stages_stand_where_the_track_is() -> None:
    found = stage_facts(told(at_middle()), TRACK)
    assert [each.where for each in found] == ["passed", "now", "next"]
    assert [each.mark for each in found] == [Mark.GOOD, Mark.PENDING, Mark.PENDING]
    assert [each.is_open for each in found] == [False, True, False]
    assert found[2].limits == ("capital 1000 USDT",)
    assert found[2].approvals == "1 person as owner, 1 person as risk"


def test_a_hold_shows_at_the_present_stage() -> None:
    flight = at_middle()
    flight.tick(("eve", said.HoldIt(reason="I want to look")))
    assert stage_facts(told(flight), TRACK)[1].mark is Mark.HELD


def test_a_launch_that_was_given_up_has_no_next_stage() -> None:
    flight = at_middle()
    flight.tick(("eve", said.Abort(reason="another plan")))
    status = told(flight)
    assert [each.where for each in stage_facts(status, TRACK)] == ["passed", "given up", "later"]
    assert next_facts(status, TRACK).name == ""


def test_the_next_stage_waits_for_gates_and_people_that_no_clock_brings() -> None:
    found = next_facts(told(at_middle()), TRACK)
    assert found.name == "large"
    assert found.at > 0
    assert found.waits_for[:2] == ("gate two (INSUFFICIENT)", "gate harm (INSUFFICIENT)")
    assert sum(each.startswith("approval: ") for each in found.waits_for) == 2


def test_a_person_of_no_role_is_told_why() -> None:
    status = told(ready())
    owner, risk = role_facts(status, TRACK, "ann")
    assert (owner.counts, owner.may, owner.mark) == ("0 of 1", "any person", Mark.PENDING)
    assert "AUTHOR_APPROVES" in risk.why_not, "who wrote a plan cannot approve it"
    assert [each.why_not for each in role_facts(status, TRACK, "bob")] == ["", ""]


def test_an_approval_counts_until_something_changes() -> None:
    flight = ready()
    [(bob, approval)] = flight.approve_all("large", {"owner": "bob"})
    flight.tick((bob, approval))
    [found] = approval_facts(told(flight), TRACK)
    assert (found.person, found.role, found.says, found.mark) == ("bob", "owner", "counts", Mark.GOOD)
    owner, _ = role_facts(told(flight), TRACK, "carol")
    assert (owner.counts, owner.mark) == ("1 of 1", Mark.GOOD)
    flight.now += flight.plan.approval_ns
    [found] = approval_facts(told(flight), TRACK)
    assert (found.says, found.mark) == ("has expired", Mark.UNKNOWN)
    assert role_facts(told(flight), TRACK, "carol")[0].counts == "0 of 1"


def test_no_review_is_told_where_the_plan_asks_for_none() -> None:
    assert review_facts(told(at_middle()), TRACK).told == ""


def test_evidence_says_when_it_ends_and_what_it_takes() -> None:
    items = (Claim("tests", Rank.MACHINE_ARTIFACT, DAY, of_release=False), Claim("page", Rank.OBSERVED_IN_A_DRILL))
    flight = Flight(plan(checklist=items, not_waivable=("page",)))
    flight.say("tests", "good")
    flight.now += 23 * HOUR
    tests, page, *_ = claim_facts(told(flight))
    assert (tests.name, tests.mark, tests.standing, tests.left) == ("tests", Mark.GOOD, "holds", "1 h left")
    assert tests.ends_soon
    assert (page.mark, page.standing, page.needs, page.can_waive) == (Mark.PENDING, "no evidence", "observed in a drill", False)
    flight.now += 2 * HOUR
    tests, *_ = claim_facts(told(flight))
    assert (tests.mark, tests.left, tests.can_waive) == (Mark.UNKNOWN, "ended 1 h ago", True)
