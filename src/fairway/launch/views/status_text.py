"""A launch in plain words: where it is, what is missing, and when that can be there at the present rate."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fairway.journal.command_reader import HeardCommand
from fairway.launch.control.command_handler import binds_of, leg_after
from fairway.launch.control.guard_requirements import MENDS, whys
from fairway.launch.control.holds import UNGUARDED, on
from fairway.launch.control.leases import MENDS_LEASE, seated, shut, wanted
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.objectives import standings
from fairway.launch.control.pending_commands import unheard_in_words
from fairway.launch.control.reviews import due_at, overdue, reviewed_leg
from fairway.launch.control.state import Launch, TrackNow
from fairway.launch.control.timeline import coming, lacking
from fairway.launch.control.transitions import asked, lacks, unshown
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.observation.life_signs import life_signs
from fairway.launch.observation.observation import Observation
from fairway.launch.observation.planned_maintenance import spell_text
from fairway.launch.observation.sources import matter, sources
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack, OnFail
from fairway.launch.views.forecast import outlook
from fairway.launch.views.reason_text import NAMED_MOST, ends_when, limits_in_words, plainly, shut_in_words, span
from fairway.launch.views.rollback_view import in_words, way_back
from fairway.launch.views.targets import targets
from fairway.risk.caps import Cap, Lifting
from fairway.texts.numbers import counted
from fairway.texts.quantities import duration_text
from fairway.world.clock import text_of


@dataclass(frozen=True, slots=True)
class Told:
    """All that is told of a launch. verdicts: by track, of the gates between it and its next stage, as they are now."""

    course: CompiledPlan
    launch: Launch
    sight: Observation
    verdicts: Mapping[str, Sequence[Verdict]]
    is_live: bool = False
    waiting: Sequence[HeardCommand] = ()
    """What people said that no pilot has heard yet, oldest first."""


def status(told: Told) -> Iterator[str]:
    """Where every track is, in a few lines each."""
    began = told.launch.began
    yield f"plan {told.course.name}" + (f", begun {text_of(told.launch.began_at)} by {began.by}" if began else ", not begun yet")
    yield from life_signs(told.course, told.launch, told.sight)
    yield from unheard_in_words(told.waiting)
    yield from sources(told.launch.notes.stands(), told.sight.now)
    yield from coming(told.course, told.launch, told.sight.now)
    yield from _maintenance(told)
    yield from _messages(told)
    for route in told.course.routes:
        yield _where(told, route)
        yield from _armed_again(told, route)
        yield f"  gates: {_count(told.verdicts.get(route.name, ()))}"
        for hold in on(route.name, told.launch.holds.values()):
            yield f"  held: {hold.reason}; it ends when {ends_when(hold)}"
        yield from _review(told, route)
        yield f"  limits: {_allowed(told, route) if route.leads else 'none of accounts'}"
        if route.leads:
            yield from _of_guards(told)
        yield f"  next: {next_stage(told, route)}"
    yield from (f"target {line}" for line in targets(told.course, told.launch, told.sight.series, told.sight.now))


def explain(told: Told) -> Iterator[str]:
    """Where every track is, what is missing for the next stage and when it can be there, what limits it and who can lift that."""
    yield from life_signs(told.course, told.launch, told.sight)
    yield from unheard_in_words(told.waiting)
    for route in told.course.routes:
        yield _where(told, route)
        if told.launch.track(route.name).phase is Phase.ABORTED:
            yield "  it was given up: nothing is opened, what is held stays under its stops, and no other stage follows"
            continue
        yield from _armed_again(told, route)
        yield from _clock(told, route)
        yield from _review(told, route)
        yield from _gates(told, route)
        yield from _people(told, route)
        yield from _limits(told, route)
    yield from sources(told.launch.notes.stands(), told.sight.now)
    yield from (f"budget of {line}" for line in budgets(told))
    yield from in_words(way_back(told.course, told.launch, told.sight))


def budgets(told: Told) -> Iterator[str]:
    """How much of each objective's budget is spent."""
    for each in standings(told.course.objectives, told.sight.series, told.sight.now, _capital(told)):
        if each.unknown:
            yield f"{each.name}: unknown, {each.unknown}"
        else:
            fast = "; TOO FAST: " + ", ".join(str(burn.spent) for burn in each.burning) if each.burning else ""
            spent = f"{min(each.spent, 99.99) * 100:.0f} % of its budget is spent"
            yield f"{each.name}: {spent}, by {counted(each.n, 'observation')}{fast}"


