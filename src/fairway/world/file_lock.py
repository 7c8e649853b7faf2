"""A lock that a file stands for: one process has it, and it ends with that process."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fairway.world.private import MODE


@contextmanager
def locked(place: Path) -> Iterator[None]:
    """Holds the lock. Raises BlockingIOError while another holder has it, and other OSErrors where its file cannot be made."""
    descriptor = os.open(place, os.O_RDWR | os.O_CREAT, MODE)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        yield
    finally:
        os.close(descriptor)
