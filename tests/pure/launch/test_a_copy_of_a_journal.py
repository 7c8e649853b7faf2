"""A copy of the journal is evidence where it is whole, and part of the very journal that is written; nothing else is."""

import asyncio
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

import pytest

from fairway.assembly.copies import evidence_of_copy
from fairway.journal.backup import back_up
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, TraderStopped
from fairway.journal.sql import open_journal
from fairway.launch.evidence.model import Evidence, Rank


@dataclass
class Configured:
    journal: Path
    account: str = "main"


def write(journal: Path, *whys: str) -> None:
    with closing(open_journal(journal, Codec(*EVENTS), mode="practice", trader="main")) as opened:
        for at, why in enumerate(whys, 1):
            opened.append([TraderStopped(why=why, protective_orders=0)], account="main", author="trader", at=at)
        asyncio.run(opened.commit())


def looked_at(copy: Path, journal: Path) -> Evidence:
    return evidence_of_copy(cast(Any, Configured(journal)), copy, "", "r1")


def test_a_copy_is_as_old_as_its_last_record(tmp_path: Path) -> None:
    journal, copy = tmp_path / "a.journal", tmp_path / "copy.journal"
    write(journal, "one", "two")
    back_up(journal, copy)
    write(journal, "three")
    found = looked_at(copy, journal)
    assert (found.claim, found.holds, found.rank, found.made_at, found.release) == (
        "backup",
        True,
        Rank.MACHINE_ARTIFACT,
        2,
        "r1",
    )


@pytest.mark.parametrize("others", [("one", "another"), ("one", "two", "three")])
def test_a_copy_of_another_journal_or_of_what_is_lost_does_not_hold(others: tuple[str, ...], tmp_path: Path) -> None:
    journal, other = tmp_path / "a.journal", tmp_path / "b.journal"
    write(journal, "one", "two")
    write(other, *others)
    found = looked_at(other, journal)
    assert not found.holds
    assert "a copy of another journal" in found.why
