"""Rollback: with a position open the launch is contained, and the venue shows that nothing is opened and each stop stays."""

from typing import TYPE_CHECKING, Final

from fairway.launch.evidence.producers import ROLLBACK
from fairway.operations.drills.drill import Drill
from fairway.operations.drills.drill_run import DrillNotObserved, DrillNotPossible, DrillRun
from fairway.operations.drills.observed_account import ObservedAccount
from fairway.operations.drills.watching import (
    BACK_WITHIN_NS,
    is_lease_back,
    may_open_by_lease,
    needs_lease,
    needs_position,
    needs_right_to_open,
    needs_shown,
    seconds,
    watch_nothing_opened,
    watch_stops,
)
from fairway.world.clock import MINUTE, SECOND

if TYPE_CHECKING:
    from fairway.operations.drills.observed_account import VenueView

REASON: Final = "a drill of the rollback"
CONTAINED_WITHIN_NS: Final = 10 * SECOND
WITHIN_NS: Final = 5 * MINUTE
"""Where the plan does not say how long going back may take."""


async def carry_out(run: DrillRun) -> None:
    """Raises DrillNotPossible, DrillNotObserved, VenueErrors, JournalErrors."""
    if why := run.system.lacks_trader() or run.system.lacks_pilot() or run.system.lacks_free_hold():
        raise DrillNotPossible(why)
    async with run.system.observed() as seen:
        needs_lease(seen, run.clock.now())
        needs_right_to_open(seen)
        before = await needs_position(seen)
        began = run.clock.monotonic()
        command = f"fairway launch release {run.config} 'person NAME' --reason ..."
        async with run.given_back("the hold of the launch", lambda: run.system.release(f"{REASON} is over"), command):
            await _go_back(run, seen, before)
            _note_end(run, run.clock.monotonic() - began)
        if run.gives_back:
            await _come_back(run, seen)


async def _go_back(run: DrillRun, seen: ObservedAccount, before: "VenueView") -> None:
    """Contain, cancel, verify at the venue, keep positions under their stops."""
    count, began = len(seen.events), run.clock.monotonic()
    if why := await run.system.contain(REASON):
        raise DrillNotObserved(f"the pilot did not hold the launch: {why}")
    is_back = await seen.until(lambda: any(is_lease_back(event) for _, event in seen.since(count)), CONTAINED_WITHIN_NS)
    took = run.clock.monotonic() - began if is_back is not None else None
    expected = f"the trader has taken its lease back within {CONTAINED_WITHIN_NS / SECOND:g} s"
    run.note("contained", expected, seconds(took, CONTAINED_WITHIN_NS), took or CONTAINED_WITHIN_NS, holds=took is not None)
    why = await watch_nothing_opened(run, seen, seen.after(is_lease_back))
    await watch_stops(run, seen, before)
    began = run.clock.monotonic()
    differences = await run.system.differences()
    agree = "; ".join(differences) or "they agree"
    took = run.clock.monotonic() - began
    run.note("positions verified", "books and venue agree in all balances and orders", agree, took, holds=not differences)
    needs_shown(why)


def _note_end(run: DrillRun, took: int) -> None:
    promise = run.system.rollback_promise()
    within_ns = promise.within_ns or WITHIN_NS
    expected = f"all of it within {within_ns / SECOND:g} s"
    run.note("in time", expected, seconds(took), took, holds=took <= within_ns)
    named = promise.software or "the plan names nothing"
    run.note("software", "what runs afterwards, which a person starts", f"the plan names: {named}", 0, holds=None)


async def _come_back(run: DrillRun, seen: ObservedAccount) -> None:
    """The launch goes on where it was."""
    took = await seen.until(lambda: may_open_by_lease(seen, run.clock.now()), BACK_WITHIN_NS)
    found = seconds(took, BACK_WITHIN_NS)
    run.note("as it was", "the account may open positions again", found, took or BACK_WITHIN_NS, holds=None)
    if took is None:
        run.leave(f"the account may open nothing yet; see  fairway launch explain {run.config}")


DRILL = Drill(
    name="rollback",
    claim=ROLLBACK,
    does="the launch is held and its leases are taken back while a position is open: nothing is opened, stops stay; then the "
    "hold is released, and the launch goes on",
    lasts="20 seconds",
    carry_out=carry_out,
)
