"""Approve: a person agrees that a stage is entered, with the plan, the release, the limits and the evidence as they are now."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
from fairway.operations.operation import Call, Exposure, Operation, Preview, Progress
from fairway.operations.refusal import reason_given, wrong_input
from fairway.people.roles import UserAct
from fairway.settings import load

if TYPE_CHECKING:
    from fairway.launch.plan.compiled_plan import CompiledStage, CompiledTrack
    from fairway.launch.views.status_text import LaunchStatus


@dataclass(frozen=True, slots=True, kw_only=True)
class ApproveRequest:
    """stage: the next one, as the launch's status names it. role: as whom, such as owner.

    login: names the session in which the person approves. Where a plan lets one person hold two roles, two sessions are needed.
    """

    config: Path
    stage: str
    role: str
    reason: str
    login: str
    track: str = ""


def perform_approve(call: Call[ApproveRequest]) -> PilotOutcome:
    """Raises Refusal, SettingsError, NotBegun, JournalErrors."""
    from fairway.assembly.tower import launch_status
    from fairway.launch.control.command_handler import binds_of
    from fairway.launch.control.commands import Approve

    asked = call.request
    settings, reason = load(asked.config), reason_given(asked.reason, "a week without an incident")
    status = launch_status(settings)
    track, stage = _stage(status, asked)
    for line in _shown(status, track, stage):
        call.tell(Progress(line))
    binds = binds_of(status.plan, status.launch, stage)
    approval = Approve(reason=reason, track=asked.track, stage=asked.stage, role=asked.role, login=asked.login, binds=binds)
    return instruct_pilot(settings, approval, call)


def _stage(status: "LaunchStatus", asked: ApproveRequest) -> "tuple[CompiledTrack, CompiledStage]":
    """Raises Refusal where the name is not that of one stage."""
    from fairway.launch.control.command_handler import tracks_meant

    tracks = tracks_meant(status.plan, asked.track)
    found = [(track, stage) for track in tracks for stage in track.stages if stage.name == asked.stage]
    if len(found) != 1:
        names = ", ".join(stage.name for track in status.plan.tracks for stage in track.stages)
        raise wrong_input(f"STAGE_UNKNOWN: stage={asked.stage}", f"{asked.stage!r} is no stage of one track; there are {names}")
    return found[0]


def _shown(status: "LaunchStatus", track: "CompiledTrack", stage: "CompiledStage") -> tuple[str, str]:
    """What the person approves, and what is missing besides."""
    from fairway.launch.control.transitions import missing_approvals
    from fairway.launch.views.reason_text import limits_in_words

    missing = ", ".join(missing_approvals(status.plan, track, status.launch, status.observation.now)) or "nothing"
    return (
        f"{track.name}/{stage.name} would allow: {limits_in_words(stage.limits)}",
        f"still missing before you: {missing}",
    )


def preview_approve(call: Call[ApproveRequest]) -> Preview:
    """What the stage would allow, and what is missing. Raises Refusal, SettingsError, NotBegun, JournalErrors."""
    from fairway.assembly.tower import launch_status

    settings = load(call.request.config)
    status = launch_status(settings)
    return preview_for_launch(settings, "; ".join(_shown(status, *_stage(status, call.request))))


APPROVE = Operation(
    name="launch approve",
    summary="Approve that a stage of a launch is entered.",
    act=UserAct.LAUNCH,
    exposure=Exposure.RAISES,
    request=ApproveRequest,
    subject=launch_subject,
    preview=preview_approve,
    perform=perform_approve,
)
OPERATIONS: Final = (APPROVE,)
