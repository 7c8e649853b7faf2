"""The watcher beside a trader: it follows the journal, tells what fails once, and goes on measuring without its shelf."""

import asyncio
import sqlite3
from pathlib import Path

import pytest
from msgspec import Struct
from tests.pure.watch.journals import START, busy

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, ProcessMeasured
from fairway.journal.port import JournalUnwritable, UnreadableRecord
from fairway.journal.projection import PAGE
from fairway.journal.sql import SqlJournal, open_journal, open_reader
from fairway.watch.following import LOOK_S, RETRY_S
from fairway.watch.series_store import SeriesStore, series_store_beside
from fairway.watch.watcher import Watcher
from fairway.world import loop as simulated
from fairway.world.clock import MINUTE


@pytest.fixture
def place(tmp_path: Path) -> Path:
    return tmp_path / "a.journal"


def journal_at(place: Path) -> SqlJournal:
    return open_journal(place, Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")


def note(journal: SqlJournal, *events: tuple[Struct, str, int]) -> None:
    for event, account, at in events:
        journal.append([event], account=account, author="trader", at=at)
    journal.sync()


def minute(number: int) -> tuple[Struct, str, int]:
    return ProcessMeasured(since=0, resident_bytes=number), "", START + number * MINUTE


def test_it_follows_the_journal(place: Path) -> None:
    journal = journal_at(place)

    async def told() -> None:
        troubles: list[str] = []
        with open_reader(place) as reader:
            watcher = Watcher(reader, store=SeriesStore(series_store_beside(place), trader="main"))
            watcher.open()
            running = asyncio.ensure_future(watcher.run(troubles.append))
            for number in range(1, 4):
                note(journal, minute(number))
                await asyncio.sleep(2 * LOOK_S)
                assert watcher.series["rss"].values.tolist() == list(range(1, number + 1))
                assert watcher.watermark == watcher.beats == START + number * MINUTE
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            watcher.close()
        assert troubles == []

    simulated.run(told)
    journal.close()


def take_away(place: Path) -> None:
    """Something else stands in its place."""
    place.rename(f"{place}.away")
    place.mkdir()


def bring_back(place: Path) -> None:
    place.rmdir()
    Path(f"{place}.away").rename(place)


def test_a_store_that_cannot_be_written_is_reported_once_and_does_not_stop_measuring(place: Path) -> None:
    """When it can be again, all that it missed is put there."""
    journal = journal_at(place)
    shelf_place = Path(series_store_beside(place))
    note(journal, minute(1))

    async def told() -> None:
        troubles: list[str] = []
        with open_reader(place) as reader:
            watcher = Watcher(reader, store=SeriesStore(shelf_place, trader="main"))
            watcher.open()
            take_away(shelf_place)
            running = asyncio.ensure_future(watcher.run(troubles.append))
            for number in range(2, 5):
                note(journal, minute(number))
                await asyncio.sleep(2 * LOOK_S)
            assert len(troubles) == 1
            assert "the measurements" in troubles[0]
            assert len(watcher.series["rss"]) == 4
            bring_back(shelf_place)
            note(journal, minute(5))
            await asyncio.sleep(2 * LOOK_S)
            assert watcher.trouble == ""
            running.cancel()
            await asyncio.gather(running, return_exceptions=True)
            watcher.close()

    simulated.run(told)
    journal.close()
    with open_reader(place) as reader:
        again = Watcher(reader, store=SeriesStore(shelf_place, trader="main"))
        again.open()
        assert again.series["rss"].values.tolist() == [1, 2, 3, 4, 5]
        again.close()


class Gone:
    """A journal that cannot be reached for a while."""

    def __init__(self, journal: SqlJournal) -> None:
        self._journal, self.is_gone = journal, True

    def __getattr__(self, name: str) -> object:
        if self.is_gone:
            raise JournalUnwritable("the journal does not answer")
        return getattr(self._journal, name)


def test_a_journal_that_does_not_answer_is_told_and_asked_again(place: Path) -> None:
    journal = journal_at(place)
    gone = Gone(journal)
    note(journal, minute(1))

    async def told() -> None:
        troubles: list[str] = []
        watcher = Watcher(gone)  # type: ignore[arg-type]
        running = asyncio.ensure_future(watcher.run(troubles.append))
        await asyncio.sleep(3 * RETRY_S)
        assert troubles == ["the journal does not answer"] == [watcher.trouble]
        gone.is_gone = False
        await asyncio.sleep(2 * RETRY_S)
        assert watcher.trouble == ""
        assert len(watcher.series["rss"]) == 1
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)

    simulated.run(told)
    journal.close()


def test_more_than_a_page_is_read_page_by_page(place: Path) -> None:
    journal = journal_at(place)
    note(journal, *busy(PAGE // 9))
    last = journal.last()
    assert last is not None
    assert last.seq > PAGE
    watcher = Watcher(journal)
    assert watcher.step() == PAGE
    assert watcher.read_to == PAGE
    assert watcher.catch_up() == last.seq - PAGE
    journal.close()


def test_a_record_that_this_release_cannot_read_stops_there(place: Path) -> None:
    """What came before is known; nothing of a newer release is passed over in silence."""
    journal = open_journal(place, Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")
    note(journal, minute(1), minute(2))
    journal.close()
    with sqlite3.connect(place) as connection:
        connection.execute("DROP TRIGGER records_stay")
        connection.execute("UPDATE records SET version = 99 WHERE seq = 2")
    connection.close()
    with open_reader(place) as reader:
        watcher = Watcher(reader)
        for _ in range(2):
            with pytest.raises(UnreadableRecord, match=r"record 2 \(ProcessMeasured, version 99\)"):
                watcher.step()
        assert watcher.read_to == 1
