"""Proportion: a share of good observations is proven to be as high as it must be, however often one looks."""

from typing import Self

from pydantic import Field, model_validator

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.bursts import needed_without_failure
from fairway.launch.gates.statistics.failure_counts import SUCCESS
from fairway.launch.gates.statistics.proportion_test import ShareClaim, Strength, StrengthSettings, assess_share, check_share
from fairway.launch.gates.statistics.series_gate import Assessment, Window, indicators, judge_series
from fairway.launch.gates.verdict import Verdict
from fairway.texts.quantities import Share
from fairway.watch.indicators import Measures


class ProportionSettings(StrengthSettings):
    MEASURES = (Measures.GOOD,)
    at_least: Share = Field(description="Least share of good observations", examples=["95 %"])

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        check_share("at_least", self.at_least)
        return self


def judge(settings: ProportionSettings, facts: Facts) -> Verdict:
    claim = ShareClaim(float(settings.at_least.value), SUCCESS, "SHARE")

    def statistics(window: Window) -> Assessment:
        return assess_share(settings, facts, window, claim, {})

    return judge_series(settings, facts, statistics)


def passing_facts(settings: ProportionSettings) -> Facts:
    needed = needed_without_failure(float(settings.at_least.value)) if settings.strength is Strength.PROVEN else 1
    return facts_of(settings, needed or 1, 1.0)


def failing_facts(settings: ProportionSettings) -> Facts:
    """As many as would have passed, and all bad."""
    return facts_of(settings, len(passing_facts(settings).series[settings.of]), 0.0)


GATE = Gate(
    "proportion",
    ProportionSettings,
    judge,
    indicators,
    question="Is a share of observations that are good, such as orders that came to their end, at least so high?",
    formula="At each look the likelihood of what was seen (how many were bad, and in how many bursts) by its best explanation is "
    "divided by that of the best one with a share of exactly p and bursts of a mean length of up to 10.5 blocks. PASS where the "
    "logarithm is 2.05 at the first look, at 10/(1−p) observations, and 3.4 and 0.1 more with each later one; from the second on "
    "bad ones that are near count as one burst, too. FAIL where the wealth of who bets against 'at least p' is 20: each "
    "observation multiplies it by q/p if it is good and by (1−q)/(1−p) if it is bad, mixed over a few q below p; bad ones that "
    "came together count as one, but where only not_disproven is asked for.",
    reference="Generalised likelihood ratio at few looks (group sequential tests: Jennison and Turnbull, 2000) with runs of a "
    "two-state Markov chain; bets: Ville, Étude critique de la notion de collectif (1939); Waudby-Smith and Ramdas, Estimating "
    "means of bounded random variables by betting (J. R. Stat. Soc. B, 2024). The thresholds are measured",
    example="{name: success, gate: proportion, of: order_success, at_least: 95 %, strength: proven, at_least_n: 30}",
    passing_facts=passing_facts,
    failing_facts=failing_facts,
    needs_rate=True,
    assumptions="Bad ones come alone or in bursts of a mean length of up to 10.5 signals (accounts that trade within a minute are"
    " one), and bursts come at a rate that does not change over the time that is judged",
    limitations="Longer bursts let more through: of mean length 20 one launch in eight of 1,000 orders; outages of ten orders in "
    "which every second one fails 7.5 %. What is good by day and bad by night passes by day, until the newest observations say "
    "otherwise",
)
