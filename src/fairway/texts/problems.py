"""Mistakes in files that people write, reported so that they can be corrected: where, what, and a right example."""

from collections.abc import Sequence
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One mistake. line and column count from 1; 0 where the file as a whole is meant. what includes the value.

    path: of key, part by part, where it is known.
    """

    line: int = 0
    column: int = 0
    key: str = ""
    what: str
    example: str = ""
    path: tuple[str | int, ...] = field(default=(), compare=False)

    def __str__(self) -> str:
        place = f"{self.line}:{self.column}: " if self.line else ""
        key = f"{self.key}: " if self.key else ""
        example = f"; right is  {self.example}" if self.example else ""
        return f"{place}{key}{self.what}{example}"


class FileError(Exception):
    """All the mistakes of one file, in the order of its lines."""

    def __init__(self, file: str, problems: Sequence[Problem]) -> None:
        self.file = file
        self.problems = tuple(sorted(problems, key=lambda problem: (problem.line, problem.column, problem.key)))
        super().__init__("\n".join(f"{file}:{'' if problem.line else ' '}{problem}" for problem in self.problems))
