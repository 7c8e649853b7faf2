"""Objectives: how much of a budget is spent, and whether it is spent too fast. A loss is a budget like any other.

An objective of 99 % over 30 days lets one observation in a hundred be bad: that is its budget. Who spends 2 % of it in an hour
spends it 14.4 times as fast as it would last. Two windows must agree, so that what is over is not alarmed about.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from fairway.launch.gates.statistics.rolling_sums import Numbers, Rows, tallied
from fairway.launch.plan.watching import Burn, Objective
from fairway.watch.indicators import Measures
from fairway.watch.series import Series
from fairway.watch.units import in_its_unit

FEWEST_BAD: Final = 3
"""With fewer bad observations in a window its pace is not computed: one bad observation of two says little."""
LOSSES: Final = "trade_pnl"
"""The indicator that a loss budget is counted by, where its objective names none."""


@dataclass(frozen=True, slots=True)
class ObjectiveStatus:
    """How an objective stands. bad: the share that was bad, or the money that was lost; allowed: as much as may be.

    spent: of its budget over its window, 1 for all of it. burning: what is spent too fast now. unknown: why it is not known.
    """

    name: str
    n: int = 0
    bad: float = 0.0
    allowed: float = 0.0
    burning: tuple[Burn, ...] = ()
    unknown: str = ""

    @property
    def spent(self) -> float:
        return _pace(self.bad, self.allowed)

    @property
    def is_kept(self) -> bool:
        return not self.unknown and self.spent <= 1


def standings(
    objectives: tuple[Objective, ...], series: Mapping[str, Series], now: int, capital: float | None = None
) -> list[ObjectiveStatus]:
    """All of them. capital: what may be lost a share of."""
    return [standing(each, series.get(each.of or LOSSES), now, capital) for each in objectives]


def standing(objective: Objective, series: Series | None, now: int, capital: float | None = None) -> ObjectiveStatus:
    if series is None or not series.watermark:
        return ObjectiveStatus(objective.name, unknown=f"nothing measures {objective.of or LOSSES} here")
    if objective.loss is not None:
        return _of_loss(objective, series, now, capital)
    try:
        bound = bound_of(objective, series)
    except ValueError as error:
        return ObjectiveStatus(objective.name, unknown=str(error))
    if bound is None:
        return _of_mean(objective, series, now)
    n, bad = _counted(series, now - objective.within, now, bound)
    allowed = _allowed(objective)
    if not n:
        return ObjectiveStatus(objective.name, allowed=allowed, unknown="nothing was observed in its window")
    burning = tuple(burn for burn in objective.alarms if _burns(objective, burn, series, now, bound))
    return ObjectiveStatus(objective.name, n, bad / n, allowed, burning)


def bound_of(objective: Objective, series: Series) -> float | None:
    """Above which an observation is bad; of a ratio a half. None where only a mean is bounded. Raises ValueError."""
    if objective.at_least is not None:
        return 0.5
    return in_its_unit(objective.at_most, series.indicator.measures) if objective.at_most is not None else None


def _allowed(objective: Objective) -> float:
    share = objective.at_least or objective.share
    return float(1 - share.value) if share is not None else 0.0


def _counted(series: Series, since: int, until: int, bound: float) -> tuple[int, int]:
    """How many observations a window has, and how many are bad."""
    is_ratio = series.indicator.measures is Measures.GOOD

    def summed(rows: Rows) -> Numbers:
        bad = rows.values < bound if is_ratio else rows.values > bound
        return np.array([rows.counts.sum(), rows.counts[bad].sum()], dtype=float)

    n, bad = tallied(series, since, min(until, series.watermark), ("objective", bound), summed)
    return int(n), int(bad)


def _burns(objective: Objective, burn: Burn, series: Series, now: int, bound: float) -> bool:
    """Whether a share of the budget is spent so fast: in the window that is named, and still in the shorter one."""
    least = float(burn.spent.value) * objective.within / burn.within
    for window in (burn.within, burn.lately or burn.within):
        n, bad = _counted(series, now - window, now, bound)
        if bad < min(FEWEST_BAD, n) or not bad or _pace(bad / n, _allowed(objective)) < least:
            return False
    return True


def _pace(bad: float, allowed: float) -> float:
    if allowed:
        return bad / allowed
    return math.inf if bad else 0.0


def _of_mean(objective: Objective, series: Series, now: int) -> ObjectiveStatus:
    """A mean has no budget: it is kept or it is not."""
    assert objective.mean is not None
    part = series.within(now - objective.within, min(now, series.watermark))
    try:
        most = in_its_unit(objective.mean, series.indicator.measures)
    except ValueError as error:
        return ObjectiveStatus(objective.name, unknown=str(error))
    if not part.count:
        return ObjectiveStatus(objective.name, allowed=most, unknown="nothing was observed in its window")
    return ObjectiveStatus(objective.name, part.count, part.total / part.count, most)


def _of_loss(objective: Objective, series: Series, now: int, capital: float | None) -> ObjectiveStatus:
    """What closed trades have lost, all together, of what may be lost."""
    assert objective.loss is not None
    if capital is None:
        return ObjectiveStatus(objective.name, unknown="no stage says how much capital there is to lose a share of")
    allowed = capital * float(objective.loss.value)
    n, lost = _lost(series, now - objective.within, now)
    burning = tuple(
        burn for burn in objective.alarms if _lost(series, now - burn.within, now)[1] >= float(burn.spent.value) * allowed > 0
    )
    return ObjectiveStatus(objective.name, n, lost, allowed, burning)


def lost_by_each(series: Series, since: int, until: int) -> float:
    """The sum of the losses of all accounts with a loss. Gains of other accounts do not reduce it, as in the limit of a stage."""
    names = len(series.names)

    def summed(rows: Rows) -> Numbers:
        return np.bincount(rows.labels, weights=rows.values * rows.counts, minlength=names).astype(np.float64)

    results = tallied(series, since, until, ("lost by each", names), summed)
    return float(abs(results[results < 0].sum()))


def _lost(series: Series, since: int, until: int) -> tuple[int, float]:
    part = series.within(since, min(until, series.watermark))
    return part.count, max(0.0, -part.total)
