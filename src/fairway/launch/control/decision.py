"""Makes decisions of a launch, and repeats recorded ones from the journals, to compare them with the records byte by byte."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256

import msgspec
from msgspec import Struct

from fairway.journal.command_reader import ReadCommand
from fairway.journal.port import Record, ReplayEntry
from fairway.launch.control import launch_events
from fairway.launch.control.state import CODEC, Launch
from fairway.launch.control.tick import tick
from fairway.launch.control.tick_context import TickOutcome
from fairway.launch.observation.external_series import with_external
from fairway.launch.observation.observation import Observation
from fairway.launch.observation.planned_maintenance import excused
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.watch.series import Series


@dataclass(frozen=True, slots=True)
class Replayed:
    """differs: the first thing that is not as it was written; "" where all is, to the byte."""

    number: int
    record: Record
    decided: launch_events.Decided
    differs: str


class NoSuchDecision(Exception):
    """The launch has not made so many."""


def decide(
    plan: CompiledPlan, launch: Launch, observation: Observation, commands: Sequence[ReadCommand] = ()
) -> tuple[list[Struct], TickOutcome]:
    """What is to be written: a decision before what it led to; a lease that only goes on needs none."""
    observation = excused(with_external(observation, launch.external, plan.paces), launch.maintenance)
    outcome = tick(plan, launch, observation, commands)
    is_renewal = all(isinstance(each, launch_events.LeaseIssued) and _goes_on(launch, each) for each in outcome.events)
    known = launch.last_decision.results if launch.last_decision is not None else {}
    if is_renewal and outcome.results == known:
        return outcome.events, outcome
    decided = launch_events.Decided(
        number=launch.decisions + 1,
        now=observation.now,
        read_to=observation.read_to,
        inputs=digest_of(observation, commands),
        commands=tuple(each.number for each in commands),
        verdicts=outcome.verdicts,
        results=outcome.results,
        served_ns={name: progress.served_ns(observation.now) for name, progress in launch.tracks.items()},
        outcome=tuple(type(each).__name__ for each in outcome.events),
    )
    return [decided, *outcome.events], outcome


def digest_of(observation: Observation, commands: Sequence[ReadCommand]) -> str:
    """The digest of all that a decision rests on, beside the launch itself.

    An input that was not observed is left out of the digest. So a decision made before Fairway observed it keeps its digest.
    """
    accounts = {name: (known.caps, known.lease, known.heard) for name, known in observation.accounts.items()}
    inputs: list[object] = [
        observation.now,
        observation.release,
        observation.read_to,
        accounts,
        _extents(observation.series),
        tuple(commands),
    ]
    inputs += [_extents(observation.controls)] if observation.controls else []
    inputs += [each for each in (observation.guards, observation.unleased) if each]
    return sha256(msgspec.json.encode(inputs, order="deterministic")).hexdigest()


def _extents(series: Mapping[str, Series]) -> dict[str, tuple[int, int, int]]:
    """By name, how far each series reaches: its length, watermark (ns) and last sign of life (ns)."""
    return {name: (len(each), each.watermark, each.beats) for name, each in series.items()}


def replayed(
    number: int,
    own: Sequence[Record],
    trader: Iterable[Record | ReplayEntry],
    command_inbox: Sequence[ReadCommand],
    plan_of: Callable[[launch_events.LaunchBegan], CompiledPlan],
    projection: TraderProjection,
) -> Replayed:
    """A decision made again from what its journal, the trader's journal and the command inbox held then. Raises NoSuchDecision,
    JournalErrors.

    own: the launch's journal. projection: one without records.
    """
    launch, event, following = _before(number, own)
    projection.fold([each for each in trader if each.seq <= event.read_to])
    assert launch.began is not None, "a decision is of a launch that began"
    commands = [each for each in command_inbox if each.number in event.commands]
    events, _ = decide(plan_of(launch.began), launch, projection.observation(event.now), commands)
    return Replayed(number, following[0], event, _difference(events, following[: len(events)]))


def _before(number: int, own: Sequence[Record]) -> tuple[Launch, launch_events.Decided, Sequence[Record]]:
    """The launch as a decision found it, the decision, and the records from it on."""
    launch = Launch()
    for at, record in enumerate(own):
        event = CODEC.decode(record)
        if isinstance(event, launch_events.Decided) and event.number == number:
            return launch, event, own[at:]
        launch.apply(event, record.at)
    raise NoSuchDecision(f"there is no decision {number}; the last is {launch.decisions}")


def _difference(events: Sequence[Struct], written: Sequence[Record]) -> str:
    for event, record in zip(events, written, strict=False):
        kind, _, body = CODEC.encode(event)
        if (kind, body) != (record.kind, record.body):
            return f"record {record.seq} is {record.kind} {record.body.decode()}, and decided again it is {kind} {body.decode()}"
    return "" if len(events) == len(written) else "less was written than is decided again"


def _goes_on(launch: Launch, lease: launch_events.LeaseIssued) -> bool:
    """Whether all these accounts had the very same lease before."""
    known = [launch.leases.get(account) for account in lease.accounts]
    return all(last is not None and (last.epoch, last.limits) == (lease.epoch, lease.limits) for last in known)
