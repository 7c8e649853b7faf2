"""Reads a file of another tool as evidence: as an importer understands it, or as a person attests it."""

from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec.structs import replace

from fairway.operations.refusal import against_rule

if TYPE_CHECKING:
    from fairway.launch.evidence.importers.port import ImportedFile, SourceFile
    from fairway.launch.evidence.model import Evidence
    from fairway.money.fraction import Fraction


def imported_evidence(file: Path, claim: str) -> "Evidence":
    """Of a form that an importer knows; a document that only a person can attest is a bare word. Raises Refusal, ImportFailed."""
    from fairway.launch.evidence.model import Rank

    imported, found = _read(file, claim)
    if imported.unproven and not imported.reasons:
        raise against_rule(
            f"EVIDENCE_PROVES_NOTHING: claim={found.claim}",
            f"{file} shows nothing for {found.claim} or against it: {imported.unproven[0]}; bring what a tool wrote, "
            f"such as junit.xml, or answer for the file yourself: --attest --claim {found.claim}",
        )
    return replace(found, rank=Rank.BARE_WORD) if found.rank is Rank.ATTESTED_FILE else found


def attested_evidence(file: Path, claim: str, by: str) -> "Evidence":
    """A person answers for the file's content, which its digest names. Items that stand open in it count against the claim.

    Raises ImportFailed where the file cannot be read.
    """
    from fairway.launch.evidence.importers.port import ImportFailed
    from fairway.launch.evidence.model import Evidence, Rank

    content = _source(file).data
    with suppress(ImportFailed):  # a file of no known form has no items that could stand open
        imported, seen = _read(file, claim)
        if imported.reasons:
            return seen
    return Evidence(
        claim=claim,
        rank=Rank.ATTESTED_FILE,
        holds=True,
        why=f"attested: {file.name}",
        producer=f"{by}, with {file.name}",
        made_at=file.stat().st_mtime_ns,
        digest=sha256(content).hexdigest(),
    )


def _read(file: Path, claim: str) -> "tuple[ImportedFile, Evidence]":
    from fairway.launch.evidence.importers.port import evidence, importer_of

    source = _source(file)
    importer = importer_of(source)
    imported = importer.read(source)
    first, *_ = evidence(importer, imported, source, claim)
    return imported, first


def _source(file: Path) -> "SourceFile":
    from fairway.texts.quantities import share_of

    return read_source(file, release="", again="", at_least=share_of("80 %"))


def read_source(file: Path, *, release: str, again: str, at_least: "Fraction") -> "SourceFile":
    """A file as importers read it. Raises ImportFailed."""
    from fairway.launch.evidence.importers.port import SIZE_MAX, ImportFailed, SourceFile
    from fairway.texts.problems import Problem

    try:
        with file.open("rb") as opened:
            data = opened.read(SIZE_MAX + 1)
        modified_at = file.stat().st_mtime_ns
    except (OSError, ValueError) as error:
        why = getattr(error, "strerror", None) or str(error)
        raise ImportFailed(str(file), [Problem(what=f"cannot be read: {why}")]) from None
    return SourceFile(str(file), data, modified_at, release, again, at_least)
