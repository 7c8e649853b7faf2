"""What a series promises: any window of it, counted at once; what was handed out never changes."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway.watch.indicators import BY_NAME, INDICATORS
from fairway.watch.series import Series, excused_ns
from fairway.watch.series_builder import SeriesBuilder
from fairway.world.clock import MINUTE, SECOND

SUCCESS, RSS = BY_NAME["order_success"], BY_NAME["rss"]


def grown(*rows: tuple[int, float], indicator: str = "order_success") -> SeriesBuilder:
    growing = SeriesBuilder(BY_NAME[indicator])
    for at, value in rows:
        growing.add(at, value)
    return growing


def test_a_window_is_open_at_its_beginning_and_closed_at_its_end() -> None:
    series = grown((1, 1), (2, 0), (3, 1)).series()
    assert series.within(1, 3).values.tolist() == [0, 1]
    assert series.within(3, 1).count == 0


@given(
    rows=st.lists(st.tuples(st.integers(0, 60), st.sampled_from([0.0, 1.0]), st.integers(1, 5)), max_size=60),
    cut=st.integers(0, 60),
    since=st.integers(-1, 61),
    length=st.integers(0, 30),
)
def test_counts_are_those_of_counting_one_by_one(rows: list[tuple[int, float, int]], cut: int, since: int, length: int) -> None:
    growing = SeriesBuilder(SUCCESS)
    for at, value, count in rows[:cut]:
        growing.add(at, value, "a", count)
    before = growing.series()
    shown = before.ats.tolist(), before.values.tolist(), before.count
    for at, value, count in rows[cut:]:
        growing.add(at, value, "b", count)
    window = growing.series().within(since, since + length)
    chosen = [(value, count) for at, value, count in rows if since < at <= since + length]
    assert window.count == sum(count for _, count in chosen)
    assert window.total == sum(value * count for value, count in chosen)
    assert shown == (before.ats.tolist(), before.values.tolist(), before.count), "what was handed out has changed"


@given(rows=st.lists(st.tuples(st.integers(0, 9), st.sampled_from("abc")), max_size=40))
def test_rows_are_in_the_order_of_time_and_keep_their_labels(rows: list[tuple[int, str]]) -> None:
    growing = SeriesBuilder(SUCCESS)
    for at, label in rows:
        growing.add(at, 1.0, label)
    series = growing.series()
    assert [(at, series.names[code]) for at, code in zip(series.ats.tolist(), series.labels.tolist(), strict=True)] == sorted(
        rows, key=lambda row: row[0]
    )
    assert series.by_label() == {label: n for label in "abc" if (n := sum(row[1] == label for row in rows))}


def test_many_rows_at_once_are_as_one_by_one() -> None:
    one, many = grown((1, 1), (5, 0)), grown((1, 1))
    many.extend(np.array([5]), np.array([0.0]), np.array([0], dtype=np.int32), np.array([1]), ("",))
    assert one.series().values.tolist() == many.series().values.tolist()
    assert one.series().total == many.series().total


def test_labels_that_are_asked_for_and_others() -> None:
    growing = SeriesBuilder(BY_NAME["alerts"])
    for severity in ("P0", "P2", "P2"):
        growing.add(1, 1.0, severity)
    series = growing.series()
    assert series.labelled(["P0", "P1"]).count == 1
    assert series.labelled(["P3"]).count == 0


def test_coverage_is_the_share_of_minutes_that_were_measured() -> None:
    growing = SeriesBuilder(RSS)
    for minute in range(1, 9):
        growing.add(minute * MINUTE, 1.0)
    series = growing.series()
    assert series.coverage(0, 10 * MINUTE) == 0.8
    assert series.coverage(0, 8 * MINUTE) == 1.0
    assert series.coverage(0, 30 * SECOND) == 1.0, "nothing was due"
    assert grown((1, 1.0)).series().coverage(0, MINUTE) is None, "it comes with trading"


def test_two_rows_of_one_instant_cover_no_more_than_one() -> None:
    growing = SeriesBuilder(BY_NAME["venue_api"])
    growing.add(MINUTE, 1.0, count=900)
    growing.add(MINUTE, 0.0, count=3)
    series = growing.series()
    assert series.coverage(0, 2 * MINUTE) == 0.5
    assert (series.count, series.total) == (903, 900)


def test_minutes_of_planned_maintenance_are_not_due() -> None:
    growing = SeriesBuilder(BY_NAME["uptime"])
    for minute in range(1, 6):
        growing.add(minute * MINUTE, 1.0)
    series = growing.series(excused=((5 * MINUTE, 15 * MINUTE),))
    assert series.coverage(0, 10 * MINUTE) == 1.0
    assert excused_ns(series.excused, 0, 10 * MINUTE) == 5 * MINUTE


def test_what_is_remembered_of_a_series_is_kept_while_it_does_not_grow() -> None:
    growing = grown((1, 1))
    growing.series()._memo["key"] = "value"
    assert growing.series(watermark=9)._memo["key"] == "value"
    growing.add(2, 1)
    assert "key" not in growing.series()._memo


def test_every_indicator_says_what_one_observation_is_and_what_is_good() -> None:
    assert len({each.name for each in INDICATORS}) == len(INDICATORS)
    assert all(each.means and each.unit and each.measures and each.source for each in INDICATORS)


def test_a_series_made_by_hand_counts_its_rows() -> None:
    series = Series(SUCCESS, np.array([1, 2]), np.array([1.0, 0.0]), np.zeros(2, dtype=np.int32))
    assert (series.count, series.total, len(series)) == (2, 1.0, 2)
    assert series.within(1, 2).total == pytest.approx(0.0)
