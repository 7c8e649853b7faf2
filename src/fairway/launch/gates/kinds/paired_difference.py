"""Paired difference: the extra cost of live fills over the same signals' fills in shadow is proven to be below a bound."""

from typing import Final, Self

from pydantic import Field, model_validator

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.autocorrelation import design_effect
from fairway.launch.gates.statistics.betting import ENOUGH
from fairway.launch.gates.statistics.bursts import LONGEST
from fairway.launch.gates.statistics.mean_test import MeanBound, evidence_needed, mean_above_cap, mean_of
from fairway.launch.gates.statistics.proportion_test import Conclusion, StrengthSettings, conclude
from fairway.launch.gates.statistics.series_gate import Assessment, Window, e_value, indicators, judge_series, sequence_of
from fairway.launch.gates.verdict import Result, Verdict
from fairway.texts.quantities import Measure, Quantity
from fairway.texts.validation_errors import misfit
from fairway.watch.indicators import Measures

PAIRS_MIN: Final = 75
"""So many pairs of which none is beyond the cap say that fewer than four in a hundred are."""


class PairedDifferenceSettings(StrengthSettings):
    """Each observation is one pair: by how much (bps) the live fill was worse than the shadow's."""

    MEASURES = (Measures.BASIS_POINTS,)
    of: str = Field(default="live_vs_shadow_bps", examples=["live_vs_shadow_bps"])
    not_worse_than: Measure = Field(description="Most that live may be worse on average", examples=["3 bps"])
    winsorise: Measure = Field(
        default=Quantity.parse("20 bps"), description="A pair beyond that counts as this bad, or good", examples=["20 bps"]
    )

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        if not 0 <= self.bound("not_worse_than") < self.bound("winsorise"):
            raise misfit("not_worse_than", f"'{self.not_worse_than}' must be from 0 to below winsorise", "not_worse_than: 3 bps")
        return self

    @property
    def mean_bound(self) -> MeanBound:
        most = self.bound("winsorise")
        return MeanBound(self.bound("not_worse_than"), -most, most)


def judge(settings: PairedDifferenceSettings, facts: Facts) -> Verdict:
    mean_bound = settings.mean_bound

    def statistics(window: Window) -> Assessment:
        part, number = sequence_of(settings, facts, window)
        alone, asked, beyond, mean = (
            design_effect(window),
            evidence_needed(number),
            mean_above_cap(window, mean_bound.high),
            mean_of(window),
        )
        below, above = mean_bound.evidence_below(part, alone), mean_bound.evidence_above(window, min(alone, LONGEST))
        numbers = {
            "n": window.n,
            "mean_bps": mean,
            "not_worse_than_bps": mean_bound.at,
            "cut_off_bps": beyond,
            "alike": alone,
            "evidence_for": e_value(below),
            "asked": e_value(asked),
            "evidence_against": e_value(above),
        }
        known = Conclusion.of(proven=below >= asked, disproven=above >= ENOUGH)
        said = conclude("PARITY", known, settings.strength, numbers, lambda: _missing(mean_bound, part, alone, asked))
        return _bounded(said, mean_bound, window, mean, beyond) if said.code == "PARITY_PROVEN" else said

    return judge_series(settings, facts, statistics)


def _missing(mean_bound: MeanBound, part: Window, alone: float, asked: float) -> int | None:
    more = mean_bound.needed(mean_bound.low, part, alone, asked)
    return more and max(more, PAIRS_MIN - part.n)


def _bounded(said: Assessment, mean_bound: MeanBound, window: Window, mean: float, beyond: float) -> Assessment:
    """What lies beyond the cap was seen, and counts as much as it was; or so many pairs were seen that it is rare."""
    if window.n < PAIRS_MIN:
        return Assessment(Result.INSUFFICIENT, "PARITY_TAIL_UNSEEN", {**said.numbers, "needed": PAIRS_MIN}, PAIRS_MIN - window.n)
    return Assessment(Result.INSUFFICIENT, "PARITY_CUT_OFF", said.numbers) if beyond and mean > mean_bound.at else said


def passing_facts(settings: PairedDifferenceSettings) -> Facts:
    """Live a little better than shadow, as far as the bound is away from equal."""
    better = -settings.mean_bound.high / 2
    return facts_of(settings, max(settings.mean_bound.needed(better) or 1, PAIRS_MIN), better)


def failing_facts(settings: PairedDifferenceSettings) -> Facts:
    """All as bad as counts."""
    worst = settings.mean_bound.high
    return facts_of(settings, max(settings.mean_bound.needed_above(worst) or 1, settings.at_least_n), worst)


GATE = Gate(
    "paired_difference",
    PairedDifferenceSettings,
    judge,
    indicators,
    question="Are live fills no worse than those of the same signals in shadow, on average and but for a few basis points?",
    formula="Each pair's difference d, capped to ±w, multiplies the wealth of who bets against 'the mean is at least m' by 1 "
    "+ c·(m − d)/(w − m), mixed over seven c; the logarithm of the wealth is divided by how many pairs say as much as one. PASS "
    "where it is 20, 75 pairs were seen, and the mean of all of them, with what was cut off, is at most m; FAIL where those have "
    "20 who bet, with nothing capped above, against 'at most m'. The same signal on both sides takes the market out of the "
    "comparison. One signal is one pair, however many accounts follow it: they trade in the same seconds, so fifty of them are "
    "no fifty proofs.",
    reference="Waudby-Smith and Ramdas (2024), as mean; pairing: Student, Biometrika, 1908",
    example="{name: parity, gate: paired_difference, of: live_vs_shadow_bps, not_worse_than: 3 bps, at_least_n: 20}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    needs_rate=True,
    assumptions="One signal is one pair; likeness to earlier pairs is seen in the newest 4,096; of pairs beyond the cap fewer "
    "than four in a hundred",
    limitations="Alike pairs count for fewer: INSUFFICIENT for longer; a rarer tail that was never seen passes",
)
