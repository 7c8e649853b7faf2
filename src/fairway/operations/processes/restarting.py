"""Restarting: how the supervisor of a running system is asked to start a process again, and what became of it.

What is waited for is what the supervisor shows: a process of another number that holds its journal's lock and, as a trader, has
written to its journal since it was started.
"""

import os
import signal
import time
from enum import StrEnum
from typing import Final

from fairway.operations.held_processes import ask_start, is_start_asked, take_start
from fairway.operations.processes.show import ENDED, READY, ProcessState, processes_of
from fairway.operations.refusal import Ground, Refusal, against_rule
from fairway.settings import Settings
from fairway.world.clock import SystemClock

LOOKS_MAX: Final = 600
NAP_S: Final = 0.1
"""A minute in all: a trader replays its journal and asks its venue before it is ready."""
OVER_AFTER: Final = 10
"""Looks: a process that was just taken to be started has not begun yet."""


class StartEnd(StrEnum):
    """What became of a start."""

    READY = "ready"
    ENDED = "ended"
    """It ended again, and the supervisor starts it no more by itself."""
    CRASHED = "crashed"
    """It ended again, and the supervisor goes on trying."""
    LATE = "late"
    """It is not ready within the bound."""


def ask_supervisor(settings: Settings, name: str) -> None:
    """The supervisor is to start this process once it has ended. Raises Refusal."""
    try:
        ask_start(settings, name, SystemClock().now())
    except OSError as error:
        raise against_rule(f"START_UNWRITTEN: process={name}", f"the supervisor cannot be asked: {error}") from None


def stop_for_restart(settings: Settings, found: ProcessState) -> None:
    """Stops a process that the supervisor starts again. Raises Refusal."""
    ask_supervisor(settings, found.name)
    try:
        os.kill(found.process_id, signal.SIGTERM)
    except ProcessLookupError:
        pass
    except PermissionError:
        take_start(settings, found.name, SystemClock().now())
        what = f"the system does not let this user stop process {found.process_id}"
        raise Refusal(f"STOP_FORBIDDEN: pid={found.process_id}", what, Ground.PERMISSION) from None


def start_anew(settings: Settings, found: ProcessState) -> tuple[StartEnd, ProcessState]:
    """Lets a process run by the file as it is now, whatever became of it; returns as `follow_start`. Raises Refusal, OSError."""
    if found.process_id:
        stop_for_restart(settings, found)
    elif found.state == ENDED:
        ask_supervisor(settings, found.name)
    return follow_start(settings, found)  # one that crashed is started by its supervisor


def follow_start(settings: Settings, before: ProcessState, *, is_crash_an_end: bool = False) -> tuple[StartEnd, ProcessState]:
    """Waits until a process is ready or has ended, and returns which, and the process as it is then. Raises OSError.

    before: as it was. is_crash_an_end: does not wait for the supervisor's next try after a crash.
    """
    now, over = before, 0
    for _ in range(LOOKS_MAX):
        time.sleep(NAP_S)
        now = next((each for each in processes_of(settings).processes if each.name == before.name), now)
        if now.state == READY and now.process_id != before.process_id:
            take_start(settings, now.name, SystemClock().now())  # one that crashed was started without being asked for
            return StartEnd.READY, now
        if is_crash_an_end and now.crashes > before.crashes:
            return StartEnd.CRASHED, now
        is_over = now.state == ENDED and now.since > before.since and not is_start_asked(settings, before.name)
        over = over + 1 if is_over else 0
        if over >= OVER_AFTER:
            return StartEnd.ENDED, now
    return StartEnd.LATE, now
