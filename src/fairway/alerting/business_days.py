"""Business days in a time zone: whether an instant lies in one, and when the next one begins."""

from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from fairway.world.clock import SECOND, datetime_of

BEGINS: Final = time(9)
"""When people begin to work on a business day."""
_SATURDAY: Final = 5
_DAYS_MAX: Final = 366
"""So far ahead a business day is looked for."""


def is_business_day(day: date, holidays: Collection[date] = ()) -> bool:
    """Monday to Friday, and no holiday."""
    return day.weekday() < _SATURDAY and day not in holidays


def next_business_day(at: int, zone: ZoneInfo, holidays: Collection[date] = (), begins: time = BEGINS) -> int:
    """The instant (ns) at which the first business day begins after the day of an instant, in a time zone.

    A day that has not begun counts: on a Monday at 07:00 it is the same Monday. Raises ValueError where no day within a year
    is one.
    """
    local = datetime_of(at).astimezone(zone)
    day = local.date() if local.time() < begins else local.date() + timedelta(days=1)
    for _ in range(_DAYS_MAX):
        if is_business_day(day, holidays):
            return instant_of(day, begins, zone)
        day += timedelta(days=1)
    raise ValueError(f"no day within {_DAYS_MAX} days of {local.date()} is a business day")


def instant_of(day: date, at: time, zone: ZoneInfo) -> int:
    """The instant (ns) of a local time. Of an hour that comes twice it is the first."""
    return int(datetime.combine(day, at, zone).timestamp()) * SECOND
