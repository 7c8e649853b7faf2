"""Proportion: a share of good observations is proven to be as high as it must be, however often one looks."""

from typing import Self

from pydantic import Field, model_validator

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.bursts import flawless_needed
from fairway.launch.gates.statistics.counting import SUCCESS
from fairway.launch.gates.statistics.series_gate import Found, Window, asks, judged
from fairway.launch.gates.statistics.shares import ShareClaim, Strength, StrongSettings, check_share, share_found
from fairway.launch.gates.verdict import Verdict
from fairway.texts.quantities import Share
from fairway.watch.indicators import Measures


class ProportionSettings(StrongSettings):
    MEASURES = (Measures.GOOD,)
    at_least: Share = Field(description="Least share of good observations", examples=["95 %"])

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        check_share("at_least", self.at_least)
        return self


def judge(settings: ProportionSettings, facts: Facts) -> Verdict:
    claim = ShareClaim(float(settings.at_least.value), SUCCESS, "SHARE")

    def statistics(window: Window) -> Found:
        return share_found(settings, facts, window, claim, {})

    return judged(settings, facts, statistics)


def flawless(settings: ProportionSettings) -> Facts:
    needed = flawless_needed(float(settings.at_least.value)) if settings.strength is Strength.PROVEN else 1
    return facts_of(settings, needed or 1, 1.0)


def spoiled(settings: ProportionSettings) -> Facts:
    """As many as would have passed, and all bad."""
    return facts_of(settings, len(flawless(settings).series[settings.of]), 0.0)


GATE = Gate(
    "proportion",
    ProportionSettings,
    judge,
    asks,
    means="Is a share of observations that are good, such as orders that came to their end, at least so high?",
    formula="At each look the likelihood of what was seen (how many were bad, and in how many bursts) by its best explanation is "
    "divided by that of the best one with a share of exactly p and bursts of a mean length of up to 10.5 blocks. PASS where the "
    "logarithm is 2.05 at the first look, at 10/(1−p) observations, and 3.4 and 0.1 more with each later one; from the second on "
    "bad ones that are near count as one burst, too. FAIL where the wealth of who bets against 'at least p' is 20: each "
    "observation multiplies it by q/p if it is good and by (1−q)/(1−p) if it is bad, mixed over a few q below p; bad ones that "
    "came together count as one, but where only not_disproven is asked for.",
    source="Generalised likelihood ratio at few looks (group sequential tests: Jennison and Turnbull, 2000) with runs of a "
    "two-state Markov chain; bets: Ville, Étude critique de la notion de collectif (1939); Waudby-Smith and Ramdas, Estimating "
    "means of bounded random variables by betting (J. R. Stat. Soc. B, 2024). The thresholds are measured",
    example="{name: success, gate: proportion, of: order_success, at_least: 95 %, strength: proven, at_least_n: 30}",
    flawless=flawless,
    spoiled=spoiled,
    assumes="Bad ones come alone or in bursts of a mean length of up to 10.5 signals (accounts that trade within a minute are"
    " one), and bursts come at a rate that does not change over the time that is judged",
    breaks="Longer bursts let more through: of mean length 20 one launch in eight of 1,000 orders; outages of ten orders in "
    "which every second one fails 7.5 %. What is good by day and bad by night passes by day, until the newest observations say "
    "otherwise",
)
