"""Where the ticks of a figure's axes stand, and their texts."""

from decimal import Decimal
from typing import Final

from fairway.reports.figure import Axis, AxisTick
from fairway.texts.display import clock_text, number, signed
from fairway.world.clock import DAY, HOUR, datetime_of

_STEPS: Final = (HOUR, 2 * HOUR, 3 * HOUR, 6 * HOUR, 12 * HOUR, DAY, 2 * DAY, 5 * DAY, 10 * DAY, 30 * DAY, 90 * DAY, 365 * DAY)


def time_ticks(begin_at: int, end_at: int, ticks_max: int) -> list[AxisTick]:
    """Round UTC times between two instants (ns), at most ticks_max apart from the first: days, or hours where it is short."""
    least = DAY if end_at - begin_at >= 4 * DAY else HOUR
    step = next((size for size in _STEPS if size >= least and (end_at - begin_at) // size <= ticks_max), _STEPS[-1])
    return [AxisTick(at, _time_text(at, step)) for at in range(-(-begin_at // step) * step, end_at + 1, step)]


def _time_text(at: int, step: int) -> str:
    if step < DAY and at % DAY:
        return clock_text(at)
    moment = datetime_of(at)
    return f"{moment.day} {moment:%b}"


def tick_text(value: Decimal, axis: Axis, places: int) -> str:
    """`10,200`, or with its sign and unit where the axis asks for them: `+1 %`."""
    if not axis.is_signed:
        return number(value, places)
    return f"{signed(value, places)} {axis.unit}" if value else f"0 {axis.unit}"
