"""Gates proven: each gate and each guard of the launch's plan is seen to pass what is good and to block what is not."""

import asyncio
from typing import TYPE_CHECKING

from fairway.launch.evidence.producers import GATES
from fairway.operations.drills.drill import Drill
from fairway.operations.drills.drill_run import DrillNotPossible, DrillRun
from fairway.operations.operation import Exposure
from fairway.people.roles import UserAct

if TYPE_CHECKING:
    from fairway.launch.evidence.model import Evidence
    from fairway.settings import Settings


async def carry_out(run: DrillRun) -> None:
    """Raises DrillNotPossible."""
    assert run.settings is not None, "a drill of the plan reads it from the launch beside a configuration"
    began = run.clock.monotonic()
    found = await asyncio.to_thread(_proven, run.settings, run.release, run.clock.now())
    took = run.clock.monotonic() - began
    run.note("gates and guards", "each passes what is good, and blocks all else", found.why, took, holds=found.holds)


def _proven(settings: "Settings", release: str, now: int) -> "Evidence":
    from fairway.assembly.tower import NotBegun, launch_now, written_of
    from fairway.launch.gates.gate_drill import evidence_of_gates

    try:
        return evidence_of_gates(written_of(launch_now(settings)), release, now)
    except NotBegun as error:
        raise DrillNotPossible(str(error)) from None


DRILL = Drill(
    name=GATES,
    claim=GATES,
    does="each gate and each guard of the launch's plan is asked about made-up facts; the running system is not touched",
    lasts="5 seconds",
    carry_out=carry_out,
    act=UserAct.LAUNCH,
    exposure=Exposure.RAISES,
    is_watched=False,
)
