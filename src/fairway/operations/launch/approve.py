"""Approve: a person agrees that a stage is entered, with the plan, the release, the limits and the evidence as they are now."""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final

from fairway.operations.launch.instruct import PilotOutcome, instruct_pilot, launch_subject, preview_for_launch
from fairway.operations.launch.next_stage import approval_lines
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
    for line in approval_lines(status, track, stage):
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


def preview_approve(call: Call[ApproveRequest]) -> Preview:
    """Limits now and then, and whose approval is missing. Raises Refusal, SettingsError, NotBegun, JournalErrors."""
    from fairway.assembly.tower import launch_status

    settings = load(call.request.config)
    status = launch_status(settings)
    track, stage = _stage(status, call.request)
    shown = preview_for_launch(settings, f"you agree, as {call.request.role}, that {track.name}/{stage.name} is entered")
    return replace(shown, details=approval_lines(status, track, stage))


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
