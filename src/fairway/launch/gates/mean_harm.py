"""Mean harm: results that are provably below a line fail; good ones prove nothing. Profit may demote, never promote."""

from math import inf
from typing import Self

from pydantic import Field, model_validator

from fairway.launch.gates.asking import Found, SeriesSettings, Window, asks, e_value, judged
from fairway.launch.gates.betting import ENOUGH
from fairway.launch.gates.made import facts_of
from fairway.launch.gates.means import Line, mean_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.verdict import Result, Verdict
from fairway.texts.misfits import misfit
from fairway.texts.quantities import Measure, Quantity
from fairway.watch.indicators import Measures


class MeanHarmSettings(SeriesSettings):
    """winsorise: a result beyond that counts as this good, so that one lucky trade does not hide ten bad ones."""

    MEASURES = (Measures.R,)
    of: str = Field(default="trade_pnl_r", examples=["trade_pnl_r"])
    not_below: Measure = Field(description="The mean below which it is harm; never zero or more", examples=["-0.2 R"])
    winsorise: Measure = Field(
        default=Quantity.parse("3 R"),
        description="A gain beyond that counts as this good; a loss counts as it was",
        examples=["3 R"],
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

    @property
    def line(self) -> Line:
        """Gains are capped, losses are not: a proof of harm takes no bound on them, so each counts as large as it was."""
        return Line(self.bound("not_below"), -inf, self.bound("winsorise"))


def judge(settings: MeanHarmSettings, facts: Facts) -> Verdict:
    line = settings.line

    def statistics(window: Window) -> Found:
        below = line.evidence_below(window)
        numbers = {"n": window.n, "mean_r": mean_of(window), "not_below_r": line.at, "evidence_against": e_value(below)}
        harmed = below >= ENOUGH
        return Found(Result.FAIL, "HARM_PROVEN", numbers) if harmed else Found(Result.PASS, "HARM_NOT_SHOWN", numbers)

    return judged(settings, facts, statistics)


def flawless(settings: MeanHarmSettings) -> Facts:
    """Neither won nor lost: profit is not asked for."""
    return facts_of(settings, 1, 0.0)


def spoiled(settings: MeanHarmSettings) -> Facts:
    """Each as bad as a good one counts at most."""
    worst = -settings.line.high
    return facts_of(settings, settings.line.needed(worst) or 1, worst)


GATE = Gate(
    "mean_harm",
    MeanHarmSettings,
    judge,
    asks,
    means="Is it not shown that round trips lose more than so much, in multiples of what they risk?",
    formula="Gains are capped to w, losses are not. Each result r multiplies the wealth of who bets against 'the mean is at "
    "least h' by 1 + c·(h − r)/(w − h), mixed over seven c. FAIL where it is 20. There is no evidence that lets it pass sooner: "
    "to tell a win rate of 55 % from 50 % takes 617 trades.",
    source="Waudby-Smith and Ramdas (2024), as mean; why profit proves nothing so soon: Bailey and López de Prado, The "
    "Sharpe ratio efficient frontier (J. Risk, 2012)",
    example="{name: harm, gate: mean_harm, of: trade_pnl_r, not_below: -0.2 R, winsorise: 3 R}",
    flawless=flawless,
    spoiled=spoiled,
    assumes="Results are independent of each other; gains beyond w are luck",
    breaks="It stops too soon, never too late: a bot exactly at its line is stopped in 22 % of launches where results are like "
    "those before by 0.5, and in 46 % by 0.8; so is one whose accounts all follow one signal. To stop costs time alone",
)
