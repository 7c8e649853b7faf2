"""A condition: one figure of what is measured, the window and labels that it is taken over, and its bound."""

from collections.abc import Mapping
from difflib import SequenceMatcher
from enum import StrEnum
from functools import cached_property
from typing import Annotated, Final, Self

from pydantic import BeforeValidator, Field, model_validator

from fairway.money.fraction import Fraction
from fairway.texts.durations import LENGTHS, as_setting
from fairway.texts.nearest import nearest
from fairway.texts.quantities import Duration, Measure, Quantity, Share
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.watch.external_metrics import ALL_METRICS
from fairway.watch.gauges import MetricKind, MetricSpec
from fairway.watch.indicators import BY_NAME, Measures
from fairway.watch.units import UNITS, in_its_unit
from fairway.world.clock import MINUTE, SECOND

WINDOW_NS: Final = 15 * MINUTE
"""The window of a figure of which a condition names none."""


class FigureKind(StrEnum):
    """What is computed. Each is a key of a condition, and the value of the key is what it is computed of."""

    NEWEST = "newest"
    MEAN = "mean"
    TOTAL = "total"
    COUNT = "count"
    BAD_COUNT = "bad_count"
    BAD_SHARE = "bad_share"
    QUANTILE = "quantile"
    RISE = "rise"
    AGE = "age"
    GAUGE = "gauge"
    INCREASE = "increase"
    RATIO_OF_INCREASES = "ratio_of_increases"


OF_METRICS: Final = frozenset({FigureKind.AGE, FigureKind.GAUGE, FigureKind.INCREASE, FigureKind.RATIO_OF_INCREASES})
"""Computed of a metric by its Prometheus name; the others are computed of an indicator, and a quantile of either."""
WINDOWLESS: Final = frozenset({FigureKind.NEWEST, FigureKind.AGE, FigureKind.GAUGE})
OF_RATIOS: Final = frozenset({FigureKind.BAD_COUNT, FigureKind.BAD_SHARE})
COUNTED: Final = frozenset({FigureKind.COUNT, FigureKind.BAD_COUNT, FigureKind.INCREASE})
"""Figures that are 0 where nothing happened."""


class SampleChoice(StrEnum):
    """Which of several samples of a gauge counts."""

    WORST = "worst"
    """The one that is furthest beyond the bound."""
    SUM = "sum"


def _words(value: object) -> object:
    return (value,) if isinstance(value, str) else value


Words = Annotated[tuple[str, ...], BeforeValidator(_words), Field(examples=["P0"])]
"""One word or a list of them."""


class Condition(Section):
    """Exactly one figure, and exactly one bound."""

    newest: str = Field(default="", description="The newest value of an indicator", examples=["data_age"])
    mean: str = Field(default="", description="The mean of an indicator", examples=["order_ack"])
    total: str = Field(default="", description="The sum of an indicator", examples=["trade_pnl"])
    count: str = Field(default="", description="How many observations of an indicator", examples=["alerts"])
    bad_count: str = Field(default="", description="How many bad observations of a ratio", examples=["protected"])
    bad_share: str = Field(default="", description="The share of bad observations of a ratio", examples=["order_success"])
    quantile: str = Field(default="", description="A quantile of an indicator, or of a histogram", examples=["order_confirm"])
    rise: str = Field(default="", description="The rise of an indicator over the window", examples=["rss"])
    age: str = Field(default="", description="The time since the instant in a gauge", examples=["fairway_measured_at_seconds"])
    gauge: str = Field(default="", description="The value of a gauge", examples=["fairway_safe_mode"])
    increase: str = Field(default="", description="The increase of a counter", examples=["fairway_process_crashes_total"])
    ratio_of_increases: tuple[str, ...] = Field(
        default=(),
        description="The increase of one counter by that of another",
        examples=["[model_fallbacks_total, model_predictions_total]"],
    )
    q: Share = Field(default=Fraction.parse("95 %"), description="Which quantile", examples=["95 %"])
    labels: dict[str, Words] = Field(
        default_factory=dict, description="Only what bears these labels", examples=["{severity: P0}"]
    )
    samples: SampleChoice = Field(
        default=SampleChoice.WORST, description="Of several samples of a gauge: `worst` or `sum`", examples=["sum"]
    )
    within: Duration | None = Field(default=None, description="The window", examples=["15m"])
    at_least_n: int | None = Field(default=None, description="Fewer observations do not fire", examples=["10"], ge=1)
    above: Measure | None = Field(default=None, description="Fires above this", examples=["10 %"])
    below: Measure | None = Field(default=None, description="Fires below this", examples=["10 %"])

    @model_validator(mode="after")
    def _fits(self) -> Self:
        kinds = [kind for kind in FigureKind if getattr(self, kind.value)]
        if len(kinds) != 1:
            what = f"stands beside {kinds[0].value}: a condition has one figure" if kinds else f"is missing, or one of {_KINDS}"
            raise misfit(kinds[1].value if kinds else "newest", what, None if kinds else "bad_share: order_success")
        if (self.above is None) == (self.below is None):
            raise misfit("above", "stands beside below, or both are missing: a condition has one bound", "above: 10 %")
        _check_of(self)
        _check_window(self)
        _check_bound(self)
        return self

    @cached_property
    def kind(self) -> FigureKind:
        return next(kind for kind in FigureKind if getattr(self, kind.value))

    @cached_property
    def of(self) -> str:
        """The indicator or metric; of a ratio of increases, the counter above."""
        found = getattr(self, self.kind.value)
        return found if isinstance(found, str) else found[0]

    @property
    def per(self) -> str:
        """Of a ratio of increases, the counter below; else ""."""
        return self.ratio_of_increases[1] if len(self.ratio_of_increases) == 2 else ""

    @cached_property
    def is_of_metric(self) -> bool:
        return self.kind in OF_METRICS or (self.kind is FigureKind.QUANTILE and self.of not in BY_NAME)

    @property
    def window_ns(self) -> int:
        return self.within or WINDOW_NS

    @property
    def bound(self) -> Quantity:
        bound = self.above if self.above is not None else self.below
        assert bound is not None
        return bound

    @cached_property
    def limit(self) -> float:
        """The bound as a number: seconds, bytes, a share of one, dollars, or a count."""
        return limit_of(self, self.bound)

    def is_beyond(self, value: float) -> bool:
        return value > self.limit if self.above is not None else value < self.limit


