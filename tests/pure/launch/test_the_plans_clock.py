"""A stage that the plan's timeline raises is not entered before its instant, nor before what it needs is met; then it is."""

from dataclasses import replace
from typing import Any

import pytest
from tests.pure.launch.launches import BEGIN, Flight, plan
from tests.pure.launch.lint.drafts import SOUND, changed
from tests.pure.launch.test_record import record, told
from tests.pure.launch.test_waivers import answers

from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.evidence.model import Rank
from fairway.launch.gates.port import Claim
from fairway.launch.plan.compile import PlanCompiler
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStep
from fairway.launch.plan.limits import Mode
from fairway.launch.plan.load import parse
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.views.status_text import explain, status
from fairway.proving.scripted_gate import evidence
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

T = BEGIN + DAY
GO = CompiledStep(0, "decide: go or not", ("legal",), StageRef("engine", "middle"))
TIMELINE = (CompiledStep(-DAY + HOUR, "watch"), GO, CompiledStep(HOUR, "let the first user in"))
LEGAL = Claim("legal", Rank.MACHINE_ARTIFACT, of_release=False)


def ready(at: int = T, **more: Any) -> Flight:
    """In its first stage, whose gates pass; the next one asks for nobody, and begins at T."""
    flight = Flight(plan=replace(plan(), **{"timeline": TIMELINE, "checklist": (LEGAL,), **more}))
    began = flight.launch.began
    assert began is not None
    flight.take(launch_events.LaunchBegan(plan="ramp", text="", digest="plan-1", release="r1", by="ann", launch_at=at))
    flight.say("one", "good")
    flight.fly(2 * HOUR, MINUTE)
    return flight


def at(flight: Flight, instant: int) -> None:
    """The instant comes; nothing is silent meanwhile."""
    flight.now = instant
    flight.tick()


def met(flight: Flight) -> None:
    flight.take(launch_events.EvidenceTaken(evidence=evidence("legal", "good", flight.now), by="test"))


def test_it_is_entered_at_its_instant_and_not_a_second_before() -> None:
    flight = ready()
    met(flight)
    assert flight.where == (0, "ready")
    at(flight, T - 2 * MINUTE)
    at(flight, T - SECOND)
    assert flight.where == (0, "ready")
    at(flight, T)
    assert flight.track.stage == 1


def test_it_is_not_entered_before_what_it_needs_is_met() -> None:
    flight = ready()
    at(flight, T - MINUTE)
    at(flight, T + MINUTE)
    assert flight.where == (0, "ready")
    assert record(flight).sections[0].missing == ["TIMELINE_UNMET: item='decide: go or not' needs=legal"]
    met(flight)
    flight.tick()
    assert flight.track.stage == 1


def test_an_item_that_is_on_no_checklist_is_met_by_nothing() -> None:
    flight = ready(checklist=())
    at(flight, T - MINUTE)
    met(flight)
    at(flight, T)
    assert flight.where == (0, "ready")


def test_what_waits_is_told_in_plain_words_with_the_next_items() -> None:
    flight = ready()
    lines = list(status(told(flight)))
    assert "by the clock, 1970-01-13T13:46: decide: go or not; needs legal; stage engine/middle begins" in lines
    assert sum(line.startswith("by the clock") for line in lines) == 2, "the watch is over"
    words = "\n".join((*lines, *explain(told(flight))))
    assert "it waits: by the plan's clock it is not time yet (TIMELINE_NOT_YET: item='decide: go or not'" in words
    flight.tick(("eve", said.Promote(reason="all is there")))
    assert answers(flight) == ["TIMELINE_NOT_YET"]


def test_without_t_the_timeline_binds_nothing() -> None:
    """So does a launch that was begun before it could be said."""
    flight = ready(at=0)
    assert flight.track.stage == 1
    assert not any(line.startswith("by the clock") for line in status(told(flight)))


def test_a_stage_that_no_item_raises_goes_on_as_ever() -> None:
    assert ready(timeline=(replace(GO, raises=StageRef("engine", "large")),)).track.stage == 1


@pytest.mark.parametrize("raises", ["live", "main/live"])
def test_a_plans_items_reach_the_compiled_plan(raises: str) -> None:
    plan = changed(timeline=f"[{{at: T-12h, do: back up}}, {{at: T, do: go, raises: {raises}, needs: [kill-drill]}}]")
    flown: CompiledPlan = PlanCompiler(parse(plan), "USDT", Mode.LIVE).compiled()
    assert flown.timeline == (
        CompiledStep(-12 * HOUR, "back up"),
        CompiledStep(0, "go", ("kill-drill",), StageRef("main", "live")),
    )
    assert PlanCompiler(parse(SOUND), "USDT", Mode.LIVE).compiled().timeline[1].raises == StageRef("main", "live")
