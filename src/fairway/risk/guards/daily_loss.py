"""Daily loss: what the account lost in 24 hours, and since midnight UTC; the larger counts."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.money.fraction import Fraction
from fairway.risk.causes import AlertSeverity, Cause, CauseCategory, Effect
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import AccountLook, Bounds, GuardInput, GuardReading
from fairway.risk.guards.rules import GuardRules
from fairway.world.clock import DAY

WARNING_AT = Fraction.parse("70 %")


class DailyLoss:
    """Midnight ends the calendar's window and lifts nothing: the rolling one goes on, and the cap waits for a person."""

    name: ClassVar[str] = "daily loss"
    measures: ClassVar[str] = "worth at market less fees due, now against 24 h ago and against midnight UTC; account"
    hears: ClassVar[tuple[type[GuardInput], ...]] = ()
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = Cause(
        name="guard daily loss",
        what="the account reached its loss limit of a day",
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
        bounds = dict[Level, Decimal]()
        if rules.daily_loss:
            bounds |= {Level.WARNING: (rules.daily_loss * WARNING_AT).value, Level.CRITICAL: rules.daily_loss.value}
        if rules.breaker_loss:
            bounds[Level.EMERGENCY] = rules.breaker_loss.value
        self.bounds: Bounds = bounds

    def observe(self, seen: GuardInput) -> None: ...

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        worst = lost_in_a_day(self._equity, look, self._since)
        if worst is not None:
            yield GuardReading(*worst, marked_at=look.marked_at)

    def forget(self, since: int, symbol: str) -> None:
        self._since = since
        self._equity.keep_now(since)


def lost_in_a_day(equity: Equity, look: AccountLook, since: int) -> tuple[str, Decimal] | None:
    """The larger of both windows and its name, no earlier than an instant (ns); None where the worth is not known."""
    if look.worth is None:
        return None
    rolling = equity.lost_since(max(look.now - DAY, since), look.worth, look.capital)
    today = equity.lost_since(max(look.now // DAY * DAY, since), look.worth, look.capital)
    if rolling is None or today is None:
        return None
    return ("lost_24h", rolling) if rolling >= today else ("lost_today", today)


GUARD = GuardPlugin(
    guard=DailyLoss,
    unit="%",
    says="{value} was lost within a day, and {bound} {limit}",
    calm=proof.worth_of(999),
    wrong=proof.worth_of(900),
    settings=(
        GuardSetting(
            name="daily_loss",
            meaning="Lost in 24 hours, or since midnight UTC: nothing is opened",
            conservative=Fraction.parse("2 %"),
            moderate=Fraction.parse("3 %"),
            aggressive=Fraction.parse("4 %"),
        ),
        GuardSetting.same("breaker_loss", "The same, and all positions are sold (breaker L2)", Fraction.parse("5 %")),
    ),
    order=10,
)
