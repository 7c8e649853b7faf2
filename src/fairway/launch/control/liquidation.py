"""Decides how accounts are killed. A kill is ordered again until trader and venue show that it is done.

Positions are sold only where that can work: the venue is in order, positions are known, and orders arrive. Elsewhere the account
is killed, its stops stay, and the order says why it is not sold.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from fairway.launch.control import launch_events
from fairway.launch.control.causes import cause_of
from fairway.launch.control.hold_kinds import KILL_NOT_DONE
from fairway.launch.control.holds import hold_of
from fairway.launch.control.leases import SILENT_AFTER_NS
from fairway.launch.control.lifecycle import PILOT
from fairway.launch.control.pending_kill import PendingKill
from fairway.launch.control.state import Launch
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.plan.watching import NEVER_SELLS
from fairway.risk.caps import Cap
from fairway.risk.disposal import Disposal
from fairway.risk.limits import TradingState
from fairway.world.clock import MINUTE, SECOND

UNSEEN_EVERY_NS: Final = 5 * SECOND
"""How often a kill is ordered again that the trader does not show, …"""
LATE_NS: Final = 3 * MINUTE
"""… and after this time it is held for a person; from then on it is ordered once a minute."""
SELLS_EVERY_NS: Final = 90 * SECOND
"""The seller polls the venue for a minute, so a sale is ordered again after this time, …"""
SELLS_AGAIN_NS: Final = 30 * SECOND
"""… and after this time where the seller has ended and something is left."""
SELLS_WITHIN_NS: Final = 15 * MINUTE
"""For so long a position that could not be sold at first is sold once that can work. After that a person decides."""
TRIES_MAX: Final = 6
"""How often a sale is ordered; what is left then is for a person."""


def kills(
    plan: CompiledPlan, launch: Launch, observation: Observation, accounts: Sequence[str], disposal: Disposal, why: str
) -> Iterator[launch_events.KillOrdered]:
    """The kills that are due and were not ordered yet. A kill that keeps stops may be followed by a sale, once that can work."""
    found: dict[tuple[Disposal, str], list[str]] = {}
    for account in accounts:
        ordered, cap = launch.pending_kills.get(account), _kill_of(observation, account)
        if cap is not None and cap.limits.hands_off:
            continue  # it is being sold, or has been
        if ordered is not None and (ordered.disposal is Disposal.FLATTEN or disposal is Disposal.KEEP_STOPS):
            continue
        against = unsellable(plan, launch, observation, account) if disposal is Disposal.FLATTEN else ""
        if disposal is Disposal.FLATTEN and not against:
            found.setdefault((Disposal.FLATTEN, ""), []).append(account)
        elif ordered is None and cap is None:
            found.setdefault((Disposal.KEEP_STOPS, against), []).append(account)
    for (does, not_sold), names in found.items():
        yield _order(names, does, why, not_sold)


def again(plan: CompiledPlan, launch: Launch, observation: Observation) -> Iterator[Struct]:
    """Follows up kills that were ordered before: they are seen, done, ordered again, or left to a person."""
    there = {each.account for each in launch.accounts}
    for account, ordered in list(launch.pending_kills.items()):
        if account in there:
            yield from _again(plan, launch, observation, account, ordered)
        else:
            yield from _gone(launch, observation, account, ordered)


def unsellable(plan: CompiledPlan, launch: Launch, observation: Observation, account: str) -> str:
    """Why nothing of an account may be sold now, in words; "" where it may.

    A position without a stop is sold only where a sale was ordered before: a seller that died after cancelling the stop leaves
    one. The seller is then started again, finds no stop, and ends, and the trader protects the position again before it is sold.
    """
    check = launch.venue_checks.get(account)
    if observation.now - observation.written_at > SILENT_AFTER_NS:
        return "its trader is silent"
    if check is None or observation.now - check.asked_at > plan.venue_check_lasts_ns:
        return "how it stands at the venue is not known"
    if check.trouble:
        return f"the venue is not in order: {check.trouble}"
    ordered = launch.pending_kills.get(account)
    if check.naked and (ordered is None or ordered.disposal is not Disposal.FLATTEN):
        return f"the venue is not in order: no stop covers {', '.join(check.naked)}"
    for cap in _caps(observation, account):
        if cap.must_stay:
            return f"the person who killed it asked that nothing is sold: {cap.reason}"
        cause = cause_of(cap)
        if cause is not None and cause.category in NEVER_SELLS:
            return f"{cause.what}: {cap.reason}"
    return ""


def _again(plan: CompiledPlan, launch: Launch, observation: Observation, account: str, ordered: PendingKill) -> Iterator[Struct]:
    cap, waited = _kill_of(observation, account), observation.now - ordered.at
    sells = ordered.disposal is Disposal.FLATTEN
    is_shown = cap is not None and (cap.limits.hands_off or not sells)
    hold_id = KILL_NOT_DONE.id_of(account)
    if account not in observation.accounts and ordered.at:
        return  # no trader has ever carried it: its latch waits for the first that does
    if ordered.is_seen and cap is None:
        yield from _done(launch, account, "a person has resumed it")
    elif is_shown and not ordered.is_seen:
        yield launch_events.KillSeen(accounts=(account,))
    elif ordered.not_sold and ordered.is_seen:
        yield from _sell_later(plan, launch, observation, account, ordered)
    elif is_shown and not (left := _left(launch, account, ordered)):
        yield from _done(launch, account, "the venue shows it")
    elif sells and is_shown and _is_over(cap) and ordered.tries >= TRIES_MAX and waited >= SELLS_EVERY_NS:
        yield launch_events.KillDone(account=account, why=f"it was tried {ordered.tries} times", left=left)
        yield _hold(account, f"{account} was to be sold, and the venue still shows {', '.join(left)}", observation.now)
    else:
        if _is_due(observation, ordered, cap):
            yield from _once_more(plan, launch, observation, account, ordered)
        if observation.now - ordered.since >= LATE_NS and hold_id not in launch.holds:
            yield _hold(account, _late(plan, launch, observation, account, ordered, is_shown=is_shown), observation.now)


def _gone(launch: Launch, observation: Observation, account: str, ordered: PendingKill) -> Iterator[Struct]:
    """It has left the registry, and its venue cannot be checked any more: a person has to check what was not seen to be done."""
    left = _left(launch, account, ordered) if account in observation.accounts else ()
    yield launch_events.KillDone(account=account, why="it has left the registry", left=left)
    if left:
        why = f"{account} left the registry before it was seen to be {_what(ordered)}"
        yield _hold(account, f"{why}, and what is seen is {', '.join(left)}; look at the venue's own page", observation.now)


def _sell_later(
    plan: CompiledPlan, launch: Launch, observation: Observation, account: str, ordered: PendingKill
) -> Iterator[Struct]:
    """Follows up a kill that keeps its stops until the positions can be sold."""
    against = unsellable(plan, launch, observation, account)
    check, hold_id = launch.venue_checks.get(account), KILL_NOT_DONE.id_of(account)
    is_new = check is not None and check.asked_at > ordered.since
    if check is not None and is_new and not (check.trouble or check.held or check.entries):
        yield from _done(launch, account, "the venue shows it, and that nothing is held")
    elif not against:
        yield _order([account], Disposal.FLATTEN, ordered.why)
    elif observation.now - ordered.since >= SELLS_WITHIN_NS:
        held = check.held if check is not None and check.held else ("an unknown quantity",)
        yield launch_events.KillDone(account=account, why=f"it could not be sold, for {against}", left=held)
    elif observation.now - ordered.since >= LATE_NS and hold_id not in launch.holds:
        yield _hold(
            account, f"{account} was to be sold ({ordered.why}), and cannot be yet: {against}; its stops stay", observation.now
        )


def _is_over(cap: Cap | None) -> bool:
    return cap is not None and cap.is_over


def _is_due(observation: Observation, ordered: PendingKill, cap: Cap | None) -> bool:
    waited = observation.now - ordered.at
    if not ordered.is_seen:
        return waited >= (UNSEEN_EVERY_NS if observation.now - ordered.since < LATE_NS else MINUTE)
    if ordered.disposal is not Disposal.FLATTEN or ordered.tries >= TRIES_MAX:
        return False  # the trader has it, and the venue shows the rest
    return waited >= (SELLS_AGAIN_NS if _is_over(cap) else SELLS_EVERY_NS)


def _once_more(
    plan: CompiledPlan, launch: Launch, observation: Observation, account: str, ordered: PendingKill
) -> Iterator[Struct]:
    """Orders the kill again. A sale that has become impossible becomes a kill that keeps the stops."""
    against = unsellable(plan, launch, observation, account) if ordered.disposal is Disposal.FLATTEN else ""
    if not against:
        yield _order([account], ordered.disposal, ordered.why, ordered.not_sold)
    elif not ordered.is_seen:
        yield _order([account], Disposal.KEEP_STOPS, ordered.why, against)


def _left(launch: Launch, account: str, ordered: PendingKill) -> tuple[str, ...]:
    """What a look after the order shows that must not be there, in words. Without a check after the order that is unknown."""
    check = launch.venue_checks.get(account)
    if check is None or check.asked_at <= ordered.since:
        return ("what was not checked at the venue",)
    entries = (f"{check.entries} orders that buy",) if check.entries else ()
    if ordered.disposal is not Disposal.FLATTEN:
        return entries
    return (*entries, *check.held, *((f"{check.protective} stops and targets",) if check.protective and not check.held else ()))


def _done(launch: Launch, account: str, why: str) -> Iterator[Struct]:
    yield launch_events.KillDone(account=account, why=why)
    hold = launch.holds.get(KILL_NOT_DONE.id_of(account))
    if hold is not None:
        yield launch_events.lifted(hold, by=PILOT, why=why)


def _late(
    plan: CompiledPlan, launch: Launch, observation: Observation, account: str, ordered: PendingKill, *, is_shown: bool
) -> str:
    against = unsellable(plan, launch, observation, account) if ordered.disposal is Disposal.FLATTEN else ""
    shown = ", ".join(_left(launch, account, ordered)) if is_shown else "that its trader does not show it"
    why = against or f"what is seen is {shown}"
    return f"{account} was to be {_what(ordered)} ({ordered.reason}), and that is not done: {why}; look at the venue's own page"


def _what(ordered: PendingKill) -> str:
    return "killed and sold" if ordered.disposal is Disposal.FLATTEN or ordered.not_sold else "killed"


def _hold(account: str, why: str, now: int) -> launch_events.HoldRaised:
    return launch_events.HoldRaised(hold=hold_of(KILL_NOT_DONE, why, now, scope=account))


def _order(accounts: Sequence[str], disposal: Disposal, why: str, not_sold: str = "") -> launch_events.KillOrdered:
    return launch_events.KillOrdered(accounts=tuple(accounts), why=why, disposal=disposal, stays=True, not_sold=not_sold)


def _kill_of(observation: Observation, account: str) -> Cap | None:
    """The kill of a whole account that its trader shows; of two the one that sells."""
    found = [cap for cap in _caps(observation, account) if cap.limits.state is TradingState.KILLED and not cap.symbol]
    return max(found, key=lambda cap: cap.limits.hands_off, default=None)


def _caps(observation: Observation, account: str) -> Sequence[Cap]:
    known = observation.accounts.get(account)
    return list(known.caps.values()) if known is not None else []
