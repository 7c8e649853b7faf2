"""Escalation: four levels of alarm, and what each does to an account. One table; a guard only says which level it sees."""

from collections.abc import Mapping
from enum import IntEnum
from typing import Final

from fairway.money.fraction import Fraction
from fairway.risk.limits import NO_LIMITS, Limits, TradingState


class Level(IntEnum):
    """How alarmed a guard is, calmest first; an account is as alarmed as its most alarmed guard."""

    NORMAL = 0
    WARNING = 1
    """Trade on, at half the size."""
    CRITICAL = 2
    """Open nothing. Whatever a person lets be opened all the same is a quarter of the size."""
    EMERGENCY = 3
    """Open nothing, and sell what is held at market."""

    def __str__(self) -> str:
        return self.name


LIMITS_OF: Final[Mapping[Level, Limits]] = {
    Level.NORMAL: NO_LIMITS,
    Level.WARNING: Limits(size=Fraction.parse("50 %")),
    Level.CRITICAL: Limits(state=TradingState.REDUCE_ONLY, size=Fraction.parse("25 %")),
    Level.EMERGENCY: Limits(state=TradingState.REDUCE_ONLY, size=Fraction.of(0), risk=Fraction.of(0)),
}


def closes(level: Level) -> bool:
    """Whether positions are sold, too."""
    return level is Level.EMERGENCY
