"""Says how much memory the process holds. Its callers are handed a `ProcessMemory`, and ask no machine."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final, Protocol

_STATM: Final = Path("/proc/self/statm")


class ProcessMemory(Protocol):
    def resident_bytes(self) -> int | None:
        """The resident memory now, in bytes; None where the system does not say."""
        ...


class SystemProcessMemory:
    """Of this process, by the word of Linux; other systems do not tell, for they keep only the highest that it ever was."""

    __slots__ = ()

    def resident_bytes(self) -> int | None:
        try:
            pages = int(_STATM.read_bytes().split()[1])
        except OSError:
            return None
        return pages * os.sysconf("SC_PAGE_SIZE")


class SimProcessMemory:
    """Of a simulated node: the set value, which may change while it runs. None: not measured."""

    __slots__ = ("resident",)

    def __init__(self, resident: int | None = None) -> None:
        self.resident = resident

    def resident_bytes(self) -> int | None:
        return self.resident
