"""A series: the observations of one indicator, oldest first, and until when they are complete.

Values are statistics, not money: they are floats, and nothing is bought or sold by them but by way of a verdict.
"""

from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from fairway.watch.indicators import Indicator

Instants = NDArray[np.int64]
Values = NDArray[np.float64]
Codes = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class Series:
    """ats: when each was observed (ns), ascending. values: as the indicator measures. labels: of each, a place in names.

    watermark: until when (ns) the series is complete; 0 where it never was. beats: when its source was last alive (ns), whether
    or not it had anything to observe: no events from a dead detector are no good news.
    """

    indicator: Indicator
    ats: Instants
    values: Values
    labels: Codes
    names: tuple[str, ...] = ("",)
    watermark: int = 0
    beats: int = 0
    _memo: dict[object, object] = field(default_factory=dict, compare=False, repr=False)

    def __len__(self) -> int:
        return len(self.ats)

    def within(self, since: int, until: int) -> "Series":
        """The observations with since < at <= until; views, nothing is copied."""
        low, high = np.searchsorted(self.ats, (since, until), side="right")
        part = slice(int(low), int(high))
        return replace(self, ats=self.ats[part], values=self.values[part], labels=self.labels[part], _memo={})

    def coverage(self, since: int, until: int) -> float | None:
        """The share of the observations that the clock should have brought, at most 1; None where they come with trading."""
        if self.indicator.every_s is None or until <= since:
            return None
        low, high = np.searchsorted(self.ats, (since, until), side="right")
        expected = (until - since) // (self.indicator.every_s * 1_000_000_000)
        return min(1.0, float(high - low) / expected) if expected else 1.0
