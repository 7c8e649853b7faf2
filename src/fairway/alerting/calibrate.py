"""Proposes bounds for rules from a history: the tightest that would have fired without cause only so often in a month.

The history is taken to hold no real incident, but for the spells that are named: each time a rule would have fired in it counts
as a false alarm. It is cut into windows that do not overlap, each as long as the rule looks back and waits; a spell that lasts
for several windows counts as several. Evaluated each second, a rule sees windows that begin at any instant, so it may fire
somewhat more often than the table says.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from enum import StrEnum
from typing import Final

from fairway.alerting.condition import Condition, FigureKind, limit_of
from fairway.alerting.false_alarm_rate import upper_bound
from fairway.alerting.rule import AlertRule
from fairway.alerting.series_readings import TRADER_SILENT_NS, figure, rise_of
from fairway.money.amount import text_of
from fairway.texts.quantities import Quantity
from fairway.watch.series import Series, Spell, merged
from fairway.world.clock import DAY, MINUTE

MONTH_NS: Final = 30 * DAY
WINDOWS_MIN: Final = 20
"""With fewer windows nothing is proposed."""
WINDOWS_MAX: Final = 50_000
"""The newest so many windows are read."""
POINTS: Final = 5
"""How often within the time that a condition must hold it is looked at."""
DIGITS: Final = 3
"""Significant digits of a proposed bound, rounded so that it is no tighter."""
_EXACT: Final = Context(prec=12)
"""As far as sums of floats can be relied on."""


class CalibrationResult(StrEnum):
    """What came of a rule."""

    PROPOSED = "PROPOSED"
    INSUFFICIENT = "INSUFFICIENT"
    """The history is too short to tell."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Calibration:
    """fired: in how many windows the rule would have fired with its bound now, rate_now: that in a month. windows: how many there
    are. rate, rate_at_most: of the proposed bound in a month, seen, and with 95 % confidence at most."""

    rule: str
    bound: str
    fired: int
    rate_now: float
    windows: int
    result: CalibrationResult
    proposed: str = ""
    rate: float = 0.0
    rate_at_most: float = 0.0
    why: str = ""


def can_be_calibrated(rule: AlertRule) -> bool:
    """Whether its condition is one bound on an indicator. A bound of 0 is an invariant: it is not measured but demanded."""
    condition = rule.when
    if condition is None or condition.is_of_metric or not condition.limit:
        return False
    return rule.enabled and condition.kind is not FigureKind.BAD_COUNT


def calibrate(
    rules: Iterable[AlertRule],
    series: Mapping[str, Series],
    since: int,
    until: int,
    *,
    false_alarms: float = 1.0,
    excluded: Sequence[Spell] = (),
) -> list[Calibration]:
    """One row a rule that can be calibrated, over a history (ns). false_alarms: at most so many a month.

    excluded: spells of real incidents; windows that touch one are left out.
    """
    spells = merged(excluded)
    begun = max(since, begun_at(series))
    return [
        _of_rule(rule, rule.when, series.get(rule.when.of), begun, until, false_alarms, spells)
        for rule in rules
        if rule.when is not None and can_be_calibrated(rule)
    ]


def begun_at(series: Mapping[str, Series]) -> int:
    """When anything was observed first (ns): what was not measured yet did not fail to fire. 0 where nothing ever was."""
    return min((int(each.ats[0]) for each in series.values() if len(each)), default=0)


def _of_rule(
    rule: AlertRule, condition: Condition, series: Series | None, since: int, until: int, allowed: float, spells: Sequence[Spell]
) -> Calibration:
    length = window_of(rule, condition)
    values = figures(rule, condition, series, since, until, spells) if series is not None else []
    months = len(values) * length / MONTH_NS
    fired = sum(map(condition.is_beyond, values))
    row = Calibration(
        rule=rule.name,
        bound=_bound_words(condition, condition.bound),
        fired=fired,
        rate_now=fired / months if months else 0.0,
        windows=len(values),
        result=CalibrationResult.INSUFFICIENT,
        why=_too_short(len(values), months, allowed),
    )
    return row if row.why else _proposed(row, condition, values, months, allowed)


