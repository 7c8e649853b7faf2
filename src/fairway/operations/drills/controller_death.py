"""Controller death: the pilot is killed and kept down, and the trader only reduces once its lease has run out."""

from typing import TYPE_CHECKING, Final

from fairway.launch.evidence.producers import PILOT_DEATH
from fairway.operations.drills.drill import Drill
from fairway.operations.drills.drill_run import DrillNotObserved, DrillNotPossible, DrillRun
from fairway.operations.drills.observed_account import ObservedAccount
from fairway.operations.drills.watching import (
    BACK_WITHIN_NS,
    is_cap,
    may_open_by_lease,
    needs_lease,
    needs_right_to_open,
    needs_shown,
    seconds,
    watch_nothing_opened,
    watch_stops,
)
from fairway.risk import cap_kinds
from fairway.world.clock import MINUTE, SECOND

if TYPE_CHECKING:
    from fairway.operations.drills.observed_account import VenueView

REASON: Final = "a drill of the pilot's death"
LEASE_MAX_NS: Final = MINUTE
"""The longest that a lease may outlast its pilot."""
DOWN_NS: Final = 3 * MINUTE
"""The pilot comes back after this even where the drill has died."""
LEASE_CAP: Final = cap_kinds.LEASE.id_of()
DEAD_WITHIN_NS: Final = 5 * SECOND
REDUCED_WITHIN_NS: Final = 2 * SECOND


async def carry_out(run: DrillRun) -> None:
    """Raises DrillNotPossible, DrillNotObserved, VenueErrors, JournalErrors."""
    if why := run.system.lacks_trader() or run.system.lacks_pilot() or run.system.lacks_supervisor():
        raise DrillNotPossible(why)
    async with run.system.observed() as seen:
        needs_lease(seen, run.clock.now())
        needs_right_to_open(seen)
        before = await seen.look()
        try:
            await _outlive(run, seen, before)
        finally:
            if why := await run.system.let_pilot_start():
                run.leave(f"the pilot stays down for up to {DOWN_NS / MINUTE:g} minutes: {why}")
        await _come_back(run, seen)


async def _outlive(run: DrillRun, seen: ObservedAccount, before: "VenueView") -> None:
    """From the pilot's death until the trader has shown what it does without a lease."""
    began = run.clock.now()
    if why := await run.system.end_pilot(DOWN_NS):
        raise DrillNotObserved(f"the pilot was not ended: {why}")
    if await seen.until(lambda: bool(run.system.lacks_pilot()), DEAD_WITHIN_NS) is None:
        raise DrillNotObserved("the pilot's process is still there")
    await seen.until(lambda: run.clock.now() >= _lease_end(seen), LEASE_MAX_NS + DOWN_NS // 4)
    left = _lease_end(seen) - began
    expected = f"the last lease ends within {LEASE_MAX_NS / SECOND:g} s of the pilot's death"
    run.note("lease ends", expected, seconds(left), left, holds=0 < left <= LEASE_MAX_NS)
    took = await seen.until(lambda: _is_reduced(seen), REDUCED_WITHIN_NS)
    reduced = f"the trader only reduces within {REDUCED_WITHIN_NS / SECOND:g} s of the lease's end"
    run.note("only reduces", reduced, seconds(took, REDUCED_WITHIN_NS), took or REDUCED_WITHIN_NS, holds=took is not None)
    why = await watch_nothing_opened(run, seen, seen.after(lambda event: is_cap(event, LEASE_CAP)))
    await watch_stops(run, seen, before)
    needs_shown(why)


def _lease_end(seen: ObservedAccount) -> int:
    """Of the last lease that the trader accepted: one may have been on its way when the pilot died."""
    lease = seen.permissions.lease
    return lease.until if lease is not None else 0


def _is_reduced(seen: ObservedAccount) -> bool:
    """By the trader's own journal."""
    from fairway.risk.limits import TradingState

    cap = seen.permissions.caps.get(LEASE_CAP)
    return cap is not None and cap.limits.state is TradingState.REDUCE_ONLY


async def _come_back(run: DrillRun, seen: ObservedAccount) -> None:
    """The pilot is started again, and goes on where it was."""

    def is_back() -> bool:
        return not run.system.lacks_pilot() and may_open_by_lease(seen, run.clock.now())

    took = await seen.until(is_back, BACK_WITHIN_NS)
    expected = f"the pilot is back, and has renewed the lease, within {BACK_WITHIN_NS / SECOND:g} s"
    run.note("comes back", expected, seconds(took, BACK_WITHIN_NS), took or BACK_WITHIN_NS, holds=took is not None)
    if took is None:
        run.leave(f"the account may open nothing yet; see  fairway up status {run.config}")


DRILL = Drill(
    name="controller-death",
    claim=PILOT_DEATH,
    does="the pilot's process is killed and kept down until its last lease has run out: the trader only reduces, stops stay; "
    "then the supervisor starts the pilot again",
    lasts="60 to 90 seconds",
    carry_out=carry_out,
)
