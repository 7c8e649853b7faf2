"""Statements of launch plans with what a reader says of each, and how well the importer agrees.

A file in `plans/` holds documents. `=== NAME` begins one; of every other line the first character is the label, and what follows
`| ` is a line of the document. Labels: O open; D done, by its own word; E done, and it names what was executed; L can be done
only after the launch; a dot for a line that says nothing of the kind.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from fairway.launch.evidence.importers.port import SourceFile, importer_of

PLANS = Path(__file__).parent / "plans"


@dataclass(frozen=True)
class Document:
    """labels: by line, from 1."""

    name: str
    text: str
    labels: dict[int, str]


@dataclass(frozen=True)
class Score:
    """missed, false: what is open and not told so, and the other way round, as the lines themselves."""

    found: int
    missed: list[str]
    false: list[str]

    @property
    def recall(self) -> float:
        return self.found / (self.found + len(self.missed))

    @property
    def precision(self) -> float:
        return self.found / (self.found + len(self.false))


def documents(name: str) -> list[Document]:
    parts = (PLANS / f"{name}.txt").read_text("utf-8").split("=== ")[1:]
    return [_document(part) for part in parts]


def _document(part: str) -> Document:
    title, *lines = part.rstrip("\n").split("\n")
    told = [line for line in lines if line]
    labels = {number: line[0] for number, line in enumerate(told, 1)}
    return Document(title, "\n".join(line[3:] for line in told), labels)


def score(name: str, label: str = "O") -> Score:
    """How well the lines of a label are told from all others. label: O for what is open, L for what comes after the launch."""
    found, missed, false = 0, [], []
    for document in documents(name):
        told, lines = set(_told(document, label)), document.text.split("\n")
        for number, its in document.labels.items():
            if number in told and its == label:
                found += 1
            elif number in told:
                false.append(lines[number - 1])
            elif its == label:
                missed.append(lines[number - 1])
    return Score(found, missed, false)


def _told(document: Document, label: str) -> Iterator[int]:
    source = SourceFile("plan.md", document.text.encode(), 7)
    reading = importer_of(source).read(source)
    yield from (reason.line for reason in (reading.reasons if label == "O" else reading.later))
