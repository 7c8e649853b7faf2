"""The guards of a stage: what its limits allow an account to lose, of which each says how much is used up.

They stand on every roster, and are asked once a stage has begun: a lease brings its name and its limits, and the journal keeps
what the account was worth then. Whoever lifts the cap of one gives what it watches anew.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any, ClassVar

from fairway.money.amount import ZERO, Amount
from fairway.money.fraction import Fraction
from fairway.risk import causes
from fairway.risk.causes import AlertSeverity, Cause, CauseCategory, Effect
from fairway.risk.escalation import Level
from fairway.risk.guards.daily_loss import lost_in_a_day
from fairway.risk.guards.equity import Equity
from fairway.risk.guards.port import ONE, Begun, Bounds, Look, Marked, Observation, Reading

WARNING_AT = Fraction.parse("70 %")


class StageLoss:
    """Net of what was paid in or out; what is held counts at the middle, less the fees of selling it."""

    name: ClassVar[str] = "stage loss"
    measures: ClassVar[str] = (
        "worth at market less fees due, now against the beginning of the stage, of its limit `loss`; account"
    )
    hears: ClassVar[tuple[type[Observation], ...]] = (Begun,)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = causes.STAGE_LIMIT
    watches_losses: ClassVar[bool] = True
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = True
    person_from: ClassVar[Level] = Level.CRITICAL
    is_live: ClassVar[bool] = True
    remembers: ClassVar[Mapping[str, Any]] = {"stage": str | None, "_base": Decimal}

    def __init__(self, equity: Equity) -> None:
        self._equity = equity
        self.stage: str | None = None
        """The stage that losses are counted in; None before one has begun."""
        self._base = ZERO
        self.bounds: Bounds = {Level.CRITICAL: ONE}

    def observe(self, seen: Observation) -> None:
        assert isinstance(seen, Begun)
        self.stage, self._base = seen.stage, seen.worth.value - self._equity.paid_in

    def lost(self, worth: Amount | None) -> Decimal | None:
        """What an account of this worth has lost, in quote, below zero where it gained; None where nobody knows."""
        if worth is None or self.stage is None:
            return None
        return self._base + self._equity.paid_in - worth.value

    def readings(self, look: Look) -> Iterable[Reading]:
        most, lost = look.limits.loss, self.lost(look.worth)
        if most is not None and lost is not None:
            yield Reading("used", _used(lost, most.value), marked_at=look.marked_at, figures=(("lost", lost), ("limit", most)))

    def forget(self, since: int, symbol: str) -> None:
        self.stage = None


class StageDailyLoss:
    """The figure of the guard of daily losses, beside the limit of the stage: the tighter of the two counts."""

    name: ClassVar[str] = "stage daily loss"
    measures: ClassVar[str] = "as daily loss, of the stage's limit `daily_loss`; account"
    hears: ClassVar[tuple[type[Observation], ...]] = ()
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

    def __init__(self, equity: Equity) -> None:
        self._equity, self._since = equity, 0
        self.bounds: Bounds = {Level.WARNING: WARNING_AT.value, Level.CRITICAL: ONE}

    def observe(self, seen: Observation) -> None: ...

    def readings(self, look: Look) -> Iterable[Reading]:
        most = look.limits.daily_loss
        worst = lost_in_a_day(self._equity, look, self._since) if most is not None else None
        if most is not None and worst is not None:
            what, lost = worst
            figures = ((what, lost), ("limit", most.value))
            yield Reading("used", _used(lost, most.value), marked_at=look.marked_at, figures=figures)

    def forget(self, since: int, symbol: str) -> None:
        self._since = since
        self._equity.keep_now(since)


class StageDrawdown:
    name: ClassVar[str] = "stage drawdown"
    measures: ClassVar[str] = (
        "worth at market less fees due, now against its highest since the stage began, of its limit; account"
    )
    hears: ClassVar[tuple[type[Observation], ...]] = (Begun, Marked)
    severity: ClassVar[AlertSeverity] = AlertSeverity.P1
    cause: ClassVar[Cause] = causes.STAGE_LIMIT
    watches_losses: ClassVar[bool] = True
    is_incident: ClassVar[bool] = True
    includes_limit: ClassVar[bool] = False
    person_from: ClassVar[Level] = Level.CRITICAL
    is_live: ClassVar[bool] = True
    remembers: ClassVar[Mapping[str, Any]] = {"_stage": str | None, "_peak": Decimal}

    def __init__(self, equity: Equity) -> None:
        self._equity = equity
        self._stage: str | None = None
        self._peak = ZERO
        self.bounds: Bounds = {Level.WARNING: WARNING_AT.value, Level.CRITICAL: ONE}

    def observe(self, seen: Observation) -> None:
        if isinstance(seen, Begun):
            if seen.stage != self._stage:  # a loss that was lifted begins its stage once more, and no peak
                self._stage, self._peak = seen.stage, seen.worth.value - self._equity.paid_in
        elif self._stage is not None and self._equity.last is not None:
            self._peak = max(self._peak, self._equity.last)

    def readings(self, look: Look) -> Iterable[Reading]:
        most = look.limits.drawdown
        if most is None or self._stage is None or look.worth is None:
            return
        fallen = self._equity.share_lost(self._peak, look.worth, look.capital)
        figures = (("below_peak", fallen), ("limit", most.value))
        yield Reading("used", _used(fallen, most.value), marked_at=look.marked_at, figures=figures)

    def is_new_high(self, worth: Amount, most: Fraction | None) -> bool:
        """Whether the peak is to be raised to this worth, with a step of a tenth of what may be lost from it."""
        return most is not None and self._stage is not None and self._equity.is_above(self._peak, worth, most.value / 10)

    def forget(self, since: int, symbol: str) -> None:
        if self._equity.last is not None:
            self._peak = self._equity.last


def _used(lost: Decimal, most: Decimal) -> Decimal:
    """The part of a limit that is used up. Of a limit of nothing, all of it is, from the beginning."""
    if most > 0:
        return lost / most
    return 2 * ONE if lost >= 0 else ZERO
