"""What holds in one kind of place alone: PostgreSQL holds the journals of many, a file holds one."""

import asyncio
from pathlib import Path

import pytest
from tests.conformance.journal_places import add, at, numbers

from fairway.journal.chain import verify
from fairway.journal.port import (
    JournalForeign,
    JournalLocked,
    JournalMissing,
    JournalUnwritable,
)
from fairway.journal.sql import open_reader


class TestOneDatabase:
    """PostgreSQL holds the journals of many."""

    def test_streams_and_traders_do_not_mix(self, postgres: str) -> None:
        """Each has its own writer, its own numbers and its own chain."""
        place = at(postgres)
        journals = [place.open(), place.open(stream="commands"), place.open(trader="second"), place.open("live", "third")]
        for number, journal in enumerate(journals):
            add(journal, *([number] * (number + 1)))
            journal.sync()
        assert [numbers(journal) for journal in journals] == [[0], [1, 1], [2, 2, 2], [3, 3, 3, 3]]
        assert [verify(journal.read()) for journal in journals] == [None] * 4
        with pytest.raises(JournalLocked, match=r"is written by another trader \(process \d+ on .*, since 20"):
            place.open("live", "third")
        place.clear()
        with pytest.raises(JournalForeign, match="is of mode live and trader third, and this is mode practice and trader third"):
            place.open(trader="third")

    def test_a_reader_says_which_it_wants_where_there_are_several(self, postgres: str) -> None:
        """Where there is one trader it need not be named; a stream that nobody has written yet is empty."""
        place = at(postgres)
        add(place.open(), 1)
        place.opened[-1].close()
        with open_reader(postgres) as reader:
            assert (reader.mode, reader.trader, len(list(reader.read()))) == ("practice", "main", 1)
        with open_reader(postgres, trader="main", stream="commands") as reader:
            assert (reader.mode, list(reader.read()), reader.last(), reader.snapshot()) == ("", [], None, None)
        place.open(trader="second").close()
        with pytest.raises(JournalForeign, match="one of several: of main, second; say which with --trader"):
            open_reader(postgres)

    def test_a_database_without_our_tables_holds_no_journal(self, empty_postgres: str) -> None:
        """Reading never makes a table; the first writer makes all of them."""
        with pytest.raises(JournalMissing, match=r"there is no journal in postgresql://.*; its first trader makes it"):
            open_reader(empty_postgres)
        place = at(empty_postgres)
        add(place.open(), 1)
        place.opened[-1].close()
        with open_reader(empty_postgres) as reader:
            assert verify(reader.read()) is None

    def test_an_address_that_names_no_database_is_told_without_its_password(self) -> None:
        """Whatever is wrong with it, what is secret stays so."""
        for url in (
            "postgresql://bot:hunter2@127.0.0.1:1/fairway",
            "postgresql://bot:hunter2@127.0.0.1",
            "mysql://bot:hunter2@127.0.0.1/fairway",
            "postgresql://bot:hunter2@127.0.0.1:port/fairway",
            "postgresql://bot@127.0.0.1:1/fairway?password=hunter2",
        ):
            with pytest.raises((JournalMissing, JournalUnwritable)) as told:
                at(url).open()
            assert "hunter2" not in str(told.value), url


class TestOneFile:
    def test_another_trader_or_stream_is_refused(self, tmp_path: Path) -> None:
        """A file is of one journal; the positions of one trader are never taken for those of another."""
        place = at(tmp_path / "a.journal")
        place.open().close()
        with pytest.raises(JournalForeign, match="trader main, and this is mode practice and trader second"):
            place.open(trader="second")
        with pytest.raises(JournalForeign, match="trader main, and this is mode practice and trader main, stream commands"):
            place.open(stream="commands")
        with pytest.raises(JournalForeign, match="and this is mode practice and trader second"):
            open_reader(tmp_path / "a.journal", trader="second")
        with pytest.raises(JournalForeign, match="stream commands; give each"):
            open_reader(tmp_path / "a.journal", stream="commands")


def test_a_command_inbox_is_polled(tmp_path: Path, postgres: str) -> None:
    """Another process opens, appends and closes; the poller finds each command once, and none in an empty inbox."""
    for where in (tmp_path / "command_inbox.journal", postgres):
        place = at(where)
        place.open(stream="commands").close()
        with open_reader(where, trader="main", stream="commands") as reader:
            found: list[int] = []
            for number in range(3):
                add(place.open(stream="commands"), number)
                place.opened[-1].close()
                fresh = asyncio.run(reader.news(found[-1] if found else 0))
                found += [record.seq for record in fresh]
            assert found == [1, 2, 3]
            assert asyncio.run(reader.news(3)) == []