_KINDS: Final = ", ".join(FigureKind)


def limit_of(condition: Condition, bound: Quantity) -> float:
    """The bound in the unit of the condition's figure. Raises ValueError, in words that continue a sentence."""
    kind = condition.kind
    if kind in (FigureKind.COUNT, FigureKind.BAD_COUNT, FigureKind.INCREASE):
        return float(bound.in_unit(""))
    if kind in (FigureKind.BAD_SHARE, FigureKind.RATIO_OF_INCREASES):
        return float(bound.in_unit("%")) / 100
    if kind is FigureKind.AGE:
        return float(bound.in_unit("s"))
    if condition.is_of_metric:
        spec = ALL_METRICS.get(condition.of)
        return _of_gauge(bound, spec.unit) if spec is not None else base_number(bound)
    if kind is FigureKind.RISE and bound.unit in ("%", "bps"):
        return float(bound.in_unit("%")) / 100
    return in_its_unit(bound, BY_NAME[condition.of].measures)


def _of_gauge(bound: Quantity, unit: str) -> float:
    return float(bound.in_unit(unit)) / (100 if unit == "%" else 1)


def base_number(bound: Quantity) -> float:
    """Seconds for a time, a share of one for a percentage, bytes for a size; any other number as it is written."""
    if bound.unit in LENGTHS:
        return float(bound.in_unit("s"))
    if bound.unit in ("%", "bps"):
        return float(bound.in_unit("%")) / 100
    return float(bound.in_unit("B")) if bound.unit.endswith("B") else float(bound.value)


def _check_of(condition: Condition) -> None:
    """Raises a misfit where what is measured does not exist, or the figure cannot be computed of it."""
    kind, of = condition.kind, condition.of
    if kind is FigureKind.RATIO_OF_INCREASES and len(condition.ratio_of_increases) != 2:
        raise misfit("ratio_of_increases", "needs two counters")
    if condition.is_of_metric:
        for name in filter(None, (of, condition.per)):
            _check_metric(condition, name)
        return
    indicator = BY_NAME.get(of)
    if indicator is None:
        raise misfit(kind.value, "is no indicator", f"{kind.value}: {nearest(of, BY_NAME)}" if nearest(of, BY_NAME) else None)
    if (indicator.measures is Measures.GOOD) != (kind in OF_RATIOS) and kind is not FigureKind.COUNT:
        ratio = "is a ratio: ask for its bad_share" if indicator.measures is Measures.GOOD else "is no ratio"
        raise misfit(kind.value, ratio, f"bad_share: {of if indicator.measures is Measures.GOOD else 'order_success'}")
    _check_labels(condition, (indicator.label,) if indicator.label else ())


_MISSPELT: Final = 0.85
"""A histogram whose name is so like an indicator's is taken for a mistake."""


