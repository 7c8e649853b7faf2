"""The caps that guards raise: their kinds, ids and severities, all from the fields of the guard."""

from collections.abc import Iterator

from fairway.money.fraction import Fraction
from fairway.risk import breakers
from fairway.risk.cap_kinds import CapKind, CapSource, Lifting
from fairway.risk.causes import AlertSeverity
from fairway.risk.escalation import Level
from fairway.risk.guards.port import Guard
from fairway.risk.guards.registry import guards

RECOVERS_BELOW = Fraction.parse("80 %")
"""An alarm ends below so much of the bound at which it began, so that it does not flutter."""


def severity_at(guard: Guard | type[Guard], level: Level) -> AlertSeverity:
    """How severe the alert is with which a guard reaches a level."""
    return {Level.WARNING: AlertSeverity.P2, Level.CRITICAL: guard.severity}.get(level, AlertSeverity.P0)


def kind_of(guard: Guard | type[Guard], level: Level) -> CapKind:
    """The kind of the caps that a guard raises at a level. A warning only makes orders smaller, so no launch is held for it."""
    is_persons = level >= guard.person_from
    return CapKind(
        name=f"guard {guard.name}",
        source=CapSource.LOSS_BUDGET if guard.watches_losses else CapSource.GUARD,
        lifting=Lifting.PERSON if is_persons else Lifting.ITSELF,
        clears="when a person lifts it" if is_persons else f"when its figure is below {RECOVERS_BELOW} of the bound",
        severity=_severity_of_cap(guard, level),
        cause=guard.cause if level > Level.WARNING else None,
    )


def guard_kinds() -> Iterator[CapKind]:
    """The kinds of all caps that installed guards may raise."""
    for plugin in guards():
        for level in (Level.WARNING, Level.CRITICAL, Level.EMERGENCY):
            yield kind_of(plugin.guard, level)


def cap_id(guard: str, symbol: str, level: Level) -> str:
    """The id of the cap that a guard raises."""
    return breakers.ACCOUNT if is_breaker(level, symbol) else f"guard {guard} {symbol}".rstrip()


def is_breaker(level: Level, symbol: str) -> bool:
    """Whether an alarm trips the account's breaker L2: an emergency of the whole account does."""
    return level is Level.EMERGENCY and not symbol


def _severity_of_cap(guard: Guard | type[Guard], level: Level) -> AlertSeverity:
    """A loss that stops entries is P0, unless losing so much is a rule of ordinary trading."""
    if level is Level.EMERGENCY or (guard.watches_losses and guard.is_incident):
        return AlertSeverity.P0
    return severity_at(guard, level) if guard.is_incident else AlertSeverity.P2
