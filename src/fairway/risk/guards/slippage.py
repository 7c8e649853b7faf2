"""Slippage: how much more an entry costs than the price it was sized at, by the mean of the last thirty."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from fairway.money.amount import Price
from fairway.money.fraction import Fraction
from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import AccountLook, Bought, Bounds, GuardInput, GuardReading, Planned
from fairway.risk.guards.recent_mean import RecentMean
from fairway.risk.guards.rules import GuardRules


class Slippage:
    name: ClassVar[str] = "slippage"
    measures: ClassVar[str] = (
        "an entry's fills above the price it was sized at, mean of the last 30 within an hour, from 10 on; account"
    )
    hears: ClassVar[tuple[type[GuardInput], ...]] = (Planned, Bought)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P2
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = False
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {"_recent": RecentMean, "_planned": dict[str, Price]}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        assert rules.slippage is not None
        self._recent, most = RecentMean(), rules.slippage.value
        self.bounds: Bounds = {Level.WARNING: most, Level.CRITICAL: most * 2}
        self._planned: dict[str, Price] = {}

    def observe(self, seen: GuardInput) -> None:
        if isinstance(seen, Planned):
            if seen.price is not None:
                self._planned[seen.symbol] = seen.price
        elif isinstance(seen, Bought) and seen.symbol in self._planned:
            planned = self._planned[seen.symbol]
            self._recent.add(seen.at, (seen.price - planned).value / planned.value)

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        yield GuardReading("slippage", self._recent.mean(look.now))

    def forget(self, since: int, symbol: str) -> None:
        self._recent = RecentMean()


GUARD = GuardPlugin(
    guard=Slippage,
    unit="%",
    says="entries cost {value} more on average than the price they were sized at, and {bound} {limit}",
    calm=proof.bought(100),
    wrong=proof.bought(102),
    settings=(
        GuardSetting.same("slippage", "Mean of what entries cost above the price they were sized at", Fraction.parse("0.35 %")),
    ),
    order=120,
)
