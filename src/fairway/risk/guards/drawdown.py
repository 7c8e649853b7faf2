"""Drawdown: how far the account is below its highest worth."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.risk.causes import CLOSED_BY_STRATEGY, AlertSeverity, Cause, CauseCategory, Effect
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import AccountLook, AccountMarked, Bounds, GuardInput, GuardReading
from fairway.risk.guards.rules import GuardRules

WARNING_AT = Fraction.parse("70 %")


class Drawdown:
    name: ClassVar[str] = "drawdown"
    measures: ClassVar[str] = "worth at market less fees due, now against its highest; account"
    hears: ClassVar[tuple[type[GuardInput], ...]] = (AccountMarked,)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = Cause(
        name="guard drawdown",
        what="the account has fallen too far below its highest worth",
        effect=Effect.DEMOTE,
        positions=CLOSED_BY_STRATEGY,
        category=CauseCategory.LOSING,
    )
    watches_losses: ClassVar[bool] = True
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.CRITICAL
    is_live: ClassVar[bool] = True
    remembers: ClassVar[Mapping[str, Any]] = {"_peak": Decimal | None}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        assert rules.drawdown is not None
        self._equity = equity
        self._peak: Decimal | None = None
        self.bounds: Bounds = {Level.WARNING: (rules.drawdown * WARNING_AT).value, Level.EMERGENCY: rules.drawdown.value}

    def observe(self, seen: GuardInput) -> None:
        if self._equity.last is not None:
            self._peak = self._equity.last if self._peak is None else max(self._peak, self._equity.last)

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        share = self.share(look.worth, look.capital)
        if share is not None:
            yield GuardReading("below_peak", share, marked_at=look.marked_at)

    def share(self, worth: Amount | None, capital: Amount | None) -> Decimal | None:
        """How far below its peak an account of this worth is; None where either is unknown."""
        if worth is None or self._peak is None:
            return None
        return self._equity.share_lost(self._peak, worth, capital)

    def is_new_high(self, worth: Amount) -> bool:
        """Whether the peak is to be raised to this worth, with a step of a tenth of what may be lost from it."""
        return self._peak is not None and self._equity.is_above(self._peak, worth, self.bounds[Level.EMERGENCY] / 10)

    def forget(self, since: int, symbol: str) -> None:
        self._peak = self._equity.last


GUARD = GuardPlugin(
    guard=Drawdown,
    unit="%",
    says="the account is {value} below its highest worth, and {bound} {limit}",
    calm=proof.worth_of(999),
    wrong=proof.worth_of(600),
    settings=(
        GuardSetting.same("drawdown", "Lost from the highest worth: all positions are sold (breaker L2)", Fraction.parse("15 %")),
    ),
    order=20,
)
