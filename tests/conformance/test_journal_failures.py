"""A database that is locked, slow, full, gone or taken over: nothing is lost or written twice, and it recovers by itself."""

import asyncio
import sqlite3
import subprocess
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, closing, contextmanager, suppress
from pathlib import Path

import pytest
from msgspec import Struct
from tests.conformance.cut_wire import wired
from tests.postgres import administered, cut_off, full_after

from fairway.journal.chain import verify
from fairway.journal.events import Codec
from fairway.journal.port import (
    JournalBroken,
    JournalError,
    JournalFenced,
    JournalFull,
    JournalLocked,
    JournalUnwritable,
)
from fairway.journal.sql import SqlJournal, open_journal, open_reader
from fairway.store.engine import engine_of
from fairway.store.place import Place


class Seen(Struct, frozen=True, tag=True):
    number: int


CODEC = Codec(Seen)


def opened(where: Place) -> SqlJournal:
    return open_journal(where, CODEC, mode="practice", trader="main")


def add(journal: SqlJournal, *values: int) -> None:
    journal.append([Seen(value) for value in values], account="main", author="test", at=1)


def durable(where: Place) -> list[int]:
    """What another program reads, from a chain without a flaw."""
    with open_reader(where) as reader:
        records = list(reader.read())
    assert verify(records) is None
    return [event.number for event in map(CODEC.decode, records) if isinstance(event, Seen)]


def survives(where: Place, trouble: Callable[[], AbstractContextManager[None]], error: type[JournalError], words: str) -> None:
    """While there is trouble each commit says so, and all that waits is seen; afterwards each record is there once."""

    async def told() -> None:
        journal = opened(where)
        add(journal, 1, 2)
        await committed(journal)
        with trouble():
            for number in (3, 4):
                add(journal, number)
                with pytest.raises(error, match=words):
                    await journal.commit()
        assert [record.seq for record in journal.read(1)] == [2, 3, 4]
        add(journal, 5)
        await committed(journal)
        assert durable(where) == [1, 2, 3, 4, 5]
        add(journal, 6)
        await committed(journal)
        journal.close()

    asyncio.run(told())
    assert durable(where) == [1, 2, 3, 4, 5, 6]


async def committed(journal: SqlJournal) -> None:
    """By itself: a try or two may still meet the end of the trouble, and a busy machine may miss a deadline."""
    for _ in range(20):
        try:
            return await journal.commit()
        except JournalUnwritable:
            continue
    return await journal.commit()


@contextmanager
def held(connection: "sqlite3.Connection") -> Iterator[None]:
    connection.execute("BEGIN IMMEDIATE")
    yield
    connection.execute("ROLLBACK")


def test_a_locked_file_is_told_at_once_and_survived(tmp_path: Path) -> None:
    """A backup that holds SQLite's lock for half a minute never holds up the loop: the commit says so within 50 ms."""
    path = tmp_path / "a.journal"
    opened(path).close()
    with closing(engine_of(path).raw_connection()) as ours:
        assert ours.driver_connection.execute("PRAGMA busy_timeout").fetchone() == (50,)  # type: ignore[union-attr]
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        survives(path, lambda: held(other), JournalLocked, "another program holds a lock on the journal .*; end it")


def test_a_locked_table_is_told_and_survived(postgres: str) -> None:
    """Somebody's maintenance holds the table: the server gives up after a second and says why."""

    @contextmanager
    def locked() -> Iterator[None]:
        with administered(postgres) as other:
            other.execute("BEGIN")
            other.execute("LOCK TABLE records IN ACCESS EXCLUSIVE MODE")
            yield

    survives(postgres, locked, JournalLocked, "another program holds a lock on the journal .*; end it")


def test_a_slow_database_is_told_and_survived(postgres: str) -> None:
    """A statement that takes too long is ended by the server itself, so that it cannot come to pass later."""

    @contextmanager
    def slow() -> Iterator[None]:
        with administered(postgres) as other:
            other.execute(
                "CREATE FUNCTION dawdle() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN PERFORM pg_sleep(30); RETURN NEW; END $$"
            )
            other.execute("CREATE TRIGGER dawdle BEFORE INSERT ON records FOR EACH ROW EXECUTE FUNCTION dawdle()")
            yield
            other.execute("DROP TRIGGER dawdle ON records")

    survives(postgres, slow, JournalUnwritable, "the database of the journal .* does not answer in time")


