"""Runs asyncio programs in real time on uvloop, and simulated ones at a pace that people can watch."""

from __future__ import annotations

import asyncio
import signal
import time
from collections.abc import Callable, Coroutine, Iterator, Sequence
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


@contextmanager
def heard(numbers: Sequence[signal.Signals], hear: Callable[[], object]) -> Iterator[None]:
    """Within it the running loop handles these signals; after it the former handlers do again.

    SIGHUP is heard once: the shell and the system both send it when a terminal is closed, and the second must not cut short
    what the first began.

    A loop that lets go of SIGINT leaves Python's own handler behind, which raises wherever the program stands, in a callback of
    the loop for one; so none is let in before the former handler is back.
    """
    loop, before = asyncio.get_running_loop(), {number: signal.getsignal(number) for number in numbers}

    def hang_up() -> None:
        if before[signal.SIGHUP] is not signal.SIG_IGN:
            before[signal.SIGHUP] = signal.SIG_IGN
            hear()

    for number in numbers:
        loop.add_signal_handler(number, hang_up if number is signal.SIGHUP else hear)
    try:
        yield
    finally:
        let_in = signal.pthread_sigmask(signal.SIG_BLOCK, numbers)
        for number, handler in before.items():
            loop.remove_signal_handler(number)
            signal.signal(number, handler)
        signal.pthread_sigmask(signal.SIG_SETMASK, let_in)


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
