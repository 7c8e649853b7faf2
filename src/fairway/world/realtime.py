"""Runs asyncio programs in real time on uvloop, and simulated ones at a pace that people can watch."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from fairway.world.clock import SECOND
from fairway.world.loop import running

T = TypeVar("T")

_STEPS_PER_REAL_SECOND = 20


def run_real(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    """Run `main()` on the machine's own clock and network and return its result; Ctrl-C cancels it."""
    import uvloop

    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        return runner.run(main())


def settle() -> None:
    """Call once when all is set up: the garbage collector no longer looks at what was made so far, and looks more rarely.

    A full collection costs 75 ms for a million objects; frozen ones cost nothing.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 20, 50)


@contextmanager
def without_collecting() -> Iterator[None]:
    """While much is read that is no garbage: the collector would go through what is kept again and again, and find nothing."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_collecting:
            gc.enable()


async def keep_pace(times_real: float, is_hurried: Callable[[], bool]) -> None:
    """Hold the simulated world that this runs in back to so many times real time, until cancelled, or until it is hurried.

    It blocks the whole loop while it waits, and changes nothing else: the world's events stay what they are.
    """
    loop = running()
    virtual_began, real_began = loop.elapsed_ns, time.monotonic_ns()
    while not is_hurried():
        await asyncio.sleep(times_real / _STEPS_PER_REAL_SECOND)
        due_ns = (loop.elapsed_ns - virtual_began) / times_real
        ahead_ns = due_ns - (time.monotonic_ns() - real_began)
        if ahead_ns > 0:
            time.sleep(ahead_ns / SECOND)  # noqa: ASYNC251  (to block is the purpose)
