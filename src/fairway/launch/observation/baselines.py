"""Baselines: what a stage measured when it passed, kept so that later runs, of another release too, can be compared with it."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Final

import numpy as np

from fairway.launch.control.launch_events import BaselineCaptured
from fairway.launch.control.state import Launch
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan, CompiledTrack
from fairway.launch.plan.stage_ref import StageRef
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series

ROWS_MAX: Final = 2_000
"""So many observations of an indicator are kept, evenly; a comparison by ranks needs no more."""
DIGITS: Final = 9


def captured(plan: CompiledPlan, track: CompiledTrack, launch: Launch, observation: Observation) -> Iterator[BaselineCaptured]:
    """Of a track whose gates have all just passed: from nothing else is anything captured."""
    progress = launch.track(track.name)
    ref = StageRef(track.name, track.stages[progress.stage].name)
    for baseline in plan.baselines:
        if baseline.stage == ref and progress.settled_at:
            found = {
                name: _sample(observation.series[name], progress.settled_at, observation.now)
                for name in baseline.of
                if name in observation.series
            }
            yield BaselineCaptured(
                name=baseline.name,
                release=launch.release,
                stage=str(ref),
                since=progress.settled_at,
                until=observation.now,
                values={name: rows for name, rows in found.items() if rows},
            )


def _sample(series: Series, since: int, until: int) -> tuple[tuple[int, Decimal], ...]:
    part = series.within(since, until)
    count = len(part.ats)
    places = np.unique(np.linspace(0, count - 1, min(count, ROWS_MAX)).astype(np.int64))
    return tuple((int(part.ats[at]), round(Decimal.from_float(float(part.values[at])), DIGITS)) for at in places)


def series_of(kept: Mapping[str, BaselineCaptured]) -> dict[str, dict[str, Series]]:
    """By baseline and indicator, as gates compare with them."""
    return {name: {of: _series(of, rows) for of, rows in each.values.items() if of in BY_NAME} for name, each in kept.items()}


def _series(of: str, rows: tuple[tuple[int, Decimal], ...]) -> Series:
    ats = np.array([at for at, _ in rows], dtype=np.int64)
    values = np.array([float(value) for _, value in rows], dtype=np.float64)
    last = int(ats[-1]) if len(ats) else 0
    return Series(BY_NAME[of], ats, values, np.zeros(len(ats), dtype=np.int32), watermark=last, beats=last)
