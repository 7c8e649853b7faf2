"""Quantile: so large a share of observations is proven to be no higher than a bound, such as 95 % of answers in 500 ms."""

from typing import Self

import numpy as np
from pydantic import Field, model_validator

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.autocorrelation import autocorrelation_time
from fairway.launch.gates.statistics.bursts import needed_without_failure
from fairway.launch.gates.statistics.failure_counts import at_most
from fairway.launch.gates.statistics.proportion_test import ShareClaim, Strength, StrengthSettings, assess_share, check_share
from fairway.launch.gates.statistics.series_gate import Assessment, Window, indicators, judge_series
from fairway.launch.gates.verdict import Verdict
from fairway.texts.quantities import Measure, Share
from fairway.watch.indicators import Measures


class QuantileSettings(StrengthSettings):
    MEASURES = (Measures.SECONDS, Measures.BYTES, Measures.BASIS_POINTS, Measures.DOLLARS, Measures.MESSAGES)
    q: Share = Field(description="In at least this share of all observations …", examples=["95 %"])
    at_most: Measure = Field(description="… at most so high")

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        check_share("q", self.q)
        self.bound("at_most")
        return self


def judge(settings: QuantileSettings, facts: Facts) -> Verdict:
    bound = settings.bound("at_most")
    claim = ShareClaim(float(settings.q.value), at_most(bound), "QUANTILE")

    def statistics(window: Window) -> Assessment:
        return assess_share(settings, facts, window, claim, {"at_most": bound}, autocorrelation_time)

    return judge_series(settings, facts, statistics)


def passing_facts(settings: QuantileSettings) -> Facts:
    needed = needed_without_failure(float(settings.q.value)) if settings.strength is Strength.PROVEN else 1
    return facts_of(settings, needed or 1, settings.bound("at_most"))


def failing_facts(settings: QuantileSettings) -> Facts:
    """As many as would have passed, and each a little beyond the bound."""
    beyond = float(np.nextafter(settings.bound("at_most"), np.inf))
    return facts_of(settings, len(passing_facts(settings).series[settings.of]), beyond)


GATE = Gate(
    "quantile",
    QuantileSettings,
    judge,
    indicators,
    question="Is a high quantile, such as the 95th percentile of a latency, at most so high?",
    formula="The q-quantile is at most L exactly where at least a share q of all observations is at most L: so it is judged "
    "as a proportion, of so many fewer observations as neighbouring values are alike (the integrated autocorrelation time of "
    "their ranks). Percentiles of parts are never averaged.",
    reference="As proportion. For a fixed number of observations the same question takes 59 without an excess at 95 % (Wilks, "
    "Ann. Math. Stat., 1941)",
    example="{name: p95, gate: quantile, of: order_ack, q: 95 %, at_most: 500 ms}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    needs_rate=True,
    assumptions="As proportion; and how alike values are is seen in the newest 4,096",
    limitations="As proportion; the more alike neighbours are, the fewer they count for: INSUFFICIENT for longer",
)
