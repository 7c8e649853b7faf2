"""Readings: where a figure stands to its bound, with the sentence that says so."""

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Final

from fairway.alerting.condition import Condition, FigureKind, figure_words, limit_of
from fairway.texts.durations import duration_words
from fairway.texts.quantities import Quantity
from fairway.world.clock import SECOND


class FigureStanding(StrEnum):
    """Where a figure stands to its bound."""

    BEYOND = "beyond"
    WITHIN = "within"
    """Also where nothing happened that could be beyond it."""
    UNDECIDED = "undecided"
    """Beyond, by fewer observations than the condition asks for: it fires nothing, and clears nothing."""
    UNKNOWN = "unknown"
    """It is not measured now: it fires nothing, and clears nothing."""


@dataclass(frozen=True, slots=True)
class Reading:
    """value: None where nothing was observed, or it is unknown. at: the instant (ns) of the newest observation."""

    standing: FigureStanding
    value: float | None = None
    at: int = 0


UNKNOWN: Final = Reading(FigureStanding.UNKNOWN)
NOTHING: Final = Reading(FigureStanding.WITHIN)
Readings = dict[str, Reading]
"""By subject: the value of the label that a rule is evaluated for each of, "" where it names none."""


def read(condition: Condition, value: float, n: float, at: int) -> Reading:
    """The reading of a value that n observations show."""
    if value != value:  # NaN
        return UNKNOWN
    if not condition.is_beyond(value):
        return Reading(FigureStanding.WITHIN, value, at)
    is_enough = condition.at_least_n is None or n >= condition.at_least_n
    return Reading(FigureStanding.BEYOND if is_enough else FigureStanding.UNDECIDED, value, at)


def reading_words(condition: Condition, reading: Reading) -> str:
    """The reading as a sentence without its full stop."""
    if reading.value is None:
        state = "is unknown" if reading.standing is FigureStanding.UNKNOWN else "shows nothing"
        return f"{figure_words(condition)} {state}"
    word = "above" if condition.above is not None else "below"
    verb = "is" if reading.standing in (FigureStanding.BEYOND, FigureStanding.UNDECIDED) else "is not"
    return f"{figure_words(condition)} is {value_words(condition, reading.value)}, which {verb} {word} {condition.bound}"


def value_words(condition: Condition, value: float) -> str:
    """A figure in the unit of the condition's bound."""
    if condition.kind is FigureKind.AGE:
        return duration_words(round(value * SECOND))
    unit = condition.bound.unit
    one = limit_of(condition, Quantity(Decimal(1), unit))
    return f"{value / one:,.4g} {unit}".rstrip() if abs(value / one) < 10_000 else f"{value / one:,.0f} {unit}".rstrip()
