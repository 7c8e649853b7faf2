"""Writes a rule's condition as PromQL, on the names under which Fairway exposes what the rule measures.

No exposed label names an account: such samples are combined, so a rule for each account becomes one for all of them together.
"""

from collections.abc import Iterable
from typing import Final

from fairway.alerting.condition import Condition, FigureKind, SampleChoice
from fairway.alerting.rule import AlertRule
from fairway.texts.durations import LENGTHS
from fairway.watch.gauges import PRIVATE
from fairway.watch.indicators import BY_NAME, Measures
from fairway.watch.metric_names import PREFIX, is_histogram, sample_name

_UNITS: Final = ("w", "d", "h", "m", "s", "ms")


def expression(rule: AlertRule) -> str:
    """The whole condition of a rule."""
    each = public(rule.each)
    parts = [of_condition(condition, each) for condition in rule.alternatives]
    whole = " or ".join(parts) if len(parts) == 1 else " or ".join(f"({part})" for part in parts)
    if rule.only_while is None:
        return whole
    return f"({whole}) and on() ({of_condition(rule.only_while, '')})"


def public(each: str) -> str:
    """The label that a rule is evaluated for each of, "" where the exposition does not show it."""
    return "" if each in PRIVATE else each


def of_condition(condition: Condition, each: str) -> str:
    """One figure compared with its bound, with the least number of observations where one is asked for."""
    figure = _figure(condition, each)
    sign = ">" if condition.above is not None else "<"
    compared = f"{figure} {sign} {condition.limit:.12g}"
    counted = _observations(condition, each)
    if condition.at_least_n is None or not counted:
        return compared
    return f"({compared}) and {counted} >= {_least(condition)}"


def _least(condition: Condition) -> str:
    """Prometheus extrapolates an increase, which may be a little less than the number."""
    assert condition.at_least_n is not None
    return f"{condition.at_least_n - 0.5:.12g}"


def _figure(condition: Condition, each: str) -> str:
    if condition.is_of_metric:
        return _of_metric(condition, each)
    return _of_indicator(condition, each)


def _of_metric(condition: Condition, each: str) -> str:
    window, of = _window(condition), _selected(condition.of, condition)
    match condition.kind:
        case FigureKind.GAUGE:
            return _folded(_worst(condition), each, of)
        case FigureKind.AGE:
            fold = "min" if condition.above is not None else "max"
            return f"time() - {_folded(fold, each, f'({of} > 0)')}"
        case FigureKind.INCREASE:
            return _folded("sum", each, f"increase({of}[{window}])")
        case FigureKind.QUANTILE:
            return _quantile(condition, each, _selected(f"{condition.of}_bucket", condition), "increase")
        case _:
            per = _folded("sum", each, f"increase({_selected(condition.per, condition)}[{window}])")
            part = _folded("sum", each, f"increase({of}[{window}])")
            return f"{part} / ({per} > 0)"


def _worst(condition: Condition) -> str:
    if condition.samples is SampleChoice.SUM:
        return "sum"
    return "max" if condition.above is not None else "min"


def _of_indicator(condition: Condition, each: str) -> str:
    indicator, window = BY_NAME[condition.of], _window(condition)
    of = _selected(sample_name(indicator), condition)
    kind, is_ratio = condition.kind, indicator.measures is Measures.GOOD
    if kind is FigureKind.COUNT:
        counted = f"{PREFIX}{indicator.name}_all_total" if is_ratio else sample_name(indicator, "_count")
        return _folded("sum", each, f"increase({_selected(counted, condition)}[{window}])")
    if kind in (FigureKind.BAD_COUNT, FigureKind.BAD_SHARE):
        good, every = (_selected(f"{PREFIX}{indicator.name}_{part}_total", condition) for part in ("good", "all"))
        some = _folded("sum", each, f"increase({good}[{window}])")
        whole = _folded("sum", each, f"increase({every}[{window}])")
        bad = f"({whole} - {some})"
        return bad if kind is FigureKind.BAD_COUNT else f"{bad} / ({whole} > 0)"
    if kind is FigureKind.RISE:
        return _rise(condition, each, of)
    if indicator.every_s is not None and not is_histogram(indicator):
        return _of_samples(condition, each, of)
    if kind is FigureKind.QUANTILE:
        return _quantile(condition, each, _selected(sample_name(indicator, "_bucket"), condition), "increase")
    if kind is FigureKind.NEWEST:
        return _folded(_worst(condition), each, of)
    total = _folded("sum", each, f"delta({_selected(sample_name(indicator, '_sum'), condition)}[{window}])")
    if kind is FigureKind.TOTAL:
        return total
    count = _folded("sum", each, f"increase({_selected(sample_name(indicator, '_count'), condition)}[{window}])")
    return f"{total} / ({count} > 0)"


