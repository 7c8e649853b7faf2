"""Runaway rate: more orders in a minute than a strategy can mean."""

from collections import deque
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.risk.causes import AlertSeverity, Cause, CauseCategory, Effect
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import AccountLook, Bounds, GuardInput, GuardReading, Sent
from fairway.risk.guards.rules import GuardRules
from fairway.world.clock import MINUTE


class RunawayRate:
    """It stops entries only: what it counts may be protection, and that is never held back."""

    name: ClassVar[str] = "runaway rate"
    measures: ClassVar[str] = "orders of all kinds sent in the last minute; account"
    hears: ClassVar[tuple[type[GuardInput], ...]] = (Sent,)
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

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        assert rules.orders_a_minute is not None
        self.bounds: Bounds = {Level.CRITICAL: Decimal(rules.orders_a_minute)}
        self._sent: deque[int] = deque(maxlen=rules.orders_a_minute + 1)

    def observe(self, seen: GuardInput) -> None:
        self._sent.append(seen.at)

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        _drop_before(self._sent, look.now - MINUTE)
        yield GuardReading("orders_a_minute", Decimal(len(self._sent)))

    def forget(self, since: int, symbol: str) -> None:
        self._sent.clear()


def _drop_before(instants: deque[int], begin: int) -> None:
    while instants and instants[0] <= begin:
        instants.popleft()


GUARD = GuardPlugin(
    guard=RunawayRate,
    unit="orders",
    says="{value} orders were sent within a minute, and {bound} {limit}",
    calm=proof.orders_sent(2),
    wrong=proof.orders_sent(500),
    settings=(
        GuardSetting(
            name="orders_a_minute",
            meaning="Orders of all kinds in a minute, protection too",
            conservative=30,
            moderate=60,
            aggressive=120,
        ),
    ),
    order=90,
)
