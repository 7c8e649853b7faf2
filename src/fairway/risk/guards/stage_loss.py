"""Stage loss: what the account has lost since its stage began, of the limit `loss` of the stage."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.money.amount import ZERO, Amount
from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.limit_share import share_used
from fairway.risk.guards.plugin import GuardPlugin
from fairway.risk.guards.port import ONE, AccountLook, Begun, Bounds, GuardInput, GuardReading
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import Limits


class StageLoss:
    """Net of what was paid in or out; what is held counts at the middle, less the fees of selling it."""

    name: ClassVar[str] = "stage loss"
    measures: ClassVar[str] = (
        "worth at market less fees due, now against the beginning of the stage, of its limit `loss`; account"
    )
    hears: ClassVar[tuple[type[GuardInput], ...]] = (Begun,)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = causes.STAGE_LIMIT
    watches_losses: ClassVar[bool] = True
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = True
    person_from: ClassVar[Level] = Level.CRITICAL
    is_live: ClassVar[bool] = True
    remembers: ClassVar[Mapping[str, Any]] = {"stage": str | None, "_base": Decimal}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        self._equity = equity
        self.stage: str | None = None
        """The stage that losses are counted in; None before one has begun."""
        self._base = ZERO
        self.bounds: Bounds = {Level.CRITICAL: ONE}

    def observe(self, seen: GuardInput) -> None:
        assert isinstance(seen, Begun)
        self.stage, self._base = seen.stage, seen.worth.value - self._equity.paid_in

    def lost(self, worth: Amount | None) -> Decimal | None:
        """What an account of this worth has lost, in quote, below zero where it gained; None where that is not known."""
        if worth is None or self.stage is None:
            return None
        return self._base + self._equity.paid_in - worth.value

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        most, lost = look.limits.loss, self.lost(look.worth)
        if most is not None and lost is not None:
            figures = (("lost", lost), ("limit", most))
            yield GuardReading("used", share_used(lost, most.value), marked_at=look.marked_at, figures=figures)

    def forget(self, since: int, symbol: str) -> None:
        self.stage = None


GUARD = GuardPlugin(
    guard=StageLoss,
    unit="%",
    says="{value} was lost since the stage began, and {bound} {limit}",
    calm=proof.in_stage(951, Limits(loss=proof.usdt(50))),
    wrong=proof.in_stage(950, Limits(loss=proof.usdt(50))),
    is_of_stage=True,
    order=910,
)
