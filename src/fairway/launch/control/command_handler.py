"""Decides what a person's command to the pilot leads to, or why it is refused. Lowering exposure is never refused."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

import msgspec
from msgspec import Struct

from fairway.journal.command_reader import ReadCommand
from fairway.launch.control import commands as said
from fairway.launch.control import launch_events
from fairway.launch.control.approvals import Approval, bound
from fairway.launch.control.command_inbox import instruction_of
from fairway.launch.control.hold_kinds import PERSON, PERSON_CONTAINS, SAFE_START
from fairway.launch.control.holds import hold_of
from fairway.launch.control.lifecycle import Phase, TrackAborted, TrackDemoted
from fairway.launch.control.reviews import looked
from fairway.launch.control.state import Launch, TrackProgress
from fairway.launch.control.timeline import not_yet
from fairway.launch.evidence.claims import why_not_taken
from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.survey import unknown
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack
from fairway.risk.caps import Lifting
from fairway.texts.durations import as_setting
from fairway.world.clock import DAY, text_of

WAIVER_LONGEST_NS = 7 * DAY


def of_heard(plan: CompiledPlan, launch: Launch, heard: ReadCommand, now: int) -> Iterator[Struct]:
    """Once, however often it is read. What it leads to is to be applied event by event."""
    if heard.number <= launch.heard:
        return
    instruction = instruction_of(heard)
    refused = _why_not(plan, launch, heard, now)
    yield launch_events.InstructionHeard(
        number=heard.number, what=what_is_said(instruction), by=heard.by, refused=refused, digest=heard.digest
    )
    if not refused:
        yield from _obey(plan, launch, heard, now)


def binds_of(plan: CompiledPlan, launch: Launch, stage: CompiledStage) -> str:
    """The digest of what is approved with a stage as things are."""
    limits = sha256(msgspec.json.encode(stage.limits, order="deterministic")).hexdigest()
    return bound(plan.digest, launch.release, limits, launch.evidence)


def voided_by(plan: CompiledPlan, launch: Launch, brought: Sequence[Evidence], now: int) -> list[Approval]:
    """Approvals that count now, and count no more once evidence is taken."""
    claims = {each.claim for each in brought}
    after = replace(launch, evidence=[*(each for each in launch.evidence if each.claim not in claims), *brought])
    stages = [(f"{track.name}/{stage.name}", stage) for track in plan.tracks for stage in track.stages]
    binds = {name: (binds_of(plan, launch, stage), binds_of(plan, after, stage)) for name, stage in stages}
    counting = [each for each in launch.approvals if each.stage in binds and each.at <= now < each.ends_at]
    return [each for each in counting if each.binds == binds[each.stage][0] != binds[each.stage][1]]


def tracks_meant(plan: CompiledPlan, name: str) -> list[CompiledTrack]:
    return [each for each in plan.tracks if name in ("", each.name)]


def stage_after(track: CompiledTrack, progress: TrackProgress) -> CompiledStage | None:
    """The stage that a track may enter next; None after the last."""
    following = progress.stage + 1
    return track.stages[following] if following < len(track.stages) else None


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


def _why_not(plan: CompiledPlan, launch: Launch, heard: ReadCommand, now: int) -> str:
    instruction = instruction_of(heard)
    if not tracks_meant(plan, instruction.track):
        return f"TRACK_UNKNOWN: track={instruction.track} tracks={','.join(each.name for each in plan.tracks)}"
    match instruction:
        case said.Approve():
            return _why_not_approved(plan, launch, instruction, heard, now)
        case said.Release(hold_id=hold_id):
            return _why_not_released(launch, hold_id, heard)
        case said.Demote():
            return _why_not_demoted(plan, launch, instruction)
        case said.Waive():
            return _why_not_waived(plan, instruction, heard.by, now)
        case said.Promote():
            return _why_not_promoted(plan, launch, instruction, now)
        case said.Submit(evidence=evidence):
            return why_not_taken(plan, launch, evidence, now)
        case said.Review():
            return _why_not_reviewed(plan, launch, instruction)
    return ""


def _why_not_reviewed(plan: CompiledPlan, launch: Launch, review: said.Review) -> str:
    if _reviewable(plan, launch, review):
        return ""
    return "NOTHING_TO_REVIEW: no stage was entered yet, or it was given up"


def _reviewable(plan: CompiledPlan, launch: Launch, review: said.Review) -> list[CompiledTrack]:
    meant = tracks_meant(plan, review.track)
    tracks = [(each, launch.track(each.name)) for each in meant]
    return [each for each, progress in tracks if progress.stage >= 0 and progress.phase is not Phase.ABORTED]


def _why_not_promoted(plan: CompiledPlan, launch: Launch, promote: said.Promote, now: int) -> str:
    """The pilot goes on by itself as soon as all is there; so this says what is not."""
    for track in tracks_meant(plan, promote.track):
        progress = launch.track(track.name)
        if progress.phase is Phase.ABORTED:
            return f"GIVEN_UP: track={track.name}"
        if progress.phase is not Phase.READY:
            result = launch.decided.results.get(track.name) if launch.decided else None
            return (
                f"NOT_READY: track={track.name} phase={progress.phase.value} gates={result.value if result else 'not judged yet'}"
            )
        if progress.stopped:
            return f"CLOCK_STANDS: track={track.name} why={progress.stopped!r}"
        stage = stage_after(track, progress)
        early = not_yet(plan, track, stage, launch, now) if stage is not None else []
        if early:
            return early[0]
    return ""


def _why_not_approved(plan: CompiledPlan, launch: Launch, approve: said.Approve, heard: ReadCommand, now: int) -> str:
    by = heard.by
    found = _stage_named(plan, approve.track, approve.stage)
    if found is None:
        return _unknown_stage(tracks_meant(plan, approve.track), approve.stage)
    track, stage = found
    asked = roles_asked(track, stage, launch.track(track.name))
    if asked is None:
        following = stage_after(track, launch.track(track.name))
        return f"STAGE_NOT_NEXT: stage={approve.stage} next={following.name if following else 'none'}"
    if approve.role not in asked:
        return f"ROLE_NOT_ASKED: role={approve.role} asked={','.join(asked) or 'none'}"
    if by == plan.author and not plan.alone:
        return f"AUTHOR_APPROVES: by={by}"
    if not _is_named(plan, approve.role, by):
        return _not_named(plan, approve.role, by)
    if not launch.release:
        return "RELEASE_UNKNOWN: no trader has been heard"
    if approve.binds != binds_of(plan, launch, stage):
        return "APPROVAL_OUTDATED: plan, release, limits or evidence are not those that were shown"
    ends_at = _ends_at(plan, heard, now)
    return f"APPROVAL_EXPIRED: said={text_of(heard.said_at)[:16]} ended={text_of(ends_at)[:16]}" if ends_at <= now else ""


def _ends_at(plan: CompiledPlan, heard: ReadCommand, now: int) -> int:
    """Of an approval (ns): what waits for a pilot grows old meanwhile."""
    return min(heard.said_at, now) + plan.approval_ns


def _is_named(plan: CompiledPlan, role: str, by: str) -> bool:
    """Where a plan names who is who, what a person says of himself is not enough."""
    return not plan.who or by in plan.who.get(role, ())


def _not_named(plan: CompiledPlan, role: str, by: str) -> str:
    return f"PERSON_NOT_NAMED: by={by} role={role} named={','.join(plan.who.get(role, ())) or 'nobody'}"


def roles_asked(track: CompiledTrack, stage: CompiledStage, progress: TrackProgress) -> list[str] | None:
    """Whose word is asked for: to enter the next stage, or by a gate of the stage that is lived in; None for any other stage."""
    if stage_after(track, progress) is stage:
        return list(stage.approvals)
    if progress.stage >= 0 and track.stages[progress.stage] is stage:
        return [role for each in stage.gates for role in each.gate.approvals(each.settings)]
    return None


def _why_not_released(launch: Launch, hold_id: str, heard: ReadCommand) -> str:
    hold = launch.holds.get(hold_id)
    if hold is None:
        return f"HOLD_UNKNOWN: hold={hold_id} holds={','.join(launch.holds) or 'none'}"
    if hold.lifting is not Lifting.PERSON:
        return f"HOLD_NOT_YOURS: hold={hold_id} lifting={hold.lifting.value}"
    is_of_before = hold.is_a(SAFE_START) and heard.said_at < hold.since  # an old copy hears anew what a younger one was told
    return f"HOLD_NEWER: hold={hold_id} since={text_of(hold.since)[:19]}" if is_of_before else ""


def _why_not_demoted(plan: CompiledPlan, launch: Launch, demote: said.Demote) -> str:
    meant = [each for each in tracks_meant(plan, demote.track) if _stages_to(launch, each)]
    if not meant:
        return "NOTHING_TO_DEMOTE: no stage was entered yet, or it was given up"
    smaller = dict.fromkeys(stage.name for track in meant for stage in _stages_to(launch, track))
    if not demote.stage or demote.stage in smaller:
        return ""
    if not any(stage.name == demote.stage for track in meant for stage in track.stages):
        return _unknown_stage(meant, demote.stage)
    return f"STAGE_NOT_SMALLER: stage={demote.stage} smaller={','.join(smaller)}"


def _unknown_stage(tracks: Iterable[CompiledTrack], name: str) -> str:
    return f"STAGE_UNKNOWN: stage={name} stages={','.join(dict.fromkeys(stage.name for each in tracks for stage in each.stages))}"


def _why_not_waived(plan: CompiledPlan, waive: said.Waive, by: str, now: int) -> str:
    if waive.claim in plan.not_waivable:
        return f"NOT_WAIVABLE: claim={waive.claim}"
    items = [each.name for each in plan.checklist]
    if waive.claim not in items:
        return f"WAIVER_OF_NO_ITEM: claim={waive.claim} items={','.join(items) or 'none'}"
    if not waive.asked_by or waive.asked_by == by:
        return f"WAIVER_OF_ONE: asked_by={waive.asked_by or 'nobody'} granted_by={by}"
    if plan.waiver_roles and waive.role not in plan.waiver_roles:
        return f"ROLE_NOT_ASKED: role={waive.role or 'none'} asked={','.join(plan.waiver_roles)}"
    if not _is_named(plan, waive.role, by):
        return _not_named(plan, waive.role, by)
    longest = min(plan.waiver_ns, WAIVER_LONGEST_NS)
    if not now < waive.ends_at <= now + longest:
        return f"WAIVER_TOO_LONG: at most {as_setting(longest)} from now on"
    return ""


def _obey(plan: CompiledPlan, launch: Launch, heard: ReadCommand, now: int) -> Iterator[Struct]:
    instruction, by = instruction_of(heard), heard.by
    match instruction:
        case said.Approve():
            approval = _approval(plan, instruction, heard, now)
            yield launch_events.ApprovalGiven(approval=approval)
            yield from looked(plan, launch, [approval.track], by, f"approved {instruction.stage}")
        case said.Review(reason=reason):
            yield from (
                launch_events.Reviewed(track=each.name, by=by, what=reason) for each in _reviewable(plan, launch, instruction)
            )
        case said.Promote(track=name):
            yield from looked(plan, launch, _names(plan, name), by, "asked for the next stage")
        case said.HoldIt(reason=reason, contains=contains, track=track_name):
            kind = PERSON_CONTAINS if contains else PERSON
            hold = hold_of(kind, reason, now, scope=f"{by} {track_name}", track=track_name)
            yield launch_events.HoldRaised(hold=hold)
        case said.Release(hold_id=hold_id, reason=reason):
            released = launch.holds[hold_id]
            yield launch_events.lifted(released, by=by, why=reason)
            yield from looked(plan, launch, _names(plan, released.track), by, f"released {hold_id}")
        case said.Demote():
            yield from _demote(plan, launch, instruction, by)
        case said.Abort(reason=reason, track=name):
            for track in tracks_meant(plan, name):
                if launch.track(track.name).phase is not Phase.ABORTED:
                    yield TrackAborted(track=track.name, by=by, why=reason)
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


def _names(plan: CompiledPlan, track: str) -> list[str]:
    return [each.name for each in tracks_meant(plan, track)]


def _approval(plan: CompiledPlan, approve: said.Approve, heard: ReadCommand, now: int) -> Approval:
    found = _stage_named(plan, approve.track, approve.stage)
    assert found is not None
    return Approval(
        track=found[0].name,
        stage=f"{found[0].name}/{approve.stage}",
        role=approve.role,
        person=heard.by,
        login=approve.login,
        binds=approve.binds,
        at=now,
        ends_at=_ends_at(plan, heard, now),
        comment=approve.reason,
    )


def _demote(plan: CompiledPlan, launch: Launch, demote: said.Demote, by: str) -> Iterator[TrackDemoted]:
    for track in tracks_meant(plan, demote.track):
        stages = _stages_to(launch, track)
        if not stages:
            continue
        place = next((at for at, stage in enumerate(stages) if stage.name == demote.stage), max(0, len(stages) - 1))
        yield TrackDemoted(track=track.name, by=by, why=demote.reason, stage=place, name=track.stages[place].name)


def _stages_to(launch: Launch, track: CompiledTrack) -> tuple[CompiledStage, ...]:
    """The stages before a track's own; the first alone where it is there, for it can be entered once more."""
    progress = launch.track(track.name)
    if progress.stage < 0 or progress.phase is Phase.ABORTED:
        return ()
    return track.stages[: max(1, progress.stage)]


def _stage_named(plan: CompiledPlan, track: str, stage: str) -> tuple[CompiledTrack, CompiledStage] | None:
    found = [(each, one) for each in tracks_meant(plan, track) for one in each.stages if one.name == stage]
    return found[0] if len(found) == 1 else None
