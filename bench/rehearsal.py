"""A rehearsal: ten-day launches of the beta plan with a good bot on two cores, and what one tick of its pilot takes."""

import time
from collections.abc import Sequence

from fairway.journal.command_reader import ReadCommand
from fairway.launch.control.state import Launch
from fairway.launch.control.tick import tick
from fairway.launch.control.tick_context import TickOutcome
from fairway.launch.observation.observation import Observation
from fairway.launch.plan import shipped
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.plan.load import parse
from fairway.launch.simulation.bots import GOOD
from fairway.launch.simulation.plan_terms import terms_of
from fairway.launch.simulation.simulated_launch import simulate_launch
from fairway.launch.simulation.worker_pool import rehearsed

PLAN, DAYS, LAUNCHES, CORES = "beta", 10, 24, 2
ENOUGH = 20


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    text = shipped.text(PLAN)
    began = time.perf_counter()
    [summary] = rehearsed(text, [GOOD], LAUNCHES, days=DAYS, cores=CORES)
    took = time.perf_counter() - began
    assert summary.plays == LAUNCHES
    ticks = _ticks(text)
    return [
        (f"launches of ten days a minute, {PLAN} plan, {CORES} cores", f"{60 * LAUNCHES / took:.0f}", f"at least {ENOUGH}"),
        (
            "a tick of its pilot, p50",
            f"{ticks[len(ticks) // 2] * 1e3:.2f} ms",
            f"{len(ticks):,} ticks, {len(terms_of(parse(text)).users)} accounts",
        ),
        ("a tick of its pilot, p95", f"{ticks[len(ticks) * 95 // 100] * 1e3:.2f} ms", "at most 50 ms"),
    ]


def _ticks(text: str) -> list[float]:
    """Seconds that each tick of one launch took, shortest first."""
    took = list[float]()

    def timed(plan: CompiledPlan, launch: Launch, observation: Observation, heard: Sequence[ReadCommand]) -> TickOutcome:
        began = time.perf_counter()
        outcome = tick(plan, launch, observation, heard)
        took.append(time.perf_counter() - began)
        return outcome

    simulate_launch(terms_of(parse(text)), GOOD, 1, DAYS, decide=timed)
    return sorted(took)


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
