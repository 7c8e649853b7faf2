"""Measures the wait for `fairway --help`, beside an interpreter that does nothing and the bare command-line library."""

import subprocess
import sys
import time
from pathlib import Path

RUNS = 15
LIMIT_MS = 300

FAIRWAY = str(Path(sys.executable).with_name("fairway"))


def rows() -> list[tuple[str, str, str]]:
    """(what, figure, beside it)."""
    pairs = [
        ("fairway --help", [FAIRWAY, "--help"], f"at most {LIMIT_MS} ms"),
        ("fairway journal --help", [FAIRWAY, "journal", "--help"], ""),
        ("cyclopts and rich imported, nothing done", [sys.executable, "-c", "import cyclopts, rich.console"], "floor"),
        ("python -c pass", [sys.executable, "-c", "pass"], "floor"),
    ]
    return [(what, _spread(command), beside) for what, command, beside in pairs]


def _spread(command: list[str]) -> str:
    """Median and slowest of several runs; the first, which fills the caches, is not counted."""
    times = sorted([_once(command) for _ in range(RUNS + 1)][1:])
    return f"median {times[len(times) // 2]:.0f} ms, slowest {times[-1]:.0f} ms"


def _once(command: list[str]) -> float:
    started = time.perf_counter_ns()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter_ns() - started) / 1e6


if __name__ == "__main__":
    for row in rows():
        print(*row, sep="  |  ")
