"""What the next stage of a track would change: the limits now and then, and whose approval is still missing."""

from typing import TYPE_CHECKING

from fairway.operations.launch.begin_preview import people_of

if TYPE_CHECKING:
    from fairway.launch.plan.compiled_plan import CompiledStage, CompiledTrack
    from fairway.launch.views.status_text import LaunchStatus


def next_stage_lines(status: "LaunchStatus", track: "CompiledTrack") -> tuple[str, ...]:
    """In sentences; of a track that is at its last stage, that no stage follows."""
    from fairway.launch.control.command_handler import stage_after
    from fairway.launch.control.transitions import missing_approvals
    from fairway.launch.views.stakes import at_risk_next, at_risk_now

    progress = status.launch.track(track.name)
    stage = stage_after(track, progress)
    if stage is None:
        return (f"{track.name}: no stage follows",)
    present = f"{track.name}/{track.stages[progress.stage].name}" if progress.stage >= 0 else "no stage"
    lacking = missing_approvals(status.plan, track, status.launch, status.observation.now)
    may = "; ".join(f"as {role}: {people_of(status.plan, role)}" for role in stage.approvals)
    return (
        f"now, in {present}: {at_risk_now(status, track)}",
        f"then, in {track.name}/{stage.name}: {at_risk_next(status, track, stage)}",
        f"approvals still missing: {', '.join(lacking)}; who may give them: {may}" if lacking else "no approval is missing",
    )


def approval_lines(status: "LaunchStatus", track: "CompiledTrack", stage: "CompiledStage") -> tuple[str, ...]:
    """What an approval of a stage is about: the next one, or the present one, where a gate of it waits for people."""
    from fairway.launch.control.command_handler import stage_after
    from fairway.launch.views.stakes import at_risk_next

    if stage_after(track, status.launch.track(track.name)) is stage:
        return next_stage_lines(status, track)
    return (f"{track.name}/{stage.name} is not the next stage; its limits: {at_risk_next(status, track, stage)}",)
