"""The installed program in a process of its own, and a Ctrl-C at a moment of the test's choice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

FAIRWAY = str(Path(sys.executable).with_name("fairway"))
BOUND_S = 2.0
"""From a signal to the end of the process, less the time for which it waited for a core: see `CoreWait`."""
PATIENCE_S = 120
"""A bound for a program that hangs, not a claim about its speed: it holds with every core busy."""
_STARTED: "list[subprocess.Popen[str]]" = []


@dataclass(frozen=True)
class Ended:
    """took_s: from the signal to the end, less the time for which it could have run and other programs had the cores."""

    took_s: float
    code: int
    out: str
    err: str


def started(
    *words: str | Path, env: Mapping[str, str] | None = None, program: Sequence[str] = (FAIRWAY,)
) -> "subprocess.Popen[str]":
    command = [*program, *map(str, words)]
    pipe = subprocess.PIPE
    running = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env={**os.environ, **(env or {})})
    _STARTED.append(running)
    return running


class CoreWait:
    """How long processes were ready to run and had no core, as the kernel counts it (`/proc/PID/task/*/schedstat`), from now on.

    So a bound on a program's time holds on a busy machine and is as strict on a quiet one. What a thread waited for after the
    last look at it is not counted.
    """

    def __init__(self) -> None:
        self._first_ns: dict[str, int] = {}
        self._last_ns: dict[str, int] = {}

    def look(self, *process_ids: int) -> None:
        for process_id in process_ids:
            for task in _tasks(process_id):
                with suppress(OSError, IndexError):  # it has ended meanwhile
                    waited_ns = int((task / "schedstat").read_text().split()[1])
                    self._last_ns[task.name] = waited_ns
                    self._first_ns.setdefault(task.name, waited_ns)

    @property
    def seconds(self) -> float:
        """Up to the last look."""
        return sum(last - self._first_ns[task] for task, last in self._last_ns.items()) / 1e9


def _tasks(process_id: int) -> list[Path]:
    """None of a process that has ended."""
    with suppress(OSError):
        return list(Path(f"/proc/{process_id}/task").iterdir())
    return []


class Stopwatch:
    """Seconds since it was made for which a process waited for no core."""

    def __init__(self, process_id: int) -> None:
        self._process_id, self._waited = process_id, CoreWait()
        self._waited.look(process_id)
        self._began = time.monotonic()

    def seconds(self) -> float:
        self._waited.look(self._process_id)
        return time.monotonic() - self._began - self._waited.seconds


def none_left() -> None:
    """Ends what a failed test left running: it would be found in the middle of a later test, and fail that one too."""
    while _STARTED:
        running = _STARTED.pop()
        running.kill()
        for pipe in (running.stdout, running.stderr):
            assert pipe is not None
            pipe.close()
        running.wait()


def read_until(running: "subprocess.Popen[str]", word: str, *, within_s: int = PATIENCE_S) -> None:
    """Until a line has this word; fails with what was printed instead, where none came in that time."""
    assert running.stdout is not None
    patience = threading.Timer(within_s, running.kill)
    patience.start()
    seen = []
    for line in running.stdout:
        seen.append(line)
        if word in line:
            patience.cancel()
            return
    raise AssertionError(f"no {word!r} in: {''.join(seen)}")


def let_it_work(running: "subprocess.Popen[str]", seconds: float) -> None:
    """Until it has used so much of a core; on a busy machine that takes longer, by three seconds at most, for it may wait."""
    ends_at = time.monotonic() + seconds + 3
    while running.poll() is None and time.monotonic() < ends_at and _used_s(running.pid) < seconds:
        threading.Event().wait(0.01)


def _used_s(process_id: int) -> float:
    try:
        fields = Path(f"/proc/{process_id}/stat").read_text().rpartition(")")[2].split()
    except FileNotFoundError:
        return 0.0
    return (int(fields[11]) + int(fields[12])) / os.sysconf("SC_CLK_TCK")


def stopped(running: "subprocess.Popen[str]", *, after_s: float = 0.0, by: signal.Signals = signal.SIGINT) -> Ended:
    """Sends the signal, unless it has ended by then, and waits for the end. after_s: see `let_it_work`."""
    if after_s:
        let_it_work(running, after_s)
    waited, is_over = CoreWait(), threading.Event()
    waited.look(running.pid)

    def keep_looking() -> None:
        while not is_over.wait(0.01):
            waited.look(running.pid)

    looking = threading.Thread(target=keep_looking)
    looking.start()
    began = time.monotonic()
    running.send_signal(by)
    try:
        out, err = running.communicate(timeout=PATIENCE_S)
    finally:
        took_s = time.monotonic() - began
        running.kill()
        is_over.set()
        looking.join()
    return Ended(took_s - waited.seconds, running.returncode, out, err)
