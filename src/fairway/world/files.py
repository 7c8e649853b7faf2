"""Writes files whole or not at all: a draft beside the file, synced, then renamed over it, then the folder synced.

After a crash at any instant the path holds the old content or the new one, and never a part. A draft that a crash left behind is
overwritten by the next write.
"""

import os
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from fairway.world.private import private


def write_whole(path: Path, content: bytes) -> None:
    """Puts these bytes into a file that only its owner reads, durable when this returns. Raises OSError."""
    write_draft(path, content).replace(path)
    sync_folder(path.parent)


def write_draft(path: Path, content: bytes) -> Path:
    """A durable file beside the path with these bytes, mode 0600; the caller renames it. Raises OSError, and then leaves no
    draft."""
    draft = draft_of(path)
    try:
        draft.unlink(missing_ok=True)  # one that a crash left might have another mode or owner
        with open(draft, "xb", opener=private) as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
    except OSError:
        with suppress(OSError):
            draft.unlink()
        raise
    return draft


@contextmanager
def replaced(path: Path, *, is_durable: bool = True) -> Iterator[Path]:
    """For content that a library writes: a path where the block makes the draft, which then replaces the file.

    is_durable: False where only the process may crash, and the loss of power does no harm. Raises OSError; after any error the
    file is as it was, and there is no draft.
    """
    draft = draft_of(path)
    draft.unlink(missing_ok=True)
    try:
        yield draft
        if is_durable:
            _sync(draft)
        draft.replace(path)
    finally:
        draft.unlink(missing_ok=True)
    if is_durable:
        sync_folder(path.parent)


def draft_of(path: Path) -> Path:
    return path.with_name(f"{path.name}.new")


def sync_folder(folder: Path) -> None:
    """Makes the names in a folder durable: new ones, renamed ones and removed ones. Raises OSError."""
    _sync(folder)


def _sync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
