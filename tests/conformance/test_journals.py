"""Every journal keeps the same promises: the same stories told to the one in memory, in a file of SQLite, in PostgreSQL."""

import asyncio
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import Struct
from tests.conformance.journal_places import Floating, Place, Seen, add, at, in_memory, numbers
from tests.postgres import full_after

from fairway.journal.chain import verify
from fairway.journal.memory import MemoryFile
from fairway.journal.port import (
    BUFFER_MAX,
    Journal,
    JournalForeign,
    JournalFull,
    JournalLocked,
)
from fairway.world.loop import EPOCH_NS, run, running


class Stranger(Struct, frozen=True, tag=True):
    number: int


PLACES = ("memory", "sqlite", "postgres")


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    match request.param:
        case "memory":
            place = in_memory(MemoryFile())
        case "sqlite":
            place = at(tmp_path / "a.journal")
        case _:
            place = at(request.getfixturevalue("postgres"))
    yield place
    place.clear()


@pytest.fixture(params=PLACES)
def small_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    """One that is full after a few records. PostgreSQL knows no such bound, so there a trigger says what a full disk would."""
    match request.param:
        case "memory":
            place = in_memory(MemoryFile(records_max=10))
        case "sqlite":
            place = at(tmp_path / "a.journal", bytes_max=524_288)
        case _:
            url = request.getfixturevalue("postgres")
            full_after(url, 10)
            place = at(url)
    yield place
    place.clear()


def test_a_new_journal_is_empty(place: Place) -> None:
    """There is no last record, and reading gives nothing."""
    journal = place.open()
    assert journal.last() is None
    assert list(journal.read()) == []
    journal.sync()


def test_what_was_appended_is_read_in_order_synced_or_not(place: Place) -> None:
    """The writer sees its own records at once, numbered from one without a gap."""
    journal = place.open()
    add(journal, 10, 11)
    journal.sync()
    add(journal, 12)
    assert [record.seq for record in journal.read()] == [1, 2, 3]
    assert numbers(journal) == [10, 11, 12]
    assert numbers(journal, after=1) == [11, 12]
    assert numbers(journal, after=3) == []
    last = journal.last()
    assert last is not None
    assert (last.seq, last.at, last.author, last.kind, last.version) == (3, 1_000, "test", "Seen", 1)


def test_append_returns_the_records_that_are_read(place: Place) -> None:
    """What append gives back equals what a later life reads, to the digest."""
    journal = place.open()
    written = journal.append([Seen(1), Seen(2)], account="main", author="a", at=5)
    journal.close()
    assert list(place.open().read()) == list(written)


def test_a_sync_in_the_middle_of_reading_loses_nothing(place: Place) -> None:
    """A reader that paused finds the records that moved from the buffer to the disk meanwhile."""
    journal = place.open()
    add(journal, 1)
    journal.sync()
    add(journal, 2)
    reading = journal.read()
    first = next(reading)
    journal.sync()
    assert [first.seq, *(record.seq for record in reading)] == [1, 2]


def test_long_journals_are_read_whole(place: Place) -> None:
    """Reading goes over the borders of pages."""
    journal = place.open()
    add(journal, *range(1_203))
    journal.sync()
    add(journal, *range(1_203, 1_300))
    assert numbers(journal) == list(range(1_300))


def test_a_clean_end_keeps_everything(place: Place) -> None:
    """Closing syncs, and closing again is harmless."""
    journal = place.open()
    add(journal, 1, 2)
    journal.close()
    journal.close()
    assert numbers(place.open()) == [1, 2]


def test_a_crash_loses_what_was_not_synced_and_nothing_else(place: Place) -> None:
    """The next life goes on from the last durable record, and its chain is whole."""
    journal = place.open()
    add(journal, 1, 2)
    journal.sync()
    add(journal, 3)
    journal.crash()
    after = place.open()
    assert numbers(after) == [1, 2]
    add(after, 4)
    after.sync()
    assert numbers(after) == [1, 2, 4]
    assert verify(after.read()) is None


