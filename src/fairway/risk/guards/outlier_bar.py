"""Outlier bar: a market whose price has just moved so much that the price means little."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from fairway.money.fraction import Fraction
from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import AccountLook, Bounds, GuardInput, GuardReading
from fairway.risk.guards.rules import GuardRules


class OutlierBar:
    name: ClassVar[str] = "outlier bar"
    measures: ClassVar[str] = "largest move of the last 3 closed candles: range, or from the close before; symbol"
    hears: ClassVar[tuple[type[GuardInput], ...]] = ()
    severity: ClassVar[AlertSeverity] = AlertSeverity.P2
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = False
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        assert rules.outlier_bar is not None
        self.bounds: Bounds = {Level.CRITICAL: rules.outlier_bar.value}

    def observe(self, seen: GuardInput) -> None: ...

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        for symbol, market in look.markets.items():
            yield GuardReading("move", market.move, symbol)

    def forget(self, since: int, symbol: str) -> None: ...


GUARD = GuardPlugin(
    guard=OutlierBar,
    unit="%",
    says="the price moved by {value} within a few candles, and {bound} {limit}",
    calm=proof.market("0.01", 10**9),
    wrong=proof.market("0.2", 10**9),
    settings=(
        GuardSetting.same("outlier_bar", "Largest move within one candle, or from the close before it", Fraction.parse("5 %")),
    ),
    order=70,
)
