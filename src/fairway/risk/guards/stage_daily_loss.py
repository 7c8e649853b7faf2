"""Stage daily loss: what the account lost in a day, of the limit `daily_loss` of its stage."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from fairway.money.fraction import Fraction
from fairway.risk.causes import AlertSeverity, Cause, CauseCategory, Effect
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.daily_loss import lost_in_a_day
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.limit_share import share_used
from fairway.risk.guards.plugin import GuardPlugin
from fairway.risk.guards.port import ONE, AccountLook, Bounds, GuardInput, GuardReading
from fairway.risk.guards.rules import GuardRules
from fairway.risk.limits import Limits

WARNING_AT = Fraction.parse("70 %")


class StageDailyLoss:
    """The figure of the guard of daily losses, beside the limit of the stage: the tighter of the two counts."""

    name: ClassVar[str] = "stage daily loss"
    measures: ClassVar[str] = "as daily loss, of the stage's limit `daily_loss`; account"
    hears: ClassVar[tuple[type[GuardInput], ...]] = ()
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = Cause(
        name="guard stage daily loss",
        what="the account reached the stage's loss limit of a day",
        effect=Effect.HOLD,
        category=CauseCategory.LOSING,
    )
    watches_losses: ClassVar[bool] = True
    is_incident: ClassVar[bool] = False
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.CRITICAL
    is_live: ClassVar[bool] = True
    remembers: ClassVar[Mapping[str, Any]] = {"_since": int}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        self._equity, self._since = equity, 0
        self.bounds: Bounds = {Level.WARNING: WARNING_AT.value, Level.CRITICAL: ONE}

    def observe(self, seen: GuardInput) -> None: ...

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        most = look.limits.daily_loss
        worst = lost_in_a_day(self._equity, look, self._since) if most is not None else None
        if most is not None and worst is not None:
            what, lost = worst
            figures = ((what, lost), ("limit", most.value))
            yield GuardReading("used", share_used(lost, most.value), marked_at=look.marked_at, figures=figures)

    def forget(self, since: int, symbol: str) -> None:
        self._since = since
        self._equity.keep_now(since)


GUARD = GuardPlugin(
    guard=StageDailyLoss,
    unit="%",
    says="{value} was lost within a day of this stage, and {bound} {limit}",
    calm=proof.in_stage(999, Limits(daily_loss=Fraction.parse("1 %"))),
    wrong=proof.in_stage(989, Limits(daily_loss=Fraction.parse("1 %"))),
    is_of_stage=True,
    order=920,
)
