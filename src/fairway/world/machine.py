"""How busy the machine is, by the word of Linux; other systems do not say."""

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final

_STAT: Final = Path("/proc/stat")
_MEMORY: Final = Path("/proc/meminfo")
WITHIN_S: Final = 0.25


@dataclass(frozen=True, slots=True)
class MachineLoad:
    """In percent. cores: of each, empty where it is not known; memory: that is used, None where it is not known."""

    cores: tuple[float, ...]
    memory: float | None


def measure_machine(stat: Path = _STAT, memory: Path = _MEMORY) -> MachineLoad:
    """Waits a quarter of a second, in which the cores are watched."""
    before = _cores(stat)
    time.sleep(WITHIN_S)
    after = _cores(stat)
    cores = [_busy(old, new) for old, new in zip(before, after, strict=False)]
    return MachineLoad(tuple(cores), _used(memory))


def _cores(stat: Path) -> list[tuple[int, int]]:
    """Of each core, ticks that it idled and ticks in all."""
    try:
        rows = [line.split() for line in stat.read_text().splitlines() if line.startswith("cpu") and line[3:4].isdigit()]
    except OSError:
        return []
    ticks = [[int(each) for each in row[1:9]] for row in rows]
    return [(its[3] + its[4], sum(its)) for its in ticks]


def _busy(before: Sequence[int], after: Sequence[int]) -> float:
    idle, all_ = after[0] - before[0], after[1] - before[1]
    return round(100 * (1 - idle / all_), 1) if all_ > 0 else 0.0


def _used(memory: Path) -> float | None:
    try:
        rows = dict(line.split(":", 1) for line in memory.read_text().splitlines() if ":" in line)
        whole, free = (int(rows[name].split()[0]) for name in ("MemTotal", "MemAvailable"))
    except (OSError, KeyError, ValueError):
        return None
    return round(100 * (1 - free / whole), 1) if whole else None
