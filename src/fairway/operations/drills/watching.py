"""Steps that several drills have in common: nothing is opened, and what is held stays under its stop."""

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from fairway.operations.drills.drill_run import DrillNotPossible, DrillRun
from fairway.operations.drills.observed_account import ObservedAccount, VenueView
from fairway.world.clock import SECOND

if TYPE_CHECKING:
    from msgspec import Struct

WATCH_NS: Final = 5 * SECOND
"""How long it is watched that nothing is opened."""
BACK_WITHIN_NS: Final = 60 * SECOND
"""How long the system may take to be as it was."""


def seconds(ns: int | None, within_ns: int = 0) -> str:
    """A time that was measured, in words; None where it did not come within a bound."""
    return f"after {ns / SECOND:.2f} s" if ns is not None else f"not within {within_ns / SECOND:g} s"


async def needs_position(seen: ObservedAccount) -> VenueView:
    """The venue's view, with at least one position under a stop. Raises DrillNotPossible."""
    view = await seen.look()
    if not view.protected:
        raise DrillNotPossible("no position is open under a stop at the venue; repeat the drill once one is")
    return view


def needs_lease(seen: ObservedAccount, now: int) -> None:
    """Raises DrillNotPossible where no lease of a launch lets the account open positions now."""
    if not may_open_by_lease(seen, now):
        what = "no lease of a launch lets the account open positions now; `fairway launch explain` says what the launch waits for"
        raise DrillNotPossible(what)


def may_open_by_lease(seen: ObservedAccount, now: int) -> bool:
    """Whether the account has a lease of a launch that lets it open positions at an instant (ns)."""
    from fairway.risk.limits import TradingState

    lease = seen.permissions.lease
    return lease is not None and bool(lease.stage) and lease.until > now and lease.limits.state is TradingState.ACTIVE


def needs_right_to_open(seen: ObservedAccount) -> None:
    """A drill that shows that nothing is opened shows nothing where nothing may be opened anyway. Raises DrillNotPossible."""
    from fairway.risk.caps import in_force
    from fairway.risk.limits import TradingState

    caps = seen.permissions.caps.values()
    if in_force(caps).state is not TradingState.ACTIVE:
        which = ", ".join(cap.id for cap in caps if cap.limits.state is not TradingState.ACTIVE)
        raise DrillNotPossible(f"the account opens nothing anyway, for these caps are in force: {which}; see `fairway caps`")


def is_lease_back(event: "Struct") -> bool:
    """Whether the trader has taken note that it may open nothing more."""
    from fairway.journal.kinds import LeaseAccepted
    from fairway.risk.limits import TradingState

    return isinstance(event, LeaseAccepted) and event.limits.state is not TradingState.ACTIVE


def is_cap(event: "Struct", cap_id: str) -> bool:
    """Whether the trader has raised a cap."""
    from fairway.journal.kinds import CapRaised

    return isinstance(event, CapRaised) and event.cap.id == cap_id


def planned(events: "Sequence[tuple[int, Struct]]") -> list[str]:
    """Entries that the trader has approved."""
    from fairway.journal.kinds import EntryPlanned

    return [f"an entry in {event.symbol} was approved" for _, event in events if isinstance(event, EntryPlanned)]


def refused(events: "Sequence[tuple[int, Struct]]") -> list[str]:
    """Codes with which the trader refused entries."""
    from fairway.journal.kinds import EntryRefused

    return [event.code for _, event in events if isinstance(event, EntryRefused)]


async def watch_nothing_opened(run: DrillRun, seen: ObservedAccount, count: int, watch_ns: int = WATCH_NS) -> None:
    """Notes whether anything is opened from now on, for a while; in the trader's journal, after the first so many events.

    The journal counts, too: an entry that the trader approved was not refused, even where the venue did not take it.
    """
    began, since = run.clock.monotonic(), await seen.venue_time()
    await asyncio.sleep(watch_ns / SECOND)
    await seen.read()
    opened = [*await seen.opened_since(since), *planned(seen.since(count))]
    waiting = [f"{order.client_id} is still open" for order in await seen.entries()]
    wanted = refused(seen.since(count))
    times = f"the strategy wanted to {len(wanted)} times, and was refused" if wanted else "the strategy did not want to"
    none = f"nothing in {watch_ns / SECOND:g} s; {times}"
    found = "; ".join([*opened, *waiting])
    took = run.clock.monotonic() - began
    run.note("nothing is opened", "no order at the venue that opens a position", found or none, took, holds=not found)


async def watch_stops(run: DrillRun, seen: ObservedAccount, before: VenueView) -> None:
    """Notes whether what had a stop at the venue still has it."""
    began = run.clock.monotonic()
    bared = await seen.bared_since(before)
    stays = f"{', '.join(before.protected) or 'nothing'} as before" if not bared else f"{', '.join(bared)} without a stop"
    took = run.clock.monotonic() - began
    run.note("stops stay at the venue", "all that is held under its stop", stays, took, holds=not bared)
