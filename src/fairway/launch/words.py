"""A launch in plain words: what just happened, where it is, what is missing, and when that can be there at the present rate."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from msgspec import Struct

from fairway.launch import kinds, lifecycle
from fairway.launch.authority import seated, wanted
from fairway.launch.causes import CAUSE
from fairway.launch.course import Asked, Course, Leg, OnFail, Route
from fairway.launch.holds import Hold, on
from fairway.launch.lifecycle import Phase
from fairway.launch.moving import asked, lacks, unshown
from fairway.launch.obedience import binds_of, leg_after
from fairway.launch.objectives import standings
from fairway.launch.plain import plainly
from fairway.launch.sight import Sight
from fairway.launch.state import Launch, TrackNow
from fairway.launch.verdict import Result, Verdict
from fairway.risk.caps import Lifting
from fairway.risk.limits import Limits, TradingState
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND, text_of

# -- what happened -------------------------------------------------------------------------------------------------


def event_in_words(event: Struct) -> str:
    """One sentence; "" for what only the pilot itself needs."""
    told = _TOLD.get(type(event))
    return told(event) if told is not None else ""


def _hold(event: kinds.HoldRaised) -> str:
    does = "nothing is opened, and nothing promoted" if event.hold.contains else "no promotion"
    return f"held: {event.hold.reason}; {does} until {_until(event.hold)}"


def _heard(event: kinds.InstructionHeard) -> str:
    return f"{event.by} said: {event.what}" + (f"; NOT DONE: {plainly(event.refused)}" if event.refused else "")


_TOLD: Final[dict[type[Struct], Callable[[Any], str]]] = {
    kinds.LaunchBegan: lambda it: f"the launch of plan {it.plan} begins, by {it.by}",
    kinds.PilotStarted: lambda it: f"the pilot has started (epoch {it.epoch}); it gives leave once it has seen trader and venue",
    kinds.PilotStopped: lambda it: f"the pilot has stopped: {it.why}; leases run out by themselves",
    kinds.ReleaseChanged: lambda it: f"release {it.now[:12]} runs" + (f", and not {it.was[:12]} any more" if it.was else ""),
    kinds.EvidenceTaken: lambda it: (
        f"evidence for {it.evidence.claim} ({it.evidence.rank}, by {it.by}) "
        f"{'holds' if it.evidence.holds else 'DOES NOT HOLD: ' + it.evidence.why}"
    ),
    kinds.ApprovalGiven: lambda it: f"{it.approval.person} as {it.approval.role} approves {it.approval.stage}",
    kinds.WaiverGranted: lambda it: (
        f"{it.waiver.granted_by} waives {it.waiver.claim} until {text_of(it.waiver.ends_at)}: {it.waiver.reason}"
    ),
    kinds.HoldRaised: _hold,
    kinds.KillOrdered: lambda it: f"{', '.join(it.accounts)} KILLED: {it.why}; stops stay, and only a person resumes",
    kinds.HoldLifted: lambda it: f"{it.hold_id.removeprefix(CAUSE)} no longer holds: {it.why} ({it.by})",
    kinds.InstructionHeard: _heard,
    kinds.BaselineCaptured: lambda it: f"baseline {it.name} captured from {it.stage}",
    lifecycle.StageEntered: lambda it: f"{it.track}: stage {it.name} is entered: {it.why}",
    lifecycle.StageSettled: lambda it: f"{it.track}: {it.why}",
    lifecycle.GatesPassed: lambda it: f"{it.track}: {it.why}",
    lifecycle.GatesLapsed: lambda it: f"{it.track}: not ready any more: {it.why}",
    lifecycle.TrackDemoted: lambda it: f"{it.track}: BACK to stage {it.name or 'the first'}: {it.why}",
    lifecycle.TrackFinished: lambda it: f"{it.track}: {it.why}",
    lifecycle.TrackAborted: lambda it: f"{it.track}: given up by {it.by}: {it.why}",
}


# -- where it is -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Told:
    """Everything that is told of a launch. verdicts: by track, of the gates between it and its next stage, as they are now."""

    course: Course
    launch: Launch
    sight: Sight
    verdicts: Mapping[str, Sequence[Verdict]]
    is_live: bool = False


def status(told: Told) -> Iterator[str]:
    """Where every track is, in a few lines each."""
    began = told.launch.began
    yield f"plan {told.course.name}" + (f", begun {text_of(told.launch.began_at)} by {began.by}" if began else ", not begun yet")
    yield from _pilot(told)
    for route in told.course.routes:
        yield _where(told, route)
        yield f"  gates: {_count(told.verdicts.get(route.name, ()))}"
        for hold in on(route.name, told.launch.holds.values()):
            yield f"  held: {hold.reason}; it ends when {_until(hold)}"
        yield f"  limits: {limits_in_words(wanted(route, told.launch)) if route.leads else 'none of accounts'}"
        yield f"  next: {_next(told, route)}"


def explain(told: Told) -> Iterator[str]:
    """Where every track is, what is missing for the next stage and when it can be there, what limits it and who can lift that."""
    yield from _pilot(told)
    for route in told.course.routes:
        yield _where(told, route)
        if told.launch.track(route.name).phase is Phase.ABORTED:
            yield "  it was given up: nothing is opened, what is held stays under its stops, and no other stage follows"
            continue
        yield from _clock(told, route)
        yield from _gates(told, route)
        yield from _people(told, route)
        yield from _limits(told, route)
    yield from (f"budget of {line}" for line in budgets(told))


def budgets(told: Told) -> Iterator[str]:
    """How much of each objective's budget is spent."""
    for each in standings(told.course.objectives, told.sight.series, told.sight.now, _capital(told)):
        if each.unknown:
            yield f"{each.name}: unknown, {each.unknown}"
        else:
            fast = "; TOO FAST: " + ", ".join(str(burn.spent) for burn in each.burning) if each.burning else ""
            yield f"{each.name}: {min(each.spent, 99.99):.0%} of its budget is spent, by {each.n} observations{fast}"


