"""Proportion: a share of good observations is proven to be as high as it must be, however often one looks."""

from typing import Self

from pydantic import Field, model_validator

from fairway.launch.gates.asking import Found, Window, asks, judged
from fairway.launch.gates.betting import flawless_needed
from fairway.launch.gates.made import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.shares import Strength, StrongSettings, check_share, share_found
from fairway.launch.verdict import Verdict
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
    at_least = float(settings.at_least.value)

    def statistics(window: Window) -> Found:
        return share_found(round(window.total), window.n, at_least, settings.strength, "SHARE", {})

    return judged(settings, facts, statistics)


def flawless(settings: ProportionSettings) -> Facts:
    needed = flawless_needed(float(settings.at_least.value), 0, 0) if settings.strength is Strength.PROVEN else 1
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
    formula="Two gamblers start with 1: one bets against 'at most p', one against 'at least p'. Each observation multiplies "
    "the wealth by q/p if it is good and by (1−q)/(1−p) if it is bad, mixed over a few q above p, or below. PASS "
    "where the first has 20, FAIL where the second has. Each is wrong in at most 5 % of all launches, however often "
    "one looks.",
    source="Ville, Étude critique de la notion de collectif (1939); Shafer, Testing by betting (J. R. Stat. Soc. A, 2021); "
    "Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting (J. R. Stat. Soc. B, 2024)",
    example="{name: success, gate: proportion, of: order_success, at_least: 95 %, strength: proven, at_least_n: 30}",
    flawless=flawless,
    spoiled=spoiled,
)
