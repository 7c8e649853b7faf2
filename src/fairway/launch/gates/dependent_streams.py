"""Simulates streams of observations with a known truth, which depend on each other as those of a launch do."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import log
from typing import Final

import numpy as np

from fairway.watch.indicators import BY_NAME
from fairway.watch.series import Series
from fairway.world.chance import Stream
from fairway.world.clock import MINUTE, SECOND

STEP: Final = MINUTE
"""Between two orders, or two signals."""
SPREAD: Final = SECOND // 4
"""Between two accounts that follow one signal."""
ZERO: Final = 5.0
"""What is added to normal values, so that none is below 0."""


@dataclass(frozen=True, slots=True)
class OrderStream:
    """Orders of accounts that follow the same signals; bad: how often they fail. burst: the mean length of bursts, in signals.

    outage: the mean length of outages, in signals, in which every second order fails.
    """

    bad: float
    accounts: int = 1
    burst: float = 1.0
    outage: float = 0.0

    def made(self, chance: Stream, signals: int) -> Series:
        failed = self._failed(chance, signals)
        values = np.repeat([0.0 if each else 1.0 for each in failed], self.accounts)
        ats = np.repeat(np.arange(1, signals + 1) * STEP, self.accounts) + np.tile(np.arange(self.accounts) * SPREAD, signals)
        return series_of("order_success", values, ats, np.tile(np.arange(self.accounts), signals))

    def _failed(self, chance: Stream, n: int) -> Sequence[bool]:
        if self.outage:
            return [is_out and chance.random() < 0.5 for is_out in runs(chance, 2 * self.bad, self.outage, n)]
        if self.burst > 1:
            return runs(chance, self.bad, self.burst, n)
        return [chance.random() < self.bad for _ in range(n)]


@dataclass(frozen=True, slots=True)
class LatencyStream:
    """Answers of which each takes about as long as the one before: by alike of it. within: the bound is so far above the mean."""

    alike: float
    within: float

    def made(self, chance: Stream, n: int) -> Series:
        values = np.array(normal(chance, self.alike, n)) - self.within + ZERO
        return series_of("order_ack", np.maximum(values, 0.0), np.arange(1, n + 1) * STEP)


def runs(chance: Stream, share: float, length: float, n: int) -> list[bool]:
    """True for so large a share, in runs of a mean length."""
    made: list[bool] = []
    is_on = chance.random() < share
    ends = {True: 1 / length, False: share / (1 - share) / length}
    while len(made) < n:
        made += [is_on] * (1 + int(log(1 - chance.random()) / log(1 - ends[is_on])) if ends[is_on] < 1 else 1)
        is_on = not is_on
    return made[:n]


def normal(chance: Stream, alike: float, n: int) -> list[float]:
    """Normal values of which each resembles the one before (an autoregression of the first order)."""
    made, fresh = [chance.gauss(0, 1)], (1 - alike**2) ** 0.5
    for _ in range(n - 1):
        made.append(alike * made[-1] + fresh * chance.gauss(0, 1))
    return made


def series_of(name: str, values: "np.ndarray[tuple[int], np.dtype[np.float64]]", ats: object, labels: object = None) -> Series:
    """A series that is as fresh as its last observation."""
    instants = np.asarray(ats, dtype=np.int64)
    codes = np.zeros(len(values), dtype=np.int32) if labels is None else np.asarray(labels, dtype=np.int32)
    names = tuple(f"account {code}" for code in range(int(codes.max(initial=0)) + 1))
    last = int(instants[-1])
    return Series(BY_NAME[name], instants, values, codes, names, watermark=last, beats=last)