def test_a_second_writer_is_refused(place: Place) -> None:
    """Two traders never write one journal; when the first ends, however it ends, the second may."""
    first = place.open()
    with pytest.raises(JournalLocked, match="written by another trader"):
        place.open()
    first.crash()
    second = place.open()
    second.close()
    place.open()


def test_another_mode_is_refused(place: Place) -> None:
    """A live trader never takes over what practice believed, and the refusal leaves the journal free."""
    place.open(mode="practice").close()
    with pytest.raises(JournalForeign, match="mode practice and trader main, and this is mode live"):
        place.open(mode="live")
    place.open(mode="practice")


def test_a_stranger_or_a_float_is_refused_and_nothing_of_its_batch_is_kept(place: Place) -> None:
    """All events of an append or none; the chain goes on as if it had not been tried."""
    journal = place.open()
    with pytest.raises(TypeError, match="Stranger is no event of this journal"):
        journal.append([Seen(1), Stranger(2)], account="main", author="test", at=0)
    with pytest.raises(TypeError, match=r"Floating holds the float 0\.5"):
        journal.append([Seen(1), Floating(0.5)], account="main", author="test", at=0)
    add(journal, 3)
    journal.sync()
    assert numbers(journal) == [3]
    assert verify(journal.read()) is None


def test_the_buffer_is_bounded(place: Place) -> None:
    """An append that would overfill the buffer is refused and adds nothing; once the rest is durable there is room again."""
    journal = place.open()
    add(journal, *range(BUFFER_MAX))
    with pytest.raises(JournalFull, match=r"10,000 records wait for .* nothing more is taken"):
        add(journal, BUFFER_MAX)
    journal.sync()
    add(journal, BUFFER_MAX)
    journal.sync()
    assert [record.seq for record in journal.read(BUFFER_MAX - 1)] == [BUFFER_MAX, BUFFER_MAX + 1]
    assert verify(journal.read()) is None


def test_a_full_disk_is_named_and_loses_nothing_that_was_durable(small_place: Place) -> None:
    """The sync says so; trying again says so again; after a restart all that was synced before is there."""
    journal = small_place.open()
    add(journal, 1, 2)
    journal.sync()
    add(journal, *range(3, 9_000))
    for _ in range(2):
        with pytest.raises(JournalFull, match="no space left"):
            journal.sync()
    with pytest.raises(JournalFull):
        journal.close()
    again = small_place.open()
    assert numbers(again) == [1, 2]
    add(again, 3)
    again.sync()
    assert verify(again.read()) is None


def test_a_closed_journal_takes_nothing(place: Place) -> None:
    """Using it after its end is a bug and says so."""
    journal = place.open()
    journal.close()
    with pytest.raises(RuntimeError, match="is closed"):
        add(journal, 1)
    with pytest.raises(RuntimeError, match="is closed"):
        journal.sync()
    with pytest.raises(RuntimeError, match="is closed"):
        journal.last()


def test_equal_events_give_an_equal_chain(tmp_path: Path, postgres: str) -> None:
    """The digest depends on what happened alone: not on where it is kept, nor on how a number was computed."""
    ends = set()
    places = (in_memory(MemoryFile()), at(tmp_path / "a.journal"), at(postgres))
    for place, price in zip(places, ("1.50", "1.5", "15E-1"), strict=True):
        journal = place.open()
        journal.append([Seen(1, Decimal(price)), Seen(2, Decimal("1E+3"))], account="main", author="test", at=7)
        last = journal.last()
        assert last is not None
        assert last.body == b'{"number":2,"price":"1000"}'
        ends.add(last.digest)
        journal.close()
    assert len(ends) == 1


