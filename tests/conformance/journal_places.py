"""Places for journals: in memory, in a file of SQLite and in PostgreSQL, with events to write there."""

from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path
from typing import Protocol

from msgspec import Struct

from fairway.journal.events import Codec
from fairway.journal.memory import MemoryFile, open_memory
from fairway.journal.port import (
    Journal,
)
from fairway.journal.sql import open_journal


class Seen(Struct, frozen=True, tag=True):
    number: int
    price: Decimal = Decimal("0.1")


class Floating(Struct, frozen=True, tag=True):
    price: float


CODEC = Codec(Seen, Floating)


class Opener(Protocol):
    def __call__(self, mode: str, trader: str, stream: str) -> Journal: ...


@dataclass
class Place:
    """Where journals live; opening one again opens the same."""

    opener: Opener
    opened: list[Journal] = field(default_factory=list)

    def open(self, mode: str = "practice", trader: str = "main", stream: str = "trader") -> Journal:
        self.opened.append(self.opener(mode, trader, stream))
        return self.opened[-1]

    def clear(self) -> None:
        for journal in self.opened:
            journal.crash()


def in_memory(file: MemoryFile) -> Place:
    return Place(lambda mode, trader, stream: open_memory(file, CODEC, mode=mode, trader=trader, stream=stream))


def at(where: Path | str, *, bytes_max: int = 0) -> Place:
    return Place(
        lambda mode, trader, stream: open_journal(where, CODEC, mode=mode, trader=trader, stream=stream, bytes_max=bytes_max)
    )


def numbers(journal: Journal, after: int = 0) -> list[int]:
    found = [CODEC.decode(record) for record in journal.read(after)]
    return [event.number for event in found if isinstance(event, Seen)]


def add(journal: Journal, *values: int) -> None:
    journal.append([Seen(value) for value in values], account="main", author="test", at=1_000)
