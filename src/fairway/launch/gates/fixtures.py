"""Makes facts for a gate's settings: series of any length and value, fresh and complete, for its proof."""

from collections.abc import Callable, Mapping, Sequence

import numpy as np

from fairway.launch.gates.port import Facts
from fairway.launch.gates.statistics.series_gate import SeriesSettings
from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series
from fairway.world.clock import DAY, MINUTE, SECOND

NOW = 400 * DAY
"""The instant of all facts that are made."""
RELEASE = "0" * 64
ROWS_MAX = 2_000_000
"""No series is made longer: what takes more is not to be decided anyway."""

ValueOf = Callable[[int], float]
"""The value of the observation with this number, from 0 on."""


def facts_of(settings: SeriesSettings, n: int, value: ValueOf | float, labels: Sequence[str] = ("",)) -> Facts:
    """At least n observations of the indicator in the gate's window, and so many before that they were sustained."""
    every, count = _pace(settings, n)
    ats = NOW - np.arange(count, dtype=np.int64)[::-1] * every
    series = series_of(settings.of, ats, value, labels)
    return Facts(now=NOW, since=int(ats[0]) - every, release=RELEASE, series={settings.of: series})


def _pace(settings: SeriesSettings, n: int) -> tuple[int, int]:
    """The time between two observations, and how many there are."""
    n = max(n, settings.at_least_n, 1)
    clock = settings.indicator.every_s
    every = clock * SECOND if clock else min(MINUTE, settings.over // n or MINUTE)
    span = max(settings.over, n * every) + settings.sustain
    return every, min(-(-span // every), ROWS_MAX)


def series_of(
    name: str, ats: "np.ndarray[tuple[int], np.dtype[np.int64]]", value: ValueOf | float, labels: Sequence[str]
) -> Series:
    """A series that is fresh at NOW; labels are borne in turn."""
    values = [value(number) for number in range(len(ats))] if callable(value) else np.full(len(ats), value)
    codes = np.arange(len(ats)) % len(labels)
    return Series(
        BY_NAME[name],
        ats,
        np.asarray(values, dtype=np.float64),
        codes.astype(np.int32),
        tuple(labels),
        watermark=NOW,
        beats=NOW,
    )


def labelled(settings: SeriesSettings, counts: Mapping[str, int], value: float = 1.0) -> Facts:
    """Observations with labels, so many of each, within the last hour of the stage or window."""
    labels = [label for label, count in counts.items() for _ in range(count)]
    step = max(1, min(SECOND, (settings.over or DAY) // (len(labels) + 1)))
    ats = NOW - settings.sustain - np.arange(len(labels), dtype=np.int64)[::-1] * step
    names = tuple(counts) or ("",)
    codes = np.array([names.index(label) for label in labels], dtype=np.int32)
    series = Series(BY_NAME[settings.of], ats, np.full(len(labels), value), codes, names, watermark=NOW, beats=NOW)
    since = NOW - max(settings.over, DAY) - settings.sustain
    return Facts(now=NOW, since=since, release=RELEASE, series={settings.of: series})
