"""A launch on one time axis: rows of stages and gates as spans, holds over all of them, limits in force and worth as lines."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.views.track_history import LaunchHistory, TimeSpan
from fairway.reports.worth_curve import WorthCurve
from fairway.world.clock import MILLISECOND

STEPS_MAX = 2_000
"""Changes of the limits that are drawn, the newest."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """A span on the axis, in ms. row: of the category axis, "" for one over all rows. kind: what its colour says."""

    row: str
    kind: str
    since: int
    until: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AxisFacts:
    """begin, end: ms. rows: bottom to top. allowed, worth: (ms, value), floats, for they are drawn and nothing else."""

    begin: int
    end: int
    rows: tuple[str, ...]
    spans: tuple[Drawn, ...]
    holds: tuple[Drawn, ...]
    allowed: tuple[tuple[int, float], ...]
    worth: tuple[tuple[int, float], ...]
    unit: str
    told: str


def axis_facts(plan: CompiledPlan, history: LaunchHistory, curve: WorthCurve, now: int) -> AxisFacts:
    """What is drawn until now (ns)."""
    rows, spans = list[str](), list[Drawn]()
    for track in plan.tracks:
        found = history.tracks.get(track.name)
        prefix = f"{track.name}: " if len(plan.tracks) > 1 else ""
        stages = [f"{prefix}{stage.name}" for stage in track.stages]
        gates: Mapping[str, Sequence[TimeSpan]] = found.gates if found is not None else {}
        rows = [*(f"{prefix}{name}" for name in reversed(list(gates))), *stages, *rows]
        if found is not None:
            spans += [_drawn(f"{prefix}{each.name}", "stage", each, now, f"stage {each.name}") for each in found.stages]
            spans += [
                _drawn(f"{prefix}{name}", each.name, each, now, f"{name}: {each.name}")
                for name, of in gates.items()
                for each in of
            ]
    steps = [(at // MILLISECOND, float(value)) for at, value in history.allowed[-STEPS_MAX:]]
    return AxisFacts(
        begin=history.began_at // MILLISECOND,
        end=now // MILLISECOND,
        rows=tuple(rows),
        spans=tuple(spans),
        holds=tuple(_drawn("", "contained" if each.contains else "held", each, now, each.name) for each in history.holds),
        allowed=(*steps, (now // MILLISECOND, steps[-1][1])) if steps else (),
        worth=tuple((point.at // MILLISECOND, float(point.worth)) for point in curve.points if point.at >= history.began_at),
        unit=curve.quote,
        told="; ".join(_told(history)),
    )


def _drawn(row: str, kind: str, each: TimeSpan, now: int, words: str) -> Drawn:
    return Drawn(row, kind, each.since // MILLISECOND, (each.until or now) // MILLISECOND, words)


def _told(history: LaunchHistory) -> Iterator[str]:
    """The picture in words, for who cannot see it."""
    for name, track in history.tracks.items():
        stages = ", ".join(each.name for each in track.stages)
        yield f"{name} went through {stages}" if stages else f"{name} has entered no stage yet"
    yield f"it was held {len(history.holds)} times" if len(history.holds) != 1 else "it was held once"
