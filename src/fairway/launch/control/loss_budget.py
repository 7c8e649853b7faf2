"""Holds a track whose stage has lost nearly all that it may lose.

The trader refuses orders that could lose more, so no gate would decide any more: a person does.
"""

from collections.abc import Iterator
from typing import Final

from msgspec import Struct

from fairway.launch.control.hold_kinds import LOSS_BUDGET
from fairway.launch.control.holds import hold_of
from fairway.launch.control.launch_events import HoldRaised
from fairway.launch.control.lifecycle import Phase
from fairway.launch.control.objectives import LOSSES, lost_by_each
from fairway.launch.control.tick_context import TickContext
from fairway.launch.plan.compiled_plan import CompiledTrack

SPENT: Final = 0.9
"""A stage that has lost this share of its loss budget is not promoted on the strength of the rest."""


def check_loss_budget(context: TickContext, track: CompiledTrack) -> Iterator[Struct]:
    """The hold of a track whose loss budget is spent; nothing where it is held for that already."""
    progress, hold_id = context.launch.track(track.name), LOSS_BUDGET.id_of(track.name)
    losses, now = context.observation.series.get(LOSSES), context.observation.now
    if progress.phase not in (Phase.DWELLING, Phase.READY) or losses is None or hold_id in context.launch.holds:
        return
    stage = track.stages[progress.stage]
    lost = lost_by_each(losses, progress.settled_at, now)
    if stage.limits.loss_total is not None and lost >= float(stage.limits.loss_total.value) * SPENT:
        why = f"{lost:.2f} of the {stage.limits.loss_total} that may be lost in {stage.name} is lost: go back, or give up"
        yield HoldRaised(hold=hold_of(LOSS_BUDGET, why, now, scope=track.name, track=track.name))
