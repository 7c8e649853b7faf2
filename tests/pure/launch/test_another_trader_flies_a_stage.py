"""A stage that another trader flies is passed by that trader's record, of the same plan and release, and by nothing less."""

from typing import Any

import pytest
from msgspec.structs import replace
from tests.pure.launch.launches import LARGE, SMALL, Flight, dollars, plan

from fairway.launch.control import launch_events
from fairway.launch.control.gate_stage import verdicts_of
from fairway.launch.evidence.model import Evidence, Rank
from fairway.launch.gates.port import Claim
from fairway.launch.plan.compiled_plan import REDUCE_ONLY, CompiledStage, CompiledTrack
from fairway.launch.views.record import record_of
from fairway.launch.views.status_text import LaunchStatus, explain, status
from fairway.proving.scripted_gate import asked
from fairway.world.clock import HOUR, MINUTE

PAPER = CompiledStage("paper", SMALL, stay_min_ns=HOUR, gates=(asked("one"),), approvals={"owner": 1})
MONEY = CompiledStage("money", LARGE, stay_min_ns=HOUR, gates=(asked("two"),), approvals={"owner": 1}, capital=dollars("100"))
THEIRS = CompiledStage("paper", REDUCE_ONLY, is_flown=False, stay_min_ns=HOUR, gates=(asked("one"),), approvals={"owner": 1})
ROUTE = CompiledTrack("engine", (THEIRS, MONEY))


def told(flight: Flight, *, is_live: bool = False) -> LaunchStatus:
    observation = flight.observation()
    return LaunchStatus(flight.plan, flight.launch, observation, verdicts_of(flight.plan, flight.launch, observation), is_live)


def passed(flight: Flight) -> tuple[Evidence, ...]:
    return tuple(record_of(told(flight), list(zip(flight.ats, flight.events, strict=True)), []).passed)


def on_paper() -> Flight:
    """Its first stage is passed: what is missing is people."""
    flight = Flight(plan=plan(CompiledTrack("engine", (PAPER, MONEY))))
    flight.tick()
    flight.tick(*flight.approve_all("paper", {"owner": "bob"}))
    flight.say("one", "good")
    flight.fly(2 * HOUR, MINUTE)
    assert flight.where == (0, "ready")
    return flight


def with_money() -> Flight:
    flight = Flight(plan=plan(ROUTE))
    flight.fly(3 * HOUR, MINUTE)
    assert flight.where == (0, "dwelling"), "nobody's approval is needed where nothing is handed out"
    return flight


def brought(flight: Flight, **wrong: Any) -> Flight:
    [shown] = passed(on_paper())
    flight.take(
        launch_events.EvidenceTaken(evidence=replace(shown, made_at=flight.now, ends_at=flight.now + HOUR, **wrong), by="ann")
    )
    flight.fly(2 * MINUTE)
    return flight


def test_what_was_passed_is_said_as_soon_as_people_alone_are_missing() -> None:
    flight = on_paper()
    [shown] = passed(flight)
    assert (shown.claim, shown.rank, shown.digest) == ("passed engine/paper", Rank.OBSERVED_IN_A_DRILL, "plan-1")
    assert "--flown THIS.yaml" in "\n".join(explain(told(flight)))
    flight.cap("journal")
    flight.fly(MINUTE)
    assert passed(flight) == (), "nobody builds on what is held"
    flight.caps.clear()
    flight.fly(MINUTE)
    assert len(passed(flight)) == 1
    flight.say("one", "bad")
    flight.fly(MINUTE)
    assert passed(flight) == ()


def test_the_record_of_another_trader_ends_a_stage_that_is_not_flown() -> None:
    flight = with_money()
    assert "--flown ITS.yaml (passed engine/paper)" in "\n".join(status(told(flight)))
    assert brought(flight).where == (0, "ready")
    assert not any(isinstance(each, launch_events.LeaseIssued) for each in flight.events), "nothing was opened meanwhile"
    assert "its record shows that it was passed" in "\n".join(explain(told(flight)))
    flight.tick(*flight.approve_all("money", {"owner": "bob"}))
    flight.fly(MINUTE)
    assert flight.where == (1, "dwelling")
    assert [each.claim for each in passed(flight)] == ["passed engine/paper"], "and so it can be brought on from here"


@pytest.mark.parametrize(
    ("wrong", "words"),
    [
        ({"digest": "plan-2"}, "the record of a trader that flies this very plan"),
        ({"release": "r0"}, "the record of the release that runs here"),
        ({"rank": Rank.ATTESTED_FILE}, "the record of the trader that flies it"),
        ({"holds": False}, "the record of the trader that flies it"),
        ({"claim": "passed engine/money"}, "the record of the trader that flies it"),
    ],
)
def test_what_is_not_the_same_does_not_count(wrong: dict[str, Any], words: str) -> None:
    flight = brought(with_money(), **wrong)
    assert flight.where == (0, "dwelling")
    assert words in "\n".join(explain(told(flight)))


def test_a_record_that_expires_before_people_have_approved_counts_no_more() -> None:
    flight = brought(with_money())
    flight.fly(HOUR)
    assert flight.where == (0, "dwelling")
    assert "a newer record" in "\n".join(explain(told(flight)))


def test_drills_of_another_trader_count_here_and_what_is_about_its_own_account_does_not() -> None:
    """A kill on the test network needs no money; a restore is of that trader's own journal."""
    items = (
        Claim("kill-drill", Rank.OBSERVED_IN_A_DRILL),
        Claim("restore", Rank.OBSERVED_IN_A_DRILL),
        Claim("tests", Rank.BARE_WORD),
    )
    flight = Flight(plan=plan(CompiledTrack("engine", (PAPER, MONEY)), checklist=items))
    flight.tick()
    for claim, rank, release in (
        ("kill-drill", Rank.OBSERVED_IN_A_DRILL, "r1"),
        ("restore", Rank.OBSERVED_IN_A_DRILL, "r1"),
        ("tests", Rank.MACHINE_ARTIFACT, "r1"),
    ):
        seen = Evidence(claim=claim, rank=rank, holds=True, why="seen", producer="test", made_at=flight.now, release=release)
        flight.take(launch_events.EvidenceTaken(evidence=seen, by="ann"))
    [drill] = record_of(told(flight), [], []).drills
    assert (drill.claim, drill.rank, drill.producer) == ("kill-drill", Rank.OBSERVED_IN_A_DRILL, "test")
    flight.take(launch_events.EvidenceTaken(evidence=replace(drill, made_at=flight.now + 1, holds=False), by="ann"))
    flight.now += 2
    assert not record_of(told(flight), [], []).drills
