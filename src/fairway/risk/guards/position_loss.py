"""Position loss: what one position would lose in all if it were closed now."""

from collections.abc import Iterable, Mapping
from typing import Any, ClassVar

from fairway.risk.causes import AlertSeverity, Cause, CauseCategory, Effect
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import AccountLook, Bounds, GuardInput, GuardReading
from fairway.risk.guards.rules import GuardRules


class PositionLoss:
    name: ClassVar[str] = "position loss"
    measures: ClassVar[str] = "what closing at the bid would bring, after all fees, less the cost; position"
    hears: ClassVar[tuple[type[GuardInput], ...]] = ()
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = Cause(
        name="guard position loss",
        what="a position loses too much",
        effect=Effect.DEMOTE,
        positions="that position is sold",
        category=CauseCategory.LOSING,
    )
    watches_losses: ClassVar[bool] = True
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = True
    remembers: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        assert rules.position_loss is not None
        self.bounds: Bounds = {Level.EMERGENCY: rules.position_loss.value}

    def observe(self, seen: GuardInput) -> None: ...

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        for symbol, held in look.held.items():
            yield GuardReading("loss", -held.result.value, symbol, held.seen_at)

    def forget(self, since: int, symbol: str) -> None: ...


GUARD = GuardPlugin(
    guard=PositionLoss,
    unit="USDT",
    says="the position has lost {value} {quote}, and {bound} {limit} {quote}",
    calm=proof.holding(-1),
    wrong=proof.holding(-400),
    settings=(GuardSetting.same("position_loss", "Lost with one position: it is sold, and its symbol held", 50, is_money=True),),
    order=60,
)
