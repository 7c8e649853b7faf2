"""The statement of a period as a table: each round trip that ended in it, and the sum of each account and strategy."""

import csv
import io
from collections.abc import Iterator
from decimal import Decimal
from typing import Final

from fairway.money.amount import text_of as decimal_text
from fairway.reports.period import PeriodReport, StrategyFigures
from fairway.reports.story import ReportedTrip
from fairway.world.clock import text_of

HEAD: Final = (
    "row",
    "account",
    "strategy",
    "symbol",
    "opened_at",
    "closed_at",
    "quantity",
    "quantity_asset",
    "entry",
    "exit",
    "result",
    "result_asset",
    "fees",
    "why_entered",
    "why_left",
)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def statement_csv(report: PeriodReport) -> str:
    """As CSV with a line of names first. Instants are UTC; results are after the fees that were taken in base and quote."""
    made = io.StringIO()
    writer = csv.writer(made, lineterminator="\n")
    writer.writerow(HEAD)
    writer.writerows(_rows(report))
    return made.getvalue()


def _rows(report: PeriodReport) -> Iterator[tuple[str, ...]]:
    for figures in report.figures:
        for trip in figures.trips:
            yield _trip(figures, trip)
    for figures in report.figures:
        yield from _sums(report, figures)


def _trip(figures: StrategyFigures, reported: ReportedTrip) -> tuple[str, ...]:
    trip = reported.trip
    return (
        "round trip",
        figures.account,
        figures.strategy,
        trip.symbol,
        text_of(trip.opened_at),
        text_of(trip.closed_at),
        decimal_text(trip.quantity.value),
        trip.quantity.asset,
        decimal_text(trip.entry),
        decimal_text(trip.exit),
        decimal_text(trip.result.value),
        trip.result.asset,
        " ".join(f"{decimal_text(paid)} {asset}" for asset, paid in reported.fees.items()),
        _harmless(reported.entered_why),
        _harmless(reported.left_why),
    )


def _sums(report: PeriodReport, figures: StrategyFigures) -> Iterator[tuple[str, ...]]:
    """One row for each asset that results are in: amounts of two assets have no sum."""
    fees: dict[str, Decimal] = {}
    for reported in figures.trips:
        for asset, paid in reported.fees.items():
            fees[asset] = fees.get(asset, Decimal(0)) + paid
    for asset, value in figures.results.items():
        yield (
            "sum",
            figures.account,
            figures.strategy,
            "",
            text_of(report.since),
            text_of(report.until),
            "",
            "",
            "",
            "",
            decimal_text(value),
            asset,
            " ".join(f"{decimal_text(paid)} {of}" for of, paid in fees.items()),
            "",
            "",
        )


def _harmless(text: str) -> str:
    """Words of a strategy that a spreadsheet would take for a formula are marked as text."""
    return f"'{text}" if text.startswith(_FORMULA) else text
