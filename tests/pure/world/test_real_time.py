"""Real time runs the same code on uvloop, and holds a simulated world back to a pace that people can watch."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable

from fairway.world.clock import SECOND
from fairway.world.loop import run, running
from fairway.world.realtime import heard, keep_pace, run_real
from fairway.world.tasks import Tasks


def test_real_time_runs_the_same_code() -> None:
    """On uvloop, with the machine's clock."""

    async def main() -> tuple[str, list[int]]:
        async with Tasks("trader") as tasks:
            done = [tasks.spawn(f"n{number}", asyncio.sleep(0, number)) for number in range(3)]
        return type(asyncio.get_running_loop()).__module__, [task.result() for task in done]

    assert run_real(main) == ("uvloop", [0, 1, 2])


def test_a_paced_world_has_the_same_events_later() -> None:
    """A minute at 600 times real time takes at least a twentieth of a second, and its times are exact."""

    async def main() -> list[int]:
        pacing = asyncio.create_task(keep_pace(600, lambda: False))
        times = []
        for _ in range(4):
            await asyncio.sleep(15)
            times.append(running().elapsed_ns // SECOND)
        pacing.cancel()
        return times

    began = time.monotonic_ns()
    assert run(main) == [15, 30, 45, 60]
    assert time.monotonic_ns() - began >= SECOND // 20


def test_a_signal_after_the_loop_has_let_go_of_it_reaches_who_had_it_before() -> None:
    """And not Python's own handler, which would raise in whatever callback the loop is just in."""
    heard_before: list[int] = []
    heard_within: list[str] = []

    async def main() -> None:
        with heard((signal.SIGINT, signal.SIGTERM), lambda: heard_within.append("within")):
            signal.raise_signal(signal.SIGINT)
            await asyncio.wait_for(_until(lambda: bool(heard_within)), 5)
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGTERM)
        await asyncio.sleep(0)

    before = [signal.signal(number, lambda number, _: heard_before.append(number)) for number in (signal.SIGINT, signal.SIGTERM)]
    try:
        run_real(main)
    finally:
        for number, handler in zip((signal.SIGINT, signal.SIGTERM), before, strict=True):
            signal.signal(number, handler)
    assert (heard_within, heard_before) == (["within"], [signal.SIGINT, signal.SIGTERM])


async def _until(is_so: Callable[[], bool]) -> None:
    while not is_so():
        await asyncio.sleep(0.001)
