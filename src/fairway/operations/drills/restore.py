"""Restore: a copy of the journal made now is whole, its books are rebuilt from it alone, and they are the venue's."""

import asyncio
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from fairway.launch.evidence.producers import RESTORE
from fairway.operations.drills.drill import Drill
from fairway.operations.drills.drill_run import DrillNotPossible, DrillRun
from fairway.operations.operation import Exposure
from fairway.people.roles import UserAct
from fairway.settings import Settings
from fairway.world.clock import HOUR, SECOND

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from fairway.launch.evidence.model import Evidence
    from fairway.operations.trader.reconcile import Comparisons

RESTORED_WITHIN_NS: Final = HOUR
TRIES: Final = 3
"""A running trader may trade between the copy and the comparison; then the next copy has that, too."""


async def carry_out(run: DrillRun) -> None:
    """Raises DrillNotPossible, JournalErrors."""
    assert run.settings is not None, "a drill of the journal reads it from a configuration"
    note_tries(run, await asyncio.to_thread(restored, run.settings, run.release))


def note_tries(run: DrillRun, tries: "Sequence[RestoreTry]") -> None:
    """Notes each try. The last one decides; one before it that failed decides nothing, and is named beside it."""
    expected = f"a copy is whole, and its books are the venue's, within {RESTORED_WITHIN_NS // SECOND} s"
    for number, each in enumerate(tries[:-1], 1):
        run.note(f"try {number} of {TRIES}", expected, each.evidence.why, each.took_ns, holds=None)
    last, before = tries[-1], len(tries) - 1
    needed = f"; {before} {'try' if before == 1 else 'tries'} before it failed: {tries[-2].evidence.why}" if before else ""
    run.note("restored", expected, f"{last.evidence.why}{needed}", last.took_ns, holds=last.evidence.holds)


@dataclass(frozen=True, slots=True)
class RestoreTry:
    """One copy that was restored and compared, and how long that took (ns)."""

    evidence: "Evidence"
    took_ns: int


def restored(settings: Settings, release: str) -> "list[RestoreTry]":
    """Every try, the last of which succeeded, or is the last there is.

    Raises DrillNotPossible, JournalErrors, SecretMissing, StoreErrors, PeopleErrors.
    """
    if not isinstance(settings.journal, Path):
        what = "the drill restores a journal in a file; one in PostgreSQL is restored with its own tool: pg_restore"
        raise DrillNotPossible(f"{what}; write down what was seen, and bring that with  --attest")
    journal = settings.journal
    return tried(lambda: _restored_once(settings, journal, release))


def tried(once: "Callable[[], RestoreTry]") -> "list[RestoreTry]":
    """The tries until one holds, TRIES at most."""
    tries: list[RestoreTry] = []
    while len(tries) < TRIES and not (tries and tries[-1].evidence.holds):
        tries.append(once())
    return tries


def _restored_once(settings: Settings, journal: Path, release: str) -> "RestoreTry":
    from msgspec.structs import replace as replace_fields

    from fairway.assembly.copies import evidence_of_copy
    from fairway.journal.backup import back_up
    from fairway.journal.sql import open_reader
    from fairway.launch.evidence.model import Rank
    from fairway.operations.trader.reconcile import compared_with_venue
    from fairway.world.clock import SystemClock

    clock = SystemClock()
    began = clock.now()
    with TemporaryDirectory(prefix="fairway-restore-") as folder:
        copy = Path(folder) / "restored.journal"
        back_up(journal, copy)
        made = evidence_of_copy(settings, copy, RESTORE, release)
        trouble = "" if made.holds else made.why
        if not trouble:
            with open_reader(copy) as rebuilt:
                trouble = differences(compared_with_venue(settings, "", rebuilt, "the restored copy"))
    took = clock.now() - began
    if not trouble and took > RESTORED_WITHIN_NS:
        trouble = f"it took {took // SECOND} s, and may take {RESTORED_WITHIN_NS // SECOND} s"
    what = f"a copy was restored and verified within {max(1, took // SECOND)} s"
    evidence = replace_fields(
        made,
        rank=Rank.OBSERVED_IN_A_DRILL,
        holds=not trouble,
        why=f"a restored copy is not good: {trouble}" if trouble else f"{what}, and its books are the venue's",
        producer="fairway drill",
        made_at=clock.now(),
        again=f"fairway drill {RESTORE} CONFIG",
    )
    return RestoreTry(evidence, took)


def differences(found: "Mapping[str, Comparisons | Exception]") -> str:
    """What differs in which account, "" where nothing does; an account that could not be asked is not known to agree."""
    told = []
    for name, looks in found.items():
        if isinstance(looks, Exception):
            told.append(f"{name} could not be compared: {looks}")
        else:
            first, second = looks
            told += [f"{name}: {line}" for line in first.wrong if line in second.wrong]
    return "; ".join(told) if found else "there is no account to compare"


DRILL = Drill(
    name=RESTORE,
    claim=RESTORE,
    does="a copy of the journal is made, verified, and compared with the venue; no order is sent",
    lasts="5 seconds, and as long as the copy takes",
    carry_out=carry_out,
    act=UserAct.LAUNCH,
    exposure=Exposure.RAISES,
    is_watched=False,
)
