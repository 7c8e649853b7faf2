"""What can be wrong with a data file, what becomes of each kind, and the two ways in which a reader tells it.

A reader either stops with `BadData`, because it cannot know what the file means, or it goes on and lists a `FileProblem`. Nothing
doubtful is passed on in silence. What a reader cannot understand (a wrong column count, text where a number belongs, mixed time
units, lines out of order, two different lines for one instant) always stops it; POLICY says what becomes of the rest.
"""

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final


class ProblemKind(StrEnum):
    GAP = "gap"
    DUPLICATE = "duplicate"
    EMPTY = "empty"
    IMPOSSIBLE = "impossible"
    JUMP = "jump"
    CUT = "cut"
    COUNT = "count"
    DISORDER = "disorder"
    UNKNOWN = "unknown"


class Fate(StrEnum):
    NOTED = "noted"
    """The line is used; the problem is listed."""
    LEFT_OUT = "left out"
    """The line is not used; the problem is listed."""
    SUSPECT = "suspect"
    """Left out, and too many of them stop the reader: see LEFT_OUT_SHARE."""


POLICY: Final[dict[ProblemKind, Fate]] = {
    ProblemKind.GAP: Fate.NOTED,  # something is missing before this line
    ProblemKind.DUPLICATE: Fate.LEFT_OUT,  # the same line again, word for word
    ProblemKind.EMPTY: Fate.LEFT_OUT,  # all prices and volumes are zero: nothing happened
    ProblemKind.IMPOSSIBLE: Fate.SUSPECT,  # no market can do this: high below low, a price of zero, a volume below zero
    ProblemKind.JUMP: Fate.SUSPECT,  # ten times its neighbour
    ProblemKind.CUT: Fate.NOTED,  # more than eight decimals; the ninth and later ones are dropped
    ProblemKind.COUNT: Fate.NOTED,  # fewer trades than prices; the count is taken as unknown
    ProblemKind.DISORDER: Fate.NOTED,  # numbered on, but its time is earlier; taken as the time of the line before
    ProblemKind.UNKNOWN: Fate.LEFT_OUT,  # a frame of a stream that Fairway does not read
}

LEFT_OUT_MIN: Final = 10
LEFT_OUT_SHARE: Final = 100
"""The reader stops when suspect lines are more than LEFT_OUT_MIN and more than one in LEFT_OUT_SHARE: then the file is wrong."""

KEPT_OF_A_KIND: Final = 50
"""Problems of one kind that are listed one by one; the rest is told as a number."""


class BadData(Exception):
    """The file cannot be used. line counts from 1; 0 means the file as a whole."""

    def __init__(self, file: str, line: int, what: str, example: str) -> None:
        place = f"{file}, line {line}" if line else file
        super().__init__(f"{place}: {what}; right is {example}")
        self.file, self.line, self.what, self.example = file, line, what, example


@dataclass(frozen=True, slots=True)
class FileProblem:
    """One doubtful place, as a person needs it. line counts from 1; 0 means the file as a whole."""

    file: str
    line: int
    kind: ProblemKind
    text: str

    def __str__(self) -> str:
        fate = Fate.NOTED if POLICY[self.kind] is Fate.NOTED else Fate.LEFT_OUT
        place = f"{self.file}, line {self.line}" if self.line else self.file
        return f"{place}: {self.kind} ({fate}): {self.text}"


@dataclass(slots=True)
class ProblemList:
    """Collects the problems of one file, bounded by KEPT_OF_A_KIND for each kind."""

    file: str
    counts: dict[ProblemKind, int] = field(default_factory=dict)
    _kept: list[FileProblem] = field(default_factory=list)

    def add(self, line: int, kind: ProblemKind, text: str) -> None:
        self.counts[kind] = self.counts.get(kind, 0) + 1
        if self.counts[kind] <= KEPT_OF_A_KIND:
            self._kept.append(FileProblem(self.file, line, kind, text))

    def closed(self, lines: int) -> tuple[FileProblem, ...]:
        """All problems of a file with so many lines. Raises BadData where too many lines are suspect."""
        suspect = sum(count for kind, count in self.counts.items() if POLICY[kind] is Fate.SUSPECT)
        if suspect > LEFT_OUT_MIN and suspect * LEFT_OUT_SHARE > lines:
            first = next(problem for problem in self._kept if POLICY[problem.kind] is Fate.SUSPECT)
            what = f"{suspect} of {lines} lines cannot be true, of which this is the first: {first.text}"
            raise BadData(self.file, first.line, what, f"a file with at most one such line in {LEFT_OUT_SHARE}")
        more = [
            FileProblem(self.file, 0, kind, f"{count - KEPT_OF_A_KIND} more of this kind")
            for kind, count in self.counts.items()
            if count > KEPT_OF_A_KIND
        ]
        return (*self._kept, *more)
