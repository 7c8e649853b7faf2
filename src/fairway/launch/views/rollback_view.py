"""The rollback of a launch: its six parts in their fixed order, each with what the journals show of it.

Contain, cancel what could enlarge a position, verify at the venue, dispose, notify; software last. That something was ordered
counts for nothing: each part is done when it was seen.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from fairway.launch.control.launch_events import VenueChecked
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.state import Launch
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.risk.disposal import Disposal
from fairway.risk.limits import TradingState
from fairway.texts.quantities import duration_text
from fairway.world.clock import text_of

HEAD: Final = "the way back, in this order:"


@dataclass(frozen=True, slots=True)
class RollbackPart:
    """at: when it was seen to be done (ns), None where it is not yet. says: what is seen, or what is missing."""

    name: str
    says: str
    at: int | None


def rollback_parts(plan: CompiledPlan, launch: Launch, observation: Observation) -> list[RollbackPart]:
    """All six parts; none where a launch was neither given up nor killed."""
    since = gone_since(plan, launch)
    if not since:
        return []
    looks = [launch.venue_checks.get(each.account) for each in launch.accounts]
    fresh = [look for look in looks if look is not None and look.asked_at > since]
    parts = [
        _contained(launch, observation, since),
        _cancelled(fresh, len(looks)),
        _verified(fresh, len(looks)),
        _disposed(launch, observation, fresh, len(looks)),
        _notified(launch, since),
    ]
    return [*parts, _software(plan, since, parts[:4])]


def in_words(parts: Iterable[RollbackPart]) -> Iterator[str]:
    for number, part in enumerate(parts):
        if not number:
            yield HEAD
        done = f"done, seen {text_of(part.at)[:19]}" if part.at is not None else "NOT YET"
        yield f"  {number + 1} {part.name}: {part.says if part.name == 'software' else f'{done}: {part.says}'}"


def gone_since(plan: CompiledPlan, launch: Launch) -> int:
    """Since when a launch is given up or killed (ns), 0 where it is not: each step has to be observed again since then.

    Where a track of requests alone is given up, the accounts go on.
    """
    found = [launch.tracks.get(track.name) for track in plan.tracks if track.leads]  # the pilot asks beside its decisions
    ats = [progress.since for progress in found if progress is not None and progress.phase is Phase.ABORTED]
    ats += [hold.since for hold in launch.holds.values() if hold.kind.is_kill]
    ats += [each.since for each in launch.pending_kills.values()]
    return max(ats, default=0)


def _contained(launch: Launch, observation: Observation, since: int) -> RollbackPart:
    """By the trader's own word, or by the end of the last lease that it accepted."""
    ats, open_ = [since], list[str]()
    for each in launch.accounts:
        permissions = observation.accounts.get(each.account)
        caps = permissions.caps.values() if permissions is not None else ()
        killed = [cap.since for cap in caps if cap.limits.state is TradingState.KILLED]
        lease = permissions.lease if permissions is not None else None
        if killed:
            ats.append(min(killed))
        elif lease is None or lease.limits.state is not TradingState.ACTIVE:
            ats.append(launch.lease_changed_at.get(each.account, since))
        elif lease.until <= observation.now:
            ats.append(lease.until)
        else:
            open_.append(each.account)
    if open_:
        return RollbackPart(
            "contain", f"{', '.join(open_)} may open positions until the trader has heard it, or its lease ends", None
        )
    return RollbackPart("contain", "no account may open a position", max(ats))


def _cancelled(fresh: list[VenueChecked], of: int) -> RollbackPart:
    left = [f"{look.entries} of {look.account}" for look in fresh if look.entries]
    if left:
        return RollbackPart("cancel", f"orders at the venue could still enlarge a position: {', '.join(left)}", None)
    return _seen("cancel", "no order that could enlarge a position rests at the venue", fresh, of)


def _verified(fresh: list[VenueChecked], of: int) -> RollbackPart:
    wrong = [f"{look.account}: {look.trouble or 'no stop covers ' + ', '.join(look.naked)}" for look in fresh if _is_wrong(look)]
    if wrong:
        return RollbackPart("verify", f"the venue is not in order: {'; '.join(wrong)}", None)
    return _seen("verify", "the venue is in order: books agree, and what is held has its stops", fresh, of)


def _is_wrong(look: VenueChecked) -> bool:
    return bool(look.trouble or look.naked)


def _disposed(launch: Launch, observation: Observation, fresh: list[VenueChecked], of: int) -> RollbackPart:
    """What is to be sold is done when the venue holds nothing of it; what stays is done when it has its stops."""
    held = [f"{', '.join(look.held)} of {look.account}" for look in fresh if look.held]
    sold = {name for name, each in launch.pending_kills.items() if each.disposal is Disposal.FLATTEN}
    sold |= {name for name, each in observation.accounts.items() if any(cap.limits.hands_off for cap in each.caps.values())}
    if not held:
        return _seen("dispose", "nothing is held", fresh, of)
    if any(look.held and look.account in sold for look in fresh):
        return RollbackPart("dispose", f"to be sold, and still held: {'; '.join(held)}", None)
    if any(_is_wrong(look) for look in fresh):
        return RollbackPart("dispose", f"held, and not all of it is under a stop: {'; '.join(held)}", None)
    return _seen("dispose", f"nothing is sold by this; it stays under its stops: {'; '.join(held)}", fresh, of)


def _seen(name: str, says: str, fresh: list[VenueChecked], of: int) -> RollbackPart:
    """Done when every account was looked at since."""
    if len(fresh) < of or not of:
        return RollbackPart(name, f"{of - len(fresh)} of {of} accounts were not looked at since at the venue", None)
    return RollbackPart(name, says, max(look.asked_at for look in fresh))


def _notified(launch: Launch, since: int) -> RollbackPart:
    said = launch.last_message
    if said is None or launch.last_message_at < since:
        return RollbackPart("notify", "the plan's `say` made no message due since: inform the people concerned", None)
    last = f"message {said.number} to {said.to} is written down"
    return RollbackPart("notify", f"{last}; a reader of fairway launch messages has to pass it on", launch.last_message_at)


def _software(plan: CompiledPlan, since: int, before: list[RollbackPart]) -> RollbackPart:
    """Whatever is left of it is a person's, and only after the venue was seen in order."""
    rollback = plan.rollback
    if rollback is None:
        return RollbackPart("software", "the plan names no release to go back to", None)
    steps = ", then ".join(rollback.steps) or f"go back to {rollback.target}"
    within = (
        f", until {text_of(since + rollback.within_ns)[:16]} (within {duration_text(rollback.within_ns)})"
        if rollback.within_ns
        else ""
    )
    if any(each.at is None for each in before):
        return RollbackPart("software", f"NOT BEFORE the venue is seen in order: {steps}", None)
    done_at = max(each.at or 0 for each in before)
    return RollbackPart("software", f"may begin now{within}: {steps}. Fairway starts no software; a person does", done_at)
