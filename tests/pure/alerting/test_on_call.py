"""On call: whose turn it is, across changes of the clocks, with exceptions, and where no person would be reached."""

from collections.abc import Mapping, Sequence
from datetime import date, time
from zoneinfo import ZoneInfo

import pytest
from pydantic import ValidationError

from fairway.alerting.business_days import is_business_day, next_business_day
from fairway.alerting.on_call import (
    OnCallSchedule,
    gaps,
    lint_schedule,
    next_hand_over,
    on_call_at,
    turn_words,
)
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND, parse_instant, text_of

BERLIN = ZoneInfo("Europe/Berlin")


def schedule(*rotations: Mapping[str, object], overrides: Sequence[Mapping[str, object]] = ()) -> OnCallSchedule:
    return OnCallSchedule.model_validate(
        {"time_zone": "Europe/Berlin", "rotations": list(rotations), "overrides": list(overrides)}
    )


WEEKLY = schedule({"people": ["anna", "ben", "cara"], "begins": "2026-10-05"})
"""Mondays at 09:00 in Berlin."""


@pytest.mark.parametrize(
    ("at", "person"),
    [
        ("2026-10-05T06:59:59Z", ""),
        ("2026-10-05T07:00Z", "anna"),
        ("2026-10-12T06:59:59Z", "anna"),
        ("2026-10-12T07:00Z", "ben"),
        ("2026-10-26T07:59:59Z", "cara"),  # the clocks went back on the 25th: 09:00 is 08:00Z now
        ("2026-10-26T08:00Z", "anna"),
        ("2027-03-29T06:59:59Z", "anna"),  # and on the 28th they have gone forward
        ("2027-03-29T07:00Z", "ben"),
    ],
)
def test_turns_change_at_the_local_hour_also_when_the_clocks_change(at: str, person: str) -> None:
    assert on_call_at(WEEKLY, parse_instant(at)) == person


@pytest.mark.parametrize(
    ("after", "hand_over"),
    [
        ("2026-10-05T07:00Z", "2026-10-12T07:00"),
        ("2026-10-20T00:00Z", "2026-10-26T08:00"),
        ("2026-01-01T00:00Z", "2026-10-05T07:00"),
    ],
)
def test_the_next_hand_over_is_an_instant(after: str, hand_over: str) -> None:
    found = next_hand_over(WEEKLY, parse_instant(after))
    assert found is not None
    assert text_of(found).startswith(hand_over)


def test_one_person_alone_hands_over_to_none() -> None:
    assert next_hand_over(schedule({"people": ["anna"], "begins": "2026-10-05"}), parse_instant("2026-10-06")) is None


def test_the_next_in_turn_is_another_person_also_during_an_exception() -> None:
    override = {"person": "ben", "since": "2026-10-06T00:00Z", "until": "2026-10-07T00:00Z"}
    here = schedule({"people": ["anna", "ben"], "begins": "2026-10-05"}, overrides=[override])
    during, after = parse_instant("2026-10-06T12:00Z"), parse_instant("2026-10-07T00:00Z")
    assert (on_call_at(here, during), on_call_at(here, during, 1)) == ("ben", "anna")
    assert (on_call_at(here, after), on_call_at(here, after, 1)) == ("anna", "ben")
    assert turn_words(here, during) == "ben is on call until 2026-10-07T00:00:00.000Z."


def test_a_rotation_covers_its_hours_and_its_days_and_the_next_one_the_rest() -> None:
    here = schedule(
        {"people": ["day"], "begins": "2026-10-05", "from_time": "08:00", "to_time": "20:00", "days": ["mon", "tue"]},
        {"people": ["night"], "begins": "2026-10-05", "hand_over": "00:00"},
    )
    at = parse_instant("2026-10-05T00:00Z")  # a Monday; 02:00 in Berlin
    found = [on_call_at(here, at + hour * HOUR) for hour in (0, 5, 7, 17, 18, 24 + 12, 48 + 12)]
    assert found == ["night", "night", "day", "day", "night", "day", "night"]