def _capital(told: Told) -> float | None:
    """What may be lost a share of."""
    for route in told.course.routes:
        track = told.launch.track(route.name)
        capital = route.legs[track.stage].capital if route.leads and track.stage >= 0 else None
        if capital is not None:
            return float(capital.value)
    return None


def _maintenance(told: Told) -> Iterator[str]:
    """What lasts or comes next of what is planned."""
    spells = [each for each in told.launch.maintenance if each[1] > told.sight.now]
    if spells:
        more = f"; {len(spells) - 1} more after that" if len(spells) > 1 else ""
        yield f"planned maintenance: {spell_text(spells[0])}; no minute of uptime is due in it{more}"


def _messages(told: Told) -> Iterator[str]:
    """How many wait for whoever carries them on, and the last."""
    said = told.launch.said
    if said is not None:
        last = f"the last {text_of(told.launch.said_at)[:16]} to {said.to}, {said.about}"
        yield f"messages written down: {said.number}, {last} (fairway launch messages)"


def _where(told: Told, route: CompiledTrack) -> str:
    track, now = told.launch.track(route.name), told.sight.now
    if track.stage < 0:
        after = f" after {route.after}" if route.after else ""
        return f"{route.name}: {track.phase.value}, before its first stage {route.legs[0].name}{after}"
    place = f"stage {route.legs[track.stage].name} ({track.stage + 1} of {len(route.legs)})"
    return f"{route.name}: {place}, {track.phase.value} for {span(now - track.since)}: {track.why} ({track.by})"


def _armed_again(told: Told, route: CompiledTrack) -> Iterator[str]:
    """That the release has changed, and what a person does now, with the commands."""
    track, leg = told.launch.track(route.name), route.legs[0]
    if track.stage >= 0 or track.highest < 0:
        return
    evidence = f"Stage {leg.name} needs its entry gates to pass with evidence of this release: fairway launch evidence CONFIG"
    roles = [f"fairway launch approve CONFIG {leg.name} --role {role} --reason REASON" for role in leg.approvals]
    approvals = f"; and approvals of this release: {', '.join(roles)}" if roles and leg.is_flown else ""
    yield f"  ARMED AGAIN: {track.why}; nothing is opened, and stops stay. {evidence}{approvals}"


def _clock(told: Told, route: CompiledTrack) -> Iterator[str]:
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
        why = " while it is held" if on(route.name, told.launch.holds.values()) else f": {track.stopped}"
        stands = f"; the clock stands{why}" if track.paused_at else ""
        yield f"  lived in for {span(served)} of at least {span(leg.stay_min_ns)}{left}{stands}"


def _review(told: Told, route: CompiledTrack) -> Iterator[str]:
    """How often a person looks, and when one did."""
    track, now = told.launch.track(route.name), told.sight.now
    leg = reviewed_leg(route, track)
    if leg is None:
        return
    last = f"last by {track.reviewed_by} {span(now - track.reviewed_at)} ago" if track.reviewed_at else "nobody has looked yet"
    at = due_at(route, track)
    late = f"; OVERDUE since {text_of(at)[:16]}, so nothing is promoted: fairway launch review CONFIG" if now > at else ""
    yield f"  review every {duration_text(leg.review_ns)}: {last}{late}"


def _gates(told: Told, route: CompiledTrack) -> Iterator[str]:
    verdicts = told.verdicts.get(route.name, ())
    for each, said in zip(asked(told.course, route, told.launch), verdicts, strict=False):
        mark = "tells " if each.on_fail is OnFail.TELL else "passes" if said.result is Result.PASS else "BLOCKS"
        more = outlook(each, said, told.sight) + matter(told.launch.notes, each, said)
        yield f"  {mark} {each.name}: {said.result.value}, {plainly(said.reason)}{more}"


def _people(told: Told, route: CompiledTrack) -> Iterator[str]:
    leg = leg_after(route, told.launch.track(route.name))
    if leg is None:
        yield "  this is the last stage"
        return
    needed = lacks(told.course, route, told.launch, told.sight.now)
    yield from _void(told, route, leg)
    named = [f"{role}: {', '.join(told.course.who.get(role, ())) or 'nobody'}" for role in leg.approvals if told.course.who]
    yield from ([f"  who may approve it: {'; '.join(named)}"] if named and needed else [])
    yield from (f"  it waits: {plainly(each)}" for each in lacking(told.course, route, leg, told.launch, told.sight))
    yield f"  the next stage is {leg.name}" + (
        f"; approvals missing: {', '.join(needed)}" if needed else "; nobody's approval is missing"
    )
    if told.launch.track(route.name).phase is Phase.READY and not told.is_live:
        yield "  what was passed here counts for another trader of it: fairway launch evidence ITS.yaml --flown THIS.yaml"


