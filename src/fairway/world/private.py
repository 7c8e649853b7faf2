"""Makes files that their owner alone reads: mode 0600, whatever the umask of the process is."""

import os
from collections.abc import Iterable
from pathlib import Path
from stat import S_ISREG
from typing import Final

MODE: Final = 0o600
_OTHERS: Final = 0o077


def private(path: str, flags: int) -> int:
    """An opener, for `open(..., opener=private)`."""
    return os.open(path, flags, MODE)


def make_private(path: Path) -> None:
    """Makes an empty file, for a library that would make it with rights of its own. Raises FileExistsError."""
    os.close(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, MODE))


def wide(paths: Iterable[Path]) -> list[Path]:
    """Those of them that others than their owner may read or write; what is no file, or is gone, is left out."""
    found = []
    for path in paths:
        try:
            mode = path.stat().st_mode
        except OSError:
            continue
        if S_ISREG(mode) and mode & _OTHERS:
            found.append(path)
    return found
