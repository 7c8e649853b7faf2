"""Tests whether a mean is above or below a bound, by bets that stay valid at every look; the gates of means share it.

Bets take independent observations. Where each resembles those before it, or many share a cause, the logarithm of the wealth is
divided by how many say as much as one: as if only so many fewer had been made.
"""

from dataclasses import dataclass
from math import log

import numpy as np

from fairway.launch.gates.statistics.betting import ENOUGH, growth, least, wealth
from fairway.launch.gates.statistics.rolling_sums import Numbers, Rows, added
from fairway.launch.gates.statistics.series_gate import Window


@dataclass(frozen=True, slots=True)
class MeanBound:
    """A line that a mean may be above or below. low < at < high: to prove that it is below, values are capped to that range.

    To prove that it is above they are capped from below alone: it takes no bound on what is worse, so all of it counts.
    sign: -1 where more is better; then at, low and high are of the negated values.
    """

    at: float
    low: float
    high: float
    sign: float = 1.0

    def evidence_below(self, window: Window, alike: float = 1.0) -> float:
        """The logarithm of the wealth of who bets against "the mean is at least so high". alike: so many say as much as one."""
        return wealth(window.tally(("below", self), self._sum_below) / alike)

    def evidence_above(self, window: Window, alike: float = 1.0) -> float:
        """The same against "the mean is at most so high"."""
        return wealth(window.tally(("above", self), self._sum_above) / alike)

    def needed(self, value: float, window: Window | None = None, alike: float = 1.0, asked: float = ENOUGH) -> int | None:
        """How many more observations of a value it takes to prove that the mean is below."""
        grown = np.zeros(1) if window is None else window.tally(("below", self), self._sum_below)
        each = self._below(np.array([self.sign * value]))[0]
        return least(lambda more: wealth((grown + more * each) / alike) >= asked)

    def needed_above(self, value: float) -> int | None:
        """How many observations of a value it takes to prove that the mean is above."""
        each = self._above(np.array([self.sign * value]))[0]
        return least(lambda more: wealth(more * each) >= ENOUGH)

    def _sum_below(self, rows: Rows) -> Numbers:
        return added(self._below(self.sign * rows.values), rows)

    def _sum_above(self, rows: Rows) -> Numbers:
        return added(self._above(self.sign * rows.values), rows)

    def _below(self, values: Numbers) -> Numbers:
        return growth(self.at - np.clip(values, self.low, self.high), self.high - self.at)

    def _above(self, values: Numbers) -> Numbers:
        return growth(np.maximum(values, self.low) - self.at, self.at - self.low)


def mean_above_cap(window: Window, high: float) -> float:
    """How much of the mean of what was observed lies above a cap."""

    def summed(rows: Rows) -> Numbers:
        return added(np.maximum(rows.values - high, 0.0)[:, None], rows)

    return float(window.tally(("cut off", high), summed)[0]) / window.n if window.n else 0.0


def evidence_needed(sequences: int) -> float:
    """The logarithm of the wealth that is asked of the latest of so many sequences of evidence."""
    return ENOUGH + 2 * log(sequences)


def capped_mean(window: Window, high: float) -> float:
    """Of what was observed, where what lies above a cap counts as the cap."""
    return mean_of(window) - mean_above_cap(window, high)


def mean_of(window: Window) -> float:
    """Of what was observed, uncapped."""
    return window.total / window.n if window.n else 0.0
