"""People's words and time: an approval is void when what it was bound to has changed, and grows old while it waits."""

from dataclasses import replace

import pytest
from msgspec import Struct
from tests.pure.launch.launches import LARGE, STAGES, Flight, at_middle, plan

from fairway.journal.command_reader import ReadCommand
from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.control.hold_kinds import SAFE_START
from fairway.launch.control.holds import hold_of
from fairway.launch.control.launch_events import InstructionAnswered
from fairway.launch.control.lifecycle import StageEntered
from fairway.launch.control.tick import tick
from fairway.launch.plan.compiled_plan import CompiledTrack
from fairway.proving.scripted_gate import asked
from fairway.world.clock import HOUR, MINUTE, SECOND


def test_without_the_approvals_the_next_stage_waits() -> None:
    flight = at_middle()
    flight.say("two", "good")
    flight.say("harm", "good")
    flight.fly(2 * HOUR, MINUTE)
    assert flight.where == (1, "ready")
    flight.tick(*flight.approve_all("large", {"owner": "bob"}))
    flight.fly(MINUTE)
    assert flight.where == (1, "ready"), "one of two"
    flight.tick(*flight.approve_all("large", {"risk": "bob"}))
    assert flight.where == (1, "ready"), "nobody counts in two roles"
    flight.tick(*flight.approve_all("large", {"risk": "ann"}))
    assert flight.where == (1, "ready"), "the author does not approve"
    flight.tick(*flight.approve_all("large", {"risk": "carol"}))
    assert (flight.where, flight.limits) == ((2, "entering"), LARGE)


def test_an_approval_is_void_once_the_evidence_has_changed_and_after_its_time() -> None:
    flight = at_middle()
    flight.say("two", "good")
    flight.say("harm", "good")
    flight.fly(2 * HOUR, MINUTE)
    flight.tick(*flight.approve_all("large", {"owner": "bob"}))
    flight.say("extra", "good")
    flight.tick(*flight.approve_all("large", {"risk": "carol"}))
    assert flight.where == (1, "ready")
    flight.tick(*flight.approve_all("large", {"owner": "bob"}))
    assert flight.where == (2, "entering")

    late = at_middle()
    late.say("two", "good")
    late.say("harm", "good")
    late.fly(2 * HOUR, MINUTE)
    late.tick(*late.approve_all("large", {"owner": "bob"}))
    late.fly(24 * HOUR, 10 * MINUTE)
    late.tick(*late.approve_all("large", {"risk": "carol"}))
    assert late.where == (1, "ready")


@pytest.mark.parametrize("what", ["a release", "a claim"])
def test_an_approval_that_was_void_once_stays_so(what: str) -> None:
    """A release that comes back, or a claim that holds again, is not what people looked at."""
    both = {"owner": 1, "risk": 1}
    flight = Flight(plan=plan(CompiledTrack("engine", (replace(STAGES[0], approvals=both),)), entry=(asked("safe"),)))
    flight.say("safe", "good")
    flight.tick(*flight.approve_all("small", {"owner": "bob"}))
    if what == "a release":
        flight.release = "r2"
        flight.fly(MINUTE)
        flight.release = "r1"
    else:
        flight.say("safe", "bad")
    flight.fly(MINUTE)
    flight.say("safe", "good")
    flight.fly(MINUTE)
    flight.tick(*flight.approve_all("small", {"risk": "carol"}))
    assert flight.where == (-1, "armed")
    flight.tick(*flight.approve_all("small", {"owner": "bob"}))
    assert flight.track.stage == 0


def test_an_approval_grows_old_while_it_waits_for_a_pilot() -> None:
    """From when it was said on, for as long as one lasts: another journal would hear it a year later."""
    flight = at_middle()
    flight.say("two", "good")
    flight.say("harm", "good")
    flight.fly(2 * HOUR, MINUTE)
    words = flight.approve_all("large", {"owner": "bob", "risk": "carol"})

    def answers(waited_ns: int) -> list[Struct]:
        heard = [ReadCommand(number, by, flight.now - waited_ns, wish) for number, (by, wish) in enumerate(words, 1)]
        return tick(flight.plan, flight.launch, flight.observation(), heard).events

    day = flight.plan.approval_ns
    assert [each.refused[:16] for each in answers(day) if isinstance(each, InstructionAnswered)] == ["APPROVAL_EXPIRED"] * 2
    [ends_at, _] = [each.approval.ends_at for each in answers(day - SECOND) if isinstance(each, launch_events.ApprovalGiven)]
    assert ends_at == flight.now + SECOND
    assert any(isinstance(each, StageEntered) for each in answers(day - SECOND))
    [late, _] = [each.approval.ends_at for each in answers(-HOUR) if isinstance(each, launch_events.ApprovalGiven)]
    assert late == flight.now + day, "said by a clock that is ahead"


def test_an_approval_is_not_taken_while_nobody_has_heard_which_release_runs() -> None:
    """It would be of no release, and void as soon as one is heard."""
    flight = at_middle()
    flight.say("two", "good")
    flight.fly(2 * HOUR, MINUTE)
    flight.launch.release = flight.release = ""
    flight.tick(*flight.approve_all("large", {"owner": "bob"}))
    refused = [each.refused for each in flight.events if isinstance(each, InstructionAnswered) and each.refused]
    assert refused == ["RELEASE_UNKNOWN: no trader has been heard"]
    assert flight.launch.approvals == []


def test_what_was_said_before_a_safe_start_does_not_end_it() -> None:
    """A restored journal hears anew what people said to the one that it is a copy of."""
    flight = at_middle()
    hold = hold_of(SAFE_START, "an old copy", flight.now)
    flight.take(launch_events.HoldRaised(hold=hold))
    wish = said.Release(reason="a new launch", hold_id=SAFE_START.id_of())
    for at, code in ((flight.now - 1, "HOLD_NEWER"), (flight.now, "")):
        events = tick(flight.plan, flight.launch, flight.observation(), [ReadCommand(1, "eve", at, wish)]).events
        [answer] = [each.refused.partition(":")[0] for each in events if isinstance(each, InstructionAnswered)]
        assert answer == code
