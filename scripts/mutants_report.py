"""What became of each mutant, and what is said of those that no test noticed: docs/reference/mutants.txt."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
EXPLANATIONS = ROOT / "docs" / "reference" / "mutants.txt"
ROOM = "src/fairway/"


class Change(NamedTuple):
    """file: below src/fairway; function: with its class, as in `Position.flat`; old and new: the lines that differ, as one."""

    file: str
    function: str
    old: str
    new: str

    def __str__(self) -> str:
        return f"{self.file} {self.function}: {self.old} => {self.new}"


def change_of(file: str, function: str, diff: str) -> Change:
    """diff: unified, with its two lines of names."""
    lines = diff.splitlines()[2:]
    old, new = (" ".join(line[1:].strip() for line in lines if line[:1] == sign) for sign in "-+")
    return Change(file.removeprefix(ROOM), function, old, new)


class Explanations:
    """Each line: `file function: old => new :: why`. `*` as new means any change of the line, and as old any line, too."""

    def __init__(self, text: str) -> None:
        lines = (line for line in text.splitlines() if line.strip() and not line.startswith("#"))
        self.reasons: Mapping[Change, str] = dict(map(_parsed, lines))

    def of(self, change: Change) -> str | None:
        """Why no test needs to notice it; None where nothing is said."""
        file, function, old, _ = change
        for meant in (change, Change(file, function, old, "*"), Change(file, function, "*", "*"), Change(file, "*", old, "*")):
            if meant in self.reasons:
                return self.reasons[meant]
        return None


def _parsed(line: str) -> tuple[Change, str]:
    what, separator, why = line.rpartition(" :: ")
    place, _, changed = what.partition(": ")
    file, _, function = place.partition(" ")
    old, arrow, new = changed.partition(" => ")
    if not (separator and arrow and function and why.strip()):
        raise ValueError(f"{EXPLANATIONS.name}: not `file function: old => new :: why`: {line}")
    return Change(file, function, old, new.strip()), why.strip()


@dataclass
class Tally:
    """Of one row of the table."""

    killed: int = 0
    refused: int = 0
    endless: int = 0
    explained: int = 0
    survived: int = 0
    untested: int = 0
    unchecked: int = 0

    @property
    def made(self) -> int:
        return self.killed + self.refused + self.endless + self.explained + self.survived + self.untested + self.unchecked

    @property
    def run(self) -> int:
        """Those that mypy lets through, and that were asked about."""
        return self.made - self.refused - self.unchecked

    @property
    def noticed(self) -> int:
        return self.killed + self.endless

    @property
    def unexplained(self) -> int:
        return self.survived + self.untested + self.unchecked

    def add(self, other: "Tally") -> None:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))


HEAD = (
    "part",
    "mutants",
    "refused by types",
    "noticed",
    "endless",
    "explained",
    "survived",
    "no test",
    "not asked yet",
    "noticed of those run",
)


def row(name: str, tally: Tally) -> tuple[str, ...]:
    share = f"{100 * tally.noticed / tally.run:.1f} %" if tally.run else "-"
    found = (tally.killed, tally.endless, tally.explained, tally.survived, tally.untested)
    numbers = (tally.made, tally.refused, *found, tally.unchecked)
    return (name, *map(str, numbers), share)


def table(tallies: Mapping[str, Tally]) -> Iterator[str]:
    """In Markdown, with a last line of all."""
    whole = Tally()
    for tally in tallies.values():
        whole.add(tally)
    yield _line(HEAD)
    yield _line(("---", *("---:" for _ in HEAD[1:])))
    yield from (_line(row(f"`{name}`", tally)) for name, tally in tallies.items())
    yield _line(row("all", whole))


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"
