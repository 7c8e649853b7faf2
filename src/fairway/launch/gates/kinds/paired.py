"""Paired: what live fills cost more than the same signals' fills in shadow is proven to be below a bound."""

from typing import Final, Self

from pydantic import Field, model_validator

from fairway.launch.gates.fixtures import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.statistics.betting import ENOUGH
from fairway.launch.gates.statistics.bursts import LONGEST
from fairway.launch.gates.statistics.likeness import alike
from fairway.launch.gates.statistics.means import Line, asked_of, cut_off, mean_of
from fairway.launch.gates.statistics.series_gate import Found, Window, asks, e_value, judged, sequence_of
from fairway.launch.gates.statistics.shares import Known, StrongSettings, found
from fairway.launch.gates.verdict import Result, Verdict
from fairway.texts.quantities import Measure, Quantity
from fairway.texts.validation_errors import misfit
from fairway.watch.indicators import Measures

PAIRS_MIN: Final = 75
"""So many pairs of which none is beyond the cap say that fewer than four in a hundred are."""


class PairedSettings(StrongSettings):
    """Each observation is one pair: by how much live was worse. winsorise: beyond that a pair counts as this bad, or good."""

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
    def line(self) -> Line:
        most = self.bound("winsorise")
        return Line(self.bound("not_worse_than"), -most, most)


def judge(settings: PairedSettings, facts: Facts) -> Verdict:
    line = settings.line

    def statistics(window: Window) -> Found:
        part, number = sequence_of(settings, facts, window)
        alone, asked, beyond, mean = alike(window), asked_of(number), cut_off(window, line.high), mean_of(window)
        below, above = line.evidence_below(part, alone), line.evidence_above(window, min(alone, LONGEST))
        numbers = {
            "n": window.n,
            "mean_bps": mean,
            "not_worse_than_bps": line.at,
            "cut_off_bps": beyond,
            "alike": alone,
            "evidence_for": e_value(below),
            "asked": e_value(asked),
            "evidence_against": e_value(above),
        }
        known = Known.of(proven=below >= asked, disproven=above >= ENOUGH)
        said = found("PARITY", known, settings.strength, numbers, lambda: _missing(line, part, alone, asked))
        return _bounded(said, line, window, mean, beyond) if said.code == "PARITY_PROVEN" else said

    return judged(settings, facts, statistics)


def _missing(line: Line, part: Window, alone: float, asked: float) -> int | None:
    more = line.needed(line.low, part, alone, asked)
    return more and max(more, PAIRS_MIN - part.n)


def _bounded(said: Found, line: Line, window: Window, mean: float, beyond: float) -> Found:
    """What lies beyond the cap was seen, and counts as much as it was; or so many pairs were seen that it is rare."""
    if window.n < PAIRS_MIN:
        return Found(Result.INSUFFICIENT, "PARITY_TAIL_UNSEEN", {**said.numbers, "needed": PAIRS_MIN}, PAIRS_MIN - window.n)
    return Found(Result.INSUFFICIENT, "PARITY_CUT_OFF", said.numbers) if beyond and mean > line.at else said


def flawless(settings: PairedSettings) -> Facts:
    """Live a little better than shadow, as far as the bound is away from equal."""
    better = -settings.line.high / 2
    return facts_of(settings, max(settings.line.needed(better) or 1, PAIRS_MIN), better)


def spoiled(settings: PairedSettings) -> Facts:
    """All as bad as counts."""
    worst = settings.line.high
    return facts_of(settings, max(settings.line.needed_above(worst) or 1, settings.at_least_n), worst)


GATE = Gate(
    "paired",
    PairedSettings,
    judge,
    asks,
    means="Are live fills no worse than those of the same signals in shadow, on average and but for a few basis points?",
    formula="Each pair's difference d, capped to ±w, multiplies the wealth of who bets against 'the mean is at least m' by 1 "
    "+ c·(m − d)/(w − m), mixed over seven c; the logarithm of the wealth is divided by how many pairs say as much as one. PASS "
    "where it is 20, 75 pairs were seen, and the mean of all of them, with what was cut off, is at most m; FAIL where those have "
    "20 who bet, with nothing capped above, against 'at most m'. The same signal on both sides takes the market out of the "
    "comparison. One signal is one pair, however many accounts follow it: they trade in the same seconds, so fifty of them are "
    "no fifty proofs.",
    source="Waudby-Smith and Ramdas (2024), as mean; pairing: Student, Biometrika, 1908",
    example="{name: parity, gate: paired, of: live_vs_shadow_bps, not_worse_than: 3 bps, at_least_n: 20}",
    flawless=flawless,
    spoiled=spoiled,
    assumes="One signal is one pair; likeness to earlier pairs is seen in the newest 4,096; of pairs beyond the cap fewer "
    "than four in a hundred",
    breaks="Alike pairs count for fewer: INSUFFICIENT for longer; a rarer tail that was never seen passes",
)
