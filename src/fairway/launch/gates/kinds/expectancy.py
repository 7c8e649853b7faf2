"""Expectancy: fails where the mean result of round trips is proven below a bound. Profit above it promotes no bot sooner."""

from math import inf
from typing import Self

from pydantic import Field, model_validator

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.autocorrelation import autocorrelation_time, cluster_effect, design_effect
from fairway.launch.gates.statistics.betting import ENOUGH
from fairway.launch.gates.statistics.bursts import needed_without_failure
from fairway.launch.gates.statistics.failure_counts import at_least
from fairway.launch.gates.statistics.mean_test import MeanBound, capped_mean, evidence_needed, mean_of
from fairway.launch.gates.statistics.proportion_test import ShareClaim, Strength, StrengthSettings, assess_share, check_share
from fairway.launch.gates.statistics.series_gate import Assessment, Window, e_value, indicators, judge_series, sequence_of
from fairway.launch.gates.verdict import Result, Verdict
from fairway.texts.quantities import Measure, Quantity, Share
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.watch.indicators import Measures


class LossTail(Section):
    """No worse than so much in at least a share of all results."""

    q: Share = Field(description="Of all results at least this share …", examples=["95 %"])
    at_least: Measure = Field(description="… loses no more than so much", examples=["-2 R"])


class ExpectancySettings(StrengthSettings):
    """winsorise: a result beyond that counts as this good, so that one lucky trade does not hide ten bad ones.

    strength: not_disproven stops what is provably below the line; proven asks for evidence that the mean is above it.
    """

    MEASURES = (Measures.R,)
    of: str = Field(default="trade_pnl_r", examples=["trade_pnl_r"])
    strength: Strength = Field(
        default=Strength.NOT_DISPROVEN,
        description="`not_disproven` fails where harm is proven; `proven` passes only where harm is ruled out, and takes a tail",
        examples=["not_disproven"],
    )
    not_below: Measure = Field(description="The mean below which it is harm; never zero or more", examples=["-0.2 R"])
    winsorise: Measure = Field(
        default=Quantity.parse("3 R"),
        description="A gain beyond that counts as this good; a loss counts as it was",
        examples=["3 R"],
    )
    tail: LossTail | None = Field(
        default=None,
        description="The bound on losses that `strength: proven` takes: a mean hides a rare and large one",
        examples=["{q: 95 %, at_least: -2 R}"],
    )
    at_least_n: int = Field(default=20, ge=2, le=10_000_000, examples=["20"])

    @model_validator(mode="after")
    def _is_harm(self) -> Self:
        """A line at or above zero would make of profit a condition of promotion, and a few weeks cannot prove profit."""
        if not -self.bound("winsorise") < self.bound("not_below") < 0:
            raise misfit(
                "not_below",
                f"'{self.not_below}' must be below 0 R and above -{self.winsorise}: losses may stop a launch, gains are no proof",
                "not_below: -0.2 R",
            )
        return self

    @model_validator(mode="after")
    def _has_its_tail(self) -> Self:
        if (self.strength is Strength.PROVEN) != (self.tail is not None):
            said = "is missing: strength proven takes it" if self.tail is None else "is of strength proven alone"
            raise misfit("tail", said, "strength: proven, tail: {q: 95 %, at_least: -2 R}")
        if self.tail is not None:
            check_share("tail.q", self.tail.q)
            if self.bound("tail.at_least") >= self.bound("not_below"):
                raise misfit("tail.at_least", f"'{self.tail.at_least}' must be below not_below", "at_least: -2 R")
        return self

    @property
    def mean_bound(self) -> MeanBound:
        """Gains are capped, losses are not: a proof of harm takes no bound on them, so each counts as large as it was."""
        return MeanBound(self.bound("not_below"), -inf, self.bound("winsorise"))

    @property
    def ruled_out(self) -> MeanBound | None:
        """Of losses instead of results: those beyond the tail's bound are capped; how many these are is the tail's question."""
        if self.tail is None:
            return None
        return MeanBound(-self.bound("not_below"), -self.bound("winsorise"), -self.bound("tail.at_least"), sign=-1.0)


