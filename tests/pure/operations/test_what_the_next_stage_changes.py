"""Before a person approves or promotes, they read the limits now and then, what is missing, and who may give it."""

from tests.pure.launch.launches import STAGES, Flight, at_middle, plan
from tests.pure.launch.test_record import told

from fairway.launch.plan.compiled_plan import CompiledTrack
from fairway.operations.launch.begin_preview import needed_people
from fairway.operations.launch.next_stage import approval_lines, next_stage_lines
from fairway.world.clock import HOUR, MINUTE

TRACK = CompiledTrack("engine", STAGES)


def waiting_for_people() -> Flight:
    flight = at_middle()
    flight.say("two", "good")
    flight.say("harm", "good")
    flight.fly(HOUR, MINUTE)
    return flight


def test_limits_are_shown_now_and_then() -> None:
    now, then, _ = next_stage_lines(told(at_middle()), TRACK)
    assert now == "now, in engine/middle: no real money; each account: capital 300 USDT"
    assert then == "then, in engine/large: no real money; each account: capital 1000 USDT"


def test_missing_approvals_are_shown_until_they_are_given() -> None:
    flight = waiting_for_people()
    assert next_stage_lines(told(flight), TRACK)[2] == (
        "approvals still missing: 1 more as owner (0 of 1 given), 1 more as risk (0 of 1 given); "
        "who may give them: as owner: any person but the author, ann; as risk: any person but the author, ann"
    )
    (owner, *_) = flight.approve_all("large", {"owner": "bob", "risk": "carol"})
    flight.tick(owner)
    assert next_stage_lines(told(flight), TRACK)[2].startswith("approvals still missing: 1 more as risk (0 of 1 given); ")


def test_people_that_the_plan_names_are_named() -> None:
    named = plan(who={"owner": ("bob", "carol"), "risk": ()})
    assert needed_people(named, STAGES[2]) == "needs the approval of 1 as owner (bob, carol), 1 as risk (no person is named)"
    assert needed_people(named, STAGES[0]) == "is entered without an approval"


def test_an_approval_of_a_stage_that_does_not_follow_shows_that() -> None:
    (line,) = approval_lines(told(at_middle()), TRACK, STAGES[0])
    assert line.startswith("engine/small is not the next stage; its limits: ")
