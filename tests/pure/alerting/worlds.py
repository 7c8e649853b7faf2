"""What a rule measures, made from the rule's own words: just beyond its bound, or exactly at it.

It builds observations and samples by arithmetic of its own; it calls nothing of the evaluation.
"""

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np

from fairway.alerting.condition import Condition, FigureKind
from fairway.alerting.measured import GaugeSample, MeasuredNow
from fairway.alerting.rule import AlertRule
from fairway.watch.indicators import BY_NAME, Measures
from fairway.watch.series import Series
from fairway.world.clock import DAY, SECOND

NOW = 20_000 * DAY
SUBJECT = "one"
UNITS = {"ms": "0.001", "s": "1", "h": "3600", "%": "0.01", "bps": "1", "B": "1", "USD": "1", "": "1"}
COUNTS = (FigureKind.COUNT, FigureKind.BAD_COUNT, FigureKind.INCREASE)
ROWS = 100_000
"""Observations of a share, so that the smallest step is a thousandth of a percent."""


def bound(condition: Condition) -> Decimal:
    """In base units: seconds, bytes, a share of one, dollars, basis points."""
    quantity = condition.above if condition.above is not None else condition.below
    assert quantity is not None
    return quantity.value * Decimal(UNITS[quantity.unit])


def target(condition: Condition, *, is_beyond: bool) -> float:
    """A figure just beyond the bound, or exactly at it."""
    at, kind = bound(condition), condition.kind
    step = (
        Decimal(1)
        if kind in COUNTS
        else Decimal(10) / ROWS
        if kind is FigureKind.BAD_SHARE
        else max(abs(at) / 1000, Decimal("0.001"))
    )
    direction = 1 if condition.above is not None else -1
    return float(at + direction * step if is_beyond else at)


