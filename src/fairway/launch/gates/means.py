"""Whether a mean is above or below a line, by bets that hold however often one looks; what mean, paired and mean_harm share.

Values are capped to a range first, so that one of them can neither ruin a gambler nor make one rich.
"""

from dataclasses import dataclass

import numpy as np

from fairway.launch.gates.asking import Window
from fairway.launch.gates.betting import ENOUGH, growth, least, wealth
from fairway.launch.gates.tallies import Numbers, Rows, added


@dataclass(frozen=True, slots=True)
class Line:
    """A line that the mean of capped values may be above or below. low < at < high."""

    at: float
    low: float
    high: float

    def evidence_below(self, window: Window) -> float:
        """The logarithm of the wealth of who bets against "the mean is at least so high"."""
        return wealth(window.tally(("below", self), self._sum_below))

    def evidence_above(self, window: Window) -> float:
        """The same against "the mean is at most so high"."""
        return wealth(window.tally(("above", self), self._sum_above))

    def needed(self, value: float, window: Window | None = None) -> int | None:
        """How many more observations of a value it takes to prove that the mean is below."""
        grown = np.zeros(1) if window is None else window.tally(("below", self), self._sum_below)
        each = self._below(np.array([value]))[0]
        return least(lambda more: wealth(grown + more * each) >= ENOUGH)

    def needed_above(self, value: float) -> int | None:
        """How many observations of a value it takes to prove that the mean is above."""
        each = self._above(np.array([value]))[0]
        return least(lambda more: wealth(more * each) >= ENOUGH)

    def _sum_below(self, rows: Rows) -> Numbers:
        return added(self._below(rows.values), rows)

    def _sum_above(self, rows: Rows) -> Numbers:
        return added(self._above(rows.values), rows)

    def _below(self, values: Numbers) -> Numbers:
        return growth(self.at - np.clip(values, self.low, self.high), self.high - self.at)

    def _above(self, values: Numbers) -> Numbers:
        return growth(np.clip(values, self.low, self.high) - self.at, self.at - self.low)


def mean_of(window: Window) -> float:
    """Of what was observed, uncapped."""
    return window.total / window.n if window.n else 0.0
