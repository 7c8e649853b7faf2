"""Every projection of a trader's journal keeps the promises of `journal/projection.py`, whatever keeps its checkpoint."""

from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from tests.conformance.test_memories_of_a_pilot import eventful, journal_of, told
from tests.conformance.test_shelves import said as series_of
from tests.pure.trading.test_checkpoint import RELEASE, journaled
from tests.pure.trading.test_checkpoint import life as life
from tests.pure.trading.test_checkpoint import started as started_state

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.known_kinds import KnownRows
from fairway.journal.memory import MemoryJournal
from fairway.journal.models import TABLES
from fairway.journal.port import Record, ReplayEntry
from fairway.journal.projection import Checkpoint, CheckpointStore, JournalPosition, Projection, fold_rest, restore
from fairway.journal.projector import ReadModels
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.store.engine import engine_of
from fairway.store.migrations import migrate
from fairway.trading.checkpoint import AccountStates, JournalCheckpoints
from fairway.trading.market_cache import MarketCache
from fairway.watch.measurement_projection import MeasurementProjection
from fairway.watch.series_store import SeriesStore

CODEC = Codec(*EVENTS)


@dataclass
class Case:
    """One kind of projection. journals: by a number of records, those of one history. other: of another history."""

    journal: Callable[[int], MemoryJournal]
    other: Callable[[], MemoryJournal]
    size: int
    begun: Callable[[MemoryJournal], Any]
    """A projection that has folded nothing, and its store."""
    state: Callable[[Any], Any]
    damage: Callable[[MemoryJournal], None]


def cut(journal: MemoryJournal, count: int) -> MemoryJournal:
    begun = journal_of([])
    for record in list(journal.read())[:count]:
        begun.append([CODEC.decode(record)], account=record.account, author=record.author, at=record.at)
    begun.sync()
    return begun


@pytest.fixture(params=["account states", "trader projection", "measurements", "read models"])
def case(request: pytest.FixtureRequest, tmp_path: Path, life: Any) -> Iterator[Case]:
    with {
        "account states": _account_states,
        "trader projection": _trader_projection,
        "measurements": _measurements,
        "read models": _read_models,
    }[request.param](tmp_path, life) as made:
        yield made


@contextmanager
def _account_states(folder: Path, life: Any) -> Iterator[Case]:
    terms = life.state.config

    def begun(journal: MemoryJournal) -> tuple[Any, Any]:
        return AccountStates({terms.account: terms}, MarketCache(1), CODEC, RELEASE), JournalCheckpoints(journal)

    def damage(journal: MemoryJournal) -> None:
        snapshot = journal.snapshot()
        assert snapshot is not None
        journal.keep_snapshot(snapshot.seq, snapshot.digest, snapshot.body[:-9])
        journal.sync()

    def other() -> MemoryJournal:
        journal = journaled(life, 3)
        journal.append([life.journal[3][0]], account="main", author="another", at=life.journal[3][1])
        journal.sync()
        return journal

    yield Case(
        lambda count: journaled(life, count),
        other,
        len(life.journal),
        begun,
        lambda projection: started_state(projection.states[terms.account]),
        damage,
    )


def _of_events(
    begun: Callable[[MemoryJournal], Any], state: Callable[[Any], Any], damage: Callable[[MemoryJournal], None]
) -> Case:
    whole = journal_of(eventful())
    size = sum(1 for _ in whole.read())
    other = [(event, account, at + 1) for event, account, at in eventful()]
    return Case(lambda count: cut(whole, count), lambda: journal_of(other), size, begun, state, damage)


@contextmanager
def _stored(folder: Path, make: Callable[[], Any], state: Callable[[Any], Any]) -> Iterator[Case]:
    place = folder / "a.checkpoint"
    with closing(SeriesStore(place, trader="main")) as store:
        store.open()

        def damage(_: MemoryJournal) -> None:
            with engine_of(place).begin() as connection:
                connection.execute(text("UPDATE watch_accounts SET body = substr(body, 1, length(body) - 1)"))

        yield _of_events(lambda _: (make(), store), state, damage)


def _trader_projection(folder: Path, life: Any) -> Any:
    def make() -> TraderProjection:
        projection = TraderProjection()
        projection.unsaved = []
        return projection

    return _stored(folder, make, told)


def _measurements(folder: Path, life: Any) -> Any:
    return _stored(folder, MeasurementProjection, lambda projection: series_of(projection.series))


@contextmanager
def _read_models(folder: Path, life: Any) -> Iterator[Case]:
    engine = engine_of(folder / "a.models")
    migrate(engine, "the read models")
    with engine.connect() as connection:

        def begun(_: MemoryJournal) -> tuple[Any, Any]:
            models = ReadModels(connection, KnownRows("main"), CODEC, "main")
            return models, models

        def state(_: Any) -> Any:
            return {name.__name__: sorted(connection.execute(table.select()).all()) for name, table in TABLES.items()}

        def damage(_: MemoryJournal) -> None:
            connection.execute(text("UPDATE projections SET digest = 'damaged'"))

        yield _of_events(begun, state, damage)
    engine.dispose()