def _check_metric(condition: Condition, name: str) -> None:
    """A metric of another program may have any name; one of Fairway's is declared."""
    spec = ALL_METRICS.get(name)
    if spec is None:
        meant = nearest(name, BY_NAME)
        if condition.kind is FigureKind.QUANTILE and SequenceMatcher(None, name, meant).ratio() > _MISSPELT:
            raise misfit("quantile", "is no indicator", f"quantile: {meant}")
        if name.startswith("fairway_"):
            meant = nearest(name, ALL_METRICS)
            raise misfit(condition.kind.value, "is no metric of Fairway", f"{condition.kind.value}: {meant}" if meant else None)
        return
    if condition.kind is FigureKind.AGE and not spec.is_instant:
        raise misfit("age", "is no instant", "age: fairway_measured_at_seconds")
    if (condition.kind is FigureKind.GAUGE) != (spec.kind is MetricKind.GAUGE) and condition.kind is not FigureKind.AGE:
        raise misfit(condition.kind.value, f"is a {spec.kind}")
    _check_labels(condition, spec.labels)


def _check_labels(condition: Condition, known: tuple[str, ...]) -> None:
    for label in condition.labels:
        if label not in known:
            has = f"has the labels {', '.join(known)}" if known else "has no label"
            raise misfit(f"labels.{label}", f"is no label of {condition.of}, which {has}", "")


def _check_window(condition: Condition) -> None:
    if condition.within is None and condition.kind not in WINDOWLESS:
        raise misfit("within", "is missing", "within: 15m")
    if condition.within is not None and condition.within < SECOND:
        raise misfit("within", "is shorter than a second", "within: 15m")


def _check_bound(condition: Condition) -> None:
    key = "above" if condition.above is not None else "below"
    try:
        limit_of(condition, condition.bound)
    except ValueError as error:
        raise misfit(key, f"'{condition.bound}' {error}", f"{key}: {right_bound(condition)}") from None


def right_bound(condition: Condition) -> str:
    """A bound with the unit that the condition's figure has."""
    kind = condition.kind
    if kind in COUNTED:
        return "5"
    if kind in (FigureKind.BAD_SHARE, FigureKind.RATIO_OF_INCREASES, FigureKind.RISE):
        return "5 %"
    if kind is FigureKind.AGE:
        return "180 s"
    unit = spec.unit if (spec := spec_of(condition)) is not None else UNITS.get(BY_NAME[condition.of].measures, "")
    return f"5 {unit}".rstrip()


def spec_of(condition: Condition) -> MetricSpec | None:
    """The declared metric that it is of; None for an indicator, and for a metric that is not declared."""
    return ALL_METRICS.get(condition.of) if condition.is_of_metric else None


def labels_of(condition: Condition) -> tuple[str, ...]:
    """The labels that its samples bear, as far as they are declared."""
    spec = spec_of(condition)
    if spec is not None:
        return spec.labels
    indicator = BY_NAME.get(condition.of)
    return (indicator.label,) if indicator is not None and indicator.label else ()


def bears(wanted: Mapping[str, tuple[str, ...]], labels: Mapping[str, str]) -> bool:
    """Whether a sample with these labels is one that a condition asks for."""
    return all(labels.get(name) in allowed for name, allowed in wanted.items())


def figure_words(condition: Condition) -> str:
    """The figure for people: `share of bad order_success within 15m`."""
    kind, window = condition.kind, f" within {as_setting(condition.within)}" if condition.within is not None else ""
    of = f"{condition.of}{{{_label_words(condition.labels)}}}" if condition.labels else condition.of
    match kind:
        case FigureKind.QUANTILE:
            return f"{condition.q} quantile of {of}{window}"
        case FigureKind.GAUGE:
            return f"sum of {of}" if condition.samples is SampleChoice.SUM else of
        case FigureKind.RATIO_OF_INCREASES:
            return f"increase of {of} by {condition.per}{window}"
        case _:
            return f"{_FIGURE_WORDS[kind]} {of}{window}"


_FIGURE_WORDS: Final = {
    FigureKind.NEWEST: "newest",
    FigureKind.MEAN: "mean",
    FigureKind.TOTAL: "total",
    FigureKind.COUNT: "count of",
    FigureKind.BAD_COUNT: "count of bad",
    FigureKind.BAD_SHARE: "share of bad",
    FigureKind.RISE: "rise of",
    FigureKind.AGE: "age of",
    FigureKind.INCREASE: "increase of",
}


def _label_words(labels: Mapping[str, tuple[str, ...]]) -> str:
    return ", ".join(f"{name}={'|'.join(values)}" for name, values in labels.items())


def condition_words(condition: Condition) -> str:
    """The whole condition for people: `share of bad order_success within 15m above 10 %, of at least 10`."""
    word = "above" if condition.above is not None else "below"
    least = f", of at least {condition.at_least_n}" if condition.at_least_n is not None else ""
    return f"{figure_words(condition)} {word} {condition.bound}{least}"
