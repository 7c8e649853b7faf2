"""The statement of a month that a user downloads."""

import csv
import io
from dataclasses import replace
from decimal import Decimal

import pytest
from tests.pure.panel.test_reports_facts import BEGIN, trip

from fairway.api.problems import HttpProblem
from fairway.panel.statement_download import newest_months, period_of, statement_href
from fairway.reports.period import PeriodReport, StrategyFigures
from fairway.reports.statement import HEAD, statement_csv
from fairway.world.clock import DAY, HOUR, MINUTE, parse_instant


def rows(report: PeriodReport) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(statement_csv(report))))


def report(*trips: object) -> PeriodReport:
    figures = StrategyFigures(account="ann1", strategy="trend", volume={}, fills=2, trips=tuple(trips))  # type: ignore[arg-type]
    return PeriodReport(
        since=BEGIN, until=BEGIN + 30 * DAY, figures=(figures,) if trips else (), refusals={}, troubles=0, is_cut=False
    )


def test_a_statement_has_each_round_trip_and_the_sum_with_every_digit() -> None:
    paid = replace(trip("-2.25", BEGIN + HOUR), fees={"USDT": Decimal("0.12345678")})
    found = rows(report(trip("12.5", BEGIN + MINUTE), paid))
    assert [(each["row"], each["result"], each["result_asset"]) for each in found] == [
        ("round trip", "12.5", "USDT"),
        ("round trip", "-2.25", "USDT"),
        ("sum", "10.25", "USDT"),
    ]
    assert found[1]["fees"] == found[2]["fees"] == "0.12345678 USDT"
    assert found[0]["opened_at"].startswith("2024-10-04T00:00:00")
    assert found[0]["why_left"] == "<i>target</i>"


def test_a_statement_of_nothing_has_its_names_alone() -> None:
    assert statement_csv(report()) == ",".join(HEAD) + "\n"


def test_the_words_of_a_strategy_are_no_formula_of_a_spreadsheet() -> None:
    [first, _] = rows(report(replace(trip("1", BEGIN), entered_why="=1+1")))
    assert first["why_entered"] == "'=1+1"


def test_a_month_is_whole_once_it_has_ended_and_else_as_far_as_it_has_come() -> None:
    now = parse_instant("2026-11-25T17:00:00Z")
    assert newest_months(now) == ("2026-11", "2026-10")
    assert newest_months(parse_instant("2026-01-31T00:00:00Z")) == ("2026-01", "2025-12")
    assert period_of("2026-10", now) == (parse_instant("2026-10-31T00:00:00Z"), 31)
    assert period_of("2026-02", now)[1] == 28
    assert period_of("2026-11", now) == (parse_instant("2026-11-25T00:00:00Z"), 25)
    assert statement_href("2026-11") == "/panel/reports/statement.csv?month=2026-11"


@pytest.mark.parametrize("month", ["2026-13", "november", "2026-12", "9999-12", ""])
def test_a_month_that_is_none_or_has_not_come_is_refused_with_an_example(month: str) -> None:
    with pytest.raises(HttpProblem, match="month"):
        period_of(month, parse_instant("2026-11-25T17:00:00Z"))