def test_a_full_database_is_told_and_survived(postgres: str) -> None:
    """The sentence says whose disk; when there is room again, all that waited goes in."""

    @contextmanager
    def full() -> Iterator[None]:
        full_after(postgres, 2)
        yield
        with administered(postgres) as other:
            other.execute("DROP TRIGGER full_disk ON records")

    survives(postgres, full, JournalFull, r"no space left for the journal .* free some on the database's disk")


def test_a_full_disk_is_told_and_survived(tmp_path: Path) -> None:
    """A really full one, of 1 MiB; when something else is deleted there, all that waited goes in."""
    disk = tmp_path / "disk"
    disk.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(disk)], check=True)

    @contextmanager
    def full() -> Iterator[None]:
        with (disk / "filler").open("wb", buffering=0) as filler, suppress(OSError):
            while filler.write(b"x" * 4_096):
                pass
        yield
        (disk / "filler").unlink()

    try:
        survives(disk / "a.journal", full, JournalFull, "no space left for the journal .* free some on its disk")
    finally:
        subprocess.run(["umount", str(disk)], check=True)


def test_a_file_that_is_moved_away_and_back_is_survived(tmp_path: Path) -> None:
    """Nothing is written where nobody would find it."""
    path = tmp_path / "a.journal"

    @contextmanager
    def vanished() -> Iterator[None]:
        path.rename(tmp_path / "elsewhere")
        yield
        (tmp_path / "elsewhere").rename(path)

    survives(path, vanished, JournalUnwritable, "was removed or replaced while it was written; put it back")


def test_a_database_that_is_read_only_is_told_and_survived(postgres: str) -> None:
    """As a standby is that nobody promoted yet."""
    name = postgres.rsplit("/", 1)[-1]

    @contextmanager
    def read_only() -> Iterator[None]:
        with administered(postgres) as other:
            other.execute(f'ALTER DATABASE "{name}" SET default_transaction_read_only = on')
        cut_off(postgres)
        yield
        with administered(postgres) as other:
            other.execute("SET default_transaction_read_only = off")
            other.execute(f'ALTER DATABASE "{name}" RESET default_transaction_read_only')
        cut_off(postgres)

    survives(postgres, read_only, JournalUnwritable, "the journal .*(cannot be reached|read-only transaction)")


def test_a_server_that_ends_the_connection_is_come_back_to(postgres: str) -> None:
    """The commit that meets the end says so; the next one connects anew, proves that nobody took over, and holds on."""

    async def told() -> None:
        journal = opened(postgres)
        add(journal, 1)
        await committed(journal)
        assert cut_off(postgres) >= 1
        add(journal, 2)
        with pytest.raises(JournalUnwritable, match=r"cannot be reached .*terminating connection.*; it is tried again"):
            await journal.commit()
        add(journal, 3)
        await committed(journal)
        with pytest.raises(JournalLocked):
            opened(postgres)
        journal.close()

    asyncio.run(told())
    assert durable(postgres) == [1, 2, 3]


def test_a_reader_whose_connection_was_cut_reads_on(postgres: str) -> None:
    """To ask again is harmless, so nobody who polls is told of it."""
    journal = opened(postgres)
    add(journal, 1)
    journal.close()
    with open_reader(postgres) as reader:
        assert len(list(reader.read())) == 1
        assert cut_off(postgres) == 1
        assert asyncio.run(reader.news(1)) == []
        assert len(list(reader.read())) == 1


def test_a_commit_whose_answer_is_lost_is_not_repeated(postgres: str) -> None:
    """The server committed and the wire was cut before it could say so: the next commit asks first, and adds only what is new."""

    async def told() -> None:
        with wired(postgres) as wire:
            journal = opened(wire.url)
            add(journal, 1)
            await committed(journal)
            wire.cut_after = b"COMMIT"
            add(journal, 2)
            with pytest.raises(JournalUnwritable, match="cannot be reached"):
                await journal.commit()
            assert wire.has_cut.wait(5)
            assert durable(postgres) == [1, 2]
            assert [record.seq for record in journal.read()] == [1, 2]
            add(journal, 3)
            await committed(journal)
            journal.close()

    asyncio.run(told())
    assert durable(postgres) == [1, 2, 3]


