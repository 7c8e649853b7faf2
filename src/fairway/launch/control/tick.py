"""A tick: a pure function from a launch, an observation and commands to events. The same inputs give the same bytes.

It decides from the present state alone, and not from what changed since the last tick. So a tick that was missed, or made twice,
does no harm: the next one decides the same.

`STAGES` is the table of contents.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from msgspec import Struct

from fairway.journal.command_reader import ReadCommand
from fairway.launch.control import messages, transitions
from fairway.launch.control.command_handler import events_of
from fairway.launch.control.gate_stage import fail_gates, judge_gates
from fairway.launch.control.hold_stage import update_holds
from fairway.launch.control.leases import leases_due
from fairway.launch.control.loss_budget import check_loss_budget
from fairway.launch.control.stage_clock import clock_moves
from fairway.launch.control.state import Launch
from fairway.launch.control.tick_context import PerTrackStage, TickContext, TickOutcome, TickStage, context_of
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledTrack


def tick(plan: CompiledPlan, launch: Launch, observation: Observation, commands: Sequence[ReadCommand] = ()) -> TickOutcome:
    """What follows from an observation and from people's commands. launch stays unchanged."""
    context = context_of(plan, launch, observation, commands)
    for decide in STAGES:
        context.take(decide(context))
    return context.outcome


def handle_commands(context: TickContext) -> Iterator[Struct]:
    """Carries out or refuses each command, oldest first."""
    for command in context.commands:
        yield from events_of(context.plan, context.launch, command, context.observation.now)


def change_release(context: TickContext) -> Iterator[Struct]:
    """Arms the tracks again when another release runs."""
    yield from transitions.release_change(context.launch, context.observation.release)


def decide_tracks(context: TickContext) -> Iterator[Struct]:
    """Takes one track after the other through `TRACK_STAGES`: what a track decides may count for the next one."""
    for track in context.plan.tracks:
        for decide in TRACK_STAGES:
            yield from decide(context, track)


def stop_clocks(context: TickContext, track: CompiledTrack) -> Iterator[Struct]:
    """Stops and starts the clock of the track's stage."""
    yield from clock_moves(context.plan, track, context.launch, context.observation)


def move_track(context: TickContext, track: CompiledTrack) -> Iterator[Struct]:
    """Settles, promotes or finishes the stage by the result of its gates."""
    result = context.outcome.results[track.name]
    yield from transitions.moves(context.plan, track, context.launch, result, context.observation)


def issue_leases(context: TickContext) -> Iterator[Struct]:
    """Renews, changes and takes back leases."""
    for track in context.plan.tracks:
        yield from leases_due(context.plan, track, context.launch, context.observation)


def write_messages(context: TickContext) -> Iterator[Struct]:
    """Messages about everything that was decided above, so this stage is the last."""
    events = list(context.outcome.events)
    yield from messages.due(context.plan, context.before, context.launch, events, context.observation)


STAGES: Final[tuple[TickStage, ...]] = (
    handle_commands,
    change_release,
    update_holds,
    decide_tracks,
    issue_leases,
    write_messages,
)
"""A tick, in its order. Each stage decides on the launch as the stages before it have left it."""
TRACK_STAGES: Final[tuple[PerTrackStage, ...]] = (
    stop_clocks,
    judge_gates,
    fail_gates,
    check_loss_budget,
    move_track,
)
"""What `decide_tracks` does with each track, in its order."""
