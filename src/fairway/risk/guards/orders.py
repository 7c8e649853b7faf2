"""Runaway rate and errors: how many orders are sent, and how many of them fail."""

from collections import deque
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.risk.causes import AlertSeverity, Cause, CauseCategory, Effect
from fairway.risk.escalation import Level
from fairway.risk.guards.port import NONE_YET, Bounds, Failed, Look, Observation, Reading, Sent
from fairway.risk.guards.rules import GuardRules
from fairway.world.clock import MINUTE

ERRORS_NS = 15 * MINUTE
ORDERS_MIN = 20
"""With fewer orders in the window, a failure or two say nothing."""
KEPT_MAX = 1_000
"""Orders remembered; in a window that saw more, the newest of them speak for all."""


class RunawayRate:
    """It stops entries only: what it counts may be protection, and that is never held back."""

    name: ClassVar[str] = "runaway rate"
    measures: ClassVar[str] = "orders of all kinds sent in the last minute; account"
    hears: ClassVar[tuple[type[Observation], ...]] = (Sent,)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P0
    cause: ClassVar[Cause] = Cause(
        name="guard runaway rate", what="orders come far too fast", effect=Effect.DEMOTE, category=CauseCategory.RUNAWAY
    )
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.CRITICAL
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {"_sent": list[int]}

    def __init__(self, rules: GuardRules) -> None:
        assert rules.orders_a_minute is not None
        self.bounds: Bounds = {Level.CRITICAL: Decimal(rules.orders_a_minute)}
        self._sent: deque[int] = deque(maxlen=rules.orders_a_minute + 1)

    def observe(self, seen: Observation) -> None:
        self._sent.append(seen.at)

    def readings(self, look: Look) -> Iterable[Reading]:
        _drop_before(self._sent, look.now - MINUTE)
        yield Reading("orders_a_minute", Decimal(len(self._sent)))

    def forget(self, since: int, symbol: str) -> None:
        self._sent.clear()


class Errors:
    name: ClassVar[str] = "errors"
    measures: ClassVar[str] = "orders refused, unsent or unknown, of those sent in 15 minutes, from 20 on; account"
    hears: ClassVar[tuple[type[Observation], ...]] = (Sent, Failed)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = Cause(
        name="guard errors", what="too many orders fail", effect=Effect.HOLD, category=CauseCategory.CANNOT_PLACE
    )
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {"_sent": list[int], "_failed": list[int]}

    def __init__(self, rules: GuardRules) -> None:
        assert rules.errors is not None
        self.bounds: Bounds = {Level.WARNING: rules.errors.value, Level.CRITICAL: rules.errors.value * 2}
        self._sent: deque[int] = deque(maxlen=KEPT_MAX)
        self._failed: deque[int] = deque(maxlen=KEPT_MAX)

    def observe(self, seen: Observation) -> None:
        (self._failed if isinstance(seen, Failed) else self._sent).append(seen.at)

    def readings(self, look: Look) -> Iterable[Reading]:
        for kept in (self._sent, self._failed):
            _drop_before(kept, look.now - ERRORS_NS)
        sent = len(self._sent)
        share = Decimal(len(self._failed)) / sent if sent >= ORDERS_MIN else NONE_YET
        yield Reading("failed", share)

    def forget(self, since: int, symbol: str) -> None:
        self._sent.clear()
        self._failed.clear()


def _drop_before(instants: deque[int], begin: int) -> None:
    while instants and instants[0] <= begin:
        instants.popleft()