def test_a_commit_that_is_cut_off_before_it_is_heard_is_repeated(postgres: str) -> None:
    """The server never heard of it, so nothing of it is there, and the next commit brings it."""

    async def told() -> None:
        with wired(postgres) as wire:
            journal = opened(wire.url)
            add(journal, 1)
            await committed(journal)
            wire.cut_after = b"BEGIN"
            add(journal, 2)
            with pytest.raises(JournalUnwritable, match="cannot be reached"):
                await journal.commit()
            assert durable(postgres) == [1]
            await committed(journal)
            journal.close()

    asyncio.run(told())
    assert durable(postgres) == [1, 2]


def test_a_server_that_is_silent_holds_up_nobody(postgres: str) -> None:
    """The loop goes on; at the deadline the commit says so; what was under way then is not done again when it comes to pass."""

    async def told() -> None:
        with wired(postgres) as wire:
            journal = opened(wire.url)
            add(journal, 1)
            await committed(journal)
            wire.hold()
            add(journal, 2)
            beats = 0
            waiting = asyncio.ensure_future(journal.commit())
            while not waiting.done():
                beats += 1
                await asyncio.sleep(0.01)
            assert beats > 20
            with pytest.raises(JournalUnwritable, match="does not answer within 2 s; it is asked again"):
                await waiting
            add(journal, 3)
            wire.let_go()
            await committed(journal)
            journal.close()

    asyncio.run(told())
    assert durable(postgres) == [1, 2, 3]


def test_a_commit_that_nobody_waits_for_any_more_is_not_lost(postgres: str) -> None:
    """A trader that is told to stop while it waits leaves nothing half written: its end brings the rest."""

    async def told() -> None:
        with wired(postgres) as wire:
            journal = opened(wire.url)
            wire.hold()
            add(journal, 1)
            waiting = asyncio.ensure_future(journal.commit())
            await asyncio.sleep(0)
            waiting.cancel()
            with pytest.raises(asyncio.CancelledError):
                await waiting
            add(journal, 2)
            wire.let_go()
            journal.close()

    asyncio.run(told())
    assert durable(postgres) == [1, 2]


def fenced(first: SqlJournal, where: Place, take_away: Callable[[], object]) -> None:
    """The second refuses to start while the first is there; when the first wakes late, it is the one that must stop."""
    add(first, 1)
    first.sync()
    with pytest.raises(JournalLocked, match=r"is written by another trader \(process \d+ on "):
        opened(where)
    add(first, 2)
    take_away()
    second = opened(where)
    add(second, 20)
    second.sync()
    for _ in range(3):
        with pytest.raises((JournalFenced, JournalUnwritable)):
            first.sync()
    with pytest.raises(JournalFenced, match=r"another trader has taken over the journal .*; this one must stop"):
        first.sync()
    second.close()
    with pytest.raises(JournalFenced):
        first.close()
    assert durable(where) == [1, 20]


def test_a_trader_whose_connection_was_cut_wakes_up_fenced(postgres: str) -> None:
    """Its lock went with its connection, and another took over: it writes nothing more, not even after the other has ended."""
    fenced(opened(postgres), postgres, lambda: cut_off(postgres))


def test_a_trader_whose_lock_file_was_deleted_is_fenced(tmp_path: Path) -> None:
    """Two containers that share a disk but not its locks cannot both write."""
    path = tmp_path / "a.journal"
    fenced(opened(path), path, (tmp_path / "a.journal.lock").unlink)


def test_records_that_were_taken_back_are_noticed(postgres: str) -> None:
    """A server restored from an older backup behind a trader's back holds a shorter chain; nothing is added to it."""
    journal = opened(postgres)
    add(journal, 1, 2)
    journal.sync()
    with administered(postgres) as other:
        other.execute("ALTER TABLE records DISABLE TRIGGER records_stay")
        other.execute("DELETE FROM records WHERE seq = 2")
    cut_off(postgres)
    add(journal, 3)
    with pytest.raises(JournalUnwritable):
        journal.sync()
    with pytest.raises(JournalBroken, match="has lost its records after 1"):
        journal.sync()
    journal.crash()


def test_the_guard_of_postgres_refuses_edits(postgres: str) -> None:
    """`DELETE FROM records` in the wrong window changes nothing."""
    journal = opened(postgres)
    add(journal, 1)
    journal.close()
    with administered(postgres) as other:
        for statement in ("UPDATE records SET at = 0", "DELETE FROM records", "TRUNCATE records"):
            with pytest.raises(Exception, match="append-only"):
                other.execute(statement)
    assert durable(postgres) == [1]