def judge(settings: ExpectancySettings, facts: Facts) -> Verdict:
    mean_bound = settings.mean_bound

    def statistics(window: Window) -> Assessment:
        together = cluster_effect(window)
        below = mean_bound.evidence_below(window, together)
        numbers = {"n": window.n, "mean_r": mean_of(window), "not_below_r": mean_bound.at, "of_one_cause": together}
        numbers["evidence_against"] = e_value(below)
        if below >= ENOUGH:
            return Assessment(Result.FAIL, "HARM_PROVEN", numbers)
        ruled_out = settings.ruled_out
        if ruled_out is None:
            return Assessment(Result.PASS, "HARM_NOT_SHOWN", numbers)
        return _ruled_out(settings, ruled_out, facts, window, numbers)

    return judge_series(settings, facts, statistics)


def _ruled_out(
    settings: ExpectancySettings, mean_bound: MeanBound, facts: Facts, window: Window, numbers: dict[str, float | int]
) -> Assessment:
    """Whether the tail and the mean are proven, and the mean is above the line with its losses as large as they were, too."""
    assert settings.tail is not None
    claim = ShareClaim(float(settings.tail.q.value), at_least(-mean_bound.high), "TAIL")
    tail = assess_share(settings, facts, window, claim, {"tail_at_least_r": -mean_bound.high}, autocorrelation_time)
    if tail.result is not Result.PASS:
        return tail
    part, number = sequence_of(settings, facts, window)
    alone, asked = design_effect(window), evidence_needed(number)
    above = mean_bound.evidence_below(part, alone)
    told = {**numbers, "alike": alone, "evidence_for": e_value(above), "asked": e_value(asked)}
    if above < asked:
        return Assessment(Result.INSUFFICIENT, "HARM_NOT_RULED_OUT", told, mean_bound.needed(0.0, part, alone, asked))
    if capped_mean(window, -mean_bound.low) <= -mean_bound.at:
        return Assessment(Result.INSUFFICIENT, "HARM_IN_THE_TAIL", told)
    return Assessment(Result.PASS, "HARM_RULED_OUT", told)


def passing_facts(settings: ExpectancySettings) -> Facts:
    """Neither won nor lost: profit is not asked for."""
    if settings.ruled_out is None or settings.tail is None:
        return facts_of(settings, 1, 0.0)
    needed = (settings.ruled_out.needed(0.0) or 1, needed_without_failure(float(settings.tail.q.value)) or 1)
    return facts_of(settings, max(needed), 0.0)


def failing_facts(settings: ExpectancySettings) -> Facts:
    """Each as bad as a good one counts at most."""
    worst = -settings.mean_bound.high
    return facts_of(settings, settings.mean_bound.needed(worst) or 1, worst)


GATE = Gate(
    "expectancy",
    ExpectancySettings,
    judge,
    indicators,
    question="Is the expectancy, the mean result of a round trip in multiples of its risk (R), not proven to be below a bound, "
    "or proven to be above it?",
    formula="Gains are capped to w, losses are not. Each result r multiplies the wealth of who bets against 'the mean is at "
    "least h' by 1 + c·(h − r)/(w − h), mixed over seven c; its logarithm is divided by how many results of one cause, such as a "
    "signal that all accounts follow, say as much as one. FAIL where it is 20. With strength not_disproven all else passes, "
    "and no evidence lets it pass sooner: to tell a win rate of 55 % from 50 % takes 617 trades. With strength proven it is "
    "INSUFFICIENT until others, who bet against 'the mean is at most h', have 20: losses are capped at the tail's bound b, "
    "each r multiplies their wealth by 1 + c·(r − h)/(h − b), its logarithm is divided by how many results say as much as one, "
    "the tail passes as a quantile, and the mean with losses as large as they were is above h",
    reference="Waudby-Smith and Ramdas (2024), as mean; why profit proves nothing so soon: Bailey and López de Prado, The "
    "Sharpe ratio efficient frontier (J. Risk, 2012); why a margin of harm can be ruled out where profit cannot be proven: "
    "tests of non-inferiority, ICH E9 (1998)",
    example="{name: harm, gate: expectancy, of: trade_pnl_r, not_below: -0.2 R, winsorise: 3 R}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    needs_rate=True,
    may_judge_profit=True,
    assumptions="Results of different signals are independent of each other; gains beyond w are luck. With strength proven "
    "autocorrelation reduces the evidence, as in mean, and losses beyond the tail's bound are no larger than those observed",
    limitations="It stops too soon, never too late: a bot exactly at its bound is stopped in 22 % of launches where the "
    "autocorrelation of results is 0.5, and in 46 % where it is 0.8. To stop costs time alone. A rare loss that was never "
    "observed passes the proof",
)
