"""Runs scenarios drawn from seeds, with every fault there is; then quiet; then all invariants must hold.

A seed that fails is played again with `python -m fairway.proving.fuzz --seed 17 --shrink`, which drops one fault after the other
for as long as it still fails, and prints what is left in plain words. `--only 1,3` plays it with these of its faults alone.
"""

import argparse
import sys
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from fairway.proving.draw import plan
from fairway.proving.harness import Harness
from fairway.proving.invariants import violations
from fairway.proving.scenario import Scenario
from fairway.proving.worker_pool import run_all


class FuzzResult(NamedTuple):
    """One play of the hunt."""

    seed: int

    def __str__(self) -> str:
        return str(plan(self.seed))

    @property
    def command(self) -> str:
        return f"python -m fairway.proving.fuzz --seed {self.seed} --shrink"

    def violations(self) -> list[str]:
        """The violations, in words."""
        return violations_of(plan(self.seed))


def violations_of(drawn: Scenario) -> list[str]:
    """In words; a trader that ends in an error has broken more than an invariant, and is told like one."""
    stage, ended = drawn.on(Harness), []
    try:
        stage.run(drawn.minutes)
    except Exception as error:
        ended = [f"the trader ended: {error!r}"]
    failures = [failure for second in stage.strangers if (failure := second.failure()) is not None]
    ended += [f"the second trader ended: {failure!r}" for failure in failures]
    return [*ended, *stage.complaints.lines, *map(str, violations(stage.run_result()))]


def shrunk(drawn: Scenario) -> Scenario:
    """The same plan less every fault that it does not need to fail by one of the same invariants."""
    wanted = _invariants(drawn)
    number = 0
    while number < len(drawn.faults):
        smaller = drawn.without(number)
        if _invariants(smaller) & wanted:
            drawn = smaller
        else:
            number += 1
    return drawn


def _invariants(drawn: Scenario) -> set[str]:
    return {words.partition(":")[0] for words in violations_of(drawn)}


def tell(seed: int, *, only: str, shrinks: bool) -> int:
    """Plays one seed and prints its plan and what it broke; returns the exit code."""
    drawn = plan(seed)
    if only:
        kept = {int(number) for number in only.split(",")}
        drawn = replace(drawn, faults=[fault for n, fault in enumerate(drawn.faults, 1) if n in kept])
    found = violations_of(drawn)
    if found and shrinks:
        drawn = shrunk(drawn)
        found = violations_of(drawn)
    print("\n".join([str(drawn), *(found or ["all invariants hold"])]))
    return 1 if found else 0


def seeds(text: str) -> Iterator[int]:
    """`200` is the first two hundred, `200-299` the third hundred. Raises ValueError."""
    first, dash, last = text.partition("-")
    yield from range(int(first), int(last) + 1) if dash else range(int(first))


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m fairway.proving.fuzz", description="Hunts for broken invariants.")
    parser.add_argument("--seeds", default="200", help="how many, or from-to")
    parser.add_argument("--seed", type=int, help="only this one, told in full")
    parser.add_argument("--only", default="", help="with --seed: its first and third fault alone, as 1,3")
    parser.add_argument("--shrink", action="store_true", help="with --seed: drop what it does not need to fail")
    given = parser.parse_args()
    if given.seed is not None:
        sys.exit(tell(given.seed, only=given.only, shrinks=given.shrink))
    sys.exit(run_all("random faults", [FuzzResult(seed) for seed in seeds(given.seeds)]).print())


if __name__ == "__main__":
    main()
