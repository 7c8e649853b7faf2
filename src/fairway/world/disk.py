"""The disk of a simulated node: files that only grow, and that lose what was not synced when the node is killed."""

from __future__ import annotations

import asyncio
import errno
import random
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from fairway.world.clock import SECOND, Duration

if TYPE_CHECKING:
    from fairway.world.loop import SimLoop


@dataclass(slots=True)
class _File:
    data: bytearray = field(default_factory=bytearray)
    synced: int = 0


class Disk:
    """One node's disk. It outlives the node: after a kill the next life finds what was synced.

    The switches are for faults, and may be turned while running: `full` (appending raises ENOSPC), `sync_fails`
    (syncing raises EIO, and nothing was synced), `sync_takes_ns`. With a stream for `tearing`, a kill leaves a part
    of the unsynced tail, as long as the stream says; without, none of it.
    """

    def __init__(self, loop: SimLoop, node: str, *, tearing: random.Random | None = None) -> None:
        self.node = node
        self.full = False
        self.sync_fails = False
        self.sync_takes_ns: Duration = 0
        self._tearing = tearing
        self._files: dict[str, _File] = {}
        loop.on_kill(node, self._lose_unsynced)

    def append(self, name: str, data: bytes) -> int:
        """Write at the end of the file (a new one, if there is none) and return its new length in bytes.

        Raises:
            OSError: ENOSPC, the disk is full; nothing was written.
        """
        if self.full:
            raise OSError(errno.ENOSPC, "No space left on device", name)
        file = self._files.setdefault(name, _File())
        file.data += data
        return len(file.data)

    async def sync(self, name: str) -> int:
        """Make durable what the file holds at this moment, and return how many bytes of it are durable then.

        Raises:
            FileNotFoundError: there is no such file.
            OSError: EIO, the disk failed; what was not synced before still is not.
        """
        file = self._file(name)
        length = len(file.data)
        if self.sync_takes_ns:
            await asyncio.sleep(self.sync_takes_ns / SECOND)
        if self.sync_fails:
            raise OSError(errno.EIO, "Input/output error", name)
        file.synced = max(file.synced, length)
        return file.synced

    def read(self, name: str) -> bytes:
        """The whole file, synced or not.

        Raises:
            FileNotFoundError: there is no such file.
        """
        return bytes(self._file(name).data)

    def synced_bytes(self, name: str) -> int:
        """How many bytes of the file a kill would leave for certain."""
        return self._file(name).synced

    def truncate(self, name: str, length: int) -> None:
        """Cut the file to so many bytes, durably at once; for a reader that found a torn last record."""
        file = self._file(name)
        del file.data[length:]
        file.synced = min(file.synced, length)

    def names(self) -> tuple[str, ...]:
        """The files, oldest first."""
        return tuple(self._files)

    def _file(self, name: str) -> _File:
        try:
            return self._files[name]
        except KeyError:
            raise FileNotFoundError(errno.ENOENT, f"No such file on the disk of {self.node}", name) from None

    def _lose_unsynced(self) -> None:
        for file in self._files.values():
            unsynced = len(file.data) - file.synced
            left = self._tearing.randint(0, unsynced) if self._tearing is not None else 0
            del file.data[file.synced + left :]