def _of_samples(condition: Condition, each: str, of: str) -> str:
    """Of a value that comes by the clock and is exposed as a gauge."""
    window = _window(condition)
    match condition.kind:
        case FigureKind.NEWEST:
            return _folded(_worst(condition), each, of)
        case FigureKind.MEAN:
            return _folded(_worst(condition), each, f"avg_over_time({of}[{window}])")
        case FigureKind.TOTAL:
            return _folded("sum", each, f"sum_over_time({of}[{window}])")
        case _:
            return _folded(_worst(condition), each, f"quantile_over_time({_share(condition)}, {of}[{window}])")


def _rise(condition: Condition, each: str, of: str) -> str:
    window = _window(condition)
    risen = f"({of} - {of} offset {window})"
    return _folded(_worst(condition), each, f"{risen} / {of} offset {window}" if condition.bound.unit in ("%", "bps") else risen)


def _quantile(condition: Condition, each: str, buckets: str, function: str) -> str:
    labels = ", ".join(label for label in ("le", each) if label)
    return f"histogram_quantile({_share(condition)}, sum by ({labels}) ({function}({buckets}[{_window(condition)}])))"


def _share(condition: Condition) -> str:
    return f"{condition.q.value:.6g}"


def _observations(condition: Condition, each: str) -> str:
    """How many observations the window has, "" where the figure itself is a count of them or has none."""
    window = _window(condition)
    if condition.is_of_metric:
        name = {FigureKind.QUANTILE: f"{condition.of}_count", FigureKind.RATIO_OF_INCREASES: condition.per}.get(
            condition.kind, ""
        )
    else:
        indicator = BY_NAME[condition.of]
        if indicator.measures is Measures.GOOD:
            name = f"{PREFIX}{indicator.name}_all_total"
        else:
            name = sample_name(indicator, "_count")
            if indicator.every_s is not None and not is_histogram(indicator):
                return _folded("sum", each, f"count_over_time({_selected(sample_name(indicator), condition)}[{window}])")
    return _folded("sum", each, f"increase({_selected(name, condition)}[{window}])") if name else ""


def _folded(how: str, each: str, inner: str) -> str:
    by = f" by ({each}) " if each else ""
    return f"{how}{by}{inner}" if inner.startswith("(") and inner.endswith(")") else f"{how}{by}({inner})"


def _selected(name: str, condition: Condition) -> str:
    """The name with the condition's labels, as far as they are exposed."""
    labels = [_matcher(label, values) for label, values in condition.labels.items() if label not in PRIVATE]
    return f"{name}{{{', '.join(labels)}}}" if labels else name


def _matcher(label: str, values: Iterable[str]) -> str:
    several = list(values)
    if len(several) == 1:
        return f'{label}="{_escaped(several[0])}"'
    return f'{label}=~"{"|".join(_escaped(each) for each in several)}"'


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")


def _window(condition: Condition) -> str:
    return promql_duration(condition.window_ns)


def promql_duration(ns: int) -> str:
    """`15m`, `24h`: in the largest unit that leaves a whole number."""
    for unit in _UNITS:
        if ns and ns % LENGTHS[unit] == 0 and unit not in ("w", "d"):
            return f"{ns // LENGTHS[unit]}{unit}"
    return f"{ns // LENGTHS['ms']}ms" if ns else "0s"
