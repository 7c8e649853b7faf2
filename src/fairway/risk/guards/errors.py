"""Errors: the share of orders that fail."""

from collections import deque
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.money.fraction import Fraction
from fairway.risk.causes import AlertSeverity, Cause, CauseCategory, Effect
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import NONE_YET, AccountLook, Bounds, Failed, GuardInput, GuardReading, Sent
from fairway.risk.guards.rules import GuardRules
from fairway.world.clock import MINUTE

ERRORS_NS = 15 * MINUTE
ORDERS_MIN = 20
"""With fewer orders in the window, one or two failures mean nothing."""
KEPT_MAX = 1_000
"""Orders that are kept; in a window with more, the newest stand for all."""


class Errors:
    name: ClassVar[str] = "errors"
    measures: ClassVar[str] = "orders refused, unsent or unknown, of those sent in 15 minutes, from 20 on; account"
    hears: ClassVar[tuple[type[GuardInput], ...]] = (Sent, Failed)
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

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        assert rules.errors is not None
        self.bounds: Bounds = {Level.WARNING: rules.errors.value, Level.CRITICAL: rules.errors.value * 2}
        self._sent: deque[int] = deque(maxlen=KEPT_MAX)
        self._failed: deque[int] = deque(maxlen=KEPT_MAX)

    def observe(self, seen: GuardInput) -> None:
        (self._failed if isinstance(seen, Failed) else self._sent).append(seen.at)

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        for kept in (self._sent, self._failed):
            _drop_before(kept, look.now - ERRORS_NS)
        sent = len(self._sent)
        share = Decimal(len(self._failed)) / sent if sent >= ORDERS_MIN else NONE_YET
        yield GuardReading("failed", share)

    def forget(self, since: int, symbol: str) -> None:
        self._sent.clear()
        self._failed.clear()


def _drop_before(instants: deque[int], begin: int) -> None:
    while instants and instants[0] <= begin:
        instants.popleft()


GUARD = GuardPlugin(
    guard=Errors,
    unit="%",
    says="{value} of the orders of the last minutes failed, and {bound} {limit}",
    calm=proof.orders_sent(40),
    wrong=proof.orders_sent(40, failed=20),
    settings=(GuardSetting.same("errors", "Orders that failed, of those sent", Fraction.parse("5 %")),),
    order=100,
)
