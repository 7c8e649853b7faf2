"""Mean harm: results that are provably below a line fail. Above it nothing is promoted by profit: at most, harm is ruled out."""

from math import inf
from typing import Self

from pydantic import Field, model_validator

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.betting import ENOUGH
from fairway.launch.gates.statistics.bursts import flawless_needed
from fairway.launch.gates.statistics.counting import at_least
from fairway.launch.gates.statistics.likeness import alike, alike_until, sharing
from fairway.launch.gates.statistics.means import Line, asked_of, capped_mean, mean_of
from fairway.launch.gates.statistics.series_gate import Found, Window, asks, e_value, judged, sequence_of
from fairway.launch.gates.statistics.shares import ShareClaim, Strength, StrongSettings, check_share, share_found
from fairway.launch.gates.verdict import Result, Verdict
from fairway.texts.quantities import Measure, Quantity, Share
from fairway.texts.section import Section
from fairway.texts.validation_errors import misfit
from fairway.watch.indicators import Measures


class LossTail(Section):
    """No worse than so much in at least a share of all results."""

    q: Share = Field(description="Of all results at least this share …", examples=["95 %"])
    at_least: Measure = Field(description="… loses no more than so much", examples=["-2 R"])


class MeanHarmSettings(StrongSettings):
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
    def line(self) -> Line:
        """Gains are capped, losses are not: a proof of harm takes no bound on them, so each counts as large as it was."""
        return Line(self.bound("not_below"), -inf, self.bound("winsorise"))

    @property
    def ruled_out(self) -> Line | None:
        """Of losses instead of results: those beyond the tail's bound are capped; how many these are is the tail's question."""
        if self.tail is None:
            return None
        return Line(-self.bound("not_below"), -self.bound("winsorise"), -self.bound("tail.at_least"), sign=-1.0)


def judge(settings: MeanHarmSettings, facts: Facts) -> Verdict:
    line = settings.line

    def statistics(window: Window) -> Found:
        together = sharing(window)
        below = line.evidence_below(window, together)
        numbers = {"n": window.n, "mean_r": mean_of(window), "not_below_r": line.at, "of_one_cause": together}
        numbers["evidence_against"] = e_value(below)
        if below >= ENOUGH:
            return Found(Result.FAIL, "HARM_PROVEN", numbers)
        ruled_out = settings.ruled_out
        if ruled_out is None:
            return Found(Result.PASS, "HARM_NOT_SHOWN", numbers)
        return _ruled_out(settings, ruled_out, facts, window, numbers)

    return judged(settings, facts, statistics)


def _ruled_out(settings: MeanHarmSettings, line: Line, facts: Facts, window: Window, numbers: dict[str, float | int]) -> Found:
    """Whether the tail and the mean are proven, and the mean is above the line with its losses as large as they were, too."""
    assert settings.tail is not None
    claim = ShareClaim(float(settings.tail.q.value), at_least(-line.high), "TAIL")
    tail = share_found(settings, facts, window, claim, {"tail_at_least_r": -line.high}, alike_until)
    if tail.result is not Result.PASS:
        return tail
    part, number = sequence_of(settings, facts, window)
    alone, asked = alike(window), asked_of(number)
    above = line.evidence_below(part, alone)
    told = {**numbers, "alike": alone, "evidence_for": e_value(above), "asked": e_value(asked)}
    if above < asked:
        return Found(Result.INSUFFICIENT, "HARM_NOT_RULED_OUT", told, line.needed(0.0, part, alone, asked))
    if capped_mean(window, -line.low) <= -line.at:
        return Found(Result.INSUFFICIENT, "HARM_IN_THE_TAIL", told)
    return Found(Result.PASS, "HARM_RULED_OUT", told)


def flawless(settings: MeanHarmSettings) -> Facts:
    """Neither won nor lost: profit is not asked for."""
    if settings.ruled_out is None or settings.tail is None:
        return facts_of(settings, 1, 0.0)
    needed = (settings.ruled_out.needed(0.0) or 1, flawless_needed(float(settings.tail.q.value)) or 1)
    return facts_of(settings, max(needed), 0.0)


def spoiled(settings: MeanHarmSettings) -> Facts:
    """Each as bad as a good one counts at most."""
    worst = -settings.line.high
    return facts_of(settings, settings.line.needed(worst) or 1, worst)


GATE = Gate(
    "mean_harm",
    MeanHarmSettings,
    judge,
    asks,
    means="Is it not shown that round trips lose more than so much, in multiples of what they risk; or shown that they do not?",
    formula="Gains are capped to w, losses are not. Each result r multiplies the wealth of who bets against 'the mean is at "
    "least h' by 1 + c·(h − r)/(w − h), mixed over seven c; its logarithm is divided by how many results of one cause, such as a "
    "signal that all accounts follow, say as much as one. FAIL where it is 20. With strength not_disproven all else passes, "
    "and no evidence lets it pass sooner: to tell a win rate of 55 % from 50 % takes 617 trades. With strength proven it is "
    "INSUFFICIENT until others, who bet against 'the mean is at most h', have 20: losses are capped at the tail's bound b, "
    "each r multiplies their wealth by 1 + c·(r − h)/(h − b), its logarithm is divided by how many results say as much as one, "
    "the tail passes as a quantile, and the mean with losses as large as they were is above h",
    source="Waudby-Smith and Ramdas (2024), as mean; why profit proves nothing so soon: Bailey and López de Prado, The "
    "Sharpe ratio efficient frontier (J. Risk, 2012); why a margin of harm can be ruled out where profit cannot be proven: "
    "tests of non-inferiority, ICH E9 (1998)",
    example="{name: harm, gate: mean_harm, of: trade_pnl_r, not_below: -0.2 R, winsorise: 3 R}",
    flawless=flawless,
    spoiled=spoiled,
    assumes="Results of different causes are independent of each other; gains beyond w are luck. With strength proven what is "
    "alike is paid for, as in mean, and losses beyond the tail's bound are no larger than was seen there",
    breaks="It stops too soon, never too late: a bot exactly at its line is stopped in 22 % of launches where results are like "
    "those before by 0.5, and in 46 % by 0.8. To stop costs time alone. A rare loss that was never seen passes the proof",
)
