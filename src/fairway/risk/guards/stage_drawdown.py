"""Stage drawdown: how far the account is below its highest worth since its stage began, of the limit `drawdown`."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.money.amount import ZERO, Amount
from fairway.money.fraction import Fraction
from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.limit_share import share_used
from fairway.risk.guards.plugin import GuardPlugin
from fairway.risk.guards.port import ONE, AccountLook, AccountMarked, Begun, Bounds, GuardInput, GuardReading
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import Limits

WARNING_AT = Fraction.parse("70 %")


class StageDrawdown:
    name: ClassVar[str] = "stage drawdown"
    measures: ClassVar[str] = (
        "worth at market less fees due, now against its highest since the stage began, of its limit; account"
    )
    hears: ClassVar[tuple[type[GuardInput], ...]] = (Begun, AccountMarked)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = causes.STAGE_LIMIT
    watches_losses: ClassVar[bool] = True
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.CRITICAL
    is_live: ClassVar[bool] = True
    remembers: ClassVar[Mapping[str, Any]] = {"_stage": str | None, "_peak": Decimal}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        self._equity = equity
        self._stage: str | None = None
        self._peak = ZERO
        self.bounds: Bounds = {Level.WARNING: WARNING_AT.value, Level.CRITICAL: ONE}

    def observe(self, seen: GuardInput) -> None:
        if isinstance(seen, Begun):
            if seen.stage != self._stage:  # a loss that was lifted begins its stage once more, and no peak
                self._stage, self._peak = seen.stage, seen.worth.value - self._equity.paid_in
        elif self._stage is not None and self._equity.last is not None:
            self._peak = max(self._peak, self._equity.last)

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        most = look.limits.drawdown
        if most is None or self._stage is None or look.worth is None:
            return
        fallen = self._equity.share_lost(self._peak, look.worth, look.capital)
        figures = (("below_peak", fallen), ("limit", most.value))
        yield GuardReading("used", share_used(fallen, most.value), marked_at=look.marked_at, figures=figures)

    def is_new_high(self, worth: Amount, most: Fraction | None) -> bool:
        """Whether the peak is to be raised to this worth, with a step of a tenth of what may be lost from it."""
        return most is not None and self._stage is not None and self._equity.is_above(self._peak, worth, most.value / 10)

    def forget(self, since: int, symbol: str) -> None:
        if self._equity.last is not None:
            self._peak = self._equity.last


GUARD = GuardPlugin(
    guard=StageDrawdown,
    unit="%",
    says="the account is {value} below its highest worth in this stage, and {bound} {limit}",
    calm=proof.in_stage(999, Limits(drawdown=Fraction.parse("1 %"))),
    wrong=proof.in_stage(989, Limits(drawdown=Fraction.parse("1 %"))),
    is_of_stage=True,
    order=930,
)
