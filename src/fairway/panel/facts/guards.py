"""A guard as a table shows it: its figure, the threshold that it would reach next, and how far that is."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from fairway.operations.trader.guard_figures import GuardFigure
from fairway.panel.journal_links import records_of
from fairway.panel.state_marks import Mark
from fairway.risk.escalation import Level
from fairway.texts.display import NOTHING, number

LEVEL_MARKS: Final = {
    Level.NORMAL: Mark.GOOD,
    Level.WARNING: Mark.HELD,
    Level.CRITICAL: Mark.HELD,
    Level.EMERGENCY: Mark.BAD,
}
"""How a level of alarm looks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class GuardFacts:
    """One guard of one account. next: the threshold that it would reach next. share: of that one; distance: what is left.

    records: the address of its alarms so far.
    """

    account: str
    guard: str
    symbol: str
    figure: str
    next: str
    distance: str
    share: float | None
    level: str
    mark: Mark
    trips: int
    why: str
    person_from: str
    measures: str
    records: str

    @property
    def key(self) -> tuple[str, str, str]:
        return self.account, self.guard, self.symbol


def guard_facts(account: str, figure: GuardFigure) -> GuardFacts:
    """Of one guard."""
    bound = _next_bound(figure)
    return GuardFacts(
        account=account,
        guard=figure.guard,
        symbol=figure.symbol,
        figure=_figure(figure.value, figure.unit) if figure.value is not None else "unknown",
        next=_next(figure, bound),
        distance=_figure(bound[1] - figure.value, figure.unit) if bound is not None and figure.value is not None else NOTHING,
        share=_share(figure, bound),
        level=str(figure.level).lower(),
        mark=Mark.UNKNOWN if figure.value is None and not figure.level else LEVEL_MARKS[figure.level],
        trips=figure.trips,
        why=figure.unknown,
        person_from=str(figure.person_from).lower(),
        measures=figure.measures,
        records=records_of("GuardTripped", account=account, text=figure.guard),
    )


def _next(figure: GuardFigure, bound: tuple[Level, Decimal] | None) -> str:
    if bound is None:
        return "its last threshold is reached"
    return f"{str(bound[0]).lower()} at {_figure(bound[1], figure.unit)}" if not figure.bounds_text else figure.bounds_text


def _share(figure: GuardFigure, bound: tuple[Level, Decimal] | None) -> float | None:
    """Of the way to the next threshold; all of it where there is none."""
    if figure.value is None:
        return None
    if bound is None or not bound[1]:
        return 1.0
    return min(1.0, max(0.0, float(figure.value / bound[1])))


def _next_bound(figure: GuardFigure) -> tuple[Level, Decimal] | None:
    """The first level above the one that it has."""
    return next(((level, bound) for level, bound in figure.bounds.items() if level > figure.level), None)


def _figure(value: Decimal, unit: str) -> str:
    if unit == "%":
        return f"{number(value * 100, 2)} %"
    places = 2 if value != value.to_integral_value() else 0
    return f"{number(value, places)} {'loss' if unit == 'losses' and value == 1 else unit}".strip()
