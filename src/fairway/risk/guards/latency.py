"""Latency: how long the venue takes to answer an order, by the mean of the last thirty."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import AccountLook, Bounds, GuardInput, GuardReading, OrderAnswered
from fairway.risk.guards.recent_mean import RecentMean
from fairway.risk.guards.rules import GuardRules
from fairway.world.clock import SECOND


class Latency:
    name: ClassVar[str] = "latency"
    measures: ClassVar[str] = (
        "ms from an order's sending to the venue's answer, mean of the last 30 within an hour, from 10 on; account"
    )
    hears: ClassVar[tuple[type[GuardInput], ...]] = (OrderAnswered,)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {"_recent": RecentMean}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        assert rules.latency_ns is not None
        self._recent, most = RecentMean(), Decimal(rules.latency_ns) / 1_000_000
        self.bounds: Bounds = {Level.WARNING: most, Level.CRITICAL: most * 2}

    def observe(self, seen: GuardInput) -> None:
        assert isinstance(seen, OrderAnswered)
        self._recent.add(seen.at, Decimal(seen.latency_ns) / 1_000_000)

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        yield GuardReading("latency_ms", self._recent.mean(look.now))

    def forget(self, since: int, symbol: str) -> None:
        self._recent = RecentMean()


GUARD = GuardPlugin(
    guard=Latency,
    unit="ms",
    says="the exchange takes {value} ms on average to answer an order, and {bound} {limit} ms",
    calm=proof.answered(200),
    wrong=proof.answered(5000),
    settings=(GuardSetting.same("latency_ns", "Mean time from sending an order to the venue's answer", SECOND),),
    order=110,
)
