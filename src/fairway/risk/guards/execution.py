"""Latency and slippage: anomalies of execution, each by the mean of the last thirty, recovered below 80 % of where it began."""

from collections import deque
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.money.amount import ZERO, Price
from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards.port import NONE_YET, Answered, Bought, Bounds, Look, Observation, Planned, Reading
from fairway.risk.guards.rules import GuardRules
from fairway.world.clock import HOUR

SAMPLES, SAMPLES_MIN = 30, 10
AGE_MAX_NS = HOUR
"""Older samples are forgotten: whoever opens nothing gets no new ones, and would otherwise never recover."""


class _Recent:
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


class Latency:
    name: ClassVar[str] = "latency"
    measures: ClassVar[str] = (
        "ms from an order's sending to the venue's answer, mean of the last 30 within an hour, from 10 on; account"
    )
    hears: ClassVar[tuple[type[Observation], ...]] = (Answered,)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {"_recent": _Recent}

    def __init__(self, rules: GuardRules) -> None:
        assert rules.latency_ns is not None
        self._recent, most = _Recent(), Decimal(rules.latency_ns) / 1_000_000
        self.bounds: Bounds = {Level.WARNING: most, Level.CRITICAL: most * 2}

    def observe(self, seen: Observation) -> None:
        assert isinstance(seen, Answered)
        self._recent.add(seen.at, Decimal(seen.latency_ns) / 1_000_000)

    def readings(self, look: Look) -> Iterable[Reading]:
        yield Reading("latency_ms", self._recent.mean(look.now))

    def forget(self, since: int, symbol: str) -> None:
        self._recent = _Recent()


class Slippage:
    name: ClassVar[str] = "slippage"
    measures: ClassVar[str] = (
        "an entry's fills above the price it was sized at, mean of the last 30 within an hour, from 10 on; account"
    )
    hears: ClassVar[tuple[type[Observation], ...]] = (Planned, Bought)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P2
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = False
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {"_recent": _Recent, "_planned": dict[str, Price]}

    def __init__(self, rules: GuardRules) -> None:
        assert rules.slippage is not None
        self._recent, most = _Recent(), rules.slippage.value
        self.bounds: Bounds = {Level.WARNING: most, Level.CRITICAL: most * 2}
        self._planned: dict[str, Price] = {}

    def observe(self, seen: Observation) -> None:
        if isinstance(seen, Planned):
            if seen.price is not None:
                self._planned[seen.symbol] = seen.price
        elif isinstance(seen, Bought) and seen.symbol in self._planned:
            planned = self._planned[seen.symbol]
            self._recent.add(seen.at, (seen.price - planned).value / planned.value)

    def readings(self, look: Look) -> Iterable[Reading]:
        yield Reading("slippage", self._recent.mean(look.now))

    def forget(self, since: int, symbol: str) -> None:
        self._recent = _Recent()
