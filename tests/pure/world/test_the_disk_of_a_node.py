"""A node's disk keeps what was synced, loses the rest at a kill, and fails when it is told to."""

from __future__ import annotations

import asyncio
import errno

import pytest

from fairway.world.clock import MILLISECOND
from fairway.world.disk import Disk
from fairway.world.loop import run, running


async def write_and_die(disk: Disk, synced: bytes, unsynced: bytes) -> None:
    async def node() -> None:
        disk.append("journal", synced)
        await disk.sync("journal")
        disk.append("journal", unsynced)
        disk.append("never synced", unsynced)
        await asyncio.sleep(60)

    running().spawn(disk.node, node())
    await asyncio.sleep(1)
    running().kill(disk.node)


def test_a_kill_loses_what_was_not_synced_and_nothing_else() -> None:
    """The next life finds the synced part, whole."""

    async def main() -> tuple[bytes, bytes, tuple[str, ...]]:
        disk = Disk(running(), "trader")
        await write_and_die(disk, b"order sent\n", b"order filled\n")
        return disk.read("journal"), disk.read("never synced"), disk.names()

    assert run(main) == (b"order sent\n", b"", ("journal", "never synced"))


def test_a_tail_may_be_torn_anywhere_as_chance_decides() -> None:
    """With a stream for it, a part of the last record may survive, never less than was synced."""

    async def main() -> bytes:
        disk = Disk(running(), "trader", tearing=running().chance.stream("tearing"))
        await write_and_die(disk, b"whole|", b"abcdefgh")
        return disk.read("journal")

    tails = {run(main, seed=seed) for seed in range(40)}
    assert tails == {b"whole|" + b"abcdefgh"[:length] for length in range(9)}
    assert run(main, seed=7) == run(main, seed=7)


def test_files_grow_at_the_end_and_say_their_length() -> None:
    """Appending returns the length; reading sees unsynced bytes as a running program does."""

    async def main() -> list[object]:
        disk = Disk(running(), "trader")
        lengths = [disk.append("a", b"12"), disk.append("a", b"345")]
        return [*lengths, disk.read("a"), disk.synced_bytes("a"), await disk.sync("a"), disk.synced_bytes("a")]

    assert run(main) == [2, 5, b"12345", 0, 5, 5]


def test_a_full_disk_writes_nothing() -> None:
    """ENOSPC, with the file's name; after room was made it goes on."""

    async def main() -> bytes:
        disk = Disk(running(), "trader")
        disk.append("a", b"1")
        disk.full = True
        with pytest.raises(OSError, match="No space left on device: 'a'") as failure:
            disk.append("a", b"2")
        assert failure.value.errno == errno.ENOSPC
        disk.full = False
        disk.append("a", b"3")
        return disk.read("a")

    assert run(main) == b"13"


def test_a_failed_sync_makes_nothing_durable() -> None:
    """EIO: what was not durable before still is not."""

    async def main() -> int:
        disk = Disk(running(), "trader")
        disk.append("a", b"12")
        await disk.sync("a")
        disk.append("a", b"34")
        disk.sync_fails = True
        with pytest.raises(OSError, match="Input/output error") as failure:
            await disk.sync("a")
        assert failure.value.errno == errno.EIO
        return disk.synced_bytes("a")

    assert run(main) == 2


def test_a_slow_sync_covers_what_was_there_when_it_began() -> None:
    """And a kill before its end loses it."""

    async def main() -> tuple[int, int]:
        disk = Disk(running(), "trader")
        disk.sync_takes_ns = 40 * MILLISECOND
        disk.append("a", b"12")
        syncing = asyncio.create_task(disk.sync("a"))
        await asyncio.sleep(0.01)
        disk.append("a", b"34")
        assert disk.synced_bytes("a") == 0
        return await syncing, running().elapsed_ns // MILLISECOND

    assert run(main) == (2, 40)


def test_a_reader_may_cut_off_a_torn_record() -> None:
    """After it the file ends with the last whole record, durably."""

    async def main() -> tuple[bytes, int]:
        disk = Disk(running(), "trader")
        disk.append("a", b"whole|to")
        await disk.sync("a")
        disk.truncate("a", 6)
        return disk.read("a"), disk.synced_bytes("a")

    assert run(main) == (b"whole|", 6)


def test_a_file_that_is_not_there_is_named() -> None:
    """The error says the file and whose disk."""

    async def main() -> None:
        disk = Disk(running(), "trader")
        for attempt in (disk.read, disk.synced_bytes):
            with pytest.raises(FileNotFoundError, match="disk of trader: 'a'"):
                attempt("a")
        with pytest.raises(FileNotFoundError):
            await disk.sync("a")

    run(main)
