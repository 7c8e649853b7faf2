"""Losses in a row: round trips that ended below zero, since the last one that did not."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.money.fraction import Fraction
from fairway.money.grid import Round, on_grid
from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause
from fairway.risk.escalation import Level
from fairway.risk.guards import proof
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.plugin import GuardPlugin, GuardSetting
from fairway.risk.guards.port import ONE, AccountLook, Bounds, Closed, GuardInput, GuardReading
from fairway.risk.guards.rules import GuardRules

WARNING_AT = Fraction.parse("75 %")


class LossesInARow:
    """It opens nothing any more, so no gain can end the row: a person does."""

    name: ClassVar[str] = "losses in a row"
    measures: ClassVar[str] = "closed round trips with a result below zero, after fees; account"
    hears: ClassVar[tuple[type[GuardInput], ...]] = (Closed,)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P2
    cause: ClassVar[Cause] = causes.GUARD_TRIPPED
    watches_losses: ClassVar[bool] = False
    is_incident: ClassVar[bool] = False
    includes_limit: ClassVar[bool] = True
    person_from: ClassVar[Level] = Level.CRITICAL
    is_live: ClassVar[bool] = False
    remembers: ClassVar[Mapping[str, Any]] = {"_row": int}

    def __init__(self, rules: GuardRules, equity: Equity) -> None:
        assert rules.losses_in_a_row is not None
        most, self._row = Decimal(rules.losses_in_a_row), 0
        self.bounds: Bounds = {Level.WARNING: on_grid(most * WARNING_AT.value, ONE, Round.UP), Level.CRITICAL: most}

    def observe(self, seen: GuardInput) -> None:
        assert isinstance(seen, Closed)
        self._row = self._row + 1 if seen.result.value < 0 else 0

    def readings(self, look: AccountLook) -> Iterable[GuardReading]:
        yield GuardReading("losses", Decimal(self._row))

    def forget(self, since: int, symbol: str) -> None:
        self._row = 0


GUARD = GuardPlugin(
    guard=LossesInARow,
    unit="losses",
    says="{value} losses in a row, and {bound} {limit}",
    calm=proof.round_trips(1, "-1", "-0.1"),
    wrong=proof.round_trips(10, "-1", "-0.1"),
    settings=(
        GuardSetting(
            name="losses_in_a_row",
            meaning="Losing round trips, one after the other",
            conservative=3,
            moderate=4,
            aggressive=5,
        ),
    ),
    order=50,
)
