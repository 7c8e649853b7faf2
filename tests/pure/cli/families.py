"""A program with the processes that work for it: all that it started, seen by the session that it leads."""

import os
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from tests.pure.cli.programs import PATIENCE_S, CoreWait, Ended

WORKER = b"spawn_main"


class Seen(NamedTuple):
    number: int
    is_worker: bool
    used_s: float


class Family:
    def __init__(self, *command: str | Path) -> None:
        """In a session of its own, so that nothing else is counted, and nothing else is ended."""
        pipe = subprocess.PIPE
        self.head = subprocess.Popen([*map(str, command)], stdout=pipe, stderr=pipe, text=True, start_new_session=True)

    def alive(self) -> list[Seen]:
        return [found for path in Path("/proc").glob("[0-9]*") for found in self._seen(path)]

    def _seen(self, path: Path) -> Iterator[Seen]:
        with suppress(OSError, IndexError):  # it has ended meanwhile
            fields = (path / "stat").read_text().rpartition(")")[2].split()
            if int(fields[3]) == self.head.pid and fields[0] != "Z":
                used_s = (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")
                yield Seen(int(path.name), WORKER in (path / "cmdline").read_bytes(), used_s)

    def workers(self) -> list[Seen]:
        return [each for each in self.alive() if each.is_worker]

    def until(self, is_so: Callable[[], bool], *, within_s: float = PATIENCE_S) -> float:
        """Seconds until it was so; fails where it is not in that time."""
        began = time.monotonic()
        while not is_so():
            assert time.monotonic() - began < within_s, self.alive()
            threading.Event().wait(0.02)
        return time.monotonic() - began

    def until_all_work(self, used_s: float) -> None:
        """Until there are workers, and each has used so much of a core."""
        self.until(lambda: len(self.workers()) > 1 and all(each.used_s >= used_s for each in self.workers()))

    def stopped(self, by: signal.Signals, *, whole: bool = False) -> Ended:
        """Sends the signal, and waits until none is left. whole: to all of them, as a terminal does with Ctrl-C."""
        waited = CoreWait()

        def is_over() -> bool:
            waited.look(*(each.number for each in self.alive()))
            return self.head.poll() is not None and not self.alive()

        is_over()
        began = time.monotonic()
        (os.killpg if whole else os.kill)(self.head.pid, by)
        self.until(is_over)
        took_s = time.monotonic() - began
        out, err = self.head.communicate(timeout=PATIENCE_S)
        return Ended(took_s - waited.seconds, self.head.returncode, out, err)


@contextmanager
def family(*command: str | Path) -> Iterator[Family]:
    """None of it is left at the end, whatever the test has found."""
    started = Family(*command)
    try:
        yield started
    finally:
        with suppress(ProcessLookupError):
            os.killpg(started.head.pid, signal.SIGKILL)
        started.head.communicate(timeout=PATIENCE_S)
