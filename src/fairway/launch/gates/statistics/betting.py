"""Evidence by betting: how much a gambler who doubts a claim would have won by now, whenever one looks.

A gambler starts with 1 and bets, before each observation, against a claim. If the claim is true the wealth is a supermartingale,
so by Ville's inequality it ever reaches 20 with a probability of at most 5 %: however often one looks, and whenever one stops.
The wealth is kept as its logarithm. Each gambler is a mixture of a few who bet on different alternatives.
"""

import math
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

ALPHA: Final = 0.05
"""The chance of a wrong word, of each side."""
ENOUGH: Final = math.log(1 / ALPHA)
"""The logarithm of a wealth of 20, at which a claim is given up."""
FLAWLESS_MAX: Final = 10_000_000
"""A gate that needs more observations than this is told to be undecidable."""

_WORSE: Final = ((1.4, 1.0), (2.0, 2.0), (3.0, 2.0), (5.0, 2.0), (10.0, 1.0), (30.0, 1.0))
"""Alternatives that are worse than a threshold: the odds of a bad observation times this, and the stake on it."""

Numbers = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Bets:
    """By alternative: the logarithms of its stake, of its growth by a good observation, and of that by a bad one."""

    stakes: Numbers
    good: Numbers
    bad: Numbers

    def wealth(self, good: float, bad: float) -> float:
        """The logarithm of the wealth after so many good and bad observations; their order does not matter."""
        return mixed(self.stakes + good * self.good + bad * self.bad)


def mixed(logarithms: Numbers) -> float:
    """The logarithm of a sum, of its terms' logarithms."""
    highest = float(logarithms.max())
    return highest + math.log(float(np.exp(logarithms - highest).sum()))


@lru_cache(maxsize=1024)
def against_at_least(share: float) -> Bets:
    """Bets against the claim that at least this share of all observations is good: won, it is disproven."""
    odds, whole = (1 - share) / share, sum(stake for _, stake in _WORSE)
    bad = np.array([odds * ratio / (1 + odds * ratio) for ratio, _ in _WORSE])
    stakes = np.array([stake / whole for _, stake in _WORSE])
    return Bets(np.log(stakes), np.log((1 - bad) / share), np.log(bad / (1 - share)))


def least(is_enough: Callable[[int], bool]) -> int | None:
    """The least number that is enough, where every larger one is; None where it would take more than anybody waits for."""
    low, high = -1, 0
    while not is_enough(high):
        low, high = high, 2 * high + 1
        if low >= FLAWLESS_MAX:
            return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if is_enough(middle) else (middle, high)
    return high if high <= FLAWLESS_MAX else None


BOLDNESS: Final = (0.02, 0.05, 0.1, 0.2, 0.35, 0.5, 0.75)
"""How much of the most that may be staked on a mean the gamblers stake."""


def growth(distance: Numbers, worst: float) -> Numbers:
    """What each observation adds to the logarithms of wealth, a column for each gambler: bets that the mean distance is above 0.

    distance: of each observation from a claim, in the direction that speaks against it, never below -worst.
    """
    return np.asarray(np.log1p(np.outer(distance, np.array(BOLDNESS) / worst)))


def wealth(grown: Numbers) -> float:
    """The logarithm of the wealth of gamblers on a mean with equal stakes, of the sums of their growth."""
    return mixed(grown - math.log(len(BOLDNESS)))
