"""Every journal keeps the same promises: the same stories told to the one in a file and the one in memory."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from decimal import Decimal
from pathlib import Path

import pytest
from msgspec import Struct

from fairway.journal.chain import verify
from fairway.journal.events import Codec
from fairway.journal.memory import MemoryFile, open_memory
from fairway.journal.port import BUFFER_MAX, Journal, JournalForeign, JournalFull, JournalLocked
from fairway.journal.sql import open_journal


class Seen(Struct, frozen=True, tag=True):
    number: int
    price: Decimal = Decimal("0.1")


class Stranger(Struct, frozen=True, tag=True):
    number: int


class Floating(Struct, frozen=True, tag=True):
    price: float


CODEC = Codec(Seen, Floating)


@dataclass
class Place:
    """Where one journal lives; opening it again opens the same one."""

    opener: Callable[[str, str], Journal]
    opened: list[Journal] = field(default_factory=list)

    def open(self, mode: str = "practice", account: str = "main") -> Journal:
        self.opened.append(self.opener(mode, account))
        return self.opened[-1]

    def clear(self) -> None:
        for journal in self.opened:
            journal.crash()


def in_memory(_: Path, *, is_small: bool = False) -> Place:
    file = MemoryFile(records_max=10 if is_small else None)
    return Place(lambda mode, account: open_memory(file, CODEC, mode=mode, trader=account))


def in_a_file(folder: Path, *, is_small: bool = False) -> Place:
    path, bytes_max = folder / "a.journal", 65_536 if is_small else 0
    return Place(lambda mode, account: open_journal(path, CODEC, mode=mode, trader=account, bytes_max=bytes_max))


@pytest.fixture(params=[in_memory, in_a_file])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    place = request.param(tmp_path)
    yield place
    place.clear()


@pytest.fixture(params=[in_memory, in_a_file])
def small_place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    place = request.param(tmp_path, is_small=True)
    yield place
    place.clear()


def numbers(journal: Journal, after: int = 0) -> list[int]:
    found = [CODEC.decode(record) for record in journal.read(after)]
    return [event.number for event in found if isinstance(event, Seen)]


def add(journal: Journal, *values: int) -> None:
    journal.append([Seen(value) for value in values], account="main", author="test", at=1_000)


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
    with pytest.raises(JournalForeign, match="mode practice and account main, and this is mode live"):
        place.open(mode="live")
    place.open(mode="practice")


def test_another_account_is_refused(place: Place) -> None:
    """The positions of one account are never taken for those of another."""
    place.open(account="main").close()
    with pytest.raises(JournalForeign, match="account main, and this is mode practice and account second"):
        place.open(account="second")


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
    """An append that would overfill the buffer first makes the buffer durable."""
    journal = place.open()
    add(journal, *range(BUFFER_MAX))
    add(journal, BUFFER_MAX)
    journal.crash()
    assert len(list(place.open().read())) == BUFFER_MAX


def test_a_full_disk_is_named_and_loses_nothing_that_was_durable(small_place: Place) -> None:
    """The sync says so; trying again says so again; after a restart all that was synced before is there."""
    journal = small_place.open()
    add(journal, 1, 2)
    journal.sync()
    add(journal, *range(3, 3_000))
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


def test_equal_events_give_an_equal_chain(tmp_path: Path) -> None:
    """The digest depends on what happened alone: not on where it is kept, nor on how a number was computed."""
    ends = set()
    for place, price in ((in_memory(tmp_path), "1.50"), (in_a_file(tmp_path), "1.5"), (in_memory(tmp_path), "15E-1")):
        journal = place.open()
        journal.append([Seen(1, Decimal(price)), Seen(2, Decimal("1E+3"))], account="main", author="test", at=7)
        last = journal.last()
        assert last is not None
        assert last.body == b'{"number":2,"price":"1000"}'
        ends.add(last.digest)
        journal.close()
    assert len(ends) == 1
