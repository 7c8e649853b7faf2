"""Finds what set a simulated launch back: the gate, the cause or the hold behind each demotion and each stage begun again."""

from collections.abc import Iterator
from typing import Final, NamedTuple

from fairway.launch.control import launch_events
from fairway.launch.control.gate_stage import FAIL_EFFECTS
from fairway.launch.control.hold_kinds import HoldSource
from fairway.launch.control.holds import Hold
from fairway.launch.control.lifecycle import TrackDemoted
from fairway.launch.control.state import Launch
from fairway.launch.control.tick_context import TickOutcome
from fairway.launch.control.transitions import next_gates
from fairway.launch.gates.verdict import Result
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.risk.causes import Effect

DEMOTES: Final = (Effect.DEMOTE, Effect.SMALLEST, Effect.KILL, Effect.FLATTEN)


class Setback(NamedTuple):
    """source: what it comes from. name: of the gate or of the cause; of another hold, its id."""

    source: HoldSource
    name: str

    def __str__(self) -> str:
        match self.source:
            case HoldSource.GATE:
                return f"gate {self.name}"
            case HoldSource.LONGEST_STAY:
                return "no decision in time"
            case _:
                return self.name


def setbacks_of(plan: CompiledPlan, launch: Launch, outcome: TickOutcome) -> Iterator[Setback]:
    """The setbacks of one tick, in its order. launch: as it was before the tick."""
    cause: Hold | None = None
    for event in outcome.events:
        match event:
            case launch_events.HoldRaised(hold=hold):
                if hold.kind.restarts_stage:
                    yield _of_hold(hold, outcome)
                cause = hold if hold.kind.effect in DEMOTES else cause
            case TrackDemoted(track=track):
                yield _of_hold(cause, outcome) if cause is not None else _of_gate(plan, launch, outcome, track)


def _of_hold(hold: Hold, outcome: TickOutcome) -> Setback:
    match hold.kind.source:
        case HoldSource.GATE:
            verdicts = outcome.verdicts[hold.track]
            gates = [each.gate for each in verdicts if hold.kind.id_of(f"{hold.track}/{each.gate}") == hold.id]
            return Setback(HoldSource.GATE, gates[0])
        case HoldSource.CAUSE:
            return Setback(HoldSource.CAUSE, hold.kind.title)
        case source:
            return Setback(source, hold.id)


def _of_gate(plan: CompiledPlan, launch: Launch, outcome: TickOutcome, track: str) -> Setback:
    """The gate that took a track back without a hold."""
    gates, verdicts = next_gates(plan, plan.track(track), launch), outcome.verdicts[track]
    failed = [
        verdict.gate
        for each, verdict in zip(gates, verdicts, strict=True)
        if verdict.result is Result.FAIL and FAIL_EFFECTS.get(each.on_fail) in DEMOTES
    ]
    return Setback(HoldSource.GATE, failed[0])
