"""Shows targets: figures that a plan wants reviewed on a later day, each with its current value. They decide nothing."""

from collections.abc import Iterator, Mapping
from typing import Final

import numpy as np

from fairway.launch.control.state import Launch
from fairway.launch.control.timeline import begins_at
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.plan.watching import Target
from fairway.texts.numbers import counted
from fairway.watch.indicators import Measures
from fairway.watch.series import Series
from fairway.watch.units import UNITS
from fairway.world.clock import text_of

TAIL: Final = 0.95
"""A mean hides the slow ones, so this share is shown beside it."""


def targets(plan: CompiledPlan, launch: Launch, series: Mapping[str, Series], now: int) -> Iterator[str]:
    """Each with its bounds, its figure since the first stage, and its day: from T on, else from the first stage."""
    began = begins_at(launch) or launch.started_at or launch.began_at
    for each in plan.targets:
        figure = figure_of(each, series.get(each.of), launch.started_at, now)
        yield f"{bounds_of(each)}; {figure}; to be looked at on {text_of(began + each.within)[:10]}"


def bounds_of(target: Target) -> str:
    """Its name with what it should be."""
    bounds = [
        f"{word} {bound}" for word, bound in (("at least", target.at_least), ("at most", target.at_most)) if bound is not None
    ]
    return f"{target.name}: {', '.join(bounds) or 'no bound'}"


def figure_of(target: Target, series: Series | None, since: int, now: int) -> str:
    """Its current value; "unknown" where no source measures it, or nothing was observed."""
    if not target.of:
        return "a person looks it up"
    if series is None or not series.watermark or not since:
        return f"now unknown: nothing measures {target.of} here yet"
    part = series.within(since, min(now, series.watermark))
    if series.indicator.measures is Measures.ONE:
        return f"now {part.count}"
    if not part.count:
        return f"now unknown: {target.of} was not observed yet"
    return f"now {_figure(part)}, over {counted(part.count, part.indicator.unit)}"


def _figure(part: Series) -> str:
    measures, mean = part.indicator.measures, part.total / part.count
    if measures is Measures.GOOD:
        return f"{round(part.total) * 10_000 // part.count / 100:.2f} %"  # rounded down: all but one of many is not all
    unit = UNITS[measures]
    if measures is Measures.DOLLARS:
        return f"{part.total:.2f} {unit} in all"
    if measures is Measures.R:
        return f"{mean:.3f} {unit} on average"
    return f"{mean:.4g} {unit} on average, and {TAIL:.0%} within {_tail(part):.4g} {unit}".replace("  ", " ")


def _tail(part: Series) -> float:
    """The smallest value that so large a share of all observations is within."""
    order = np.argsort(part.values, kind="stable")
    counts = part.counts if part.counts is not None else np.ones(len(part.values), dtype=np.int64)
    reached = np.cumsum(counts[order]) >= TAIL * part.count
    return float(part.values[order][int(np.argmax(reached))])
