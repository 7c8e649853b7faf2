"""The sweep: runs a scenario again for each step of its trader, kills the process or cuts the network right after that step, and
checks all invariants.

A scenario is run once to count the steps of its trader; then for each step again, with the trader killed (as by `kill -9`), the
network cut, or the kill command given right after it. A failing step is run again with
`python -m fairway.proving.sweep --scenario exit --fault "kill -9" --at 1234`.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from fairway.proving.harness import HOST, TRADER, Harness
from fairway.proving.invariants import violations
from fairway.proving.sweep_scenarios import FLATTEN, KEEP, SWEEP_SCENARIOS
from fairway.proving.worker_pool import SimulatedRun, run_all
from fairway.world.loop import running

RESTART_AFTER_S: Final = 0.5
CUT_S: Final = 20


def kill_nine(stage: Harness) -> None:
    stage.kill_trader()
    running().call_later(RESTART_AFTER_S, stage.come_back)


def cut(stage: Harness) -> None:
    network = running().network
    network.partition(TRADER, HOST)
    running().call_later(CUT_S, network.heal, TRADER, HOST)


FAULTS: Final[Mapping[str, Callable[[Harness], object]]] = {
    "kill -9": kill_nine,
    "cut": cut,
    "fairway kill": lambda stage: stage.kill(KEEP),
    "fairway kill --flatten": lambda stage: stage.kill(FLATTEN),
}
"""What happens to the trader."""


class SweepRun(NamedTuple):
    """One run of the sweep: which fault hits which scenario after which step of its trader, from 1."""

    scenario: str
    fault: str
    at: int

    def __str__(self) -> str:
        return f"{self.fault} after step {self.at} of {self.scenario}"

    @property
    def command(self) -> str:
        return f'python -m fairway.proving.sweep --scenario "{self.scenario}" --fault "{self.fault}" --at {self.at}'

    def violations(self) -> list[str]:
        """The violations, in words."""
        stage, steps = _played(self.scenario, FAULTS[self.fault], self.at)
        if steps < self.at:
            return [f"{self.scenario} has {steps} steps"]
        return [*stage.complaints.lines, *map(str, violations(stage.run_result()))]


def steps_of(scenario: str) -> int:
    """How many steps the trader does in the swept seconds of a scenario."""
    return _played(scenario, _nothing, 0)[1]


def _nothing(_stage: Harness) -> None: ...


def _played(name: str, fault: Callable[[Harness], object], at: int) -> tuple[Harness, int]:
    scenario, steps = SWEEP_SCENARIOS[name], 0

    def begin(stage: Harness) -> None:
        def note() -> None:
            nonlocal steps
            steps += 1
            if steps == at:
                loop.unwatch_steps()
                fault(stage)

        loop = running()
        loop.watch_steps(TRADER, note)
        loop.call_later(scenario.until - scenario.since, loop.unwatch_steps)

    stage = scenario.stage({scenario.since: begin})
    stage.run(scenario.minutes)
    return stage, steps


def sweep_runs(scenarios: Sequence[str], kinds: Sequence[str], sample: int = 0) -> Iterator[SweepRun]:
    """All of them, or an even sample of so many of each scenario and kind."""
    for scenario in scenarios:
        steps = steps_of(scenario)
        number = min(sample or steps, steps)
        for kind in kinds:
            yield from (SweepRun(scenario, kind, 1 + place * steps // number) for place in range(number))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m fairway.proving.sweep", description="Sweeps scenarios of a trade.")
    parser.add_argument("--scenario", choices=SWEEP_SCENARIOS, action="append", help="all of them, where none is named")
    parser.add_argument("--fault", choices=FAULTS, action="append", help="all of them, where none is named")
    parser.add_argument("--at", type=int, default=0, help="only after this step")
    parser.add_argument("--sample", type=int, default=0, help="so many steps of each, evenly; all where it is 0")
    given = parser.parse_args()
    scenarios, kinds = given.scenario or list(SWEEP_SCENARIOS), given.fault or list(FAULTS)
    runs: list[SimulatedRun] = (
        [SweepRun(scenario, kind, given.at) for scenario in scenarios for kind in kinds] if given.at else []
    )
    sys.exit(run_all("sweep", runs or list(sweep_runs(scenarios, kinds, given.sample))).print())


if __name__ == "__main__":
    main()
