"""Computes bounds that hold over repeated looks at a figure whose neighbours in time depend on each other.

A 95 % interval that is computed every ten minutes for a week leaves a bound by luck alone: that of the ratio of two samples in
three weeks of ten, that of a slope in nearly all. The bounds here are wider, and wrong in 5 % of all launches.
"""

from math import log, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np

from fairway.launch.gates.statistics.rolling_sums import Numbers

ERROR: Final = 0.05
"""Of each side, over all looks together."""
TUNED_TO: Final = 50
"""The bound for a look at every step is narrowest about here (number of values)."""
ALIKE_MAX: Final = 0.98
"""Of neighbours; beyond, nothing could be told from any number of them."""
UNSURE: Final = 2.0
"""By so many of its own standard errors neighbours may be more alike than they seem."""


def errors_at_any_look(n: float, windows: int = 1) -> float:
    """By how many standard errors, where n grows and is looked at whenever it has: the normal mixture of Robbins.

    windows: which one it is, from 1, where only the newest values are looked at; each has its share of all the error.
    """
    share = ERROR * 2 / (windows * (windows + 1)) if windows > 1 else ERROR
    return sqrt((1 + TUNED_TO / n) * (log(1 + n / TUNED_TO) - 2 * log(share)))


def errors_at_look(number: int, freedom: float) -> float:
    """By how many standard errors at one of few looks, from 1: a quantile of Student's t. All looks together have the error.

    freedom: how many independent values there are, less those that were fitted.
    """
    z = NormalDist().inv_cdf(1 - ERROR / (number * (number + 1)))
    nu = max(freedom, 1.0)
    return z * (1 + (z**2 + 1) / (4 * nu) + (5 * z**4 + 16 * z**2 + 3) / (96 * nu**2))


def dependence(values: Numbers, unsure: float = UNSURE) -> float:
    """How many values say as much as one independent one does: from the likeness of neighbours, at the most that it may be.

    Few values tell it too low, and none tells it exactly: of two dozen that seem free of each other it may still be a third.
    unsure: by how many of its own standard errors it may be more.
    """
    apart = values - np.median(values)
    around = float(apart @ apart)
    alike = max(0.0, float(apart[1:] @ apart[:-1]) / around) if around else 0.0
    most = alike + (2 + 4 * alike) / len(values) + unsure * sqrt((1 - min(alike, 1.0) ** 2) / len(values))
    most = min(most, ALIKE_MAX)
    return (1 + most) / (1 - most)
