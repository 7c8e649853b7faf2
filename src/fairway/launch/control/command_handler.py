"""Decides what a person's command to the pilot leads to, or why it is refused. Lowering exposure is never refused."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

import msgspec
from msgspec import Struct

from fairway.journal.command_reader import HeardCommand
from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.control.approvals import Approval, bound
from fairway.launch.control.command_inbox import instruction_of
from fairway.launch.control.holds import SAFE_START, Hold
from fairway.launch.control.lifecycle import Phase, TrackAborted, TrackDemoted
from fairway.launch.control.reviews import looked
from fairway.launch.control.state import Launch, TrackNow
from fairway.launch.control.timeline import not_yet
from fairway.launch.evidence.claims import why_not_taken
from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.survey import unknown
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack
from fairway.risk.caps import Lifting
from fairway.texts.quantities import duration_text
from fairway.world.clock import DAY, text_of

WAIVER_LONGEST_NS = 7 * DAY
GATE_HOLD = "gate "
"""How the id of a hold begins that a gate's FAIL has raised."""


def of_heard(course: CompiledPlan, launch: Launch, heard: HeardCommand, now: int) -> Iterator[Struct]:
    """Once, however often it is read. What it leads to is to be applied event by event."""
    if heard.number <= launch.heard:
        return
    instruction = instruction_of(heard)
    refused = _why_not(course, launch, heard, now)
    yield launch_events.InstructionHeard(
        number=heard.number, what=what_is_said(instruction), by=heard.by, refused=refused, digest=heard.digest
    )
    if not refused:
        yield from _obey(course, launch, heard, now)


def binds_of(course: CompiledPlan, launch: Launch, leg: CompiledStage) -> str:
    """The digest of what is approved with a stage as things are."""
    limits = sha256(msgspec.json.encode(leg.limits, order="deterministic")).hexdigest()
    return bound(course.digest, launch.release, limits, launch.evidence)


def voided_by(course: CompiledPlan, launch: Launch, brought: Sequence[Evidence], now: int) -> list[Approval]:
    """Approvals that count now, and count no more once evidence is taken."""
    claims = {each.claim for each in brought}
    after = replace(launch, evidence=[*(each for each in launch.evidence if each.claim not in claims), *brought])
    legs = [(f"{route.name}/{leg.name}", leg) for route in course.routes for leg in route.legs]
    binds = {name: (binds_of(course, launch, leg), binds_of(course, after, leg)) for name, leg in legs}
    counting = [each for each in launch.approvals if each.stage in binds and each.at <= now < each.ends_at]
    return [each for each in counting if each.binds == binds[each.stage][0] != binds[each.stage][1]]


def tracks_meant(course: CompiledPlan, name: str) -> list[CompiledTrack]:
    return [each for each in course.routes if name in ("", each.name)]


def leg_after(route: CompiledTrack, track: TrackNow) -> CompiledStage | None:
    """The stage that a track may enter next; None after the last."""
    following = track.stage + 1
    return route.legs[following] if following < len(route.legs) else None


def what_is_said(instruction: said.LaunchInstruction) -> str:
    """In the words of the command that says it."""
    match instruction:
        case said.Approve(stage=stage, role=role):
            return f"approve {stage} as {role}"
        case said.Demote(stage=stage):
            return f"demote {stage}".strip()
        case said.HoldIt(contains=contains):
            return "hold, and open nothing" if contains else "hold"
        case said.Release(hold_id=hold_id):
            return f"release {hold_id}"
        case said.BringAnswers(answers=answers):
            return f"{len(answers)} answers of users"
        case said.Submit(evidence=evidence):
            return f"evidence for {evidence.claim}"
        case said.Waive(claim=claim):
            return f"waive {claim}"
    return type(instruction).__name__.lower()


def _why_not(course: CompiledPlan, launch: Launch, heard: HeardCommand, now: int) -> str:
    instruction = instruction_of(heard)
    if not tracks_meant(course, instruction.track):
        return f"TRACK_UNKNOWN: track={instruction.track} tracks={','.join(each.name for each in course.routes)}"
    match instruction:
        case said.Approve():
            return _why_not_approved(course, launch, instruction, heard, now)
        case said.Release(hold_id=hold_id):
            return _why_not_released(launch, hold_id, heard)
        case said.Demote():
            return _why_not_demoted(course, launch, instruction)
        case said.Waive():
            return _why_not_waived(course, instruction, heard.by, now)
        case said.Promote():
            return _why_not_promoted(course, launch, instruction, now)
        case said.Submit(evidence=evidence):
            return why_not_taken(course, launch, evidence, now)
        case said.Review():
            return _why_not_reviewed(course, launch, instruction)
    return ""


def _why_not_reviewed(course: CompiledPlan, launch: Launch, review: said.Review) -> str:
    if _reviewable(course, launch, review):
        return ""
    return "NOTHING_TO_REVIEW: no stage was entered yet, or it was given up"


def _reviewable(course: CompiledPlan, launch: Launch, review: said.Review) -> list[CompiledTrack]:
    meant = tracks_meant(course, review.track)
    tracks = [(each, launch.track(each.name)) for each in meant]
    return [each for each, track in tracks if track.stage >= 0 and track.phase is not Phase.ABORTED]


