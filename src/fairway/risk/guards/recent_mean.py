"""The mean of the last samples, for guards that judge by a mean."""

from collections import deque
from collections.abc import Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.money.amount import ZERO
from fairway.risk.guards.port import NONE_YET
from fairway.world.clock import HOUR

SAMPLES, SAMPLES_MIN = 30, 10
AGE_MAX_NS = HOUR
"""Older samples are dropped: an account that opens nothing gets no new ones, and would otherwise never recover."""


class RecentMean:
    """The mean of the last samples."""

    remembers: ClassVar[Mapping[str, Any]] = {"_samples": list[tuple[int, Decimal]]}

    def __init__(self) -> None:
        self._samples: deque[tuple[int, Decimal]] = deque(maxlen=SAMPLES)

    def add(self, at: int, value: Decimal) -> None:
        self._samples.append((at, value))

    def mean(self, now: int) -> Decimal:
        while self._samples and self._samples[0][0] <= now - AGE_MAX_NS:
            self._samples.popleft()
        count = len(self._samples)
        return sum((value for _, value in self._samples), ZERO) / count if count >= SAMPLES_MIN else NONE_YET
