"""Records are found by what they are: the same in a file of SQLite and in PostgreSQL, in both directions."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from tests.conformance.journal_places import Place, Seen, at

from fairway.journal.reader import SqlReader
from fairway.journal.record_filter import RecordFilter
from fairway.journal.sql import open_reader

EVERY = RecordFilter()
NO_END = 1_000


@pytest.fixture(params=("sqlite", "postgres"))
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SqlReader]:
    """Of a journal with the numbers 1 to 9: odd ones of `main` by `Ann`, even ones of `other` by `ben`."""
    where: Path | str = tmp_path / "a.journal" if request.param == "sqlite" else request.getfixturevalue("postgres")
    place: Place = at(where)
    journal = place.open()
    for number in range(1, 10):
        account, author = ("main", "Ann") if number % 2 else ("other", "ben")
        journal.append([Seen(number)], account=account, author=author, at=1_000 + number)
    journal.sync()
    with open_reader(where) as found:
        yield found
    place.clear()


def found(reader: SqlReader, wanted: RecordFilter, after: int = 0, before: int = NO_END, *, backwards: bool = False) -> list[int]:
    """Read two at a time, so that pages follow each other."""
    return [each.seq for each in reader.found(wanted, after, before, backwards=backwards, count=2)]


def test_bounds_are_not_part_of_what_is_found(reader: SqlReader) -> None:
    assert found(reader, EVERY, after=2, before=6) == [3, 4, 5]
    assert found(reader, EVERY, after=2, before=6, backwards=True) == [5, 4, 3]
    assert found(reader, EVERY, after=9) == []


def test_each_field_narrows_it_and_capitals_do_not_count(reader: SqlReader) -> None:
    assert found(reader, RecordFilter(account="MAIN")) == [1, 3, 5, 7, 9]
    assert found(reader, RecordFilter(author="ann", text='"NUMBER":7')) == [7]
    assert found(reader, RecordFilter(kind="seen", account="other"), backwards=True) == [8, 6, 4, 2]
    assert found(reader, RecordFilter(kind="See")) == []


@pytest.mark.parametrize("text", ["%", "_", "\\", "x' OR '1'='1"])
def test_a_text_is_meant_as_it_is(reader: SqlReader, text: str) -> None:
    assert found(reader, RecordFilter(text=text)) == []
