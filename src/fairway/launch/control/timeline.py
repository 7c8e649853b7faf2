"""The timeline: which items of a plan's day the launch waits for.

A stage that an item raises is not entered before that item's instant, nor before the claims that the item needs are met.

It binds a launch that knows its T (`fairway launch start CONFIG PLAN --at T`); the other items are
for people, and the launch does not check them.
"""

from collections.abc import Iterator
from typing import Final

from fairway.launch.control.state import Launch
from fairway.launch.evidence.claims import facts_of_claims
from fairway.launch.gates.statistics.claim_check import assess_claim
from fairway.launch.gates.verdict import Result
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledStage, CompiledStep, CompiledTrack
from fairway.launch.plan.stage_ref import StageRef
from fairway.world.clock import MINUTE, text_of

SHOWN: Final = 3
"""How many of the next items are shown."""


def begins_at(launch: Launch) -> int:
    """The launch's T (ns); 0 where it is not known."""
    return launch.began.launch_at if launch.began is not None else 0


def not_yet(plan: CompiledPlan, track: CompiledTrack, stage: CompiledStage, launch: Launch, now: int) -> list[str]:
    """Items that raise a stage and whose instant has not come, in words."""
    at = begins_at(launch)
    early = [each for each in _raising(plan, track, stage) if at and now < at + each.at_ns]
    return [f"TIMELINE_NOT_YET: item={each.do!r} at={text_of(at + each.at_ns)[:16]}" for each in early]


def unmet_items(
    plan: CompiledPlan, track: CompiledTrack, stage: CompiledStage, launch: Launch, observation: Observation
) -> list[str]:
    """Why a stage is not entered by the plan's clock; nothing where it may be."""
    if not begins_at(launch):
        return []
    unmet = [(each, _unmet(plan, each, launch, observation)) for each in _raising(plan, track, stage)]
    lacks = [f"TIMELINE_UNMET: item={each.do!r} needs={','.join(claims)}" for each, claims in unmet if claims]
    return [*not_yet(plan, track, stage, launch, observation.now), *lacks]


def coming(plan: CompiledPlan, launch: Launch, now: int) -> Iterator[str]:
    """The next items, with their instants."""
    at = begins_at(launch)
    following = [each for each in sorted(plan.timeline, key=lambda each: each.at_ns) if at and at + each.at_ns > now - MINUTE]
    for each in following[:SHOWN]:
        needs = f"; needs {', '.join(each.needs)}" if each.needs else ""
        raises = f"; stage {each.raises} begins" if each.raises else ""
        yield f"by the clock, {text_of(at + each.at_ns)[:16]}: {each.do}{needs}{raises}"


def _raising(plan: CompiledPlan, track: CompiledTrack, stage: CompiledStage) -> list[CompiledStep]:
    return [each for each in plan.timeline if each.raises == StageRef(track.name, stage.name)]


def _unmet(plan: CompiledPlan, due: CompiledStep, launch: Launch, observation: Observation) -> list[str]:
    """The needs of an item that evidence does not meet. A need outside the checklist is never met."""
    claims = {each.name: each for each in plan.checklist}
    facts = facts_of_claims(launch, observation)
    return [name for name in due.needs if name not in claims or assess_claim(claims[name], facts).result is not Result.PASS]
