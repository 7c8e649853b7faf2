"""The sweep: runs a scenario again for each step of its trader, kills the process or cuts the network right after that step, and
checks all invariants.

A life is played once to count the steps of its trader; then for each step again, with the trader killed (as by `kill -9`), the
network cut, or the kill command given right after it. A failing step is played again with
`python -m fairway.proving.sweep --life exit --blow "kill -9" --at 1234`.
"""

import argparse
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Final, NamedTuple

from fairway.proving.harness import HOST, TRADER, Harness
from fairway.proving.invariants import violations
from fairway.proving.trader_lifetimes import FLATTEN, KEEP, LIVES
from fairway.proving.worker_pool import SimulatedRun, play_all
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


BLOWS: Final[Mapping[str, Callable[[Harness], object]]] = {
    "kill -9": kill_nine,
    "cut": cut,
    "fairway kill": lambda stage: stage.kill(KEEP),
    "fairway kill --flatten": lambda stage: stage.kill(FLATTEN),
}
"""What happens to the trader."""


class SweepRun(NamedTuple):
    """One run of the sweep: which blow hits which scenario after which step of its trader, from 1."""

    life: str
    blow: str
    at: int

    def __str__(self) -> str:
        return f"{self.blow} after step {self.at} of {self.life}"

    @property
    def command(self) -> str:
        return f'python -m fairway.proving.sweep --life "{self.life}" --blow "{self.blow}" --at {self.at}'

    def play(self) -> list[str]:
        """The violations, in words."""
        stage, steps = _played(self.life, BLOWS[self.blow], self.at)
        if steps < self.at:
            return [f"{self.life} has {steps} steps"]
        return [*stage.complaints.told, *map(str, violations(stage.aftermath()))]


def steps_of(life: str) -> int:
    """How many steps the trader does in the swept seconds of a life."""
    return _played(life, _nothing, 0)[1]


def _nothing(_stage: Harness) -> None: ...


def _played(name: str, blow: Callable[[Harness], object], at: int) -> tuple[Harness, int]:
    life, steps = LIVES[name], 0

    def begin(stage: Harness) -> None:
        def note() -> None:
            nonlocal steps
            steps += 1
            if steps == at:
                loop.unwatch_steps()
                blow(stage)

        loop = running()
        loop.watch_steps(TRADER, note)
        loop.call_later(life.until - life.since, loop.unwatch_steps)

    stage = life.stage({life.since: begin})
    stage.run(life.minutes)
    return stage, steps


def blows(lives: Sequence[str], kinds: Sequence[str], sample: int = 0) -> Iterator[SweepRun]:
    """All of them, or an even sample of so many of each life and kind."""
    for life in lives:
        steps = steps_of(life)
        number = min(sample or steps, steps)
        for kind in kinds:
            yield from (SweepRun(life, kind, 1 + place * steps // number) for place in range(number))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m fairway.proving.sweep", description="Sweeps lives of a trade.")
    parser.add_argument("--life", choices=LIVES, action="append", help="all of them, where none is named")
    parser.add_argument("--blow", choices=BLOWS, action="append", help="all of them, where none is named")
    parser.add_argument("--at", type=int, default=0, help="only after this step")
    parser.add_argument("--sample", type=int, default=0, help="so many steps of each, evenly; all where it is 0")
    given = parser.parse_args()
    lives, kinds = given.life or list(LIVES), given.blow or list(BLOWS)
    plays: list[SimulatedRun] = [SweepRun(life, kind, given.at) for life in lives for kind in kinds] if given.at else []
    sys.exit(play_all("sweep", plays or list(blows(lives, kinds, given.sample))).print())


if __name__ == "__main__":
    main()
