"""What an importer is: it knows a form of file, says what such a file is evidence for, and what speaks against it."""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from functools import cached_property
from typing import Final

from fairway.launch.evidence.model import Evidence, Rank
from fairway.money.fraction import Fraction
from fairway.plugins import BrokenPlugin, Kind, UnknownPlugin
from fairway.texts.problems import FileError, Problem

SIZE_MAX: Final = 50_000_000
"""Longest file, in bytes."""
REASONS_MAX: Final = 1_000
"""So many reasons are told; of more it is told how many there are."""


class ImportFailed(FileError):
    """A file that no importer can read, or that is broken."""


@dataclass(frozen=True)
class SourceFile:
    """A file. name: as it was given. modified_at: ns; release: what it was made of, where a person states it.

    at_least: of a share, such as coverage, the least that is enough.
    """

    name: str
    data: bytes = field(repr=False)
    modified_at: int
    release: str = ""
    again: str = ""
    at_least: Fraction = Fraction(Decimal("0.8"))

    @cached_property
    def text(self) -> str:
        """Raises ImportFailed."""
        try:
            return self.data.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ImportFailed(self.name, [Problem(what=f"is no text in UTF-8: byte {error.start} is not")]) from None

    @property
    def digest(self) -> str:
        return hashlib.sha256(self.data).hexdigest()

    def broken(self, what: str, *, line: int = 0, column: int = 0) -> ImportFailed:
        return ImportFailed(self.name, [Problem(line=line, column=column, what=what)])


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a file does not speak for its claim. line: from 1, 0 for the whole file."""

    line: int
    what: str

    def __str__(self) -> str:
        return f"{self.line}: {self.what}" if self.line else self.what


@dataclass(frozen=True, slots=True)
class ImportedFile:
    """What was read. about: in one sentence; reasons: all that speaks against the claim; made_at: ns, 0 where the file is silent.

    items: further claims inside, such as the ticks of a checklist: whether each was made, and what it says. rank: where the file
    is of another class than its form mostly is. unproven: where it says that something is done, and shows nothing of it. later:
    what can be done only after the launch; that speaks against nothing. release, again: the digest of the release that it says it
    was made on, and the command that it says makes it again; "" where it says neither.
    """

    about: str
    reasons: Sequence[Reason] = ()
    made_at: int = 0
    items: Sequence[tuple[str, bool, str]] = ()
    rank: Rank | None = None
    unproven: Sequence[Reason] = ()
    later: Sequence[Reason] = ()
    release: str = ""
    again: str = ""

    @property
    def holds(self) -> bool:
        return not self.reasons and not self.unproven


@dataclass(frozen=True, slots=True)
class Importer:
    """claim: what such a file is mostly about. knows: whether a file has its form. rank: the class of evidence that it is."""

    name: str
    claim: str
    rank: Rank
    means: str
    knows: Callable[[SourceFile], bool]
    read: Callable[[SourceFile], ImportedFile]


class UnknownImporter(UnknownPlugin):
    """The format of a person's choice is one that no importer reads."""


class BrokenImporter(BrokenPlugin):
    """An importer that cannot be used."""


KIND: Final = Kind(
    "importer", "fairway.launch.evidence.importers", "IMPORTER", Importer, "fairway.importers", UnknownImporter, BrokenImporter
)


def importers() -> list[Importer]:
    """Every importer, by name."""
    return [importer for _, importer in sorted(KIND.installed().plugins.items())]


def importer_of(source: SourceFile, form: str = "") -> Importer:
    """The one that knows a file, or the one of a name. Raises ImportFailed, UnknownImporter, BrokenImporter."""
    if len(source.data) > SIZE_MAX:
        raise source.broken(f"is longer than {SIZE_MAX:,} bytes, the longest file that is read")
    if form:
        return KIND.named(form)
    known = importers()
    for importer in known:
        if importer.knows(source):
            return importer
    raise source.broken(f"is of no form that is known here; there are {', '.join(each.name for each in known)}")


def evidence(importer: Importer, reading: ImportedFile, source: SourceFile, claim: str = "") -> list[Evidence]:
    """What a file is evidence for: its claim, and beneath it the ticks that stand in it, which are bare words."""
    return [_evidence(importer, reading, source, claim or importer.claim), *_ticks(importer, reading, source)]


def _evidence(importer: Importer, reading: ImportedFile, source: SourceFile, claim: str) -> Evidence:
    told = [*reading.reasons, *reading.unproven]
    against = "; ".join(str(reason) for reason in told[:3])
    more = f"; and {len(told) - 3} more" if len(told) > 3 else ""
    return Evidence(
        claim=claim,
        rank=reading.rank or importer.rank,
        holds=reading.holds,
        why=f"{reading.about}: {against}{more}" if against else reading.about,
        producer=f"{importer.name} {source.name}",
        made_at=reading.made_at or source.modified_at,
        release=source.release or reading.release,
        digest=source.digest,
        again=source.again or reading.again or f"fairway launch import {source.name} --claim {claim}",
    )


def _ticks(importer: Importer, reading: ImportedFile, source: SourceFile) -> list[Evidence]:
    return [
        Evidence(
            claim=claim,
            rank=Rank.BARE_WORD,
            holds=holds,
            why=text,
            producer=f"{importer.name} {source.name}",
            made_at=reading.made_at or source.modified_at,
            release=source.release,
            digest=source.digest,
        )
        for claim, holds, text in reading.items
    ]
