"""Mean: an average is proven to be at most so high, together with a bound on its tail, which an average hides."""

from typing import Self

from pydantic import Field, model_validator

from fairway.launch.gates.asking import Found, Window, asks, e_value, judged
from fairway.launch.gates.betting import ENOUGH, flawless_needed
from fairway.launch.gates.made import facts_of
from fairway.launch.gates.means import Line, mean_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.quantile import within
from fairway.launch.gates.shares import Known, Strength, StrongSettings, check_share, found, share_found
from fairway.launch.verdict import Result, Verdict
from fairway.texts.misfits import misfit
from fairway.texts.quantities import Measure, Share
from fairway.texts.section import Section
from fairway.watch.indicators import Measures


class Tail(Section):
    """At most so high in at least a share of all observations."""

    q: Share = Field(description="In at least this share of all observations …", examples=["99 %"])
    at_most: Measure = Field(description="… at most so high", examples=["2400 ms"])


class MeanSettings(StrongSettings):
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
    def line(self) -> Line:
        """Capped at the tail's bound: what lies beyond is the tail's own question."""
        return Line(self.bound("at_most"), 0.0, self.bound("tail.at_most"))


def judge(settings: MeanSettings, facts: Facts) -> Verdict:
    line, q = settings.line, float(settings.tail.q.value)

    def statistics(window: Window) -> Found:
        tail = share_found(within(window, line.high), window.n, q, settings.strength, "TAIL", {"tail_at_most": line.high})
        return _mean_found(window, line, settings.strength) if tail.result is Result.PASS else tail

    return judged(settings, facts, statistics)


def _mean_found(window: Window, line: Line, strength: Strength) -> Found:
    below, above = line.evidence_below(window), line.evidence_above(window)
    numbers = {
        "n": window.n,
        "mean": mean_of(window),
        "at_most": line.at,
        "evidence_for": e_value(below),
        "evidence_against": e_value(above),
    }
    known = Known.of(proven=below >= ENOUGH, disproven=above >= ENOUGH)
    return found("MEAN", known, strength, numbers, lambda: line.needed(line.low, window))


def flawless(settings: MeanSettings) -> Facts:
    """All without any delay."""
    needed = (settings.line.needed(0.0) or 1, flawless_needed(float(settings.tail.q.value), 0, 0) or 1)
    return facts_of(settings, max(needed), 0.0)


def spoiled(settings: MeanSettings) -> Facts:
    """All between the two bounds, so that only the mean is wrong."""
    middle = (settings.line.at + settings.line.high) / 2
    needed = max(settings.line.needed_above(middle) or 1, len(flawless(settings).series[settings.of]))
    return facts_of(settings, needed, middle)


GATE = Gate(
    "mean",
    MeanSettings,
    judge,
    asks,
    means="Is an average, such as that of acknowledgements, at most so high, and does its tail not hide behind it?",
    formula="Values are capped at the tail's bound B. Gamblers bet shares c of what they have against 'the mean is at least "
    "m': each observation x multiplies the wealth by 1 + c·(m − x)/(B − m), mixed over seven c; others bet against "
    "'at most m'. PASS where the first have 20 and the tail passes as a quantile, FAIL where the others have.",
    source="Waudby-Smith and Ramdas, Estimating means of bounded random variables by betting (J. R. Stat. Soc. B, 2024)",
    example="{name: ack, gate: mean, of: order_ack, at_most: 800 ms, tail: {q: 99 %, at_most: 2400 ms}}",
    flawless=flawless,
    spoiled=spoiled,
)