def _capital(told: Told) -> float | None:
    """What may be lost a share of."""
    for route in told.course.routes:
        track = told.launch.track(route.name)
        capital = route.legs[track.stage].capital if route.leads and track.stage >= 0 else None
        if capital is not None:
            return float(capital.value)
    return None


def _pilot(told: Told) -> Iterator[str]:
    """That nobody flies it: a pilot that lives renews each lease before it ends, wherever a stage lets anything be opened."""
    launch, now = told.launch, told.sight.now
    for route in told.course.routes:
        opens = route.leads and wanted(route, launch).state is TradingState.ACTIVE
        ends = [launch.leaves[name].until for name in seated(route, launch, told.sight) if name in launch.leaves]
        if opens and ends and max(ends) <= now:
            ended = f"NO PILOT FLIES: its last lease ended {text_of(max(ends))[:19]}"
            yield f"{ended}; nothing is opened, and stops stay. To go on: fairway launch start CONFIG"


def _where(told: Told, route: Route) -> str:
    track, now = told.launch.track(route.name), told.sight.now
    if track.stage < 0:
        after = f" after {route.after}" if route.after else ""
        return f"{route.name}: {track.phase.value}, before its first stage {route.legs[0].name}{after}"
    place = f"stage {route.legs[track.stage].name} ({track.stage + 1} of {len(route.legs)})"
    return f"{route.name}: {place}, {track.phase.value} for {span(now - track.since)}: {track.why} ({track.by})"


def _clock(told: Told, route: Route) -> Iterator[str]:
    track = told.launch.track(route.name)
    if track.stage < 0:
        return
    leg, served = route.legs[track.stage], track.served_ns(told.sight.now)
    if track.phase in (Phase.ENTERING, Phase.DEMOTING):
        yield "  its clock begins when trader and venue have been seen to have its limits"
    elif not leg.is_flown:
        yield f"  another trader flies it; {_lacks_or_has(unshown(told.course, route, told.launch, told.sight.now))}"
    else:
        left = f", {span(leg.stay_min_ns - served)} to go" if served < leg.stay_min_ns else ""
        stands = "; the clock stands while it is held" if track.paused_at else ""
        yield f"  lived in for {span(served)} of at least {span(leg.stay_min_ns)}{left}{stands}"


def _gates(told: Told, route: Route) -> Iterator[str]:
    verdicts = told.verdicts.get(route.name, ())
    for each, said in zip(asked(told.course, route, told.launch), verdicts, strict=False):
        mark = "tells " if each.on_fail is OnFail.TELL else "passes" if said.result is Result.PASS else "BLOCKS"
        yield f"  {mark} {each.name}: {said.result.value}, {plainly(said.reason)}{_outlook(told, route, each, said)}"


def _outlook(told: Told, route: Route, gate: Asked, said: Verdict) -> str:
    """When it can be decided at the present rate."""
    if said.missing is None or said.result is not Result.INSUFFICIENT:
        return ""
    seen_n, spell = said.numbers.get("n", ""), said.until - said.since
    at_best = f"; {said.missing} more at best"
    if not seen_n.isdigit() or not int(seen_n) or spell <= 0:
        return at_best
    more_ns = said.missing * spell // int(seen_n)
    return f"{at_best}: at {int(seen_n) * DAY // spell} a day that is {text_of(told.sight.now + more_ns)[:16]}"


def _people(told: Told, route: Route) -> Iterator[str]:
    leg = leg_after(route, told.launch.track(route.name))
    if leg is None:
        yield "  this is the last stage"
        return
    needed = lacks(told.course, route, told.launch, told.sight.now)
    yield from _void(told, route, leg)
    yield f"  the next stage is {leg.name}" + (
        f"; approvals missing: {', '.join(needed)}" if needed else "; nobody's approval is missing"
    )
    if told.launch.track(route.name).phase is Phase.READY and not told.is_live:
        yield "  what was passed here counts for another trader of it: fairway launch evidence ITS.yaml --flown THIS.yaml"


