"""Edge health: a strategy whose record shows no edge opens nothing, until a person has looked at it."""

from collections import deque
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.edge import TRADES_KEPT, Edge, TradeRecord, record_of
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import NONE_YET, ONE, AccountLook, Bounds, Closed, GuardInput, GuardReading
from fairway.risk.guards.rules import GuardRules


class EdgeHealth:
    """Its record is the one that entries are sized by, so both judge by the same trades."""

    name: ClassVar[str] = "edge health"
    measures: ClassVar[str] = "last 200 trades: cold (from 50 on), or nothing that Kelly would bet (from 20 on); account"
    hears: ClassVar[tuple[type[GuardInput], ...]] = (Closed,)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P2
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = False
    includes_limit: ClassVar[bool] = True
    person_from: ClassVar[Level] = Level.CRITICAL
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {"_results": list[Decimal]}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        self.bounds: Bounds = {Level.CRITICAL: ONE}
        self._results: deque[Decimal] = deque(maxlen=TRADES_KEPT)
        self._record: TradeRecord | None = None

    def observe(self, seen: GuardInput) -> None:
        assert isinstance(seen, Closed)
        if seen.in_risks is not None:
            self._results.append(seen.in_risks)
            self._record = None

    @property
    def record(self) -> TradeRecord:
        if self._record is None:
            self._record = record_of(self._results)
        return self._record

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        record = self.record
        has_none = (record.kelly is not None and record.kelly <= 0) or record.edge is Edge.COLD
        yield GuardReading("without_edge", ONE if has_none else NONE_YET)

    def forget(self, since: int, symbol: str) -> None:
        self._results.clear()
        self._record = None


GUARD = GuardPlugin(
    guard=EdgeHealth,
    unit="",
    says="the last trades show that the strategy has no edge",
    calm=proof.round_trips(60, "3", "1"),
    wrong=proof.round_trips(60, "-3", "-1"),
    settings=(GuardSetting.same("edge", "Whether a strategy that has shown no edge is stopped", True),),
    order=40,
)
