"""Kill: the account is killed with its latch, and the venue shows that what does not protect is gone, and how fast."""

import asyncio
from typing import TYPE_CHECKING, Final

from fairway.launch.evidence.observed import KILL
from fairway.operations.drills.drill import Drill
from fairway.operations.drills.drill_run import DrillNotPossible, DrillRun
from fairway.operations.drills.observed_account import ObservedAccount, first_time
from fairway.operations.drills.watching import BACK_WITHIN_NS, seconds, watch_nothing_opened, watch_stops
from fairway.world.clock import MILLISECOND, SECOND

if TYPE_CHECKING:
    from msgspec import Struct

REASON: Final = "a drill of the kill"
LATCHED_WITHIN_NS: Final = 500 * MILLISECOND
GONE_WITHIN_NS: Final = 2 * SECOND
READ_WITHIN_NS: Final = 2 * SECOND
PATIENCE_NS: Final = 15 * SECOND
"""How long is measured before a time counts as missed altogether."""


async def carry_out(run: DrillRun) -> None:
    """Raises DrillNotPossible, VenueErrors, JournalErrors."""
    if run.system.is_killed():
        raise DrillNotPossible("the account is killed already; end that with `fairway resume` first")
    if run.resumes and (why := run.system.lacks_supervisor()):
        raise DrillNotPossible(f"--resume stops and starts the trader, and {why}")
    async with run.system.observed() as seen:
        before = await seen.look()
        killing = asyncio.create_task(run.system.kill(REASON))
        try:
            await _watch(run, seen, len(before.entries))
        finally:
            answer = await killing
        says = "the venue has confirmed it" if answer.is_verified else "; ".join(answer.lines)
        run.note("kill verified", "the command says that the venue confirmed all of it", says, 0, holds=answer.is_verified)
        await watch_nothing_opened(run, seen, seen.after(_is_kill))
        await watch_stops(run, seen, before)
        if run.resumes:
            await _resume(run, seen)
        else:
            run.leave(f"the account stays killed. {answer.lines[-1] if answer.lines else ''}")


async def _watch(run: DrillRun, seen: ObservedAccount, entries: int) -> None:
    """Measures from the command on, while it works."""

    from fairway.launch.evidence.drill_record import NOT_SHOWN

    async def is_latched() -> bool:
        return run.system.is_killed()

    async def is_gone() -> bool:
        return not await seen.entries()

    began = run.clock.monotonic()
    latched = await first_time(run.clock, is_latched, PATIENCE_NS)
    _note_time(run, "latch set", "the latch is set", latched, LATCHED_WITHIN_NS)
    await first_time(run.clock, is_gone, PATIENCE_NS, every_ns=100 * MILLISECOND)
    took = run.clock.monotonic() - began if not await seen.entries() else None
    if entries or took is None:
        _note_time(run, "orders gone", f"{entries} orders that protect nothing are gone at the venue", took, GONE_WITHIN_NS)
    else:
        expected, why = "orders that protect nothing are gone at the venue", "no such order was open when the drill began"
        run.note("orders gone", expected, f"{NOT_SHOWN}: {why}", took, holds=None)
    if run.system.lacks_trader():
        run.note("trader stands still", "the trader's journal shows the kill", "no trader runs", 0, holds=None)
        return
    is_shown = await seen.until(lambda: _is_killed(seen), PATIENCE_NS) is not None
    took = run.clock.monotonic() - began if is_shown else None
    _note_time(run, "trader stands still", "the trader's journal shows the kill", took, READ_WITHIN_NS)


def _note_time(run: DrillRun, name: str, what: str, took: int | None, within_ns: int) -> None:
    expected = f"{what} within {within_ns / SECOND:g} s"
    run.note(name, expected, seconds(took, PATIENCE_NS), took or PATIENCE_NS, holds=took is not None and took <= within_ns)


def _is_kill(event: "Struct") -> bool:
    from fairway.journal.kinds import CapRaised
    from fairway.risk.limits import TradingState

    return isinstance(event, CapRaised) and event.cap.limits.state is TradingState.KILLED


def _is_killed(seen: ObservedAccount) -> bool:
    from fairway.risk.limits import TradingState

    return any(cap.limits.state is TradingState.KILLED for cap in seen.permissions.caps.values())


async def _resume(run: DrillRun, seen: ObservedAccount) -> None:
    """Ends the kill. The account comes back small, and stays so until a person lifts that."""
    from fairway.journal.kinds import TraderStarted

    began, count = run.clock.monotonic(), len(seen.events)
    why = await run.system.resume(f"{REASON} is over")
    if why:
        run.leave(f"the account stays killed: {why}")
        return
    is_back = await seen.until(lambda: any(isinstance(event, TraderStarted) for _, event in seen.since(count)), BACK_WITHIN_NS)
    took = run.clock.monotonic() - began
    run.note("resumed", "the trader runs again", "it does" if is_back is not None else "it does not yet", took, holds=None)
    run.leave(f"the account is back with a quarter of its size; lift that:  fairway lift {run.config} resumed --reason ...")


DRILL = Drill(
    name="kill",
    claim=KILL,
    does="the account is killed: orders that do not protect are cancelled, nothing is opened, stops and targets stay at the "
    "venue, until a person resumes it",
    lasts="10 seconds, and the time until a person resumes",
    carry_out=carry_out,
    is_of_account=True,
)
