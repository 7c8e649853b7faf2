"""Lists how the people of a rehearsal can produce evidence: by the same producers as in a launch, when they apply."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from fairway.launch.evidence.model import Evidence
from fairway.launch.evidence.producers import Producer, fitting
from fairway.launch.gates.port import Claim

if TYPE_CHECKING:
    from fairway.launch.simulation.world import World

RELEASE = "rehearsed"
Show = Callable[[Claim, Producer, int], Evidence]
"""Carries out what shows a claim, at an instant (ns)."""


def way_to(claim: Claim, world: "World", *, is_under_way: bool) -> Producer | None:
    """What can show a claim now; None where nothing can. is_under_way: whether a stage was entered.

    People do not kill a bot for a drill once a stage was entered: a kill takes the launch back to the smallest stage.
    """
    holds = any(account.held for account in world.accounts.values())
    for way in fitting(claim.name, claim.rank):
        if (holds or not way.needs_stage) and not (is_under_way and way.sets_back):
            return way
    return None


def shown(claim: Claim, way: Producer, now: int) -> Evidence:
    """As it is in a rehearsal, where whatever is tried succeeds."""
    return Evidence(
        claim=claim.name,
        rank=way.rank,
        holds=True,
        why="rehearsed",
        producer=f"rehearsal: {way.by}",
        made_at=now,
        ends_at=now + claim.max_age if claim.max_age else 0,
        release=RELEASE,
    )
