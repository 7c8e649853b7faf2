"""Keeps the status of a running system in a file beside the journal, under a lock that only one supervisor holds."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import msgspec

from fairway.operations.held_processes import is_locked
from fairway.supervision.supervisor import SystemStatus
from fairway.world.files import write_whole
from fairway.world.private import MODE


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
    if not is_locked(_lock(place)):
        return None
    with suppress(FileNotFoundError, msgspec.MsgspecError):
        return msgspec.json.decode(place.read_bytes(), type=SystemStatus)
    return None


def _lock(place: Path) -> Path:
    return place.with_name(f"{place.name}.lock")
