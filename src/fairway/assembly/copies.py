"""What a copy of a trader's journal is evidence for: that it is whole, and a part of the very journal that is written now."""

from pathlib import Path
from typing import Final

from fairway.journal.chain import verify
from fairway.journal.port import Record
from fairway.journal.sql import open_reader
from fairway.launch.evidence.model import Evidence, Rank
from fairway.settings import Settings
from fairway.world.clock import text_of

CLAIM: Final = "backup"


def evidence_of_copy(settings: Settings, copy: Path, claim: str, release: str) -> Evidence:
    """It is as old as its last record, whenever it was made. Raises JournalErrors."""
    with open_reader(copy) as kept:
        flaw, last = verify(kept.read()), kept.last()
    trouble = f"it is broken at {flaw}" if flaw is not None else _not_of(settings, last)
    told = f"{last.seq:,} records, the last of {text_of(last.at)[:19]}" if last is not None else "no record"
    place = settings.journal if isinstance(settings.journal, Path) else "JOURNAL"  # a URL may hold a password
    return Evidence(
        claim=claim or CLAIM,
        rank=Rank.MACHINE_ARTIFACT,
        holds=not trouble,
        why=f"{copy.name} has {told}, and {trouble or 'is whole, and part of the journal that is written'}",
        producer=f"copy {copy}",
        made_at=last.at if last is not None else copy.stat().st_mtime_ns,
        release=release,
        digest=last.digest if last is not None else "",
        again=f"fairway journal backup {place} {copy} --force",
    )


def _not_of(settings: Settings, last: Record | None) -> str:
    """Why it is no copy of the journal that is written; "" where it is: the same record stands there at the same place."""
    if last is None:
        return "nothing is in it"
    with open_reader(settings.journal, trader=settings.account) as living:
        same = next(iter(living.page(last.seq - 1)), None)
    return "" if same is not None and same.digest == last.digest else "it is a copy of another journal"
