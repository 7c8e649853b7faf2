"""Files are moved onto the present so that each pair has a past, and a market that is still to come."""

import pytest

from fairway.exchange.alignment import FileSpan, aligned
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

NOW = 20_000 * DAY + 7 * HOUR + 13 * MINUTE
CANDLES, FRAMES = (HOUR, MINUTE, SECOND), (MINUTE, SECOND)


def span(first: int, length: int, steps: tuple[int, ...] = CANDLES, *, file: str = "a.csv") -> FileSpan:
    return FileSpan(file, first, first + length, steps)


def test_a_long_file_opens_with_the_history_that_was_asked_for() -> None:
    """By whole hours, so up to an hour more lies in the past; nothing is to be said."""
    made = aligned([span(5 * DAY, 20 * DAY)], NOW, 3 * HOUR)
    assert made.notes == ()
    (shift,) = made.shifts
    assert shift % HOUR == 0
    assert 3 * HOUR <= NOW - (5 * DAY + shift) < 4 * HOUR
    assert made.ends_at == (25 * DAY + shift,)


@pytest.mark.parametrize("minutes", [2, 6, 30, 61, 170, 190])
@pytest.mark.parametrize("steps", [CANDLES, FRAMES])
def test_a_short_file_opens_in_its_middle(minutes: int, steps: tuple[int, ...]) -> None:
    """With three hours of history it would have ended; about half of it is still to come, and that is said."""
    made = aligned([span(5 * DAY + 17 * SECOND, minutes * MINUTE, steps)], NOW, 3 * HOUR)
    left = made.ends_at[0] - NOW
    assert minutes * MINUTE // 4 <= left <= minutes * MINUTE // 2
    (note,) = made.notes
    assert "--history 3 would leave too little" in note
    assert "Choose with --history" in note


def test_files_of_different_years_are_moved_each_by_itself() -> None:
    """Both markets are under way now, and people are told that their prices do not belong together."""
    spans = [span(400 * DAY, 20 * DAY, file="old.csv"), span(2000 * DAY, 10 * DAY, file="new.csv")]
    made = aligned(spans, NOW, 3 * HOUR)
    for it, shift in zip(spans, made.shifts, strict=True):
        assert it.first + shift <= NOW - 3 * HOUR
        assert it.last + shift >= NOW + 9 * DAY
    (note,) = made.notes
    assert "old.csv 1971-02-05 00:00 to 1971-02-25 00:00" in note
    assert "files of the same days" in note


def test_files_that_share_time_are_moved_together() -> None:
    """Also where one begins later: the exchange opens when it has begun."""
    spans = [span(400 * DAY, 20 * DAY), span(402 * DAY, 18 * DAY, file="b.csv")]
    made = aligned(spans, NOW, 3 * HOUR)
    assert made.shifts[0] == made.shifts[1]
    assert 0 <= NOW - (402 * DAY + made.shifts[0]) < HOUR
    assert made.notes == ("b.csv begins 2 d after the first file: all before lies in the past",)


def test_files_that_only_touch_are_moved_apart() -> None:
    """An hour together out of ten days is none."""
    made = aligned([span(400 * DAY, 10 * DAY), span(410 * DAY - HOUR, 10 * DAY)], NOW, 3 * HOUR)
    assert made.shifts[0] != made.shifts[1]
    assert min(made.ends_at) > NOW + 9 * DAY
