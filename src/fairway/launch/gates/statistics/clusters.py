"""Groups observations that share a cause into clusters, because a cluster is one piece of evidence.

One signal makes orders of many accounts within seconds; what a source tells of one instant it saw at one instant. Such
observations are a block. A block begins with an observation and takes in all of the same instant, and those of other labels,
such as other accounts, until a label comes again or a minute is over.
"""

from dataclasses import dataclass, field
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fairway.launch.gates.statistics.rolling_sums import kept
from fairway.watch.series import Series, longer
from fairway.world.clock import MINUTE

TOGETHER: Final = MINUTE
"""What begins later than so long after the first observation of a block is of another cause."""

Numbers64 = NDArray[np.int64]


@dataclass(slots=True)
class _Blocks:
    """The block of each row that is known, and where the last one stands. It goes on when rows are added."""

    known: int = 0
    ids: Numbers64 = field(default_factory=lambda: np.empty(0, dtype=np.int64))
    block: int = -1
    began: int = 0
    last: int = -1
    labels: set[int] = field(default_factory=set)

    def grow(self, series: Series) -> None:
        new = slice(self.known, len(series))
        if len(self.ids) < len(series):
            self.ids = longer(self.ids, 2 * len(series))
        if len(series.names) == 1:
            self._grow_alone(series.ats[new], new)
        else:
            rows = zip(series.ats[new].tolist(), series.labels[new].tolist(), strict=True)
            self.ids[new] = [self._block_of(at, label) for at, label in rows]
        self.known = len(series)

    def _grow_alone(self, ats: Numbers64, new: slice) -> None:
        """All bear the same label, so each instant is a block; the same as row by row, at once."""
        begins = np.diff(ats, prepend=self.last) != 0
        self.ids[new] = self.block + np.cumsum(begins)
        self.block, self.last = int(self.ids[new.stop - 1]), int(ats[-1])
        self.began, self.labels = self.last, {0}

    def _block_of(self, at: int, label: int) -> int:
        is_same = at == self.last or (at - self.began < TOGETHER and label not in self.labels)
        if self.block < 0 or not is_same:
            self.block, self.began = self.block + 1, at
            self.labels.clear()
        self.labels.add(label)
        self.last = at
        return self.block


def clusters_of(series: Series) -> Numbers64:
    """Of each row the number of its block; numbers rise by one."""
    known = kept(series, "causes", _Blocks)
    if known.known < len(series):
        known.grow(series)
    return known.ids[: len(series)]
