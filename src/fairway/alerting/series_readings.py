"""Readings of indicators: a figure over a window of a series, for all of it or for each value of its label."""

from collections.abc import Iterator
from typing import Final

from fairway.alerting.condition import Condition, FigureKind
from fairway.alerting.reading import NOTHING, UNKNOWN, Reading, Readings, read
from fairway.texts.durations import as_setting
from fairway.watch.figures import quantile, rise, rows_within
from fairway.watch.indicators import OF_TRADER, PEOPLE, Measures
from fairway.watch.series import Series
from fairway.world.clock import MINUTE

TRADER_SILENT_NS: Final = 3 * MINUTE
"""The trader measures itself once a minute: after three minutes without it, its series say nothing about now."""
OTHERS_SILENT_NS: Final = 15 * MINUTE
"""Of sources that a launch's pilot asks."""
_TRADERS: Final = frozenset(each.name for each in OF_TRADER)
_WITHOUT_CLOCK: Final = frozenset(each.name for each in PEOPLE)
"""Their answers come when people give them."""
Memo = dict[object, tuple[object, Readings]]
"""What was computed last, by condition: rows come once a minute, and rules are evaluated each second."""


def of_series(condition: Condition, each: str, series: Series | None, now: int, memo: Memo) -> Readings | None:
    """By subject; None where the series is not known now."""
    if series is None or not series.watermark or is_silent(series, now):
        return None
    until = min(now, series.watermark)
    since = until - condition.window_ns
    if condition.kind is FigureKind.RISE:
        return {"": _of_rise(condition, series, since, until)}
    low, high = rows_within(series, since, until)
    state = (low, high, int(series.ats[low]) if low < high else 0, int(series.ats[high - 1]) if high else 0, series.total)
    place = (id(condition), each)
    known = memo.get(place)
    if known is None or known[0] != state:
        known = memo[place] = state, dict(_computed(condition, each, series.within(since, until)))
    return known[1]


def is_silent(series: Series, now: int) -> bool:
    """Whether its source was last alive too long ago to say anything about now."""
    if series.indicator.name in _WITHOUT_CLOCK:
        return False
    longest = TRADER_SILENT_NS if series.indicator.name in _TRADERS else OTHERS_SILENT_NS
    return now - max(series.beats, series.watermark if not series.beats else 0) > longest


def _computed(condition: Condition, each: str, part: Series) -> Iterator[tuple[str, Reading]]:
    if condition.labels:
        part = part.labelled(next(iter(condition.labels.values())))
    if not each:
        yield "", figure(condition, part)
        return
    for name in part.by_label():
        yield name, figure(condition, part.labelled([name]))


def figure(condition: Condition, part: Series) -> Reading:
    """The reading of the observations of a window."""
    n, kind = part.count, condition.kind
    at = int(part.ats[-1]) if len(part) else part.watermark
    if kind is FigureKind.COUNT:
        return read(condition, float(n), n, at)
    if kind is FigureKind.BAD_COUNT:
        return read(condition, float(n - round(part.total)), n, at)
    if kind is FigureKind.TOTAL:
        return read(condition, part.total, n, at)
    if not n:
        return _of_nothing(part)
    match kind:
        case FigureKind.BAD_SHARE:
            value = (n - round(part.total)) / n
        case FigureKind.MEAN:
            value = part.total / n
        case FigureKind.QUANTILE:
            value = quantile(part, float(condition.q.value))
        case _:
            value = float(part.values[-1])
    return read(condition, value, n, at)


def _of_nothing(part: Series) -> Reading:
    """A value that comes by the clock and is missing is unknown; where nothing was tried, nothing was slow or failed."""
    comes_by_the_clock = part.indicator.every_s is not None and part.indicator.measures is not Measures.GOOD
    return UNKNOWN if comes_by_the_clock else NOTHING


def _of_rise(condition: Condition, series: Series, since: int, until: int) -> Reading:
    """Nothing with less than half of a window: a process that began lately has not grown yet."""
    risen = rise_of(condition, series, since, until)
    if risen is None:
        return NOTHING if len(series) else UNKNOWN
    low, high = rows_within(series, since, until)
    return read(condition, risen, high - low, int(series.ats[high - 1]))


def rise_of(condition: Condition, series: Series, since: int, until: int) -> float | None:
    """How much the indicator has risen over a window, a share of one or in its unit; None for a window that is half empty."""
    is_share = condition.bound.unit in ("%", "bps")
    unit = "%" if is_share else condition.bound.unit
    risen = rise(series, since, until, f"{unit}/{as_setting(condition.window_ns)}")
    return risen / 100 if is_share and risen is not None else risen