def _why_not_promoted(course: CompiledPlan, launch: Launch, promote: said.Promote, now: int) -> str:
    """The pilot goes on by itself as soon as all is there; so this says what is not."""
    for route in tracks_meant(course, promote.track):
        track = launch.track(route.name)
        if track.phase is Phase.ABORTED:
            return f"GIVEN_UP: track={route.name}"
        if track.phase is not Phase.READY:
            result = launch.decided.results.get(route.name) if launch.decided else None
            return f"NOT_READY: track={route.name} phase={track.phase.value} gates={result.value if result else 'not judged yet'}"
        if track.stopped:
            return f"CLOCK_STANDS: track={route.name} why={track.stopped!r}"
        leg = leg_after(route, track)
        early = not_yet(course, route, leg, launch, now) if leg is not None else []
        if early:
            return early[0]
    return ""


def _why_not_approved(course: CompiledPlan, launch: Launch, approve: said.Approve, heard: HeardCommand, now: int) -> str:
    by = heard.by
    found = _leg_named(course, approve.track, approve.stage)
    if found is None:
        return _unknown_stage(tracks_meant(course, approve.track), approve.stage)
    route, leg = found
    asked = roles_asked(route, leg, launch.track(route.name))
    if asked is None:
        following = leg_after(route, launch.track(route.name))
        return f"STAGE_NOT_NEXT: stage={approve.stage} next={following.name if following else 'none'}"
    if approve.role not in asked:
        return f"ROLE_NOT_ASKED: role={approve.role} asked={','.join(asked) or 'none'}"
    if by == course.author and not course.alone:
        return f"AUTHOR_APPROVES: by={by}"
    if not _is_named(course, approve.role, by):
        return _not_named(course, approve.role, by)
    if not launch.release:
        return "RELEASE_UNKNOWN: no trader has been heard"
    if approve.binds != binds_of(course, launch, leg):
        return "APPROVAL_OUTDATED: plan, release, limits or evidence are not those that were shown"
    ends_at = _ends_at(course, heard, now)
    return f"APPROVAL_EXPIRED: said={text_of(heard.said_at)[:16]} ended={text_of(ends_at)[:16]}" if ends_at <= now else ""


def _ends_at(course: CompiledPlan, heard: HeardCommand, now: int) -> int:
    """Of an approval (ns): what waits for a pilot grows old meanwhile."""
    return min(heard.said_at, now) + course.approval_ns


def _is_named(course: CompiledPlan, role: str, by: str) -> bool:
    """Where a plan names who is who, what a person says of himself is not enough."""
    return not course.who or by in course.who.get(role, ())


def _not_named(course: CompiledPlan, role: str, by: str) -> str:
    return f"PERSON_NOT_NAMED: by={by} role={role} named={','.join(course.who.get(role, ())) or 'nobody'}"


def roles_asked(route: CompiledTrack, leg: CompiledStage, track: TrackNow) -> list[str] | None:
    """Whose word is asked for: to enter the next stage, or by a gate of the stage that is lived in; None for any other stage."""
    if leg_after(route, track) is leg:
        return list(leg.approvals)
    if track.stage >= 0 and route.legs[track.stage] is leg:
        return [role for each in leg.gates for role in each.gate.approvals(each.settings)]
    return None


def _why_not_released(launch: Launch, hold_id: str, heard: HeardCommand) -> str:
    hold = launch.holds.get(hold_id)
    if hold is None:
        return f"HOLD_UNKNOWN: hold={hold_id} holds={','.join(launch.holds) or 'none'}"
    if hold.lifting is not Lifting.PERSON:
        return f"HOLD_NOT_YOURS: hold={hold_id} lifting={hold.lifting.value}"
    is_of_before = hold_id == SAFE_START and heard.said_at < hold.since  # an old copy hears anew what a younger one was told
    return f"HOLD_NEWER: hold={hold_id} since={text_of(hold.since)[:19]}" if is_of_before else ""


def _why_not_demoted(course: CompiledPlan, launch: Launch, demote: said.Demote) -> str:
    meant = [each for each in tracks_meant(course, demote.track) if _legs_to(launch, each)]
    if not meant:
        return "NOTHING_TO_DEMOTE: no stage was entered yet, or it was given up"
    smaller = dict.fromkeys(leg.name for route in meant for leg in _legs_to(launch, route))
    if not demote.stage or demote.stage in smaller:
        return ""
    if not any(leg.name == demote.stage for route in meant for leg in route.legs):
        return _unknown_stage(meant, demote.stage)
    return f"STAGE_NOT_SMALLER: stage={demote.stage} smaller={','.join(smaller)}"


def _unknown_stage(routes: Iterable[CompiledTrack], name: str) -> str:
    return f"STAGE_UNKNOWN: stage={name} stages={','.join(dict.fromkeys(leg.name for each in routes for leg in each.legs))}"