def _void(told: Told, route: CompiledTrack, leg: CompiledStage) -> Iterator[str]:
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


def _limits(told: Told, route: CompiledTrack) -> Iterator[str]:
    """The tightest of all that is in force, each with its reason and who lifts it."""
    if not route.leads:
        return
    track = told.launch.track(route.name)
    name = route.legs[track.stage].name if track.stage >= 0 else "none entered"
    yield f"  stage {name} allows: {limits_in_words(wanted(route, told.launch))}"
    for hold in on(route.name, told.launch.holds.values()):
        yield f"  held since {text_of(hold.since)[:19]}: {hold.reason}; it ends when {ends_when(hold)}"
    names = seated(told.course, route, told.launch, told.sight)
    for account, cap in shut(told.course, route, told.launch, told.sight):
        of = f" of {cap.symbol}" if cap.symbol else ""
        yield f"  {account} opens nothing{of}: {cap.reason}; {_ends(cap)} (fairway caps)"
    lacking = whys(told.launch.accounts, told.course.guards, told.sight)
    waiting = len(told.launch.accounts) - len(names) - len(lacking)
    if waiting > 0 and track.stage >= 0:
        yield f"  {waiting} of {len(told.launch.accounts)} accounts wait for a larger stage"
    yield from _of_guards(told)


def _ends(cap: Cap) -> str:
    return f"it ends by itself, {cap.kind.clears}" if cap.lifting is Lifting.ITSELF else f"lifted by {cap.lifting.value}"


def _allowed(told: Told, route: CompiledTrack) -> str:
    """What the stage allows, and that a trader opens nothing even so."""
    closed = shut_in_words(shut(told.course, route, told.launch, told.sight))
    return limits_in_words(wanted(route, told.launch)) + (f"; but {closed} (fairway caps)" if closed else "")


def _of_guards(told: Told) -> Iterator[str]:
    """Which accounts get no lease for their guards, where others have it; where all lack them a hold says so.

    And which open positions without anybody's.
    """
    for name in sorted(told.sight.unleased & {each.account for each in told.launch.accounts}):
        yield f"  {name} OPENS POSITIONS WITHOUT A LEASE: {MENDS_LEASE}"
    by_reason: dict[str, list[str]] = {}
    for account, why in whys(told.launch.accounts, told.course.guards, told.sight).items():
        by_reason.setdefault(why, []).append(account)
    if UNGUARDED in told.launch.holds:
        return
    for why, names in by_reason.items():
        whose = ", ".join(names[:NAMED_MOST]) + (f" and {len(names) - NAMED_MOST} more" if len(names) > NAMED_MOST else "")
        yield f"  no lease for {whose}: {plainly(why)}; to mend it: {MENDS}"


def next_stage(told: Told, route: CompiledTrack) -> str:
    """The next stage of a track, and what it still needs to be entered."""
    track: TrackNow = told.launch.track(route.name)
    leg: CompiledStage | None = leg_after(route, track)
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
    needs += filter(None, [unshown(told.course, route, told.launch, told.sight.now)])
    served, stay = track.served_ns(told.sight.now), stay_of(route, track)
    if served < stay:
        needs.append(f"{span(stay - served)} more")
    people = lacks(told.course, route, told.launch, told.sight.now)
    if people:
        needs.append(f"approvals: {', '.join(people)}")
    needs += [plainly(each) for each in lacking(told.course, route, leg, told.launch, told.sight)]
    if overdue(route, told.launch, told.sight.now):
        needs.append("a review, which is overdue")
    needs += [f"a clock that runs, and it stands: {track.stopped}"] if track.stopped else []
    if on(route.name, told.launch.holds.values()):
        needs.append("an end of what holds it")
    return f"{leg.name}, which needs {'; '.join(needs)}" if needs else f"{leg.name}, at the next tick"


def stay_of(route: CompiledTrack, track: TrackNow) -> int:
    """How long its stage is lived in at least (ns); where another trader flies it, that one's clock counts."""
    if track.stage < 0 or not route.legs[track.stage].is_flown:
        return 0
    return route.legs[track.stage].stay_min_ns


def _lacks_or_has(lacking: str) -> str:
    return f"what is missing is {lacking}" if lacking else "its record shows that it was passed"


def _count(verdicts: Sequence[Verdict]) -> str:
    if not verdicts:
        return "none"
    passing = sum(each.result is Result.PASS for each in verdicts)
    others = [f"{each.gate} {each.result.value}" for each in verdicts if each.result is not Result.PASS]
    return f"{passing} of {len(verdicts)} pass" + (f"; {', '.join(others)}" if others else "")
