"""A length of time is shown to people in two units, and written as a setting so that it reads back."""

import pytest

from fairway.texts.durations import as_setting, duration_of, duration_words, nearest
from fairway.world.clock import DAY, HOUR, MILLISECOND, MINUTE, SECOND


@pytest.mark.parametrize(
    ("ns", "words"),
    [
        (-SECOND, "0 s"),
        (0, "0 s"),
        (1, "0.01 s"),
        (150 * MILLISECOND, "0.15 s"),
        (3 * SECOND, "3 s"),
        (10 * SECOND - 1, "10 s"),
        (12 * SECOND + 999 * MILLISECOND, "12 s"),
        (MINUTE, "1 min"),
        (5 * MINUTE + 12 * SECOND, "5 min 12 s"),
        (10 * MINUTE + 59 * SECOND, "10 min"),
        (HOUR - 1, "59 min"),
        (2 * HOUR, "2 h"),
        (2 * HOUR + 5 * MINUTE + 59 * SECOND, "2 h 5 min"),
        (DAY + 59 * MINUTE, "1 d"),
        (2 * DAY + 4 * HOUR, "2 d 4 h"),
        (400 * DAY, "400 d"),
    ],
)
def test_people_read_the_two_largest_units(ns: int, words: str) -> None:
    assert duration_words(ns) == words


@pytest.mark.parametrize(
    ("ns", "rounded"),
    [
        (400 * MILLISECOND, 0),
        (MINUTE + 29 * SECOND, MINUTE),
        (MINUTE + 30 * SECOND, 2 * MINUTE),
        (10 * DAY - MINUTE, 10 * DAY),
        (DAY + 30 * MINUTE, DAY + HOUR),
    ],
)
def test_nearest_is_an_hour_of_days_and_a_minute_of_hours(ns: int, rounded: int) -> None:
    assert nearest(ns) == rounded


@pytest.mark.parametrize("text", ["500ms", "90s", "30m", "24h", "2d", "14d"])
def test_what_is_written_as_a_setting_reads_back_the_same(text: str) -> None:
    assert as_setting(duration_of(text)) == text