def _why_not_waived(course: CompiledPlan, waive: said.Waive, by: str, now: int) -> str:
    if waive.claim in course.not_waivable:
        return f"NOT_WAIVABLE: claim={waive.claim}"
    items = [each.name for each in course.checklist]
    if waive.claim not in items:
        return f"WAIVER_OF_NO_ITEM: claim={waive.claim} items={','.join(items) or 'none'}"
    if not waive.asked_by or waive.asked_by == by:
        return f"WAIVER_OF_ONE: asked_by={waive.asked_by or 'nobody'} granted_by={by}"
    if course.waiver_roles and waive.role not in course.waiver_roles:
        return f"ROLE_NOT_ASKED: role={waive.role or 'none'} asked={','.join(course.waiver_roles)}"
    if not _is_named(course, waive.role, by):
        return _not_named(course, waive.role, by)
    longest = min(course.waiver_ns, WAIVER_LONGEST_NS)
    if not now < waive.ends_at <= now + longest:
        return f"WAIVER_TOO_LONG: at most {duration_text(longest)} from now on"
    return ""


def _obey(course: CompiledPlan, launch: Launch, heard: HeardCommand, now: int) -> Iterator[Struct]:
    instruction, by = instruction_of(heard), heard.by
    match instruction:
        case said.Approve():
            approval = _approval(course, instruction, heard, now)
            yield launch_events.ApprovalGiven(approval=approval)
            yield from looked(course, launch, [approval.stage.partition("/")[0]], by, f"approved {instruction.stage}")
        case said.Review(reason=reason):
            yield from (
                launch_events.Reviewed(track=each.name, by=by, what=reason) for each in _reviewable(course, launch, instruction)
            )
        case said.Promote(track=track):
            yield from looked(course, launch, _names(course, track), by, "asked for the next stage")
        case said.HoldIt(reason=reason, contains=contains, track=track):
            name = f"person {by} {track}".strip()
            hold = Hold(id=name, reason=reason, since=now, lifting=Lifting.PERSON, track=track, contains=contains)
            yield launch_events.HoldRaised(hold=hold)
        case said.Release(hold_id=hold_id, reason=reason):
            track = launch.holds[hold_id].track
            yield launch_events.HoldLifted(hold_id=hold_id, by=by, why=reason)
            yield from looked(course, launch, _names(course, track), by, f"released {hold_id}")
        case said.Demote():
            yield from _demote(course, launch, instruction, by)
        case said.Abort(reason=reason, track=track):
            for route in tracks_meant(course, track):
                if launch.track(route.name).phase is not Phase.ABORTED:
                    yield TrackAborted(track=route.name, by=by, why=reason)
        case _:
            yield from _take(launch, instruction, by, now)


def _take(launch: Launch, instruction: said.LaunchInstruction, by: str, now: int) -> Iterator[Struct]:
    """What people bring, and what they let be unmet."""
    match instruction:
        case said.BringAnswers(answers=answers, digest=digest):
            yield launch_events.AnswersTaken(answers=unknown(answers, launch.answers), digest=digest, by=by, at=now)
        case said.Submit(evidence=evidence):
            yield launch_events.EvidenceTaken(evidence=evidence, by=by)
        case said.Waive(claim=claim, asked_by=asked_by, ends_at=ends_at, reason=reason):
            waiver = launch_events.Waiver(claim=claim, reason=reason, asked_by=asked_by, granted_by=by, at=now, ends_at=ends_at)
            yield launch_events.WaiverGranted(waiver=waiver)


def _names(course: CompiledPlan, track: str) -> list[str]:
    return [each.name for each in tracks_meant(course, track)]


def _approval(course: CompiledPlan, approve: said.Approve, heard: HeardCommand, now: int) -> Approval:
    found = _leg_named(course, approve.track, approve.stage)
    assert found is not None
    return Approval(
        stage=f"{found[0].name}/{approve.stage}",
        role=approve.role,
        person=heard.by,
        login=approve.login,
        binds=approve.binds,
        at=now,
        ends_at=_ends_at(course, heard, now),
        comment=approve.reason,
    )


def _demote(course: CompiledPlan, launch: Launch, demote: said.Demote, by: str) -> Iterator[TrackDemoted]:
    for route in tracks_meant(course, demote.track):
        legs = _legs_to(launch, route)
        if not legs:
            continue
        place = next((at for at, leg in enumerate(legs) if leg.name == demote.stage), max(0, len(legs) - 1))
        yield TrackDemoted(track=route.name, by=by, why=demote.reason, stage=place, name=route.legs[place].name)


def _legs_to(launch: Launch, route: CompiledTrack) -> tuple[CompiledStage, ...]:
    """The stages before a track's own; the first alone where it is there, for it can be entered once more."""
    track = launch.track(route.name)
    if track.stage < 0 or track.phase is Phase.ABORTED:
        return ()
    return route.legs[: max(1, track.stage)]


def _leg_named(course: CompiledPlan, track: str, stage: str) -> tuple[CompiledTrack, CompiledStage] | None:
    found = [(route, leg) for route in tracks_meant(course, track) for leg in route.legs if leg.name == stage]
    return found[0] if len(found) == 1 else None