def rows_of(condition: Condition, value: float, now: int) -> list[tuple[int, float, int]]:
    """Observations (instant, value, times) that show a figure."""
    window = condition.within or 10 * SECOND
    n = max(condition.at_least_n or 0, 4)
    match condition.kind:
        case FigureKind.NEWEST:
            return [(now - 5 * SECOND, -value - 1, 1), (now, value, 1)]
        case FigureKind.MEAN:
            return [(now - 2 * SECOND, value / 2, n), (now - SECOND, value * 1.5, n)]
        case FigureKind.TOTAL:
            return [(now - window // 2, value / 2, 1), (now, value / 2, 1)]
        case FigureKind.COUNT:
            return [(now - 1 - each, 1.0, 1) for each in range(round(value))]
        case FigureKind.BAD_COUNT:
            return [(now - 1 - each, 0.0, 1) for each in range(round(value))] + [(now, 1.0, 7)]
        case FigureKind.BAD_SHARE:
            bad = round(value * ROWS)
            return [(now - 1, 0.0, bad), (now, 1.0, ROWS - bad)] if bad < ROWS else [(now, 0.0, ROWS)]
        case FigureKind.QUANTILE:
            below = round(float(condition.q.value) * 1000) - 1
            return [(now - 1, value / 3, below), (now, value, 1000 - below)]
        case FigureKind.RISE:
            grown = 100_000_000 * (1 + value)
            return [(now - window + SECOND, 100_000_000, 1), (now, grown - 100_000_000 * value * SECOND / window, 1)]
        case other:
            raise AssertionError(other)


def series_of(condition: Condition, value: float, now: int, each: str) -> Series:
    """The series of its indicator; rows of other labels, and from before the window, would change the figure if they counted."""
    indicator = BY_NAME[condition.of]
    ours = next(iter(condition.labels.values()))[0] if condition.labels else SUBJECT if each else ""
    rows = [(at, value_, times, ours) for at, value_, times in rows_of(condition, value, now)]
    if condition.labels:
        rows += [(now, 1.0, 50, "another label")]
    if condition.within is not None and condition.kind is not FigureKind.RISE:
        old = (
            0.0 if indicator.measures is Measures.GOOD else (-1 if condition.below is not None else 1) * (1000 + 10 * abs(value))
        )
        rows += [(now - condition.within - SECOND, old, 1000, ours)]
    rows.sort(key=lambda row: row[0])
    names = tuple(dict.fromkeys(name for *_, name in rows)) or ("",)
    return Series(
        indicator,
        np.array([at for at, *_ in rows], dtype=np.int64),
        np.array([value_ for _, value_, *_ in rows], dtype=np.float64),
        np.array([names.index(name) for *_, name in rows], dtype=np.int32),
        names,
        watermark=now,
        beats=now,
        counts=np.array([times for _, _, times, _ in rows], dtype=np.int64),
    )


def labels_of(condition: Condition, each: str) -> dict[str, str]:
    return {**{name: values[-1] for name, values in condition.labels.items()}, **({each: SUBJECT} if each else {})}


def gauges_of(condition: Condition, value: float, now: int, each: str) -> tuple[GaugeSample, ...]:
    """A sample with the figure, and one with other labels that would be far beyond the bound."""
    shown = now / SECOND - value if condition.kind is FigureKind.AGE else value
    samples = [GaugeSample(shown, labels_of(condition, each))]
    if condition.labels:
        far = -1e12 if condition.below is not None else 1e12
        samples.append(GaugeSample(far, dict.fromkeys(condition.labels, "another")))
    return tuple(samples)


History = tuple[tuple[int, tuple[GaugeSample, ...]], ...]


def counter_of(name_labels: Mapping[str, str], risen: float, now: int, window: int) -> History:
    """A counter that rises so much within the window, and much more before it; it begins again at 0 within the window."""
    before, half = 1e6, risen / 2
    values = ((now - window - 60 * SECOND, 0.0), (now - window, before), (now - window // 2, before + half), (now, risen - half))
    return tuple((at, (GaugeSample(value, dict(name_labels)),)) for at, value in values)


def histories_of(condition: Condition, value: float, now: int, each: str) -> dict[str, History]:
    window, labels = condition.within or 0, labels_of(condition, each)
    if condition.kind is FigureKind.INCREASE:
        return {condition.of: counter_of(labels, value, now, window)}
    if condition.kind is FigureKind.RATIO_OF_INCREASES:
        part, per = counter_of(labels, value * 1000, now, window), counter_of(labels, 1000.0, now, window)
        return dict(zip(condition.ratio_of_increases, (part, per), strict=True))
    at = float(bound(condition))
    share_above = 0.2 if value > at else 0.0
    parts = {str(at / 2): 0.5, str(at): 1 - share_above, str(at * 2): 1.0, "+Inf": 1.0}
    counters = [counter_of({**labels, "le": le}, 1000 * part, now, window) for le, part in parts.items()]
    merged = tuple(
        (at_, tuple(sample for each_ in counters for sample in each_[place][1])) for place, (at_, _) in enumerate(counters[0])
    )
    return {f"{condition.of}_bucket": merged}


def world(rule: AlertRule, *, beyond: Sequence[int] = (), now: int = NOW, without: Sequence[int] = ()) -> MeasuredNow:
    """All that a rule measures: its alternatives of these places beyond their bounds, and the others at them.

    without: the places of alternatives that are not measured now.
    """
    series: dict[str, Series] = {}
    gauges: dict[str, tuple[GaugeSample, ...]] = {}
    history: dict[str, History] = {}
    conditions = [
        (condition, place in beyond, rule.each) for place, condition in enumerate(rule.alternatives) if place not in without
    ]
    if rule.only_while is not None:
        conditions.append((rule.only_while, True, ""))
    for condition, is_beyond, each in conditions:
        value = target(condition, is_beyond=is_beyond)
        if condition.kind in (FigureKind.GAUGE, FigureKind.AGE):
            gauges[condition.of] = gauges_of(condition, value, now, each)
        elif condition.of in BY_NAME:
            series[condition.of] = series_of(condition, value, now, each)
        else:
            history |= histories_of(condition, value, now, each)
    return MeasuredNow(now=now, series=series, gauges=gauges, history=history)