class Counting:
    """A projection that notes the number of each record that it folds."""

    def __init__(self, projection: Any) -> None:
        self._projection = projection
        self.numbers: list[int] = []

    def fold(self, records: list[Record | ReplayEntry]) -> None:
        self.numbers += [record.seq for record in records]
        self._projection.fold(records)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._projection, name)


class WithDigests:
    """A journal that replays whole records, so that a snapshot may end at the last of them."""

    def __init__(self, journal: MemoryJournal) -> None:
        self._journal = journal

    def replay(self, after: int = 0, account: str | None = None) -> Iterator[Record]:
        return self._journal.read(after, account)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._journal, name)


def started(case: Case, journal: MemoryJournal) -> tuple[bool, list[int], Any, Any]:
    """Whether its checkpoint was used, the numbers that were folded, the projection after all records, and its store."""
    projection, store = case.begun(journal)
    counting: Any = Counting(projection)
    restored = restore(counting, store, journal)
    fold_rest(counting, WithDigests(journal))
    return restored, counting.numbers, projection, store


def saved(case: Case, journal: MemoryJournal) -> Any:
    """The state after all records of a journal, which is also kept as a checkpoint."""
    _, _, projection, store = started(case, journal)
    checkpoint = projection.snapshot()
    assert checkpoint is not None
    assert store.save(checkpoint)
    journal.sync()
    return case.state(projection)


def from_zero(case: Case, journal: MemoryJournal) -> Any:
    """The state that all records make, without any checkpoint."""
    projection, store = case.begun(journal)
    store.discard("")
    fold_rest(projection, WithDigests(journal))
    return case.state(projection)


@pytest.mark.parametrize("share", [0.1, 0.5, 1.0])
def test_a_checkpoint_and_the_rest_make_what_all_records_make_and_no_record_is_folded_twice(case: Case, share: float) -> None:
    count = max(1, int(case.size * share))
    journal = case.journal(count)
    saved(case, journal)
    for record in list(case.journal(case.size).read(count)):
        journal.append([CODEC.decode(record)], account=record.account, author=record.author, at=record.at)
    journal.sync()
    restored, numbers, projection, _ = started(case, journal)
    assert (restored, numbers) == (True, list(range(count + 1, case.size + 1)))
    assert case.state(projection) == from_zero(case, case.journal(case.size))


def test_a_damaged_checkpoint_is_discarded(case: Case) -> None:
    journal = case.journal(case.size)
    whole = saved(case, journal)
    case.damage(journal)
    restored, numbers, projection, _ = started(case, journal)
    assert (restored, numbers) == (False, list(range(1, case.size + 1)))
    assert case.state(projection) == whole


def test_a_checkpoint_of_another_version_is_discarded(case: Case) -> None:
    journal = case.journal(case.size)
    _, _, projection, store = started(case, journal)
    checkpoint = projection.snapshot()
    assert store.save(Checkpoint("99", checkpoint.position, checkpoint.state))
    journal.sync()
    restored, numbers, again, _ = started(case, journal)
    assert (restored, len(numbers)) == (False, case.size)
    assert case.state(again) == from_zero(case, case.journal(case.size))


def test_a_checkpoint_beyond_the_end_of_an_older_copy_is_discarded(case: Case) -> None:
    saved(case, case.journal(case.size))
    older = case.journal(case.size // 2)
    restored, numbers, _, _ = started(case, older)
    assert (restored, numbers) == (False, list(range(1, case.size // 2 + 1)))


def test_a_checkpoint_of_another_history_is_discarded(case: Case) -> None:
    """Its number is in this journal too, under another digest."""
    other = case.other()
    count = min(case.size, sum(1 for _ in other.read()))
    saved(case, case.journal(count))
    restored, numbers, _, _ = started(case, other)
    assert (restored, numbers[0]) == (False, 1)


def test_a_position_is_in_a_journal_only_with_its_digest() -> None:
    journal = journal_of(eventful())
    records = list(journal.read())
    assert JournalPosition(7, records[6].digest).is_in(journal)
    assert not JournalPosition(7, records[5].digest).is_in(journal)
    assert not JournalPosition(len(records) + 1, records[-1].digest).is_in(journal)
    assert not JournalPosition().is_in(journal)


def _type_check(
    states: AccountStates, trader: TraderProjection, measured: MeasurementProjection, models: ReadModels, series: SeriesStore
) -> tuple[list[Projection[Any, Any]], list[CheckpointStore[Any, Any]]]:
    """mypy sees here that all of them have the shape of the protocols."""
    return [states, trader, measured, models], [series, models]
