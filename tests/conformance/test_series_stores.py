"""The shelf in either database: who goes on from it knows what he knows who reads the whole journal, and reads nothing twice."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

import pytest
import sqlalchemy as sa
from msgspec import Struct
from tests.pure.watch.journals import START, busy

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.memory import MemoryFile, MemoryJournal, open_memory
from fairway.journal.port import Record, ReplayEntry
from fairway.store.engine import engine_of
from fairway.store.place import Place
from fairway.watch.series import Series
from fairway.watch.series_store import BLOCK_ROWS, SeriesStore
from fairway.watch.watcher import PUT_RECORDS, Watcher
from fairway.world.clock import MINUTE, SECOND

Events = Sequence[tuple[Struct, str, int]]
EVENTS_HERE = busy(40)


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return tmp_path / "a.watch" if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


def journal_of(events: Events) -> MemoryJournal:
    journal = open_memory(MemoryFile(), Codec(*EVENTS), mode="practice", trader="main")
    write(journal, events)
    return journal


def write(journal: MemoryJournal, events: Events) -> None:
    for event, account, at in events:
        journal.append([event], account=account, author="trader", at=at)
    journal.sync()


class Told:
    """A journal that notes the numbers of the records that were replayed."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal
        self.numbers: list[int] = []

    def replay(self, after: int = 0, account: str | None = None) -> Iterator[Record | ReplayEntry]:
        for record in self._journal.replay(after, account):
            self.numbers.append(record.seq)
            yield record

    def __getattr__(self, name: str) -> object:
        return getattr(self._journal, name)


def watched(journal: object, place: Place | None, *, crash: bool = False) -> Watcher:
    """A watcher that was opened, has caught up, and is closed again, or has crashed."""
    watcher = Watcher(journal, store=SeriesStore(place, trader="main") if place is not None else None)  # type: ignore[arg-type]
    watcher.open()
    watcher.catch_up()
    if not crash:
        watcher.close()
    elif watcher._store is not None:
        watcher._store.close()
    return watcher


def said(series: Mapping[str, Series]) -> dict[str, object]:
    """All that can be told by them."""
    return {
        name: (
            each.ats.tolist(),
            each.values.tolist(),
            [each.names[code] for code in each.labels.tolist()],
            each.count,
            each.total,
            each.watermark,
            each.beats,
        )
        for name, each in series.items()
    }


WHOLE = said(watched(journal_of(EVENTS_HERE), None).series)


def test_the_journal_of_these_tests_tells_of_much() -> None:
    told = [name for name, series in watched(journal_of(EVENTS_HERE), None).series.items() if len(series)]
    assert len(told) > 12


@pytest.mark.parametrize("every", [7, 101])
def test_many_starts_know_what_one_reading_knows_and_read_no_record_twice(place: Place, every: int) -> None:
    journal = journal_of([])
    told = Told(journal)
    for first in range(0, len(EVENTS_HERE), every):
        write(journal, EVENTS_HERE[first : first + every])
        last = watched(told, place)
    assert said(last.series) == WHOLE
    assert told.numbers == list(range(1, len(EVENTS_HERE) + 1))


def test_a_window_can_be_asked_for_after_a_restart(place: Place) -> None:
    journal = journal_of(EVENTS_HERE)
    watched(journal, place)
    again = watched(journal, place)
    window = again.series["order_success"].within(START + 10 * MINUTE, START + 20 * MINUTE)
    fresh = watched(journal, None).series["order_success"].within(START + 10 * MINUTE, START + 20 * MINUTE)
    assert (window.count, window.total) == (fresh.count, fresh.total)
    assert window.count > 10
    assert again.watermark == EVENTS_HERE[-1][2]
    assert again.series["uptime"].coverage(START, START + 40 * MINUTE) == pytest.approx(1.0)


def test_who_crashes_reads_again_what_he_had_not_put_away_and_counts_it_once(place: Place) -> None:
    journal = journal_of(EVENTS_HERE[:50])
    watched(journal, place)
    write(journal, EVENTS_HERE[50:])
    watched(journal, place, crash=True)
    assert said(watched(journal, place).series) == WHOLE


def test_a_lost_shelf_is_made_anew(place: Place, tmp_path: Path) -> None:
    journal = journal_of(EVENTS_HERE)
    shelf = SeriesStore(place, trader="main")
    watched(journal, place)
    shelf.clear()
    shelf.close()
    assert said(watched(journal, place).series) == WHOLE


def test_of_another_history_nothing_stays(place: Place) -> None:
    watched(journal_of(busy(80)), place)
    other = journal_of(EVENTS_HERE)
    assert said(watched(other, place).series) == WHOLE
    assert said(watched(other, place).series) == WHOLE


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE watch_progress SET form = 99",
        "UPDATE watch_blocks SET body = body_of_another WHERE indicator = 'fees'",
        "UPDATE watch_blocks SET indicator = 'moods' WHERE indicator = 'fees'",
        "UPDATE watch_accounts SET body = body_of_another WHERE account = 'ann'",
        "DELETE FROM watch_progress",
    ],
)
def test_what_was_made_by_other_rules_or_is_damaged_is_made_anew(place: Place, damage: str) -> None:
    journal = journal_of(EVENTS_HERE)
    watched(journal, place)
    engine = engine_of(place)
    with engine.begin() as connection:
        statement = damage.replace("body_of_another", ":body")
        connection.execute(sa.text(statement), {"body": b"\xc1"} if ":body" in statement else {})
    engine.dispose()
    assert said(watched(journal, place).series) == WHOLE
    assert said(watched(journal, place).series) == WHOLE


def test_a_second_watcher_knows_as_much_and_puts_nothing_away(place: Place) -> None:
    journal = journal_of(EVENTS_HERE[:100])
    first = Watcher(journal, store=SeriesStore(place, trader="main"))
    first.open()
    first.catch_up()
    write(journal, EVENTS_HERE[100:])
    assert said(watched(journal, place).series) == WHOLE
    first.catch_up()
    first.close()
    assert said(first.series) == WHOLE
    told = Told(journal)
    assert said(watched(told, place).series) == WHOLE
    assert told.numbers == []


def test_two_traders_share_a_place(place: Place) -> None:
    journal, other = journal_of(EVENTS_HERE), journal_of(busy(3))
    watched(journal, place)
    stranger = Watcher(other, store=SeriesStore(place, trader="other"))
    stranger.open()
    stranger.catch_up()
    stranger.close()
    assert said(watched(journal, place).series) == WHOLE


def test_more_than_a_block_is_kept(place: Place) -> None:
    events = busy(BLOCK_ROWS // 2 + 100)
    journal = journal_of([])
    for first in range(0, len(events), PUT_RECORDS // 10):
        write(journal, events[first : first + PUT_RECORDS // 10])
        last = watched(journal, place)
    assert len(last.series["order_success"]) > BLOCK_ROWS
    assert said(last.series) == said(watched(journal_of(events), None).series)


def test_a_clock_that_was_set_back_puts_nothing_in_the_wrong_order(place: Place) -> None:
    shifted = [(event, account, at - 3600 * SECOND if n > 150 else at) for n, (event, account, at) in enumerate(EVENTS_HERE)]
    journal = journal_of(shifted[:200])
    watched(journal, place)
    write(journal, shifted[200:])
    found = watched(journal, place)
    assert said(found.series) == said(watched(journal_of(shifted), None).series)
    ats = found.series["order_success"].ats.tolist()
    assert ats == sorted(ats)
