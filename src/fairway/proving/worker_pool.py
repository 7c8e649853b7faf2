"""Runs many scenarios on all cores, in an order that chance has no part in, and says which of them broke an invariant."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple, Protocol

from fairway.world.clock import SECOND, SystemClock
from fairway.world.task_group import cores_for, spread

CHUNK: Final = 8
SHOWN_MAX: Final = 20
"""Broken runs that are printed in full; the others are counted."""


class SimulatedRun(Protocol):
    """Small, and the same in every process."""

    @property
    def command(self) -> str:
        """What runs just this one again."""
        ...

    def violations(self) -> list[str]:
        """The violations, in words."""
        ...


class FailedRun(NamedTuple):
    what: str
    command: str
    violations: Sequence[str]

    def __str__(self) -> str:
        return "\n".join([self.what, *(f"    {line}" for line in self.violations), f"    again: {self.command}"])


@dataclass(frozen=True, slots=True)
class PoolResult:
    """took_ns: real time, on all cores together."""

    what: str
    runs: int
    took_ns: int
    broken: Sequence[FailedRun]

    def broken_lines(self) -> Iterator[str]:
        """What was broken, run by run."""
        yield from map(str, self.broken[:SHOWN_MAX])
        if len(self.broken) > SHOWN_MAX:
            yield f"and {len(self.broken) - SHOWN_MAX} more"

    def print(self) -> int:
        """Prints what was broken and the sum of it; returns the exit code."""
        print(*self.broken_lines(), self, sep="\n")
        return 1 if self.broken else 0

    def __str__(self) -> str:
        seconds = self.took_ns / SECOND
        return f"{self.what:<32} {self.runs:>7,} runs {seconds:>8.1f} s {len(self.broken):>6} broken"


def run_all(what: str, runs: Sequence[SimulatedRun], *, cores: int = 0) -> PoolResult:
    """On so many cores; 0 is all that there are."""
    began = SystemClock().monotonic()
    broken = list(_broken(runs, cores_for(1 + len(runs) // CHUNK, cores)))
    return PoolResult(what, len(runs), SystemClock().monotonic() - began, broken)


def _broken(runs: Sequence[SimulatedRun], cores: int) -> Iterator[FailedRun]:
    failures = spread(_played, runs, cores, chunk=CHUNK)
    yield from (it for it in failures if it is not None)


def _played(run: SimulatedRun) -> FailedRun | None:
    try:
        found = run.violations()
    except Exception as error:  # a trader that crashes has broken more than an invariant: it is reported like one
        found = [f"it crashed: {error!r}"]
    return FailedRun(str(run), run.command, found) if found else None
