"""How a command is stopped: at once while nothing is there to save, in order where something is, never with Python's own noise.

The program begins with `at_once`. Where an end in order is worth waiting for, a command takes the signals over for that while.
"""

import atexit
import os
import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from types import FrameType
from typing import Final, NoReturn, TypeVar

from fairway.cli.exits import MEANINGS, ExitCode

T = TypeVar("T")

CODES: Final = {signal.SIGINT: ExitCode.INTERRUPTED, signal.SIGTERM: ExitCode.TERMINATED, signal.SIGHUP: ExitCode.HUNG_UP}
WAIT_S: Final = 1.0
"""After a signal a server waits no longer than this for requests that it is still carrying out."""
_RING_AGAIN_S: Final = 0.05
"""An exception that comes out of the blue may meet code that drops it, such as a finalizer; so it comes again."""


class OutOfTime(BaseException):
    """Work took longer than it may. No `Exception`, so that a library that survives its own failures does not survive this."""


def stop(number: int, frame: FrameType | None = None) -> NoReturn:
    """Say by which signal the process is stopped, and end it where it stands; a signal handler."""
    for other in CODES:
        signal.signal(other, signal.SIG_IGN)
    leave(say(number))


def say(number: int) -> ExitCode:
    """The code for having been stopped by this signal, which is said."""
    code = CODES[signal.Signals(number)]
    with suppress(OSError):  # not by sys.stderr: the signal may have met it in the middle of a line
        os.write(2, f"fairway: {MEANINGS[code]}\n".encode())
    return code


def leave(code: int) -> NoReturn:
    """End the process without taking Python apart: that takes a while, waits for threads that look up a name, and complains."""
    _dismiss_workers()
    with suppress(Exception):
        atexit._run_exitfuncs()
    for stream in (sys.stdout, sys.stderr):
        with suppress(OSError, ValueError, RuntimeError):
            stream.flush()
    os._exit(code)


def _dismiss_workers() -> None:
    """Python would wait for them at its end, and they for work. Most commands have none, and bring no library to see that.

    The pool's own thread sees them die and may fail at what is closed beneath it; its error messages no longer matter.
    """
    if threading := sys.modules.get("threading"):
        threading.excepthook = lambda failure: None  # type: ignore[attr-defined]
    for each in getattr(sys.modules.get("multiprocessing"), "active_children", tuple)():
        with suppress(OSError):
            each.kill()


@contextmanager
def at_once() -> Iterator[None]:
    """Within it a signal to stop ends the process where it stands: nothing is there to save, or it is saved already."""
    from fairway.world.stops import stops  # not above: help brings no other room

    with _handled(stop, *stops()):
        yield


@contextmanager
def unwound() -> Iterator[None]:
    """Within it Ctrl-C raises KeyboardInterrupt, for work that must not be left half done."""
    with _handled(signal.default_int_handler, signal.SIGINT):
        yield


@contextmanager
def _handled(handler: Callable[[int, FrameType | None], object], *numbers: signal.Signals) -> Iterator[None]:
    threading = sys.modules.get("threading")
    if threading is not None and threading.current_thread() is not threading.main_thread():
        yield  # a step of a runbook: signals come to the main thread alone, which ends the process at once
        return
    before = {number: signal.signal(number, handler) for number in numbers}
    try:
        yield
    finally:
        for number, each in before.items():
            signal.signal(number, each)


async def stop_signal(*, patience_s: float | None = WAIT_S) -> int:
    """The signal that tells this program to stop, once it comes. What then takes long, or another signal, ends it at once.

    But not a second SIGHUP: the shell and the system both send it when a terminal is closed. patience_s: None where all that
    then comes has a bound of its own.
    """
    import asyncio  # not above: the other commands' help would wait for it

    from fairway.world.stops import stops

    loop = asyncio.get_running_loop()
    first: asyncio.Future[int] = loop.create_future()

    def hear(number: int) -> None:
        if not first.done():
            first.set_result(number)
        elif number != signal.SIGHUP:
            stop(number)

    for number in stops():
        loop.add_signal_handler(number, hear, number)
    heard = await first
    if patience_s is not None:
        loop.call_later(patience_s, stop, heard)
    return heard


def in_time(seconds: float, work: Callable[[], T]) -> T:
    """What work returns. Raises OutOfTime after so many seconds, wherever it is then: for work that has no effects."""
    is_late = is_done = False

    def ring(number: int, frame: FrameType | None) -> None:
        nonlocal is_late
        is_late = True
        if not is_done:
            raise OutOfTime

    if seconds <= 0:
        raise OutOfTime
    before, told_before = signal.signal(signal.SIGALRM, ring), sys.unraisablehook
    sys.unraisablehook = _leave_out
    try:
        try:
            signal.setitimer(signal.ITIMER_REAL, seconds, _RING_AGAIN_S)
            result = work()
        finally:
            is_done = True
    except Exception:
        if is_late:  # a library that was interrupted in the middle of something fails in words of its own
            raise OutOfTime from None
        raise
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)
        sys.unraisablehook = told_before
    if is_late:  # something dropped the exception and went on, who knows with what
        raise OutOfTime
    return result


def _leave_out(dropped: "sys.UnraisableHookArgs") -> None:
    if dropped.exc_type is not OutOfTime:
        sys.__unraisablehook__(dropped)