def test_hours_that_pass_midnight_belong_to_the_day_before() -> None:
    here = schedule({"people": ["night"], "begins": "2026-10-01", "from_time": "20:00", "to_time": "06:00", "days": ["fri"]})
    friday = parse_instant("2026-10-09T00:00Z")  # 02:00 in Berlin
    assert [on_call_at(here, friday + hour * HOUR) for hour in (0, 12, 18, 24, 27, 28)] == ["", "", "night", "night", "night", ""]


def test_gaps_are_found_to_the_second() -> None:
    here = schedule({"people": ["anna"], "begins": "2026-10-05", "from_time": "06:00", "to_time": "23:30"})
    since = parse_instant("2026-10-10T00:00Z")
    found = [(text_of(begins)[:16], text_of(ends)[:16]) for begins, ends in gaps(here, since, since + 2 * DAY)]
    assert found == [
        ("2026-10-10T00:00", "2026-10-10T04:00"),
        ("2026-10-10T21:30", "2026-10-11T04:00"),
        ("2026-10-11T21:30", "2026-10-12T00:00"),
    ]
    assert list(gaps(WEEKLY, since, since + 28 * DAY)) == []


def test_lint_names_gaps_empty_exceptions_and_people_who_cannot_be_reached() -> None:
    override = {"person": "dora", "since": "2026-11-02T09:00Z", "until": "2026-11-02T09:00Z"}
    here = schedule({"people": ["anna", "ben"], "begins": "2026-10-05", "ends": "2026-11-09"}, overrides=[override])
    told = [str(each) for each in lint_schedule(here, parse_instant("2026-11-01T00:00Z"), frozenset({"anna", "ben"}))]
    assert told == [
        "rotations: no person is on call from 2026-11-09T08:00:00.000Z to 2026-11-29T00:00:00.000Z",
        "overrides[0].until: is not after since",
        "overrides[0].person: 'dora' has no contact, and would not be reached",
    ]
    assert lint_schedule(WEEKLY, parse_instant("2026-11-01T00:00Z"), frozenset({"anna", "ben", "cara"})) == []


@pytest.mark.parametrize(
    ("key", "value", "says"),
    [
        ("time_zone", "Mars/Olympus", "is no time zone"),
        ("hand_over", "9", "is no time of day"),
        ("begins", "soon", "is no date"),
        ("shift", "36h", "is no whole number of days"),
        ("days", ["monday"], "is no day"),
    ],
)
def test_a_wrong_word_is_refused(key: str, value: object, says: str) -> None:
    rotation = {"people": ["anna"], "begins": "2026-10-05"}
    whole = {"rotations": [rotation], key: value} if key == "time_zone" else {"rotations": [{**rotation, key: value}]}
    with pytest.raises(ValidationError, match=says):
        OnCallSchedule.model_validate(whole)


@pytest.mark.parametrize(
    ("at", "begins"),
    [
        ("2026-10-23T06:00Z", "2026-10-23T07:00"),  # Friday, 08:00 in Berlin
        ("2026-10-23T07:00Z", "2026-10-26T08:00"),  # Friday, 09:00: over the weekend, in which the clocks change
        ("2026-10-24T12:00Z", "2026-10-26T08:00"),
        ("2026-10-26T12:00Z", "2026-10-28T08:00"),  # the 27th is a holiday
    ],
)
def test_the_next_business_day_begins_at_nine_in_the_time_zone(at: str, begins: str) -> None:
    holidays = (date(2026, 10, 27),)
    assert text_of(next_business_day(parse_instant(at), BERLIN, holidays)).startswith(begins)
    assert not is_business_day(date(2026, 10, 27), holidays)


def test_a_year_without_business_days_is_an_error() -> None:
    class Always:
        def __contains__(self, day: object) -> bool:
            return True

        def __iter__(self) -> "object":
            raise NotImplementedError

        def __len__(self) -> int:
            return 1

    with pytest.raises(ValueError, match="is a business day"):
        next_business_day(MINUTE * SECOND, BERLIN, Always(), time(9))  # type: ignore[arg-type]