def _void(told: Told, route: Route, leg: Leg) -> Iterator[str]:
    """Approvals that were given for the next stage, and count no more."""
    binds, now = binds_of(told.course, told.launch, leg), told.sight.now
    for each in told.launch.approvals:
        if each.stage != f"{route.name}/{leg.name}":
            continue
        given = f"  the approval of {each.person}, {text_of(each.at)[:16]},"
        if each.ends_at <= now:
            yield f"{given} has run out"
        elif each.binds != binds:
            yield f"{given} is void: evidence, release or limits have changed since"


def _limits(told: Told, route: Route) -> Iterator[str]:
    """The tightest of all that is in force, each with its reason and who lifts it."""
    if not route.leads:
        return
    track = told.launch.track(route.name)
    name = route.legs[track.stage].name if track.stage >= 0 else "none entered"
    yield f"  stage {name} allows: {limits_in_words(wanted(route, told.launch))}"
    for hold in on(route.name, told.launch.holds.values()):
        yield f"  held since {text_of(hold.since)[:19]}: {hold.reason}; it ends when {_until(hold)}"
    names = seated(route, told.launch, told.sight)
    for account in names:
        leave = told.sight.accounts.get(account)
        for cap in leave.caps.values() if leave is not None else ():
            if cap.limits.state is not TradingState.ACTIVE and cap.id != "lease":
                yield f"  {account} opens nothing: {cap.reason}; lifted by {cap.lifting.value} (fairway caps)"
    waiting = len(told.launch.accounts) - len(names)
    if waiting > 0 and track.stage >= 0:
        yield f"  {waiting} of {len(told.launch.accounts)} accounts wait for a larger stage"


def _next(told: Told, route: Route) -> str:
    track: TrackNow = told.launch.track(route.name)
    leg: Leg | None = leg_after(route, track)
    if track.phase is Phase.ABORTED:
        return "nothing: it was given up"
    if leg is None:
        return "nothing: this is the last stage"
    needs = []
    verdicts = told.verdicts.get(route.name, ())
    open_gates = [
        each.name
        for each, said in zip(asked(told.course, route, told.launch), verdicts, strict=False)
        if said.result is not Result.PASS and each.on_fail is not OnFail.TELL
    ]
    if open_gates:
        needs.append(f"{', '.join(open_gates)}")
    lacking = unshown(told.course, route, told.launch, told.sight.now)
    if lacking:
        needs.append(lacking)
    served, stay = track.served_ns(told.sight.now), stay_of(route, track)
    if served < stay:
        needs.append(f"{span(stay - served)} more")
    people = lacks(told.course, route, told.launch, told.sight.now)
    if people:
        needs.append(f"approvals: {', '.join(people)}")
    if on(route.name, told.launch.holds.values()):
        needs.append("an end of what holds it")
    return f"{leg.name}, which needs {'; '.join(needs)}" if needs else f"{leg.name}, at the next tick"


def stay_of(route: Route, track: TrackNow) -> int:
    """How long its stage is lived in at least (ns); where another trader flies it, that one's clock counts."""
    if track.stage < 0 or not route.legs[track.stage].is_flown:
        return 0
    return route.legs[track.stage].stay_min_ns


def _lacks_or_has(lacking: str) -> str:
    return f"what is missing is {lacking}" if lacking else "its record shows that it was passed"


# -- words -------------------------------------------------------------------------------------------------------------


def limits_in_words(limits: Limits) -> str:
    """What limits allow still."""
    if limits.state is not TradingState.ACTIVE:
        return "opens nothing; what is held stays under its stops"
    fields = [(name, getattr(limits, name)) for name in limits.set_fields()]
    return ", ".join(f"{name.replace('_', ' ')} {_value(value)}" for name, value in fields) or "nothing is limited"


def _value(value: object) -> str:
    return ", ".join(sorted(map(str, value))) if isinstance(value, frozenset) else str(value)


def _until(hold: Hold) -> str:
    if hold.lifting is Lifting.PERSON:
        return f'a person says so (fairway launch release CONFIG "{hold.id}")'
    if hold.id.startswith(f"{CAUSE}alarm "):
        return "it is silent again"
    if hold.id.startswith(CAUSE):
        return "the trader's own cap is gone (fairway caps says who lifts it)"
    return "its reason is gone"


def _count(verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return "none"
    passing = sum(each.result is Result.PASS for each in verdicts)
    others = [f"{each.gate} {each.result.value}" for each in verdicts if each.result is not Result.PASS]
    return f"{passing} of {len(verdicts)} pass" + (f"; {', '.join(others)}" if others else "")


def span(ns: int) -> str:
    """A length of time as people say it: `6 d 4 h`, `35 min`, `12 s`."""
    if ns >= DAY:
        return f"{ns // DAY} d {ns % DAY // HOUR} h"
    if ns >= HOUR:
        return f"{ns // HOUR} h {ns % HOUR // MINUTE} min"
    if ns >= 10 * MINUTE:
        return f"{ns // MINUTE} min"
    minutes, seconds = max(ns, 0) // MINUTE, max(ns, 0) % MINUTE // SECOND
    parts = [f"{minutes} min"] * bool(minutes) + [f"{seconds} s"] * bool(seconds or not minutes)
    return " ".join(parts)
