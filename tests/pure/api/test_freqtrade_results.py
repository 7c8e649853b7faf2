"""Sums of trades for freqtrade's clients: exact, and unknown where a part is unknown."""

from datetime import date
from decimal import Decimal

import pytest

from fairway.api.freqtrade.json_values import date_text, milliseconds, percent
from fairway.api.freqtrade.results import (
    EndedTrade,
    PeriodLength,
    deepest,
    expectancy,
    grouped,
    periods,
    profit_factor,
)
from fairway.api.freqtrade.trade_numbers import TripNumbers
from fairway.world.clock import DAY, parse_instant

NOON = parse_instant("2026-11-25T12:00:00Z")
"""A Wednesday."""


def ended(result: str, *, pair: str = "BTC/USDT", days_ago: int = 0, paid: str = "100") -> EndedTrade:
    at = NOON - days_ago * DAY
    numbers = TripNumbers(
        paid=Decimal(paid),
        traded=Decimal(paid) * 2,
        result=Decimal(result),
        taken=Decimal(result),
        entry=Decimal(1),
        quantity=Decimal(paid),
        opened_at=at - DAY // 24,
        closed_at=at,
    )
    return EndedTrade(pair=pair, entered_why="", left_by="target", numbers=numbers)


def test_groups_are_exact_and_the_best_comes_first() -> None:
    trades = [ended("0.1"), ended("0.2"), ended("7", pair="ETH/USDT", paid="200"), ended("-3")]
    best, worst = grouped(trades, lambda trade: trade.pair)
    assert (best.key, best.count, best.result, best.of_paid) == ("ETH/USDT", 1, Decimal(7), Decimal("0.035"))
    assert (worst.key, worst.count, worst.result, worst.of_paid) == ("BTC/USDT", 3, Decimal("-2.7"), Decimal("-0.009"))


@pytest.mark.parametrize(
    ("length", "begins", "counts"),
    [
        (PeriodLength.DAY, ["2026-11-25", "2026-11-24", "2026-11-23"], [1, 0, 0]),
        (PeriodLength.WEEK, ["2026-11-23", "2026-11-16", "2026-11-09"], [1, 1, 0]),
        (PeriodLength.MONTH, ["2026-11-01", "2026-10-01", "2026-09-01"], [2, 1, 0]),
    ],
)
def test_periods_begin_on_days_mondays_and_firsts(length: PeriodLength, begins: list[str], counts: list[int]) -> None:
    trades = [ended("5"), ended("-2", days_ago=7), ended("1", days_ago=30)]
    found = periods(trades, length, 3, NOON, Decimal(1000))
    assert [each.begins for each in found] == [date.fromisoformat(each) for each in begins]
    assert [each.count for each in found] == counts
    assert found[0].before == 1000 - found[0].result
    assert found[1].before is not None
    assert found[1].before == found[0].before - found[1].result


def test_an_unknown_worth_makes_no_balance() -> None:
    assert [each.before for each in periods([ended("5")], PeriodLength.DAY, 2, NOON, None)] == [None, None]


def test_the_deepest_fall_is_from_the_highest_sum_before_it() -> None:
    trades = [ended("10", days_ago=5), ended("-4", days_ago=4), ended("2", days_ago=3), ended("-7", days_ago=2), ended("20")]
    fall = deepest(trades, Decimal(90))
    assert (fall.value, fall.of_high) == (Decimal(9), Decimal("0.09"))
    assert (fall.high_at, fall.low_at) == (NOON - 5 * DAY, NOON - 2 * DAY)
    assert deepest([ended("1")], Decimal(90)).value == 0
    assert deepest(trades, None).of_high is None


def test_what_no_loss_has_shown_is_unknown() -> None:
    assert profit_factor([Decimal(3), Decimal(1)]) is None
    assert profit_factor([Decimal(3), Decimal(-2)]) == Decimal("1.5")
    assert expectancy([]) is None
    found = expectancy([Decimal(3), Decimal(-2)])
    assert found is not None
    assert (found.value, found.of_loss) == (Decimal("0.5"), Decimal("0.25"))
    only_gains = expectancy([Decimal(3)])
    assert only_gains is not None
    assert only_gains.of_loss is None


def test_values_leave_as_freqtrade_writes_them() -> None:
    assert date_text(NOON) == "2026-11-25 12:00:00"
    assert date_text(0) == ""
    assert milliseconds(NOON) == NOON // 1_000_000
    assert percent(Decimal("0.012345")) == 1.23
    assert percent(None) is None
