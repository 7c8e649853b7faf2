"""Hours: what people write is what is allowed, to the minute, and two ways to write the same are equal."""

import pytest
from hypothesis import given
from hypothesis import strategies as some

from fairway.risk.hours import MINUTES_A_DAY, Hours
from fairway.world.clock import DAY, HOUR, MINUTE, parse_instant

minutes = some.integers(0, MINUTES_A_DAY - 1)


def written(begin: int, end: int) -> str:
    return f"{begin // 60:02}:{begin % 60:02}-{end // 60:02}:{end % 60:02}"


@given(some.lists(some.tuples(minutes, minutes).filter(lambda it: it[0] != it[1]), min_size=1, max_size=4), minutes)
def test_a_minute_is_allowed_where_one_of_the_spells_has_it(spells: list[tuple[int, int]], minute: int) -> None:
    """Counted the slow way: around the clock from where a spell begins to where it ends."""
    hours = Hours.parse(", ".join(written(*spell) for spell in spells))
    is_in = any((minute - begin) % MINUTES_A_DAY < (end - begin) % MINUTES_A_DAY for begin, end in spells)
    for instant in (minute * MINUTE, (minute + 1) * MINUTE - 1):
        assert hours.allow(20_000 * DAY + instant) is is_in


@given(some.lists(some.tuples(minutes, minutes).filter(lambda it: it[0] != it[1]), min_size=1, max_size=4))
def test_hours_are_read_back_as_they_were_told(spells: list[tuple[int, int]]) -> None:
    """`fairway caps` shows them, and what it shows can be written into a plan."""
    hours = Hours.parse(",".join(written(*spell) for spell in spells))
    assert Hours.parse(str(hours)) == hours


def test_the_same_hours_are_equal_however_they_were_written() -> None:
    """In another order, in pieces that touch, or one within the other."""
    whole = Hours.parse("08:00-20:00")
    for other in ("12:00-20:00, 8:00-12:00", "08:00-20:00,09:00-10:00", "08:00-15:00,14:00-20:00"):
        assert Hours.parse(other) == whole
    assert Hours.parse("22:00-06:00") == Hours.parse("22:00-24:00,00:00-06:00")
    assert str(Hours.parse("22:00-06:00")) == "00:00-06:00,22:00-24:00"


def test_hours_with_nothing_in_common_leave_none() -> None:
    """Then nothing is opened at any time, which is what both say together."""
    nothing = Hours.parse("08:00-12:00") & Hours.parse("12:00-20:00")
    assert str(nothing) == "none"
    assert not nothing.allow(20_000 * DAY + 12 * 60 * MINUTE)


@pytest.mark.parametrize(
    "wrong", ["", "8-20", "08:00", "08:00-08:00", "24:00-08:00", "08:60-09:00", "08:00-24:01", "25:00-26:00"]
)
def test_what_is_no_spell_is_told_with_a_right_one(wrong: str) -> None:
    with pytest.raises(ValueError, match="08:00"):
        Hours.parse(wrong)


@pytest.mark.parametrize(
    ("hours", "at", "changes"),
    [
        ("09:00-21:00", "08:00", "09:00"),
        ("09:00-21:00", "09:00", "21:00"),
        ("09:00-21:00", "21:00", "+09:00"),
        ("22:00-06:00", "23:00", "+06:00"),
        ("00:00-24:00", "12:00", ""),
        ("02:00-03:00,05:00-06:00", "03:00", "05:00"),
    ],
)
def test_the_next_change_is_their_next_begin_or_end(hours: str, at: str, changes: str) -> None:
    midnight = parse_instant("2026-11-25T00:00:00Z")

    def instant(text: str) -> int:
        hour, minute = map(int, text.lstrip("+").split(":"))
        return midnight + DAY * text.startswith("+") + hour * HOUR + minute * MINUTE

    assert Hours.parse(hours).changes_at(instant(at)) == (instant(changes) if changes else None)