def test_each_record_says_whose_it_is(place: Place) -> None:
    """One trader's journal carries many accounts, and what is of the whole trader is nobody's."""
    journal = place.open()
    for account in ("alice", "bob", ""):
        journal.append([Seen(1)], account=account, author="test", at=1)
    journal.sync()
    assert [record.account for record in journal.read()] == ["alice", "bob", ""]


def test_one_account_s_records_are_read_without_the_others(place: Place) -> None:
    """Synced or waiting, and over more than one page of everybody's; an account without a record has none."""
    journal = place.open()
    for number in range(700):
        journal.append([Seen(number)], account=f"a{number % 3}", author="test", at=number)
    journal.sync()
    journal.append([Seen(700)], account="a1", author="test", at=700)
    journal.append([Seen(701)], account="", author="test", at=701)

    def of(account: str, after: int = 0) -> list[int]:
        return [record.at for record in journal.read(after, account)]

    assert of("a1") == list(range(1, 701, 3))
    assert of("a1", after=698) == [700]
    assert of("") == [701]
    assert of("nobody") == []


@pytest.mark.parametrize("account", [None, "a1", "", "nobody"])
@pytest.mark.parametrize("after", [0, 650, 700, 702])
def test_a_replay_is_given_the_same_events_as_a_reader(place: Place, after: int, account: str | None) -> None:
    """Synced or waiting, of one account or of all, from any record on."""
    journal = place.open()
    for number in range(700):
        journal.append([Seen(number)], account=f"a{number % 3}", author="test", at=number)
    journal.sync()
    journal.append([Seen(700)], account="a1", author="test", at=700)
    journal.append([Seen(701)], account="", author="test", at=701)
    replayed = [(each.seq, each.at, each.account, each.kind, each.version, each.body) for each in journal.replay(after, account)]
    read = [(each.seq, each.at, each.account, each.kind, each.version, each.body) for each in journal.read(after, account)]
    assert replayed == read
    assert len(read) == sum(1 for each in journal.read() if each.seq > after and account in (None, each.account))


def test_a_commit_makes_durable_what_was_appended(place: Place) -> None:
    """After it a crash loses nothing; the order is that of the appends."""
    journal = place.open()

    async def told() -> None:
        add(journal, 1)
        add(journal, 2)
        await journal.commit()
        await journal.commit()
        add(journal, 3)

    asyncio.run(told())
    journal.crash()
    assert numbers(place.open()) == [1, 2]


def test_a_commit_in_simulated_time_takes_none(place: Place) -> None:
    """The same code runs in a simulated world: what it asks of a database is answered at once."""
    journal = place.open()

    async def told() -> int:
        add(journal, 1)
        await journal.commit()
        return running().wall_ns

    assert run(told) == EPOCH_NS
    journal.crash()
    assert numbers(place.open()) == [1]


def test_a_snapshot_is_kept_with_the_next_commit(place: Place) -> None:
    """A later life finds the newest; a crash before the commit finds the one before."""
    journal = place.open()
    for number in range(1, 4):
        add(journal, number)
        keep(journal, f"after {number}")
        journal.sync()
    keep(journal, "never committed")
    journal.crash()
    again = place.open()
    found = again.snapshot()
    assert found is not None
    assert (found.seq, found.body) == (3, b"after 3")
    assert [record.seq for record in again.read(found.seq)] == []


def test_a_snapshot_that_does_not_fit_the_chain_is_passed_over(place: Place) -> None:
    """Of another history, it would make a desk believe what never happened; the older one is used."""
    journal = place.open()
    assert journal.snapshot() is None
    add(journal, 1)
    keep(journal, "true")
    journal.sync()
    add(journal, 2)
    journal.keep_snapshot(2, "0" * 64, b"of another history")
    journal.sync()
    found = journal.snapshot()
    assert found is not None
    assert found.body == b"true"


def keep(journal: Journal, body: str) -> None:
    last = journal.last()
    assert last is not None
    journal.keep_snapshot(last.seq, last.digest, body.encode())