def _too_short(windows: int, months: float, allowed: float) -> str:
    if not windows:
        return "the history has no window of it"
    if windows < WINDOWS_MIN:
        return f"{windows} windows; {WINDOWS_MIN} are needed"
    if allowed <= 0 or months * allowed < 1 - 1e-9:
        need = "never" if allowed <= 0 else f"{1 / allowed * MONTH_NS / DAY:.0f} days"
        return f"{months * MONTH_NS / DAY:.0f} days with observations; {need} are needed"
    return ""


def _proposed(row: Calibration, condition: Condition, values: list[float], months: float, allowed: float) -> Calibration:
    """The bound that so few windows are beyond as may be, rounded away from what was seen."""
    is_above = condition.above is not None
    ordered = sorted(values, reverse=is_above)
    at = ordered[min(math.floor(allowed * months + 1e-9), len(ordered) - 1)]
    bound = _rounded(condition, at, is_above=is_above)
    limit = limit_of(condition, bound)
    fired = sum(value > limit if is_above else value < limit for value in values)
    return Calibration(
        rule=row.rule,
        bound=row.bound,
        fired=row.fired,
        rate_now=row.rate_now,
        windows=row.windows,
        result=CalibrationResult.PROPOSED,
        proposed=_bound_words(condition, bound),
        rate=fired / months,
        rate_at_most=upper_bound(fired, len(values)) * len(values) / months,
    )


def _rounded(condition: Condition, value: float, *, is_above: bool) -> Quantity:
    """In the unit of the bound now."""
    unit = condition.bound.unit
    one = Decimal(str(limit_of(condition, Quantity(Decimal(1), unit))))
    exact = Decimal(repr(value)) / one
    context = Context(prec=DIGITS, rounding=ROUND_CEILING if is_above else ROUND_FLOOR)
    rounded = context.create_decimal(exact)
    return Quantity(Decimal(text_of(rounded)), unit)


def _bound_words(condition: Condition, bound: Quantity) -> str:
    return f"{'above' if condition.above is not None else 'below'} {bound}"


def window_of(rule: AlertRule, condition: Condition) -> int:
    """How far a rule looks back, and how long it waits (ns); at least a minute, in which most indicators have one sample."""
    back = 0 if condition.kind is FigureKind.NEWEST else condition.window_ns
    return max(back + rule.lasts, MINUTE)


def figures(
    rule: AlertRule, condition: Condition, series: Series, since: int, until: int, spells: Sequence[Spell] = ()
) -> list[float]:
    """Of each window the figure that a bound is compared with; windows without one, and those in which the source was silent, are
    left out.

    A condition that must hold for a time is as far beyond a bound as at the best instant of that time.
    """
    length, end, found = window_of(rule, condition), min(until, series.watermark), []
    for _ in range(WINDOWS_MAX):
        begin = end - length
        if begin < since:
            break
        is_spared = any(begin < ends and starts < end for starts, ends in spells)
        if not is_spared and not series.silent_ns(begin, end, TRADER_SILENT_NS):
            value = _figure(rule, condition, series, begin, end)
            if value is not None:
                found.append(float(_EXACT.create_decimal(repr(value))))
        end = begin
    return found


def _figure(rule: AlertRule, condition: Condition, series: Series, begin: int, end: int) -> float | None:
    if condition.labels:
        series = series.labelled(next(iter(condition.labels.values())))
    points = range(POINTS) if rule.lasts else range(1)
    values = [_worst(rule, condition, series, end - rule.lasts * point // max(1, POINTS - 1)) for point in points]
    known = [value for value in values if value is not None]
    if not known or len(known) < len(values):
        return None
    return min(known) if condition.above is not None else max(known)


def _worst(rule: AlertRule, condition: Condition, series: Series, until: int) -> float | None:
    """Of a rule for each value of a label the value furthest towards its bound."""
    back = MINUTE if condition.kind is FigureKind.NEWEST else condition.window_ns
    if condition.kind is FigureKind.RISE:
        return rise_of(condition, series, until - back, until)
    part = series.within(until - back, until)
    parts = [part.labelled([name]) for name in part.by_label()] if rule.each else [part]
    values = [value for each in parts if (value := _value(condition, each)) is not None]
    return (max if condition.above is not None else min)(values, default=None)


def _value(condition: Condition, part: Series) -> float | None:
    if not part.count and condition.kind not in (FigureKind.TOTAL, FigureKind.COUNT):
        return None
    if condition.at_least_n is not None and part.count < condition.at_least_n:
        return None
    return figure(condition, part).value
