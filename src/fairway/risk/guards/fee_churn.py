"""Fee churn: trading so often that fees eat what the trades move."""

from collections import deque
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.money.amount import ZERO
from fairway.money.fraction import Fraction
from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import NONE_YET, AccountLook, Bounds, Closed, GuardInput, GuardReading
from fairway.risk.guards.rules import GuardRules
from fairway.world.clock import DAY

TRIPS_MIN, TRIPS_MAX = 10, 500
"""Round trips of a day: with fewer it says nothing, and of more the newest speak for all."""


class FeeChurn:
    name: ClassVar[str] = "fee churn"
    measures: ClassVar[str] = "fees of the round trips of 24 h, of what these moved before fees, from 10 trips on; account"
    hears: ClassVar[tuple[type[GuardInput], ...]] = (Closed,)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P2
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = False
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {"_trips": list[tuple[int, Decimal, Decimal]]}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        assert rules.fees is not None
        self.bounds: Bounds = {Level.WARNING: rules.fees.value, Level.CRITICAL: rules.fees.value * 2}
        self._trips: deque[tuple[int, Decimal, Decimal]] = deque(maxlen=TRIPS_MAX)

    def observe(self, seen: GuardInput) -> None:
        assert isinstance(seen, Closed)
        self._trips.append((seen.at, (seen.gross - seen.result).value, abs(seen.gross.value)))

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        while self._trips and self._trips[0][0] <= look.now - DAY:
            self._trips.popleft()
        fees = sum((fee for _, fee, _ in self._trips), ZERO)
        moved = sum((gross for _, _, gross in self._trips), ZERO)
        is_enough = len(self._trips) >= TRIPS_MIN and moved
        yield GuardReading("fees", fees / moved if is_enough else NONE_YET)

    def forget(self, since: int, symbol: str) -> None:
        self._trips.clear()


GUARD = GuardPlugin(
    guard=FeeChurn,
    unit="%",
    says="fees took {value} of what the trades of a day moved, and {bound} {limit}",
    calm=proof.round_trips(20, "3", "1"),
    wrong=proof.round_trips(20, "-3", "-1", gross="1"),
    settings=(GuardSetting.same("fees", "Fees of a day's round trips, of what these moved", Fraction.parse("50 %")),),
    order=130,
)
