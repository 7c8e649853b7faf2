"""Says how much of a core each process uses, and how much of a disk is free. Its callers are handed a `ResourceUse`."""

import os
import shutil
from pathlib import Path
from typing import Final, Protocol

_TICKS_A_SECOND: Final = os.sysconf("SC_CLK_TCK")
_BEHIND_NAME: Final = ")"
"""In /proc/PID/stat the name is in brackets, and may hold anything; what follows it are numbers."""
_USER, _SYSTEM = 11, 12
"""Places of the processor times behind the name and the state."""


class ResourceUse(Protocol):
    def processor_seconds(self, process_id: int) -> float | None:
        """What a process has used of all cores since it began; None where it is gone, or the system does not say."""
        ...

    def free_share(self, folder: Path) -> float | None:
        """The free share of the disk that a directory is on, from 0 to 1; None where the system does not say."""
        ...


class SystemResourceUse:
    """Of this machine, by the word of Linux."""

    __slots__ = ()

    def processor_seconds(self, process_id: int) -> float | None:
        try:
            text = Path(f"/proc/{process_id}/stat").read_text()
        except OSError:
            return None
        fields = text.rpartition(_BEHIND_NAME)[2].split()
        return (int(fields[_USER]) + int(fields[_SYSTEM])) / _TICKS_A_SECOND

    def free_share(self, folder: Path) -> float | None:
        try:
            usage = shutil.disk_usage(folder)
        except OSError:
            return None
        return usage.free / usage.total if usage.total else None
