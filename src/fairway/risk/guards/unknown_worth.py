"""Unknown worth: something is held that has had no sound price for some seconds, so no loss can be told and nothing is opened."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import NONE_YET, AccountLook, Bounds, GuardInput, GuardReading
from fairway.risk.guards.rules import GuardRules
from fairway.world.clock import SECOND

DEFAULT_NS = 10 * SECOND
"""Where a guard of losses is on and this one is not set: losses must not go unseen."""


class UnknownWorth:
    """Losses are judged again with the first price that is sound, or that two quotes agree on."""

    name: ClassVar[str] = "unknown worth"
    measures: ClassVar[str] = "seconds since something held had a sound price; account"
    hears: ClassVar[tuple[type[GuardInput], ...]] = ()
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = True
    person_from: ClassVar[Level] = Level.EMERGENCY
    is_live: ClassVar[bool] = True
    remembers: ClassVar[Mapping[str, Any]] = {}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        self.bounds: Bounds = {Level.CRITICAL: Decimal(rules.value("worth_unknown_ns", DEFAULT_NS) // SECOND)}
        self._unknown_since: int | None = None

    def observe(self, seen: GuardInput) -> None: ...

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        if look.worth is not None and look.is_whole:
            self._unknown_since = None
            yield GuardReading("unknown_s", NONE_YET)
            return
        self._unknown_since = look.now if self._unknown_since is None else self._unknown_since
        yield GuardReading("unknown_s", Decimal((look.now - self._unknown_since) // SECOND))

    def forget(self, since: int, symbol: str) -> None:
        self._unknown_since = None


def _is_on(rules: GuardRules) -> bool:
    """Only beside a guard of the account's losses, which cannot judge without a price."""
    judges_losses = rules.daily_loss or rules.breaker_loss or rules.drawdown
    return bool(judges_losses and rules.value("worth_unknown_ns", DEFAULT_NS))


GUARD = GuardPlugin(
    guard=UnknownWorth,
    unit="s",
    says="the worth of the account has been unknown for {value} s, and {bound} {limit} s",
    calm=proof.without_price(9),
    wrong=proof.without_price(20),
    settings=(
        GuardSetting(
            name="worth_unknown_ns",
            meaning="How long something held may have no sound price",
            conservative=10 * SECOND,
            moderate=15 * SECOND,
            aggressive=20 * SECOND,
        ),
    ),
    is_on=_is_on,
    order=30,
)
