"""The rollback of a launch: its six parts in their fixed order, each with what the journals show of it.

Contain, cancel what could enlarge a position, verify at the venue, dispose, notify; software last. That something was ordered
counts for nothing: each part is done when it was seen. The sentences are in `texts/messages/rollback_messages.py`.
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
from fairway.texts.durations import as_setting
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.message import InstantValue, KeyedMessage, Precision, message
from fairway.texts.messages.rollback_messages import RollbackMessage

SOFTWARE: Final = "software"
"""The part that a person does."""


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
            yield line(message(RollbackMessage.HEADING))
        yield f"  {line(_numbered(number + 1, part))}"


def _numbered(number: int, part: RollbackPart) -> KeyedMessage:
    if part.name == SOFTWARE:
        return message(RollbackMessage.PART_OF_A_PERSON, number=number, part=part.name, says=part.says)
    if part.at is None:
        return message(RollbackMessage.PART_MISSING, number=number, part=part.name, says=part.says)
    at = InstantValue(part.at, Precision.SECOND)
    return message(RollbackMessage.PART_DONE, number=number, part=part.name, at=at, says=part.says)


def _part(name: str, says: KeyedMessage, at: int | None = None) -> RollbackPart:
    return RollbackPart(name, line(says), at)


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
        return _part("contain", message(RollbackMessage.MAY_OPEN, accounts=tuple(open_)))
    return _part("contain", message(RollbackMessage.CONTAINED), max(ats))


def _cancelled(fresh: list[VenueChecked], of: int) -> RollbackPart:
    left = [message(RollbackMessage.ENTRIES, count=look.entries, account=look.account) for look in fresh if look.entries]
    if left:
        return _part("cancel", message(RollbackMessage.ENTRIES_LEFT, left=tuple(left)))
    return _seen("cancel", message(RollbackMessage.CANCELLED), fresh, of)


def _verified(fresh: list[VenueChecked], of: int) -> RollbackPart:
    wrong = "; ".join(line(_wrong(look)) for look in fresh if _is_wrong(look))
    if wrong:
        return _part("verify", message(RollbackMessage.OUT_OF_ORDER, accounts=wrong))
    return _seen("verify", message(RollbackMessage.IN_ORDER), fresh, of)


def _wrong(look: VenueChecked) -> KeyedMessage:
    if look.trouble:
        return message(RollbackMessage.TROUBLE, account=look.account, trouble=look.trouble)
    return message(RollbackMessage.NAKED, account=look.account, symbols=tuple(look.naked))


def _is_wrong(look: VenueChecked) -> bool:
    return bool(look.trouble or look.naked)


def _disposed(launch: Launch, observation: Observation, fresh: list[VenueChecked], of: int) -> RollbackPart:
    """What is to be sold is done when the venue holds nothing of it; what stays is done when it has its stops."""
    held = "; ".join(
        line(message(RollbackMessage.HELD, held=tuple(look.held), account=look.account)) for look in fresh if look.held
    )
    sold = {name for name, each in launch.pending_kills.items() if each.disposal is Disposal.FLATTEN}
    sold |= {name for name, each in observation.accounts.items() if any(cap.limits.hands_off for cap in each.caps.values())}
    if not held:
        return _seen("dispose", message(RollbackMessage.NOTHING_HELD), fresh, of)
    if any(look.held and look.account in sold for look in fresh):
        return _part("dispose", message(RollbackMessage.TO_BE_SOLD, held=held))
    if any(_is_wrong(look) for look in fresh):
        return _part("dispose", message(RollbackMessage.HELD_BARE, held=held))
    return _seen("dispose", message(RollbackMessage.HELD_UNDER_STOPS, held=held), fresh, of)


def _seen(name: str, says: KeyedMessage, fresh: list[VenueChecked], of: int) -> RollbackPart:
    """Done when every account was looked at since."""
    if len(fresh) < of or not of:
        return _part(name, message(RollbackMessage.NOT_LOOKED_AT, missing=of - len(fresh), count=of))
    return _part(name, says, max(look.asked_at for look in fresh))


def _notified(launch: Launch, since: int) -> RollbackPart:
    said = launch.last_message
    if said is None or launch.last_message_at < since:
        return _part("notify", message(RollbackMessage.NO_MESSAGE))
    return _part("notify", message(RollbackMessage.MESSAGE, number=str(said.number), to=said.to), launch.last_message_at)


def _software(plan: CompiledPlan, since: int, before: list[RollbackPart]) -> RollbackPart:
    """Whatever is left of it is a person's, and only after the venue was seen in order."""
    rollback = plan.rollback
    if rollback is None:
        return _part(SOFTWARE, message(RollbackMessage.NO_RELEASE))
    steps = ", then ".join(rollback.steps) or line(message(RollbackMessage.GO_BACK, release=rollback.target))
    if any(each.at is None for each in before):
        return _part(SOFTWARE, message(RollbackMessage.NOT_BEFORE, steps=steps))
    until = InstantValue(since + rollback.within_ns, Precision.MINUTE) if rollback.within_ns else None
    within = as_setting(rollback.within_ns) if rollback.within_ns else ""
    done_at = max(each.at or 0 for each in before)
    return _part(SOFTWARE, message(RollbackMessage.MAY_BEGIN, until=until, within=within, steps=steps), done_at)
