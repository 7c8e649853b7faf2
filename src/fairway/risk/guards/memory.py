"""Memory: how fast the process grows. Not journaled: a new process measures again."""

from collections import deque
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.money.fraction import Fraction
from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import NONE_YET, AccountLook, Bounds, GuardInput, GuardReading, Measured
from fairway.risk.guards.rules import GuardRules
from fairway.world.clock import DAY, HOUR, MINUTE

WARM_UP_NS = HOUR
"""A process grows while it fills its caches, so its first hour is left out."""
WINDOW_NS = 6 * HOUR
WINDOW_MIN_NS = HOUR
SAMPLE_NS = 5 * MINUTE
GROWTH_MIN_BYTES = 2 * 2**20


class Memory:
    """5 % an hour, sixty times its limit of 2 % a day, is critical."""

    name: ClassVar[str] = "memory"
    measures: ClassVar[str] = "growth of memory a day, by the last 6 h after a first hour, from 2 MiB on; process"
    hears: ClassVar[tuple[type[GuardInput], ...]] = (Measured,)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        assert rules.memory_a_day is not None
        self.bounds: Bounds = {Level.WARNING: rules.memory_a_day.value, Level.CRITICAL: rules.memory_a_day.value * 60}
        self._began_at = 0
        self._samples: deque[tuple[int, int]] = deque(maxlen=WINDOW_NS // SAMPLE_NS + 1)

    def observe(self, seen: GuardInput) -> None:
        if not isinstance(seen, Measured) or seen.memory_bytes is None:
            return
        self._began_at = self._began_at or seen.at
        is_due = not self._samples or seen.at - self._samples[-1][0] >= SAMPLE_NS
        if seen.at - self._began_at >= WARM_UP_NS and is_due:
            self._samples.append((seen.at, seen.memory_bytes))

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        yield GuardReading("growth_a_day", self._growth())

    def _growth(self) -> Decimal:
        if not self._samples:
            return NONE_YET
        (first_at, first), (last_at, last) = self._samples[0], self._samples[-1]
        if last_at - first_at < WINDOW_MIN_NS or last - first < GROWTH_MIN_BYTES:
            return NONE_YET
        return Decimal((last - first) * DAY) / (first * (last_at - first_at))

    def forget(self, since: int, symbol: str) -> None:
        self._samples.clear()


GUARD = GuardPlugin(
    guard=Memory,
    unit="%",
    says="the process grows by {value} a day, and {bound} {limit}",
    calm=proof.memory_growing(0),
    wrong=proof.memory_growing(60),
    settings=(GuardSetting.same("memory_a_day", "Growth of the process in 24 hours", Fraction.parse("2 %")),),
    order=150,
)
