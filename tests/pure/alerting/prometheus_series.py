"""Series for promtool's unit tests, made from a rule's own words: values at equal steps: good, then bad, then good again."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from tests.pure.alerting.worlds import SUBJECT, UNITS

from fairway.alerting.condition import Condition, FigureKind
from fairway.alerting.rule import AlertRule
from fairway.watch.indicators import BY_NAME, Measures
from fairway.world.clock import MINUTE, SECOND

STEP_MAX_S = 240
"""Asked for its value at an instant, Prometheus takes a sample for gone after five minutes."""
SUFFIXES = {
    Measures.SECONDS: "_seconds",
    Measures.BYTES: "_bytes",
    Measures.MESSAGES: "_messages",
    Measures.DOLLARS: "_dollars",
    Measures.BASIS_POINTS: "",
}
GAUGES = ("data_age", "loop_lag", "rss", "consumer_lag")


@dataclass(frozen=True)
class Phases:
    """step_s: between two samples. good, bad, again: samples of each phase."""

    step_s: int
    good: int
    bad: int
    again: int

    @property
    def ends(self) -> tuple[int, int, int]:
        """Seconds at which each phase ends."""
        return tuple((count - 1) * self.step_s for count in (self.good, self.good + self.bad, self.good + self.bad + self.again))  # type: ignore[return-value]


def phases(rule: AlertRule) -> Phases:
    window_s = max((each.within or MINUTE) for each in rule.alternatives) // SECOND
    step = max(15, window_s // 20)
    if any(_is_looked_at(each) for each in rule.alternatives):
        step = min(STEP_MAX_S, step)
    oldest_s = max((number(each) for each in rule.alternatives if each.kind is FigureKind.AGE), default=0.0)
    step = max(step, min(STEP_MAX_S, round(oldest_s / 20)))
    good = round(window_s * 1.3 / step) + 3
    bad = round((window_s * 1.3 + oldest_s * 1.3 + rule.lasts / SECOND * 1.3) / step) + 3
    again = round((window_s * 1.3 + rule.clears_after / SECOND) / step) + 4
    return Phases(step, good, bad, again)


def _is_looked_at(condition: Condition) -> bool:
    """Whether an expression asks for its value at an instant, and not only over a window."""
    return condition.within is None or condition.kind is FigureKind.RISE or condition.of in GAUGES


def number(condition: Condition) -> float:
    quantity = condition.above if condition.above is not None else condition.below
    assert quantity is not None
    return float(quantity.value) * float(UNITS[quantity.unit])


def worse(condition: Condition) -> float:
    """Clearly beyond the bound."""
    at = number(condition)
    if condition.kind is FigureKind.BAD_SHARE:
        return min(1.0, at * 1.5)
    away = max(abs(at) * 0.5, 1e-3 if condition.within else 1.0)
    return at + away if condition.above is not None else at - away


def better(condition: Condition) -> float:
    """Clearly within the bound."""
    at = number(condition)
    return at - abs(at) * 0.5 if condition.above is not None else at + max(abs(at) * 0.5, 1.0)


Samples = dict[str, list[float]]


def samples(rule: AlertRule, place: int, *, is_bad: bool = True) -> Samples:
    """By series with its labels: one value for each step. The bad phase shows the alternative of a place beyond its bound.

    is_bad: False where it shows it near the bound only.
    """
    found: Samples = {}
    ways = phases(rule)
    each = rule.each if rule.each != "account" else ""
    for number_, condition in enumerate(rule.alternatives):
        bad = worse(condition) if number_ == place and is_bad else better(condition)
        found |= dict(_of(condition, each, better(condition), bad, ways))
    if rule.only_while is not None:
        found |= dict(_of(rule.only_while, "", 1.0, 1.0, ways))
    return found


def _of(condition: Condition, each: str, good: float, bad: float, ways: Phases) -> Iterator[tuple[str, list[float]]]:
    labels = {name: values[-1] for name, values in condition.labels.items()} | ({each: SUBJECT} if each else {})
    window = (condition.within or MINUTE) / SECOND
    per_step = max(20.0, 3 * (condition.at_least_n or 0))

    def gauge(of: Callable[[float], float]) -> list[float]:
        return [of(good)] * ways.good + [of(bad)] * ways.bad + [of(good)] * ways.again

    def counter(of: Callable[[float], float]) -> list[float]:
        values, at = [], 0.0
        for rate in gauge(of):
            at += rate
            values.append(at)
        return values

    match condition.kind:
        case FigureKind.GAUGE:
            yield named(condition.of, labels), gauge(lambda value: value)
        case FigureKind.AGE:
            instants = [place * ways.step_s for place in range(ways.good + ways.bad + ways.again)]
            stops = ways.good - 1
            for place in range(ways.good, ways.good + ways.bad):
                instants[place] = instants[stops] if bad != good else instants[place]
            yield named(condition.of, labels), [float(at + 1) for at in instants]
        case FigureKind.INCREASE:
            yield named(condition.of, labels), counter(lambda value: max(0.0, value) * ways.step_s / window)
        case FigureKind.RATIO_OF_INCREASES:
            yield named(condition.ratio_of_increases[0], labels), counter(lambda value: value * per_step)
            yield named(condition.ratio_of_increases[1], labels), counter(lambda value: per_step)
        case _:
            yield from _of_indicator(condition, labels, gauge, counter, per_step, ways.step_s / window)


Made = Callable[[Callable[[float], float]], list[float]]


def _of_indicator(
    condition: Condition, labels: dict[str, str], gauge: Made, counter: Made, per_step: float, share: float
) -> Iterator[tuple[str, list[float]]]:
    name, kind = condition.of, condition.kind
    indicator = BY_NAME.get(name)
    suffix = SUFFIXES.get(indicator.measures, "") if indicator is not None else ""
    base = name if indicator is None else f"fairway_{name.removesuffix(suffix)}{suffix}"
    if kind is FigureKind.COUNT:
        yield named(f"fairway_{name}_total", labels), counter(lambda value: max(0.0, value) * share)
    elif kind in (FigureKind.BAD_SHARE, FigureKind.BAD_COUNT):
        is_count = kind is FigureKind.BAD_COUNT
        yield named(f"fairway_{name}_all_total", labels), counter(lambda value: per_step)
        yield (
            named(f"fairway_{name}_good_total", labels),
            counter(lambda value: per_step - (float(value > 0) if is_count else value * per_step)),
        )
    elif kind is FigureKind.RISE:
        at, values = 1e8, []
        for rate in gauge(lambda value: value):
            at *= 1 + rate * share
            values.append(at)
        yield named(base, labels), values
    elif name in GAUGES:
        yield named(base, labels), gauge(lambda value: value)
    elif kind is FigureKind.QUANTILE:
        at = number(condition)
        for le, part in ((f"{at / 2:g}", 0.5), (f"{at:g}", None), (f"{at * 4:g}", 1.0), ("+Inf", 1.0)):
            yield (
                named(f"{base}_bucket", {**labels, "le": le}),
                counter(
                    lambda value, part=part: per_step * (part if part is not None else 0.9 if value > at else 1.0)  # type: ignore[misc]
                ),
            )
        yield named(f"{base}_count", labels), counter(lambda value: per_step)
    else:
        is_total = kind is FigureKind.TOTAL
        yield named(f"{base}_sum", labels), counter(lambda value: value * share if is_total else value * per_step)
        yield named(f"{base}_count", labels), counter(lambda value: per_step)


def named(name: str, labels: dict[str, str]) -> str:
    inner = ", ".join(f'{label}="{value}"' for label, value in labels.items())
    return f"{name}{{{inner}}}" if inner else name


def unit_test(rule: AlertRule, place: int, rules_file: str) -> dict[str, Any]:
    """A file for `promtool test rules`: no alert at the end of the good phase, one at the end of the bad one, and none again. The
    second test stays near the bound, and has no alert."""
    ways = phases(rule)
    labels = {"alertname": rule.name, "alertstate": "firing", "severity": rule.severity.value, "incident": rule.incident}
    firing = f"sum({named('ALERTS', {**labels, 'rule': rule.name})}) or vector(0)"
    tests = []
    for is_bad in (True, False):
        series = [
            {"series": name, "values": " ".join(f"{value:.12g}" for value in values)}
            for name, values in samples(rule, place, is_bad=is_bad).items()
        ]
        asked = [
            {"expr": firing, "eval_time": f"{at}s", "exp_samples": [{"labels": "{}", "value": float(is_bad and number_ == 1)}]}
            for number_, at in enumerate(ways.ends)
        ]
        tests.append({"interval": f"{ways.step_s}s", "input_series": series, "promql_expr_test": asked})
    return {"rule_files": [rules_file], "evaluation_interval": f"{ways.step_s}s", "tests": tests}
