"""Clocks tell integer nanoseconds; people's texts and datetimes convert both ways without loss."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from fairway.world.clock import (
    DAY,
    HOUR,
    MILLISECOND,
    MINUTE,
    SECOND,
    SLEW,
    SimClock,
    SteadyClock,
    SystemClock,
    datetime_of,
    parse_instant,
    text_of,
)
from fairway.world.loop import EPOCH_NS, run, running

NEW_YEAR_2022 = 1_640_995_200 * SECOND


def check(text: str, instant: int) -> None:
    assert parse_instant(text) == instant


def test_texts_that_people_write_are_read_exactly() -> None:
    """Dates, minutes, fractions to the nanosecond and zones are all understood; no zone means UTC."""
    check("2022-01-01", NEW_YEAR_2022)
    check("2022-01-01T00:01Z", NEW_YEAR_2022 + MINUTE)
    check("2022-01-01 00:01:00.5", NEW_YEAR_2022 + MINUTE + 500 * MILLISECOND)
    check("2022-01-01T00:00:00.000000001Z", NEW_YEAR_2022 + 1)
    check("2022-01-01T02:00:00+02:00", NEW_YEAR_2022)
    check("1969-12-31T23:59:59.25Z", -750 * MILLISECOND)


@pytest.mark.parametrize("text", ["", "yesterday", "2022-13-01", "2022-01-01T25:00Z", "2022-01-01T00:00:00.0000000001Z"])
def test_other_texts_are_refused_with_a_right_example(text: str) -> None:
    """The error shows the text and how to write it."""
    with pytest.raises(ValueError, match=r"write it like 2022-01-01T00:01:00\.000Z") as refusal:
        parse_instant(text)
    assert repr(text) in str(refusal.value)


def test_an_instant_reads_with_milliseconds_rounded_down() -> None:
    """A time is never shown before it has come."""
    assert text_of(NEW_YEAR_2022 + MINUTE) == "2022-01-01T00:01:00.000Z"
    assert text_of(NEW_YEAR_2022 + 2 * MILLISECOND - 1) == "2022-01-01T00:00:00.001Z"
    assert text_of(-1) == "1969-12-31T23:59:59.999Z"


@given(st.integers(min_value=-(10**9) * SECOND, max_value=4 * 10**9 * SECOND))
def test_text_and_back_loses_less_than_a_millisecond_and_never_adds(instant: int) -> None:
    """`parse_instant(text_of(x))` is x rounded down to the millisecond."""
    assert parse_instant(text_of(instant)) == instant // MILLISECOND * MILLISECOND
    assert parse_instant(datetime_of(instant).isoformat()) == instant // 1_000 * 1_000


def test_datetimes_are_aware_and_utc() -> None:
    """What people see says its zone."""
    assert datetime_of(NEW_YEAR_2022) == datetime(2022, 1, 1, tzinfo=UTC)
    assert datetime_of(NEW_YEAR_2022).tzinfo is UTC


@pytest.mark.parametrize("by_ns", [-HOUR, -SECOND, 3 * SECOND, HOUR])
def test_a_steady_clock_is_moved_by_what_goes_by_and_not_by_who_sets_the_machines(by_ns: int) -> None:
    """It says by how much it was left behind, and creeps after it by a thousandth of the time, never backwards."""

    async def main() -> None:
        machine = SimClock(running())
        steady = SteadyClock(machine)
        await asyncio.sleep(1)
        assert (steady.now(), steady.leapt()) == (EPOCH_NS + SECOND, 0)
        machine.jump(by_ns)
        assert (steady.now(), steady.leapt()) == (EPOCH_NS + SECOND, by_ns)
        await asyncio.sleep(10)
        crept = 10 * SECOND // SLEW * (1 if by_ns > 0 else -1)
        assert steady.now() == EPOCH_NS + 11 * SECOND + crept
        assert steady.leapt() == by_ns - crept
        assert steady.monotonic() == machine.monotonic()
        machine.jump(-by_ns)
        assert steady.leapt() == -crept
        await asyncio.sleep(20)
        assert (steady.now(), steady.leapt()) == (EPOCH_NS + 31 * SECOND, 0)

    run(main)


def test_the_system_clock_moves_forward() -> None:
    """Production reads the machine: a monotonic reading never goes back, and the wall is past 2022."""
    clock = SystemClock()
    assert clock.monotonic() <= clock.monotonic()
    assert clock.now() > NEW_YEAR_2022


def test_a_simulated_clock_follows_the_loop_exactly() -> None:
    """Ninety minutes of sleep are ninety minutes, to the nanosecond."""

    async def main() -> tuple[int, int]:
        await asyncio.sleep(5_400)
        return running().clock.now(), running().clock.monotonic()

    assert run(main) == (EPOCH_NS + HOUR + 30 * MINUTE, HOUR + 30 * MINUTE)


def test_the_world_begins_when_it_is_told_to() -> None:
    """The epoch is an argument."""

    async def main() -> str:
        return text_of(running().clock.now())

    assert run(main, epoch_ns=NEW_YEAR_2022 + 10 * DAY) == "2022-01-11T00:00:00.000Z"


def test_one_node_may_have_a_wrong_clock() -> None:
    """Skew and jumps move that node's wall time only; its monotonic reading and other clocks stay true."""

    async def main() -> list[int]:
        loop = running()
        wrong = SimClock(loop, skew_ns=-3 * SECOND)
        await asyncio.sleep(1)
        before = wrong.now()
        wrong.jump(5 * SECOND)
        return [before - EPOCH_NS, wrong.now() - EPOCH_NS, wrong.monotonic(), loop.clock.now() - EPOCH_NS]

    assert run(main) == [-2 * SECOND, 3 * SECOND, SECOND, SECOND]
