"""Steps that several drills have in common: nothing is opened, and what is held stays under its stop."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from fairway.operations.drills.drill_run import DrillNotObserved, DrillNotPossible, DrillRun
from fairway.operations.drills.observed_account import ObservedAccount, VenueView
from fairway.world.clock import SECOND

if TYPE_CHECKING:
    from msgspec import Struct

WATCH_NS: Final = 5 * SECOND
"""How long it is watched that nothing is opened."""
NOTHING_OPENED: Final = "nothing is opened"
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


def trials_answered(events: "Sequence[tuple[int, Struct]]") -> list[tuple[str, str]]:
    """By symbol of each trial entry that the trader has answered, the code of risk's refusal; "" where risk approves it."""
    from fairway.journal.commands import TrialEntry
    from fairway.journal.kinds import InstructionTaken

    taken = [event for _, event in events if isinstance(event, InstructionTaken)]
    answers = [(each.what.partition(" "), each.refused) for each in taken]
    return [(symbol, code) for (name, _, symbol), code in answers if name == TrialEntry.__name__]


def is_by_state(code: str) -> bool:
    """Whether risk refused an entry because the account may open nothing, and for no other reason."""
    return code.startswith("STATE_")


async def ask_by_trial(run: DrillRun, seen: ObservedAccount) -> None:
    """Asks the trader about an entry in a symbol without a position, so that no strategy has to want one. Raises VenueErrors."""
    if not run.system.lacks_trader():
        view = await seen.look()
        symbol = next((each for each in seen.symbols if not view.stopped.get(each)), seen.symbols[0])
        await run.system.trial_entry(symbol, "a drill asks whether a position would be opened")


@dataclass(frozen=True, slots=True)
class EntriesSeen:
    """What became of entries meanwhile. opened: what was approved; refused: entries and trial entries, as they should be.

    others: trial entries that were refused for another reason, which shows nothing.
    """

    opened: Sequence[str]
    refused: Sequence[str]
    others: Sequence[str]

    @property
    def in_words(self) -> str:
        """What the trader refused, or why nothing shows that it would refuse."""
        if self.refused:
            return "; ".join(dict.fromkeys(self.refused))
        other = (
            f"a trial entry was refused for another reason: {self.others[-1]}" if self.others else "no trial entry was answered"
        )
        return f"the strategy wanted no entry, and {other}"


def entries_seen(events: "Sequence[tuple[int, Struct]]", is_right: Callable[[str], bool]) -> EntriesSeen:
    """is_right: whether the code of a refusal is the one that shows that the trader obeys."""
    trials, codes = trials_answered(events), [code for code in refused(events) if is_right(code)]
    wanted = [f"risk refused {len(codes)} entries of the strategy: {codes[0]}"] if codes else []
    return EntriesSeen(
        opened=[*planned(events), *(f"risk approved a trial entry in {symbol}" for symbol, code in trials if not code)],
        refused=[
            *wanted,
            *(f"risk refused a trial entry in {symbol}: {code}" for symbol, code in trials if code and is_right(code)),
        ],
        others=[code for _, code in trials if code and not is_right(code)],
    )


async def watch_nothing_opened(
    run: DrillRun, seen: ObservedAccount, count: int, watch_ns: int = WATCH_NS, is_right: Callable[[str], bool] = is_by_state
) -> str:
    """Notes whether anything is opened from now on, for a while; in the trader's journal, after the first so many events.

    The journal counts, too: an entry that the trader approved was not refused, even where the venue did not take it. Where no
    entry was refused, nothing shows that one would have been: the step then decides nothing. Returns why, "" where it decides.
    """
    from fairway.launch.evidence.drill_record import NOT_SHOWN

    began, since = run.clock.monotonic(), await seen.venue_time()
    await ask_by_trial(run, seen)
    await asyncio.sleep(watch_ns / SECOND)
    await seen.read()
    entries = entries_seen(seen.since(count), is_right)
    waiting = [f"{order.client_id} is still open" for order in await seen.entries()]
    found = "; ".join([*await seen.opened_since(since), *entries.opened, *waiting])
    none, is_shown = f"nothing in {watch_ns / SECOND:g} s; {entries.in_words}", bool(entries.refused)
    told = found or (none if is_shown else f"{NOT_SHOWN}: {none}")
    took = run.clock.monotonic() - began
    holds = False if found else True if is_shown else None
    run.note(NOTHING_OPENED, "no order at the venue that opens a position, and entries are refused", told, took, holds=holds)
    return told if holds is None else ""


def needs_shown(why: str) -> None:
    """A drill that is about this shows nothing without it. why: of `watch_nothing_opened`. Raises DrillNotObserved."""
    if why:
        raise DrillNotObserved(f"{NOTHING_OPENED}: {why}; repeat it while the trader runs this release and answers")


async def watch_stops(run: DrillRun, seen: ObservedAccount, before: VenueView) -> None:
    """Notes whether what had a stop at the venue still has it. Where nothing had one, that is not shown."""
    from fairway.launch.evidence.drill_record import NOT_SHOWN

    began = run.clock.monotonic()
    bared = await seen.bared_since(before)
    stays = f"{', '.join(before.protected)} as before" if before.protected else f"{NOT_SHOWN}: nothing was held under a stop"
    took, found = run.clock.monotonic() - began, f"{', '.join(bared)} without a stop" if bared else stays
    holds = False if bared else True if before.protected else None
    run.note("stops stay at the venue", "all that is held under its stop", found, took, holds=holds)
