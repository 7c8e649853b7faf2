"""Low volume: a market in which too little is traded for its price to mean much."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import ONE, AccountLook, Bounds, GuardInput, GuardReading
from fairway.risk.guards.rules import GuardRules


class LowVolume:
    """Its limit is a least, so it reads how many times too little is traded; nothing at all is a hundred times too little."""

    name: ClassVar[str] = "low volume"
    measures: ClassVar[str] = "quote traded a day, at the pace of the last 60 closed candles; symbol"
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
        assert rules.volume_a_day is not None
        self._least = rules.volume_a_day.value
        self.bounds: Bounds = {Level.CRITICAL: ONE}

    def observe(self, seen: GuardInput) -> None: ...

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        for symbol, market in look.markets.items():
            traded = max(market.traded.value, self._least / 100)
            yield GuardReading("too_little", self._least / traded, symbol)

    def forget(self, since: int, symbol: str) -> None: ...


GUARD = GuardPlugin(
    guard=LowVolume,
    unit="USDT",
    says="the market trades too little for its price to mean much: the least asked for is {value} times as much",
    calm=proof.market("0", 10**6),
    wrong=proof.market("0", 100),
    settings=(
        GuardSetting.same(
            "volume_a_day", "Least that a symbol must trade a day, at the pace of the newest candles", 50000, is_money=True
        ),
    ),
    bounds_text=lambda rules: f"{Level.CRITICAL} below {rules.volume_a_day}",
    order=80,
)
