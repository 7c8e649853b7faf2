"""Mean: an average is proven to be at most so high, together with a bound on its tail, which an average hides."""

from typing import Self

from pydantic import Field, model_validator

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.autocorrelation import autocorrelation_time, design_effect
from fairway.launch.gates.statistics.betting import ENOUGH
from fairway.launch.gates.statistics.bursts import LONGEST, needed_without_failure
from fairway.launch.gates.statistics.failure_counts import at_most
from fairway.launch.gates.statistics.mean_test import MeanBound, evidence_needed, mean_above_cap, mean_of
from fairway.launch.gates.statistics.proportion_test import (
    Conclusion,
    ShareClaim,
    StrengthSettings,
    assess_share,
    check_share,
    conclude,
)
from fairway.launch.gates.statistics.series_gate import Assessment, Window, e_value, indicators, judge_series, sequence_of
from fairway.launch.gates.verdict import Result, Verdict
from fairway.texts.quantities import Measure, Share
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.watch.indicators import Measures


class Tail(Section):
    """At most so high in at least a share of all observations."""

    q: Share = Field(description="In at least this share of all observations …", examples=["99 %"])
    at_most: Measure = Field(description="… at most so high", examples=["2400 ms"])


class MeanSettings(StrengthSettings):
    MEASURES = (Measures.SECONDS, Measures.BYTES, Measures.MESSAGES)
    at_most: Measure = Field(description="Most that the mean may be", examples=["800 ms"])
    tail: Tail = Field(
        description="The bound on its tail, without which there is no mean", examples=["{q: 99 %, at_most: 2400 ms}"]
    )

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        check_share("tail.q", self.tail.q)
        if not 0 < self.bound("at_most") < self.bound("tail.at_most"):
            raise misfit("tail.at_most", f"'{self.tail.at_most}' must be above at_most, and that above 0", "at_most: 2400 ms")
        return self

    @property
    def mean_bound(self) -> MeanBound:
        """To prove it values are capped at the tail's bound; how many lie beyond is the tail's own question."""
        return MeanBound(self.bound("at_most"), 0.0, self.bound("tail.at_most"))


def judge(settings: MeanSettings, facts: Facts) -> Verdict:
    claim = ShareClaim(float(settings.tail.q.value), at_most(settings.mean_bound.high), "TAIL")

    def statistics(window: Window) -> Assessment:
        tail = assess_share(settings, facts, window, claim, {"tail_at_most": settings.mean_bound.high}, autocorrelation_time)
        return _mean_found(settings, facts, window) if tail.result is Result.PASS else tail

    return judge_series(settings, facts, statistics)


def _mean_found(settings: MeanSettings, facts: Facts, window: Window) -> Assessment:
    mean_bound, alone = settings.mean_bound, design_effect(window)
    part, number = sequence_of(settings, facts, window)
    below, above, asked = (
        mean_bound.evidence_below(part, alone),
        mean_bound.evidence_above(window, min(alone, LONGEST)),
        evidence_needed(number),
    )
    beyond, mean = mean_above_cap(window, mean_bound.high), mean_of(window)
    numbers = {
        "n": window.n,
        "mean": mean,
        "at_most": mean_bound.at,
        "cut_off": beyond,
        "alike": alone,
        "evidence_for": e_value(below),
        "asked": e_value(asked),
        "evidence_against": e_value(above),
    }
    known = Conclusion.of(proven=below >= asked, disproven=above >= ENOUGH)
    said = conclude("MEAN", known, settings.strength, numbers, lambda: mean_bound.needed(mean_bound.low, part, alone, asked))
    if said.result is Result.PASS and beyond and mean > mean_bound.at:
        return Assessment(Result.INSUFFICIENT, "MEAN_CUT_OFF", numbers)
    return said


def passing_facts(settings: MeanSettings) -> Facts:
    """All without any delay."""
    needed = (settings.mean_bound.needed(0.0) or 1, needed_without_failure(float(settings.tail.q.value)) or 1)
    return facts_of(settings, max(needed), 0.0)


def failing_facts(settings: MeanSettings) -> Facts:
    """All between the two bounds, so that only the mean is wrong."""
    middle = (settings.mean_bound.at + settings.mean_bound.high) / 2
    needed = max(settings.mean_bound.needed_above(middle) or 1, len(passing_facts(settings).series[settings.of]))
    return facts_of(settings, needed, middle)


GATE = Gate(
    "mean",
    MeanSettings,
    judge,
    indicators,
    question="Is an average, such as that of acknowledgements, at most so high, and does its tail not hide behind it?",
    formula="Values are capped at the tail's bound B. Gamblers bet shares c of what they have against 'the mean is at least "
    "m': each observation x multiplies the wealth by 1 + c·(m − x)/(B − m), mixed over seven c; others bet, with nothing capped, "
    "against 'at most m'. The logarithm of the wealth is divided by how many observations say as much as one. PASS where the "
    "first have 20, the tail passes as a quantile, and the mean of all that was observed, with what was cut off, is at most m; "
    "FAIL where the others have 20.",
    reference="Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting (J. R. Stat. Soc. B, 2024)",
    example="{name: ack, gate: mean, of: order_ack, at_most: 800 ms, tail: {q: 99 %, at_most: 2400 ms}}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    needs_rate=True,
    assumptions="Observations that share a cause are of one instant, or of other accounts within a minute; likeness to earlier "
    "ones is seen in the newest 4,096; beyond the cap lies no more than was seen there",
    limitations="Observations count for fewer as they are more alike, so the verdict is INSUFFICIENT for longer; a mean that a "
    "tail never seen would carry above the bound passes",
)
