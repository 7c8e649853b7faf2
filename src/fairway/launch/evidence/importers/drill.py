"""The record of a drill. Without knowledge of who signed it, it is worth what a person attests: a file can be typed."""

from fairway.launch.evidence.drill_record import FORM, SignedDrill, read_drill
from fairway.launch.evidence.importers.port import ImportedFile, Importer, Reason, SourceFile
from fairway.launch.evidence.model import Rank


def knows(source: SourceFile) -> bool:
    return FORM.encode() in source.data[:200]


def read(source: SourceFile) -> ImportedFile:
    drill = read_drill(source.data)
    if drill is None:
        raise source.broken("is no whole record of a drill; a right one is the file that `fairway drill` has written")
    return ImportedFile(
        about=f"{drill.record.why}, as {drill.record.by} carried it out",
        reasons=tuple(_reasons(drill)),
        made_at=drill.record.ended_at,
        claim=drill.record.claim,
    )


def _reasons(drill: SignedDrill) -> list[Reason]:
    altered = [] if drill.is_whole else [Reason(0, "it was altered since it was signed")]
    return altered + [Reason(0, f"{each.name}: {each.seen}") for each in drill.record.failed]


IMPORTER = Importer(
    "drill",
    "drill",
    Rank.ATTESTED_FILE,
    "that a drill was carried out, and what was seen of it",
    knows,
    read,
)
