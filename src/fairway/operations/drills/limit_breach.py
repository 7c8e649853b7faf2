"""Limit breach: a limit is put below what is used, and the trader refuses what would go beyond it, until it is lifted."""

from typing import TYPE_CHECKING, Final

from fairway.launch.evidence.producers import LIMITS
from fairway.operations.drills.drill import Drill
from fairway.operations.drills.drill_run import DrillNotObserved, DrillNotPossible, DrillRun
from fairway.operations.drills.observed_account import ObservedAccount
from fairway.operations.drills.watching import (
    ask_by_trial,
    entries_seen,
    is_cap,
    needs_position,
    needs_right_to_open,
    needs_shown,
    seconds,
    watch_nothing_opened,
    watch_stops,
)
from fairway.risk import cap_kinds
from fairway.world.clock import MINUTE, SECOND

if TYPE_CHECKING:
    from collections.abc import Sequence

    from msgspec import Struct

REASON: Final = "a drill of the limits"
CAP: Final = cap_kinds.LIMITED.id_of()
SET_WITHIN_NS: Final = 5 * SECOND
PATIENCE_NS: Final = 10 * MINUTE
"""Where risk refuses the trial entry for another reason, the strategy has to want an entry; a person may give it longer."""
WATCH_NS: Final = 3 * SECOND


async def carry_out(run: DrillRun) -> None:
    """Raises DrillNotPossible, DrillNotObserved, VenueErrors, JournalErrors."""
    if why := run.system.lacks_trader():
        raise DrillNotPossible(why)
    async with run.system.observed() as seen:
        if CAP in seen.permissions.caps:
            raise DrillNotPossible(f"a limit of a person is in force already: {seen.permissions.caps[CAP].reason}; lift it first")
        needs_right_to_open(seen)
        before = await needs_position(seen)
        most = len(before.protected) - 1
        command = f'fairway lift {run.config} {CAP} --reason "the drill is over"'
        async with run.given_back("the limit of positions", lambda: run.system.lift_limit(f"{REASON} is over"), command):
            await _breach(run, seen, most)
            why = await watch_nothing_opened(run, seen, seen.after(is_limit), WATCH_NS, lambda code: is_of_limit(code, most))
            await watch_stops(run, seen, before)
            needs_shown(why)
        if run.gives_back:
            took = await seen.until(lambda: CAP not in seen.permissions.caps, SET_WITHIN_NS)
            run.note("as it was", "the limit is lifted", seconds(took, SET_WITHIN_NS), took or SET_WITHIN_NS, holds=None)


async def _breach(run: DrillRun, seen: ObservedAccount, most: int) -> None:
    began = run.clock.monotonic()
    if why := await run.system.limit_positions(most, REASON):
        raise DrillNotObserved(f"the trader did not take the limit: {why}")
    is_set = await seen.until(lambda: CAP in seen.permissions.caps, SET_WITHIN_NS)
    took = run.clock.monotonic() - began if is_set is not None else None
    expected = f"at most {most} positions where {most + 1} are open, within {SET_WITHIN_NS / SECOND:g} s"
    run.note("limit set", expected, seconds(took, SET_WITHIN_NS), took or SET_WITHIN_NS, holds=took is not None)
    count, patience_ns = seen.after(is_limit), run.patience_ns or PATIENCE_NS
    await ask_by_trial(run, seen)
    took = await seen.until(lambda: is_decided(seen.since(count), most), patience_ns)
    entries = entries_seen(seen.since(count), lambda code: is_of_limit(code, most))
    if took is None:
        why = f"within {patience_ns / SECOND:g} s {entries.in_words}; give it longer with --patience"
        raise DrillNotObserved(why)
    found = "; ".join(entries.opened) or f"{entries.in_words}, {seconds(took)}"
    expected = f"the next entry or trial entry is refused: POSITIONS_MAX with max={most}"
    run.note("entry refused", expected, found, took, holds=not entries.opened)


def is_limit(event: "Struct") -> bool:
    """Whether it is the drill's limit that the trader has taken."""
    return is_cap(event, CAP)


def is_decided(events: "Sequence[tuple[int, Struct]]", most: int) -> bool:
    """Whether the trader has approved an entry or a trial entry, or has refused one for this limit."""
    entries = entries_seen(events, lambda code: is_of_limit(code, most))
    return bool(entries.opened or entries.refused)


def is_of_limit(code: str, most: int) -> bool:
    """Whether an entry was refused for this very limit, and for no other one."""
    return code.startswith("POSITIONS_MAX: ") and code.endswith(f" max={most}")


DRILL = Drill(
    name="limit-breach",
    claim=LIMITS,
    does="the account may hold one position fewer than it holds: it opens nothing, and sells nothing; then the limit is lifted",
    lasts="10 seconds; or, where risk refuses the trial entry for another reason, until the strategy wants the next entry",
    carry_out=carry_out,
    is_of_account=True,
)
