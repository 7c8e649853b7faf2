"""Waivers: an item need not be met for a while, where a role that may has said so for somebody else; and then it must again."""

from typing import Any

import pytest
from tests.pure.launch.launches import STAGES, Flight, plan

from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.evidence.model import Rank
from fairway.launch.gates.kinds.checklist import GATE, ChecklistSettings
from fairway.launch.gates.kinds.drill import GATE as DRILL
from fairway.launch.gates.kinds.drill import DrillSettings
from fairway.launch.gates.port import Claim
from fairway.launch.plan.compiled_plan import CompiledGate, CompiledPlan, CompiledStage, CompiledTrack
from fairway.world.clock import DAY, HOUR, MINUTE


def listed() -> CompiledPlan:
    asked = CompiledGate("list", GATE, ChecklistSettings(name="list", items=("audit",)))
    stages = (CompiledStage("small", STAGES[0].limits, stay_min_ns=HOUR, gates=(asked,)), STAGES[1])
    items = (Claim("audit", Rank.ATTESTED_FILE), Claim("kill-drill", Rank.OBSERVED_IN_A_DRILL))
    return plan(
        CompiledTrack("engine", stages), checklist=items, not_waivable=("kill-drill",), waiver_roles=("risk",), waiver_ns=2 * DAY
    )


def test_a_drill_that_a_gate_asks_for_is_no_item_that_can_be_waived() -> None:
    """The plan could not even say that it must not be."""
    drill = CompiledGate("kill", DRILL, DrillSettings(name="kill", drill="kill-drill"))
    stages = (CompiledStage("small", STAGES[0].limits, stay_min_ns=HOUR, gates=(drill,)), STAGES[1])
    flight = Flight(plan=plan(CompiledTrack("engine", stages), waiver_roles=("risk",)))
    flight.fly(2 * HOUR, MINUTE)
    waive(flight, claim="kill-drill")
    flight.fly(2 * MINUTE)
    assert (flight.track.stage, answers(flight)) == (0, ["WAIVER_OF_NO_ITEM"])


def answers(flight: Flight) -> list[str]:
    return [event.refused.partition(":")[0] for event in flight.events if isinstance(event, launch_events.InstructionAnswered)]


def waive(flight: Flight, *, role: str = "risk", asked_by: str = "ann", claim: str = "audit", days: float = 1) -> None:
    ends_at = flight.now + round(days * DAY)
    flight.tick(("eve", said.Waive(reason="we looked", claim=claim, asked_by=asked_by, role=role, ends_at=ends_at)))


def test_an_item_that_is_waived_need_not_be_met() -> None:
    flight = Flight(plan=listed())
    flight.fly(2 * HOUR, MINUTE)
    assert flight.where == (0, "dwelling")
    waive(flight)
    flight.fly(2 * MINUTE)
    assert flight.track.stage == 1


def test_a_waiver_that_has_ended_is_none() -> None:
    """It ends before the stage's least stay is over, so the stage is not passed by it."""
    flight = Flight(plan=listed())
    flight.fly(MINUTE)
    waive(flight, days=0.02)
    flight.fly(3 * HOUR, MINUTE)
    assert flight.where == (0, "dwelling")


@pytest.mark.parametrize(
    ("changes", "refused"),
    [
        ({"role": "trader"}, "ROLE_NOT_ASKED"),
        ({"role": ""}, "ROLE_NOT_ASKED"),
        ({"asked_by": "eve"}, "WAIVER_OF_ONE"),
        ({"asked_by": ""}, "WAIVER_OF_ONE"),
        ({"claim": "kill-drill"}, "NOT_WAIVABLE"),
        ({"claim": "restart"}, "WAIVER_OF_NO_ITEM"),
        ({"days": 2.1}, "WAIVER_TOO_LONG"),
    ],
)
def test_who_may_not_waive_waives_nothing(changes: dict[str, Any], refused: str) -> None:
    flight = Flight(plan=listed())
    flight.fly(MINUTE)
    waive(flight, **changes)
    assert answers(flight) == [refused]
    assert flight.launch.waivers == []
