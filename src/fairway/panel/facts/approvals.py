"""Who has approved what, who is missing, and why the person who looks cannot approve."""

from collections.abc import Mapping
from dataclasses import dataclass

from fairway.launch.control.approvals import Approval, valid
from fairway.launch.control.command_handler import binds_of, stage_after, why_not_approver
from fairway.launch.plan.compiled_plan import CompiledStage, CompiledTrack
from fairway.launch.plan.stage_ref import StageRef
from fairway.launch.views.reason_text import reason_in_words
from fairway.launch.views.status_text import LaunchStatus
from fairway.panel.state_marks import Mark


@dataclass(frozen=True, slots=True, kw_only=True)
class RoleFacts:
    """People of one role whom a stage needs. counts: given of needed, in words. why_not: why the one who looks cannot approve."""

    track: str
    stage: str
    role: str
    counts: str
    mark: Mark
    may: str
    why_not: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.track, self.stage, self.role


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalFacts:
    """One approval that was given. says: whether it counts, and if not, why."""

    stage: str
    person: str
    role: str
    at: int
    ends_at: int
    says: str
    comment: str
    mark: Mark

    @property
    def key(self) -> tuple[str, str, str, int]:
        return self.stage, self.role, self.person, self.at


def role_facts(status: LaunchStatus, track: CompiledTrack, by: str) -> tuple[RoleFacts, ...]:
    """Of the next stage, and of gates of the present one that wait for people. by: the person who looks."""
    return tuple(
        _role(status, track, stage, role, count, by) for stage, needed in _asked(status, track) for role, count in needed.items()
    )


def _asked(status: LaunchStatus, track: CompiledTrack) -> list[tuple[CompiledStage, Mapping[str, int]]]:
    progress = status.launch.track(track.name)
    found: list[tuple[CompiledStage, Mapping[str, int]]] = []
    if progress.stage >= 0:
        stage = track.stages[progress.stage]
        found += [(stage, each.gate.approvals(each.settings)) for each in stage.gates if each.gate.approvals(each.settings)]
    following = stage_after(track, progress)
    if following is not None and following.is_flown and following.approvals:
        found.append((following, following.approvals))
    return found


def _role(status: LaunchStatus, track: CompiledTrack, stage: CompiledStage, role: str, count: int, by: str) -> RoleFacts:
    plan, launch, now = status.plan, status.launch, status.observation.now
    given = valid(launch.approvals, StageRef(track.name, stage.name), binds_of(plan, launch, stage), now)
    people = [each.person for each in given if each.role == role]
    number = len(people) if plan.alone else len(set(people) - {plan.author})
    return RoleFacts(
        track=track.name,
        stage=stage.name,
        role=role,
        counts=f"{min(number, count)} of {count}",
        mark=Mark.GOOD if number >= count else Mark.PENDING,
        may=", ".join(plan.who.get(role, ())) or ("nobody is named" if plan.who else "any person"),
        why_not=reason_in_words(why_not_approver(plan, launch, track, stage, role, by)),
    )


def approval_facts(status: LaunchStatus, track: CompiledTrack) -> tuple[ApprovalFacts, ...]:
    """All that were given for the next stage and the present one, the newest first; those that count no more say so."""
    progress = status.launch.track(track.name)
    shown = track.stages[max(0, progress.stage) : progress.stage + 2]
    found = [
        _approval(status, stage, each)
        for stage in shown
        for each in status.launch.approvals
        if each.stage == StageRef(track.name, stage.name)
    ]
    return tuple(sorted(found, key=lambda each: -each.at))


def _approval(status: LaunchStatus, stage: CompiledStage, each: Approval) -> ApprovalFacts:
    says = _why_void(status, stage, each)
    return ApprovalFacts(
        stage=stage.name,
        person=each.person,
        role=each.role,
        at=each.at,
        ends_at=each.ends_at,
        says=says or "counts",
        comment=each.comment,
        mark=Mark.UNKNOWN if says else Mark.GOOD,
    )


def _why_void(status: LaunchStatus, stage: CompiledStage, each: Approval) -> str:
    if each.ends_at <= status.observation.now:
        return "has expired"
    if each.binds != binds_of(status.plan, status.launch, stage):
        return "is void: plan, release, limits or evidence have changed since"
    return ""
