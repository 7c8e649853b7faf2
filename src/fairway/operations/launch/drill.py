"""Drill: carries a drill out, and brings what was seen to the launch as evidence."""

from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
from fairway.operations.operation import Call, Exposure, Operation, Preview, Progress
from fairway.operations.refusal import wrong_input
from fairway.people.roles import UserAct
from fairway.settings import Settings, load
from fairway.world.clock import HOUR, SECOND

if TYPE_CHECKING:
    from collections.abc import Mapping

    from fairway.launch.evidence.model import Evidence
    from fairway.operations.trader.reconcile import Comparisons

RESTORED_WITHIN_NS: Final = HOUR
TRIES: Final = 3
"""A running trader may trade between the copy and the comparison; then the next copy has that, too."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DrillRequest:
    """name: restore or gates-proven."""

    config: Path
    name: str


def perform_drill(call: Call[DrillRequest]) -> PilotOutcome:
    """Done only where the drill succeeded and the pilot took the evidence.

    Raises Refusal, SettingsError, NotBegun, JournalErrors, SecretMissing, StoreErrors, PeopleErrors.
    """
    from fairway.assembly.tower import launch_now, written_of
    from fairway.launch.control.commands import Submit
    from fairway.launch.evidence.producers import GATES
    from fairway.launch.gates.gate_drill import evidence_of_gates
    from fairway.world.clock import SystemClock

    name = _known(call.request.name)
    settings = load(call.request.config)
    launch = launch_now(settings)
    if name == GATES:
        found = evidence_of_gates(written_of(launch), launch.release, SystemClock().now())
    else:
        found = restored(settings, launch.release)
    call.tell(Progress(f"{found.claim} {'holds' if found.holds else 'DOES NOT HOLD'}: {found.why}"))
    outcome = instruct_pilot(settings, Submit(reason=f"the drill {name} was carried out", evidence=found), call)
    return outcome if found.holds else replace(outcome, is_done=False)


def _known(name: str) -> str:
    """Raises Refusal."""
    from fairway.launch.evidence.producers import DRILLS

    if name not in DRILLS:
        right = " or ".join(DRILLS)
        raise wrong_input(f"DRILL_UNKNOWN: name={name}", f"{name!r} is no drill of fairway launch drill; a right one is {right}")
    return name


def restored(settings: Settings, release: str) -> "Evidence":
    """Evidence of a restore: a copy made now is whole, its books are rebuilt from it alone, and they are the venue's.

    Raises Refusal, JournalErrors, SecretMissing, StoreErrors, PeopleErrors.
    """
    if not isinstance(settings.journal, Path):
        what = "the drill restores a journal in a file; one in PostgreSQL is restored with its own tool: pg_restore"
        raise wrong_input("JOURNAL_NOT_A_FILE: drill=restore", f"{what}; write down what was seen, and bring that with  --attest")
    for _ in range(TRIES - 1):
        found = _restored_once(settings, settings.journal, release)
        if found.holds:
            return found
    return _restored_once(settings, settings.journal, release)


def _restored_once(settings: Settings, journal: Path, release: str) -> "Evidence":
    from msgspec.structs import replace as replace_fields

    from fairway.assembly.copies import evidence_of_copy
    from fairway.journal.backup import back_up
    from fairway.journal.sql import open_reader
    from fairway.launch.evidence.model import Rank
    from fairway.launch.evidence.producers import RESTORE
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
                trouble = _differences(compared_with_venue(settings, "", rebuilt, "the restored copy"))
    took = clock.now() - began
    if not trouble and took > RESTORED_WITHIN_NS:
        trouble = f"it took {took // SECOND} s, and may take {RESTORED_WITHIN_NS // SECOND} s"
    what = f"a copy was restored and verified within {max(1, took // SECOND)} s"
    return replace_fields(
        made,
        rank=Rank.OBSERVED_IN_A_DRILL,
        holds=not trouble,
        why=f"a restored copy is not good: {trouble}" if trouble else f"{what}, and its books are the venue's",
        producer="fairway launch drill",
        made_at=clock.now(),
        again=f"fairway launch drill CONFIG {RESTORE}",
    )


def _differences(found: "Mapping[str, Comparisons | Exception]") -> str:
    """What differs in which account, "" where nothing does; an account that could not be asked is not known to agree."""
    told = []
    for name, looks in found.items():
        if isinstance(looks, Exception):
            told.append(f"{name} could not be compared: {looks}")
        else:
            first, second = looks
            told += [f"{name}: {line}" for line in first.wrong if line in second.wrong]
    return "; ".join(told) if found else "there is no account to compare"


def preview_drill(call: Call[DrillRequest]) -> Preview:
    """Which claim the drill would show. Raises Refusal, SettingsError, NotBegun."""
    name = _known(call.request.name)
    effect = f"carries out the drill {name}; its result counts for the claim {name}, or against it; no order is sent"
    return preview_for_launch(load(call.request.config), effect)


DRILL = Operation(
    name="launch drill",
    summary="Carry a drill out, and bring its result to a launch.",
    act=UserAct.LAUNCH,
    exposure=Exposure.RAISES,
    request=DrillRequest,
    subject=launch_subject,
    preview=preview_drill,
    perform=perform_drill,
)
OPERATIONS: Final = (DRILL,)
