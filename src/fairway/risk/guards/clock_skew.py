"""Clock skew: how far the clock of the machine is from the clock of the venue. Not journaled: a new process measures again."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import AccountLook, Bounds, GuardInput, GuardReading, Measured
from fairway.risk.guards.rules import GuardRules
from fairway.world.clock import MILLISECOND


class ClockSkew:
    """Warns at half of its limit: 250 ms of 500."""

    name: ClassVar[str] = "clock skew"
    measures: ClassVar[str] = "ms between our clock and the venue's, the newest measurement; process"
    hears: ClassVar[tuple[type[GuardInput], ...]] = (Measured,)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        assert rules.skew_ns is not None
        most = Decimal(rules.skew_ns) / 1_000_000
        self.bounds: Bounds = {Level.WARNING: most / 2, Level.CRITICAL: most}
        self._skew_ns: int | None = None

    def observe(self, seen: GuardInput) -> None:
        if isinstance(seen, Measured) and seen.skew_ns is not None:
            self._skew_ns = seen.skew_ns

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        if self._skew_ns is not None:
            yield GuardReading("skew_ms", Decimal(abs(self._skew_ns)) / 1_000_000)

    def forget(self, since: int, symbol: str) -> None: ...


GUARD = GuardPlugin(
    guard=ClockSkew,
    unit="ms",
    says="this machine's clock and the exchange's are {value} ms apart, and {bound} {limit} ms",
    calm=proof.clock_apart(20),
    wrong=proof.clock_apart(900),
    settings=(GuardSetting.same("skew_ns", "Difference between our clock and the venue's", 500 * MILLISECOND),),
    order=140,
)
