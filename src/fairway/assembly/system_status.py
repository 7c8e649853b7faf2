"""The status of a running system: its supervisor keeps it in a file beside the journal, under a lock that only one holds."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final

import msgspec

from fairway.settings import Settings
from fairway.world.files import write_whole
from fairway.world.private import MODE


class ChildState(StrEnum):
    """Where a child is between its start and its end."""

    WAITING = "waiting"
    """A process that it needs is not ready yet."""
    IDLE = "idle"
    """It has nothing to do yet, such as a pilot before a launch was begun; a person may ask for it."""
    STARTING = "starting"
    READY = "ready"
    CRASHED = "crashed"
    """It will be started again."""
    ENDED = "ended"
    """It ended for good: a person stopped it, or a restart would be wrong."""
    STOPPED = "stopped"
    """The supervisor stopped it."""


WELL: Final = frozenset({ChildState.READY, ChildState.IDLE})


@dataclass(slots=True)
class ChildStatus:
    """A child as it is now. since: ns. process_id: 0 while it has no process. crashes: since the supervisor started."""

    name: str
    state: ChildState = ChildState.WAITING
    since: int = 0
    process_id: int = 0
    crashes: int = 0
    said: str = ""
    """How it ended the last time, or why it is idle."""


@dataclass(slots=True)
class SystemStatus:
    """The system as it is now. safe_mode: why it is in safe mode, "" where it is not. began_at: ns."""

    began_at: int
    process_id: int
    children: list[ChildStatus]
    safe_mode: str = ""

    @property
    def is_well(self) -> bool:
        """Whether every child is ready or has nothing to do, and the system is not in safe mode."""
        return not self.safe_mode and all(each.state in WELL for each in self.children)


def place_of(settings: Settings) -> Path:
    """The status file of a system: beside the journal's file, or among the kill latches where the journal is in a database."""
    if isinstance(settings.journal, Path):
        return settings.journal.with_name(f"{settings.journal.name}.up")
    return settings.latch_folder / f"{settings.account}.up"


class AlreadyUp(Exception):
    """Another supervisor runs this system."""


@contextmanager
def only_one(place: Path) -> Iterator[None]:
    """Holds the lock of this system. Raises AlreadyUp, OSError."""
    descriptor = os.open(_lock(place), os.O_RDWR | os.O_CREAT, MODE)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyUp(f"this system is up already; see it with:  fairway up status ({place})") from None
        yield
        with suppress(OSError):
            place.unlink()
    finally:
        os.close(descriptor)


def write_status(place: Path, status: SystemStatus) -> None:
    """Raises OSError."""
    write_whole(place, msgspec.json.encode(status))


def read_status(place: Path) -> SystemStatus | None:
    """The status of a system that is up; None where none is, or where its supervisor has died. Raises OSError."""
    if not is_up(place):
        return None
    with suppress(FileNotFoundError, msgspec.MsgspecError):
        return msgspec.json.decode(place.read_bytes(), type=SystemStatus)
    return None


def is_up(place: Path) -> bool:
    """Whether a supervisor of this system runs now, by the lock that it holds."""
    try:
        descriptor = os.open(_lock(place), os.O_RDONLY)
    except FileNotFoundError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)  # for an instant
    except BlockingIOError:
        return True
    finally:
        os.close(descriptor)
    return False


def _lock(place: Path) -> Path:
    return place.with_name(f"{place.name}.lock")
