"""The installed program in a process of its own, and a Ctrl-C at a moment of the test's choice."""

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

FAIRWAY = str(Path(sys.executable).with_name("fairway"))
BOUND_S = 2.0
"""From a signal to the end of the process."""
_STARTED: "list[subprocess.Popen[str]]" = []


@dataclass(frozen=True)
class Ended:
    took_s: float
    code: int
    out: str
    err: str


def started(*words: str | Path, env: Mapping[str, str] | None = None) -> "subprocess.Popen[str]":
    command = [FAIRWAY, *map(str, words)]
    pipe = subprocess.PIPE
    running = subprocess.Popen(command, stdout=pipe, stderr=pipe, text=True, env={**os.environ, **(env or {})})
    _STARTED.append(running)
    return running


def none_left() -> None:
    """Ends what a failed test left running: it would be found in the middle of a later test, and fail that one too."""
    while _STARTED:
        running = _STARTED.pop()
        running.kill()
        for pipe in (running.stdout, running.stderr):
            assert pipe is not None
            pipe.close()
        running.wait()


def read_until(running: "subprocess.Popen[str]", word: str, *, within_s: int = 60) -> None:
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
    began = time.monotonic()
    running.send_signal(by)
    try:
        out, err = running.communicate(timeout=30)
    finally:
        running.kill()
    return Ended(time.monotonic() - began, running.returncode, out, err)
