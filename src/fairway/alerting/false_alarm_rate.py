"""How often a rule would fire without cause: the rate that was seen, and how high it may be all the same."""

import math
from typing import Final

CONFIDENCE: Final = 0.95
_STEPS: Final = 60
"""Halvings of an interval: more than a float can tell apart."""


def upper_bound(fired: int, windows: int, confidence: float = CONFIDENCE) -> float:
    """The one-sided bound of Clopper and Pearson: with this confidence the share of windows that fire is no higher.

    1 where there are no windows, or all of them fired.
    """
    if windows <= 0 or fired >= windows:
        return 1.0
    low, high = 0.0, 1.0
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if at_most(fired, windows, middle) > 1 - confidence:
            low = middle
        else:
            high = middle
    return high


def at_most(fired: int, windows: int, share: float) -> float:
    """The probability that no more than so many of these windows fire, where each does with this probability."""
    if share <= 0:
        return 1.0
    if share >= 1:
        return float(fired >= windows)
    yes, no = math.log(share), math.log1p(-share)
    return min(1.0, math.fsum(math.exp(_ways(windows, k) + k * yes + (windows - k) * no) for k in range(fired + 1)))


def _ways(of: int, chosen: int) -> float:
    """The logarithm of how many ways there are to choose."""
    return math.lgamma(of + 1) - math.lgamma(chosen + 1) - math.lgamma(of - chosen + 1)
