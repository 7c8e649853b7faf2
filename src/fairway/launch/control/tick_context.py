"""The context of a tick: the plan, the observation, and a draft of the launch to which each event is applied at once."""

from collections.abc import Callable, Iterator, Sequence
from copy import copy, deepcopy
from dataclasses import dataclass, field, fields
from typing import Final

from msgspec import Struct

from fairway.journal.command_reader import ReadCommand
from fairway.launch.control.launch_events import KillOrdered, LeaseIssued
from fairway.launch.control.state import Launch
from fairway.launch.gates.verdict import Result, Verdict
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledTrack


@dataclass(slots=True)
class TickOutcome:
    """What a tick decided: events, oldest first, and the verdicts that they rest on, by track."""

    events: list[Struct] = field(default_factory=list)
    verdicts: dict[str, tuple[Verdict, ...]] = field(default_factory=dict)
    results: dict[str, Result] = field(default_factory=dict)

    def kills(self) -> list[KillOrdered]:
        return [each for each in self.events if isinstance(each, KillOrdered)]

    def leases(self) -> list[LeaseIssued]:
        return [each for each in self.events if isinstance(each, LeaseIssued)]


@dataclass(slots=True)
class TickContext:
    """The inputs of a tick, and its outcome so far. Build it with `context_of`."""

    plan: CompiledPlan
    before: Launch
    """The launch as it was before the tick; it stays unchanged."""
    launch: Launch
    """The draft: each event moves it as soon as it is decided, so the next decision rests on it."""
    observation: Observation
    commands: Sequence[ReadCommand] = ()
    outcome: TickOutcome = field(default_factory=TickOutcome)

    def take(self, events: Iterator[Struct]) -> None:
        """Adds events to the outcome and applies each to the draft before the next is computed."""
        for event in events:
            self.outcome.events.append(event)
            self.launch.apply(event, self.observation.now)


_CONTAINERS: Final = tuple(each.name for each in fields(Launch) if each.default_factory in (list, dict))
"""The fields of a launch that events change in place."""
TickStage = Callable[[TickContext], Iterator[Struct]]
"""Decides one subject of a tick: yields the events that follow."""
PerTrackStage = Callable[[TickContext, CompiledTrack], Iterator[Struct]]
"""Decides one subject of one track."""


def context_of(plan: CompiledPlan, launch: Launch, observation: Observation, commands: Sequence[ReadCommand] = ()) -> TickContext:
    """The context of a new tick, which decides nothing yet. launch is copied."""
    return TickContext(plan, launch, _copied(launch), observation, commands)


def _copied(launch: Launch) -> Launch:
    """A copy with lists and tables of its own; their elements are immutable and shared, but for the tracks."""
    new = copy(launch)
    for name in _CONTAINERS:
        setattr(new, name, copy(getattr(launch, name)))
    new.tracks = deepcopy(launch.tracks)
    return new
