"""Quantile: so large a share of observations is proven to be no higher than a bound, such as 95 % of answers in 500 ms."""

from typing import Self

import numpy as np
from pydantic import Field, model_validator

from fairway.launch.gates.asking import Found, Window, asks, judged
from fairway.launch.gates.betting import flawless_needed
from fairway.launch.gates.made import facts_of
from fairway.launch.gates.port import Facts, Gate
from fairway.launch.gates.shares import Strength, StrongSettings, check_share, share_found
from fairway.launch.gates.tallies import Numbers, Rows
from fairway.launch.verdict import Verdict
from fairway.texts.quantities import Measure, Share
from fairway.watch.indicators import Measures


class QuantileSettings(StrongSettings):
    MEASURES = (Measures.SECONDS, Measures.BYTES, Measures.BASIS_POINTS, Measures.DOLLARS, Measures.MESSAGES)
    q: Share = Field(description="In at least this share of all observations …", examples=["95 %"])
    at_most: Measure = Field(description="… at most so high")

    @model_validator(mode="after")
    def _can_be_judged(self) -> Self:
        check_share("q", self.q)
        self.bound("at_most")
        return self


def within(window: Window, at_most: float) -> int:
    """How many observations in a window are no higher than a bound."""

    def summed(rows: Rows) -> Numbers:
        return np.array([rows.counts[rows.values <= at_most].sum()], dtype=float)

    return int(window.tally(("at most", at_most), summed)[0])


def judge(settings: QuantileSettings, facts: Facts) -> Verdict:
    at_most, q = settings.bound("at_most"), float(settings.q.value)

    def statistics(window: Window) -> Found:
        beside = {"at_most": at_most}
        return share_found(within(window, at_most), window.n, q, settings.strength, "QUANTILE", beside)

    return judged(settings, facts, statistics)


def flawless(settings: QuantileSettings) -> Facts:
    needed = flawless_needed(float(settings.q.value), 0, 0) if settings.strength is Strength.PROVEN else 1
    return facts_of(settings, needed or 1, settings.bound("at_most"))


def spoiled(settings: QuantileSettings) -> Facts:
    """As many as would have passed, and each a little beyond the bound."""
    beyond = float(np.nextafter(settings.bound("at_most"), np.inf))
    return facts_of(settings, len(flawless(settings).series[settings.of]), beyond)


GATE = Gate(
    "quantile",
    QuantileSettings,
    judge,
    asks,
    means="Is a high quantile, such as the 95th percentile of a latency, at most so high?",
    formula="The q-quantile is at most L exactly where at least a share q of all observations is at most L: so it is judged "
    "as a proportion. Percentiles of parts are never averaged.",
    source="As proportion. For a fixed number of observations the same question takes 59 without an excess at 95 % (Wilks, "
    "Ann. Math. Stat., 1941)",
    example="{name: p95, gate: quantile, of: order_ack, q: 95 %, at_most: 500 ms}",
    flawless=flawless,
    spoiled=spoiled,
)
