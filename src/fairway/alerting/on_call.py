"""The on-call schedule: who is on call at an instant, when the next hand-over is, and which spells have no person.

Shifts are whole days of the schedule's time zone, so a hand-over stays at its local time when the clocks change.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Annotated, Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import AfterValidator, BeforeValidator, Field

from fairway.alerting.business_days import instant_of
from fairway.texts.problems import Problem
from fairway.texts.quantities import Duration
from fairway.texts.section import Section
from fairway.world.clock import DAY, datetime_of, parse_instant, text_of

LOOK_AHEAD_NS: Final = 28 * DAY
"""So far ahead gaps are looked for."""
_TIME: Final = re.compile(r"([01]\d|2[0-3]):([0-5]\d)")
_WEEKDAYS: Final = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")


def _time(value: object) -> object:
    if isinstance(value, str):
        if _TIME.fullmatch(value) is None:
            raise ValueError("is no time of day; write hours and minutes")
        return time.fromisoformat(value)
    return value


def _date(value: object) -> object:
    if isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            raise ValueError("is no date; write year, month and day") from None
    return value


def _instant(value: object) -> object:
    return parse_instant(value) if isinstance(value, str) else value


def _zone(value: object) -> object:
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is no time zone") from None
    return value


def _shift(value: int) -> int:
    if value < DAY or value % DAY:
        raise ValueError("is no whole number of days")
    return value


def _weekday(value: object) -> object:
    if value not in _WEEKDAYS:
        raise ValueError(f"is no day; there are {', '.join(_WEEKDAYS)}")
    return value


TimeOfDay = Annotated[time, BeforeValidator(_time), Field(examples=['"09:00"'])]
Day = Annotated[date, BeforeValidator(_date), Field(examples=["2026-11-02"])]
Moment = Annotated[int, BeforeValidator(_instant), Field(examples=["2026-11-28T09:00Z"])]
"""In nanoseconds."""
TimeZone = Annotated[str, BeforeValidator(_zone), Field(examples=["Europe/Berlin"])]
Weekday = Annotated[str, BeforeValidator(_weekday), Field(examples=["mon"])]
ShiftLength = Annotated[Duration, AfterValidator(_shift), Field(examples=["7d"])]


class OnCallOverride(Section):
    """A person who is on call for a time instead of the one whose turn it is."""

    person: str = Field(min_length=1, description="Who", examples=["ben"])
    since: Moment = Field(description="From when, in UTC", examples=["2026-11-28T09:00Z"])
    until: Moment = Field(description="Until when, in UTC", examples=["2026-11-29T09:00Z"])


class Rotation(Section):
    """People who take turns. With `days` or hours it covers these alone, and another rotation covers the rest."""

    people: tuple[str, ...] = Field(min_length=1, description="In the order of their turns", examples=["[anna, ben]"])
    begins: Day = Field(description="The day of the first person's first hand-over", examples=["2026-11-02"])
    ends: Day | None = Field(default=None, description="The day of the last hand-over", examples=["2027-03-31"])
    shift: ShiftLength = Field(default=7 * DAY, description="Length of a turn, in whole days", examples=["7d"])
    hand_over: TimeOfDay = Field(default=time(9), description="Local time at which turns change", examples=['"09:00"'])
    days: tuple[Weekday, ...] = Field(default=(), description="The days that it covers; left out: all", examples=["[sat, sun]"])
    from_time: TimeOfDay | None = Field(default=None, description="From which local time it covers a day", examples=['"08:00"'])
    to_time: TimeOfDay | None = Field(default=None, description="Until which local time", examples=['"20:00"'])


class OnCallSchedule(Section):
    """Who is called. The first rotation that covers an instant counts, and an override before all of them."""

    time_zone: TimeZone = Field(default="UTC", description="Of all local times", examples=["Europe/Berlin"])
    rotations: tuple[Rotation, ...] = Field(
        min_length=1,
        description="The rotations, the first that covers counts",
        examples=["[{people: [anna, ben], begins: 2026-11-02}]"],
    )
    overrides: tuple[OnCallOverride, ...] = Field(
        default=(),
        description="Exceptions, the last that covers counts",
        examples=["[{person: ben, since: 2026-11-28T09:00Z, until: 2026-11-29T09:00Z}]"],
    )
    holidays: tuple[Day, ...] = Field(default=(), description="Days that are no business days", examples=["[2026-12-25]"])

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)


def on_call_at(schedule: OnCallSchedule, at: int, place: int = 0) -> str:
    """The person on call at an instant (ns), "" where there is none. place: 1 for the person whose turn is next, and so on."""
    for each in reversed(schedule.overrides):
        if each.since <= at < each.until and place == 0:
            return each.person
    local = datetime_of(at).astimezone(schedule.zone)
    for rotation in schedule.rotations:
        if _covers(rotation, local):
            number = _turn(rotation, local)
            person = rotation.people[(number + place) % len(rotation.people)]
            first = on_call_at(schedule, at) if place else ""
            if place and person == first and len(rotation.people) > 1:  # the override took the next person's turn
                person = rotation.people[(number + place - 1) % len(rotation.people)]
            return person
    return ""


def next_hand_over(schedule: OnCallSchedule, at: int, ahead_ns: int = LOOK_AHEAD_NS * 13) -> int | None:
    """The next instant (ns) after an instant at which another person is on call; None where none is within a year."""
    now = on_call_at(schedule, at)
    return next((each for each in changes(schedule, at, at + ahead_ns) if on_call_at(schedule, each) != now), None)


def changes(schedule: OnCallSchedule, since: int, until: int) -> list[int]:
    """The instants (ns) within since < at <= until at which another person may be on call, in order."""
    zone = schedule.zone
    found = {each for override in schedule.overrides for each in (override.since, override.until)}
    first, last = datetime_of(since).astimezone(zone).date(), datetime_of(until).astimezone(zone).date()
    for number in range(-1, (last - first).days + 2):
        day = first + timedelta(days=number)
        for rotation in schedule.rotations:
            times = (rotation.hand_over, rotation.from_time, rotation.to_time, time(0))
            found |= {instant_of(day, each, zone) for each in times if each is not None}
    return sorted(each for each in found if since < each <= until)


def gaps(schedule: OnCallSchedule, since: int, until: int) -> Iterator[tuple[int, int]]:
    """The spells (ns) of a window in which no person is on call."""
    begins = None
    for at in [since, *changes(schedule, since, until)]:
        is_covered = bool(on_call_at(schedule, at))
        if not is_covered and begins is None:
            begins = at
        elif is_covered and begins is not None:
            yield begins, at
            begins = None
    if begins is not None and begins < until:
        yield begins, until


def lint_schedule(schedule: OnCallSchedule, now: int, people: frozenset[str] = frozenset()) -> list[Problem]:
    """What is wrong with a schedule from now on: gaps, overrides without a length, people of whom no contact is known.

    people: those whose contacts are known; empty where that is not to be checked.
    """
    found = [
        Problem(key="rotations", what=f"no person is on call from {text_of(begins)} to {text_of(ends)}", path=("rotations",))
        for begins, ends in gaps(schedule, now, now + LOOK_AHEAD_NS)
    ]
    for index, each in enumerate(schedule.overrides):
        if each.until <= each.since:
            path = ("overrides", index, "until")
            found.append(Problem(key=f"overrides[{index}].until", what="is not after since", path=path))
    named = [(("rotations", index, "people"), name) for index, each in enumerate(schedule.rotations) for name in each.people]
    named += [(("overrides", index, "person"), each.person) for index, each in enumerate(schedule.overrides)]
    for place, name in named:
        if people and name not in people:
            key = f"{place[0]}[{place[1]}].{place[2]}"
            found.append(Problem(key=key, what=f"{name!r} has no contact, and would not be reached", path=place))
    return found


def _covers(rotation: Rotation, local: datetime) -> bool:
    begins = datetime.combine(rotation.begins, rotation.hand_over, local.tzinfo)
    if local < begins or (
        rotation.ends is not None and local >= datetime.combine(rotation.ends, rotation.hand_over, local.tzinfo)
    ):
        return False
    at, day = local.time(), local.date()
    first, last = rotation.from_time, rotation.to_time
    if first is not None or last is not None:
        first, last = first or time(0), last or time(0)
        if first < last:
            if not first <= at < last:
                return False
        elif at < last:  # the hours after midnight belong to the day before
            day -= timedelta(days=1)
        elif at < first:
            return False
    return not rotation.days or _WEEKDAYS[day.weekday()] in rotation.days


def _turn(rotation: Rotation, local: datetime) -> int:
    """How many turns have ended since the first began."""
    day = local.date() if local.time() >= rotation.hand_over else local.date() - timedelta(days=1)
    return (day - rotation.begins).days // (rotation.shift // DAY)


def turn_words(schedule: OnCallSchedule, at: int) -> str:
    """Who is on call and until when, as a sentence."""
    person, ends = on_call_at(schedule, at), next_hand_over(schedule, at)
    if not person:
        return "No person is on call."
    return f"{person} is on call until {text_of(ends)}." if ends is not None else f"{person} is on call."
