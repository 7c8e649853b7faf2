"""Outlier bar and low volume: markets in which a price means little. Both look at closed candles alone, and recover with them."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards.port import ONE, Bounds, Look, Observation, Reading
from fairway.risk.guards.rules import GuardRules


class OutlierBar:
    name: ClassVar[str] = "outlier bar"
    measures: ClassVar[str] = "largest move of the last 3 closed candles: range, or from the close before; symbol"
    hears: ClassVar[tuple[type[Observation], ...]] = ()
    severity: ClassVar[AlertSeverity] = AlertSeverity.P2
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = False
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, rules: GuardRules) -> None:
        assert rules.outlier_bar is not None
        self.bounds: Bounds = {Level.CRITICAL: rules.outlier_bar.value}

    def observe(self, seen: Observation) -> None: ...

    def readings(self, look: Look) -> Iterable[Reading]:
        for symbol, market in look.markets.items():
            yield Reading("move", market.move, symbol)

    def forget(self, since: int, symbol: str) -> None: ...


class LowVolume:
    """Its limit is a least, so it reads how many times too little is traded; nothing at all is a hundred times too little."""

    name: ClassVar[str] = "low volume"
    measures: ClassVar[str] = "quote traded a day, at the pace of the last 60 closed candles; symbol"
    hears: ClassVar[tuple[type[Observation], ...]] = ()
    severity: ClassVar[AlertSeverity] = AlertSeverity.P2
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = False
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, rules: GuardRules) -> None:
        assert rules.volume_a_day is not None
        self._least = rules.volume_a_day.value
        self.bounds: Bounds = {Level.CRITICAL: ONE}

    def observe(self, seen: Observation) -> None: ...

    def readings(self, look: Look) -> Iterable[Reading]:
        for symbol, market in look.markets.items():
            traded = max(market.traded.value, self._least / 100)
            yield Reading("too_little", self._least / traded, symbol)

    def forget(self, since: int, symbol: str) -> None: ...
