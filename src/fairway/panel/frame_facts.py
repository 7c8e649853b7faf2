"""What stands at the top of every page: the plan, the stage, and what is in force for the whole bot."""

from dataclasses import dataclass
from typing import Final

from fairway.assembly.tower import NotBegun
from fairway.operations.actor import Actor
from fairway.operations.launch.show import SHOW_LAUNCH, ShowLaunchRequest
from fairway.operations.permissions import may_read_all
from fairway.panel.feed import Question
from fairway.panel.sources import SETTLED_NS, Sources


@dataclass(frozen=True, slots=True)
class FrameFacts:
    """launch: the plan, and where its tracks are; "" where no launch flies."""

    launch: str


def frame_facts(sources: Sources, actor: Actor) -> FrameFacts:
    """Raises what the operations raise."""
    if not may_read_all(actor):
        return FrameFacts(launch="")
    try:
        status = sources.outcome(actor, SHOW_LAUNCH, ShowLaunchRequest(config=sources.context.config), SETTLED_NS).status
    except NotBegun:
        return FrameFacts(launch="no launch")
    stages = []
    for track in status.plan.tracks:
        at = status.launch.track(track.name).stage
        now = track.stages[at].name if at >= 0 else "not begun"
        after = f" ▸ {track.stages[at + 1].name}" if at + 1 < len(track.stages) else ""
        stages.append(f"{now}{after}")
    return FrameFacts(launch=f"{status.plan.name}: {', '.join(stages)}")


FRAME: Final = Question("frame", frame_facts)
