"""Decides about incidents: a pure function from the policy, the state and a tick to events. The same inputs give the same bytes.

It decides from the present state alone: what a tick has missed, the next one decides. All events of a tick are journaled in one
commit, with the messages among them, so after a crash at any point nothing is sent twice and nothing is missed.

`STAGES` is the table of contents.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from msgspec import Struct

from fairway.incidents import announcing, clocks, command_handler, hand_over, joining
from fairway.incidents.incident import Incidents
from fairway.incidents.incident_context import IncidentContext, IncidentStage
from fairway.incidents.incident_tick import IncidentTick
from fairway.incidents.policy import IncidentPolicy


@dataclass(frozen=True, slots=True)
class IncidentDecision:
    """events: to be journaled in one commit, and then folded by `folding.apply_event`; the queued messages are among them."""

    events: tuple[Struct, ...]


def decide(policy: IncidentPolicy, state: Incidents, tick: IncidentTick) -> IncidentDecision:
    """What follows from a tick. state stays unchanged."""
    context = IncidentContext(policy, tick, state.scratch())
    for stage in STAGES:
        context.take(stage(context))
    return IncidentDecision(tuple(context.events))


def record_mitigations(context: IncidentContext) -> Iterator[Struct]:
    """Keeps what Fairway did by itself, and that the response has begun with it."""
    for done in context.tick.mitigations:
        if done.incident in context.state.by_id:
            yield done
            yield from clocks.mitigation_began(context.state.by_id[done.incident], done)


def handle_commands(context: IncidentContext) -> Iterator[Struct]:
    """Carries out or refuses each command, oldest first."""
    for command in context.tick.commands:
        yield from command_handler.events_of(context, command)


STAGES: Final[tuple[IncidentStage, ...]] = (
    joining.leave,
    joining.join,
    record_mitigations,
    handle_commands,
    clocks.move,
    clocks.note_figures,
    clocks.watch_items,
    announcing.announce,
    announcing.announce_to_users,
    announcing.ask_users,
    hand_over.hand_over,
)
"""A decision, in its order. Messages are about everything that was decided before, so they come last."""
