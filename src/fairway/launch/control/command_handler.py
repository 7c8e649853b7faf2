"""Decides what a person's command to the pilot leads to, or why it is refused. A valid command that lowers exposure is
never refused."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from hashlib import sha256

import msgspec
from msgspec import Struct

from fairway.journal.command_reader import ReadCommand
from fairway.launch.control import commands, launch_events
from fairway.launch.control.approvals import Approval, bound
from fairway.launch.control.command_inbox import instruction_of
from fairway.launch.control.hold_kinds import PERSON, PERSON_CONTAINS, SAFE_START
from fairway.launch.control.holds import hold_of
from fairway.launch.control.lifecycle import Phase, TrackAborted, TrackDemoted
from fairway.launch.control.reviews import looked
from fairway.launch.control.state import Launch
from fairway.launch.control.timeline import not_yet
from fairway.launch.control.track_progress import TrackProgress
from fairway.launch.evidence.claims import why_not_taken
from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.survey import unknown
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledTrack
from fairway.launch.plan.stage_ref import StageRef
from fairway.risk.caps import Lifting
from fairway.texts.durations import as_setting
from fairway.world.clock import DAY, text_of

WAIVER_LONGEST_NS = 7 * DAY


def events_of(plan: CompiledPlan, launch: Launch, command: ReadCommand, now: int) -> Iterator[Struct]:
    """The answer to a command and what follows; nothing where it was answered before. Apply each event before taking the next."""
    if command.number <= launch.commands_read:
        return
    instruction = instruction_of(command)
    refused = _why_not(plan, launch, command, now)
    yield launch_events.InstructionAnswered(
        number=command.number, what=command_text(instruction), by=command.by, refused=refused, digest=command.digest
    )
    if not refused:
        yield from _carry_out(plan, launch, command, now)


def binds_of(plan: CompiledPlan, launch: Launch, stage: CompiledStage) -> str:
    """The digest of what an approval of a stage covers now."""
    limits = sha256(msgspec.json.encode(stage.limits, order="deterministic")).hexdigest()
    return bound(plan.digest, launch.release, limits, launch.evidence)


def voided_by(plan: CompiledPlan, launch: Launch, brought: Sequence[Evidence], now: int) -> list[Approval]:
    """Approvals that are valid now and that new evidence would void."""
    claims = {each.claim for each in brought}
    after = replace(launch, evidence=[*(each for each in launch.evidence if each.claim not in claims), *brought])
    stages = [(StageRef(track.name, stage.name), stage) for track in plan.tracks for stage in track.stages]
    binds = {name: (binds_of(plan, launch, stage), binds_of(plan, after, stage)) for name, stage in stages}
    counting = [each for each in launch.approvals if each.stage in binds and each.at <= now < each.ends_at]
    return [each for each in counting if each.binds == binds[each.stage][0] != binds[each.stage][1]]


def tracks_meant(plan: CompiledPlan, name: str) -> list[CompiledTrack]:
    return [each for each in plan.tracks if name in ("", each.name)]


def stage_after(track: CompiledTrack, progress: TrackProgress) -> CompiledStage | None:
    """The stage that a track may enter next; None after the last."""
    following = progress.stage + 1
    return track.stages[following] if following < len(track.stages) else None


def command_text(instruction: commands.LaunchInstruction) -> str:
    """A command in words, close to its command line."""
    match instruction:
        case commands.Approve(stage=stage, role=role):
            return f"approve {stage} as {role}"
        case commands.Demote(stage=stage):
            return f"demote {stage}".strip()
        case commands.HoldIt(contains=contains):
            return "hold, and open nothing" if contains else "hold"
        case commands.Release(hold_id=hold_id):
            return f"release {hold_id}"
        case commands.BringAnswers(answers=answers):
            return f"{len(answers)} answers of users"
        case commands.Submit(evidence=evidence):
            return f"evidence for {evidence.claim}"
        case commands.Waive(claim=claim):
            return f"waive {claim}"
    return type(instruction).__name__.lower()


def _why_not(plan: CompiledPlan, launch: Launch, command: ReadCommand, now: int) -> str:
    instruction = instruction_of(command)
    if not tracks_meant(plan, instruction.track):
        return f"TRACK_UNKNOWN: track={instruction.track} tracks={','.join(each.name for each in plan.tracks)}"
    match instruction:
        case commands.Approve():
            return _why_not_approved(plan, launch, instruction, command, now)
        case commands.Release(hold_id=hold_id):
            return _why_not_released(launch, hold_id, command)
        case commands.Demote():
            return _why_not_demoted(plan, launch, instruction)
        case commands.Waive():
            return _why_not_waived(plan, instruction, command.by, now)
        case commands.Promote():
            return _why_not_promoted(plan, launch, instruction, now)
        case commands.Submit(evidence=evidence):
            return why_not_taken(plan, launch, evidence, now)
        case commands.Review():
            return _why_not_reviewed(plan, launch, instruction)
    return ""


def _why_not_reviewed(plan: CompiledPlan, launch: Launch, review: commands.Review) -> str:
    if _reviewable(plan, launch, review):
        return ""
    return "NOTHING_TO_REVIEW: no stage was entered yet, or it was given up"


def _reviewable(plan: CompiledPlan, launch: Launch, review: commands.Review) -> list[CompiledTrack]:
    meant = tracks_meant(plan, review.track)
    tracks = [(each, launch.track(each.name)) for each in meant]
    return [each for each, progress in tracks if progress.stage >= 0 and progress.phase is not Phase.ABORTED]


def _why_not_promoted(plan: CompiledPlan, launch: Launch, promote: commands.Promote, now: int) -> str:
    """Why the next stage is not entered. The pilot enters it by itself once nothing is missing."""
    for track in tracks_meant(plan, promote.track):
        progress = launch.track(track.name)
        if progress.phase is Phase.ABORTED:
            return f"GIVEN_UP: track={track.name}"
        if progress.phase is not Phase.READY:
            result = launch.last_decision.results.get(track.name) if launch.last_decision else None
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


def _why_not_approved(plan: CompiledPlan, launch: Launch, approve: commands.Approve, command: ReadCommand, now: int) -> str:
    found = _stage_named(plan, approve.track, approve.stage)
    if found is None:
        return _unknown_stage(tracks_meant(plan, approve.track), approve.stage)
    track, stage = found
    if refused := why_not_approver(plan, launch, track, stage, approve.role, command.by):
        return refused
    if approve.binds != binds_of(plan, launch, stage):
        return "APPROVAL_OUTDATED: plan, release, limits or evidence are not those that were shown"
    ends_at = _ends_at(plan, command, now)
    return f"APPROVAL_EXPIRED: said={text_of(command.said_at)[:16]} ended={text_of(ends_at)[:16]}" if ends_at <= now else ""


def why_not_approver(plan: CompiledPlan, launch: Launch, track: CompiledTrack, stage: CompiledStage, role: str, by: str) -> str:
    """Why a person cannot approve a stage in a role now; "" where they can."""
    asked = roles_asked(track, stage, launch.track(track.name))
    if asked is None:
        following = stage_after(track, launch.track(track.name))
        return f"STAGE_NOT_NEXT: stage={stage.name} next={following.name if following else 'none'}"
    if role not in asked:
        return f"ROLE_NOT_ASKED: role={role} asked={','.join(asked) or 'none'}"
    if by == plan.author and not plan.alone:
        return f"AUTHOR_APPROVES: by={by}"
    if not _is_named(plan, role, by):
        return _not_named(plan, role, by)
    return "" if launch.release else "RELEASE_UNKNOWN: no trader has been heard"


def _ends_at(plan: CompiledPlan, command: ReadCommand, now: int) -> int:
    """When an approval expires (ns). It ages from when it was given, also while no pilot reads it."""
    return min(command.said_at, now) + plan.approval_ns


def _is_named(plan: CompiledPlan, role: str, by: str) -> bool:
    """Whether the plan lets a person act in a role. A plan without names lets every person."""
    return not plan.who or by in plan.who.get(role, ())


def _not_named(plan: CompiledPlan, role: str, by: str) -> str:
    return f"PERSON_NOT_NAMED: by={by} role={role} named={','.join(plan.who.get(role, ())) or 'none'}"


def roles_asked(track: CompiledTrack, stage: CompiledStage, progress: TrackProgress) -> list[str] | None:
    """The roles that approve a stage: to enter the next one, or by a gate of the present one; None for any other stage."""
    if stage_after(track, progress) is stage:
        return list(stage.approvals)
    if progress.stage >= 0 and track.stages[progress.stage] is stage:
        return [role for each in stage.gates for role in each.gate.approvals(each.settings)]
    return None


def _why_not_released(launch: Launch, hold_id: str, command: ReadCommand) -> str:
    hold = launch.holds.get(hold_id)
    if hold is None:
        return f"HOLD_UNKNOWN: hold={hold_id} holds={','.join(launch.holds) or 'none'}"
    if hold.lifting is not Lifting.PERSON:
        return f"HOLD_NOT_YOURS: hold={hold_id} lifting={hold.lifting.value}"
    # a restored journal meets commands again that a newer copy answered
    is_of_before = hold.is_a(SAFE_START) and command.said_at < hold.since
    return f"HOLD_NEWER: hold={hold_id} since={text_of(hold.since)[:19]}" if is_of_before else ""


def _why_not_demoted(plan: CompiledPlan, launch: Launch, demote: commands.Demote) -> str:
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


def _why_not_waived(plan: CompiledPlan, waive: commands.Waive, by: str, now: int) -> str:
    if waive.claim in plan.not_waivable:
        return f"NOT_WAIVABLE: claim={waive.claim}"
    items = [each.name for each in plan.checklist]
    if waive.claim not in items:
        return f"WAIVER_OF_NO_ITEM: claim={waive.claim} items={','.join(items) or 'none'}"
    if not waive.asked_by or waive.asked_by == by:
        return f"WAIVER_OF_ONE: asked_by={waive.asked_by or 'none'} granted_by={by}"
    if plan.waiver_roles and waive.role not in plan.waiver_roles:
        return f"ROLE_NOT_ASKED: role={waive.role or 'none'} asked={','.join(plan.waiver_roles)}"
    if not _is_named(plan, waive.role, by):
        return _not_named(plan, waive.role, by)
    longest = min(plan.waiver_ns, WAIVER_LONGEST_NS)
    if not now < waive.ends_at <= now + longest:
        return f"WAIVER_TOO_LONG: at most {as_setting(longest)} from now on"
    return ""


def _carry_out(plan: CompiledPlan, launch: Launch, command: ReadCommand, now: int) -> Iterator[Struct]:
    instruction, by = instruction_of(command), command.by
    match instruction:
        case commands.Approve():
            approval = _approval(plan, instruction, command, now)
            yield launch_events.ApprovalGiven(approval=approval)
            yield from looked(plan, launch, [approval.stage.track], by, f"approved {instruction.stage}")
        case commands.Review(reason=reason):
            yield from (
                launch_events.Reviewed(track=each.name, by=by, what=reason) for each in _reviewable(plan, launch, instruction)
            )
        case commands.Promote(track=name):
            yield from looked(plan, launch, _names(plan, name), by, "asked for the next stage")
        case commands.HoldIt(reason=reason, contains=contains, track=track_name):
            kind = PERSON_CONTAINS if contains else PERSON
            hold = hold_of(kind, reason, now, scope=f"{by} {track_name}", track=track_name)
            yield launch_events.HoldRaised(hold=hold)
        case commands.Release(hold_id=hold_id, reason=reason):
            released = launch.holds[hold_id]
            yield launch_events.lifted(released, by=by, why=reason)
            yield from looked(plan, launch, _names(plan, released.track), by, f"released {hold_id}")
        case commands.Demote():
            yield from _demote(plan, launch, instruction, by)
        case commands.Abort(reason=reason, track=name):
            for track in tracks_meant(plan, name):
                if launch.track(track.name).phase is not Phase.ABORTED:
                    yield TrackAborted(track=track.name, by=by, why=reason)
        case _:
            yield from _take(launch, instruction, by, now)


def _take(launch: Launch, instruction: commands.LaunchInstruction, by: str, now: int) -> Iterator[Struct]:
    """Takes answers and evidence that people bring, and grants waivers."""
    match instruction:
        case commands.BringAnswers(answers=answers, digest=digest):
            yield launch_events.AnswersTaken(answers=unknown(answers, launch.answers), digest=digest, by=by, at=now)
        case commands.Submit(evidence=evidence):
            yield launch_events.EvidenceTaken(evidence=evidence, by=by)
        case commands.Waive(claim=claim, asked_by=asked_by, ends_at=ends_at, reason=reason):
            waiver = launch_events.Waiver(claim=claim, reason=reason, asked_by=asked_by, granted_by=by, at=now, ends_at=ends_at)
            yield launch_events.WaiverGranted(waiver=waiver)


def _names(plan: CompiledPlan, track: str) -> list[str]:
    return [each.name for each in tracks_meant(plan, track)]


def _approval(plan: CompiledPlan, approve: commands.Approve, command: ReadCommand, now: int) -> Approval:
    found = _stage_named(plan, approve.track, approve.stage)
    assert found is not None
    return Approval(
        stage=StageRef(found[0].name, approve.stage),
        role=approve.role,
        person=command.by,
        login=approve.login,
        binds=approve.binds,
        at=now,
        ends_at=_ends_at(plan, command, now),
        comment=approve.reason,
    )


def _demote(plan: CompiledPlan, launch: Launch, demote: commands.Demote, by: str) -> Iterator[TrackDemoted]:
    for track in tracks_meant(plan, demote.track):
        stages = _stages_to(launch, track)
        if not stages:
            continue
        place = next((at for at, stage in enumerate(stages) if stage.name == demote.stage), max(0, len(stages) - 1))
        yield TrackDemoted(track=track.name, by=by, why=demote.reason, stage=place, name=track.stages[place].name)


def _stages_to(launch: Launch, track: CompiledTrack) -> tuple[CompiledStage, ...]:
    """The stages below a track's own. In the first stage that one itself: it can be entered again."""
    progress = launch.track(track.name)
    if progress.stage < 0 or progress.phase is Phase.ABORTED:
        return ()
    return track.stages[: max(1, progress.stage)]


def _stage_named(plan: CompiledPlan, track: str, stage: str) -> tuple[CompiledTrack, CompiledStage] | None:
    found = [(each, one) for each in tracks_meant(plan, track) for one in each.stages if one.name == stage]
    return found[0] if len(found) == 1 else None
