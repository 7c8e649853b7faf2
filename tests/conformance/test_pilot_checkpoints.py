"""What a pilot keeps of its trader's journal, in either database: who goes on from it sees what he sees who has read all."""

import asyncio
import random
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Struct, structs
from tests.conformance.test_series_stores import said
from tests.pure.cli.programs import PATIENCE_S
from tests.pure.watch.journals import START, busy

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, AccountStatusReported, CapLifted, CapRaised, CaughtUp, InstructionTaken, LeaseAccepted
from fairway.journal.memory import MemoryFile, MemoryJournal, open_memory
from fairway.journal.port import Record
from fairway.journal.sql import open_journal
from fairway.launch.control.decision import digest_of
from fairway.launch.observation.checkpoint import ProjectionCheckpoint, checkpoint_beside, read_on, restore_to_look
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.ledger.reconcile import Standing
from fairway.money.amount import Amount
from fairway.risk.cap_kinds import PAUSED
from fairway.risk.caps import Cap
from fairway.risk.limits import Limits, TradingState
from fairway.store.engine import engine_of
from fairway.store.place import Place
from fairway.world.clock import HOUR, MINUTE, SECOND

NOW = START + 10 * HOUR
Events = Sequence[tuple[Struct, str, int]]


def cap(state: TradingState, at: int) -> CapRaised:
    limits = Limits(state=state)
    return CapRaised(cap=Cap(id=f"{state} it", kind=PAUSED, limits=limits, reason="x", since=at))


def eventful(trades: int = 24) -> Events:
    """Accounts that trade, are given a lease, killed, resumed and started anew as they are; halfway another release runs."""
    events = list(busy(trades))
    starts = [(event, account) for event, account, _ in events[:2]]
    lease = LeaseAccepted(epoch=3, until=NOW, limits=Limits(capital=Amount.of("100", "USDT")), by="pilot", stage="small")
    for number, at in enumerate(range(START, START + trades * MINUTE, 3 * MINUTE)):
        name = "bob" if number % 2 else "ann"
        killed = cap(TradingState.KILLED, at)
        told = Standing(key_trades=True, key_withdraws=number == 5)
        bot = "r1" if number < 4 else "r2"
        first = next(it for it, of in starts if of == name)
        started = structs.replace(first, bot=bot, guards={"loss": {}, bot: {}}, leased=name == "ann")
        events += [
            (structs.replace(lease, epoch=number), name, at + 5 * SECOND),
            (InstructionTaken(number=number, by="eve", what="pause", refused=""), name, at + 6 * SECOND),
            (killed, name, at + 7 * SECOND),
            (cap(TradingState.REDUCE_ONLY, at), "ann", at + 8 * SECOND),
            (CapLifted(cap_id=killed.cap.id, by="eve", why="a drill"), name, at + 9 * SECOND),
            (started, name, at + 10 * SECOND),
            (CaughtUp(channels=("account",)), name, at + 11 * SECOND),
            (AccountStatusReported(standing=told), name, at + 12 * SECOND),
        ]
    return sorted(events, key=lambda each: each[2])


def journal_of(events: Events) -> MemoryJournal:
    journal = open_memory(MemoryFile(), Codec(*EVENTS), mode="practice", trader="main")
    for event, account, at in events:
        journal.append([event], account=account, author="trader", at=at)
    journal.sync()
    return journal


def cut(journal: MemoryJournal, records: int) -> MemoryJournal:
    """As it was when it had so many."""
    return open_memory(MemoryFile(records=list(journal.read())[:records]), Codec(*EVENTS), mode="practice", trader="main")


def told(projection: TraderProjection) -> dict[str, Any]:
    """All that a pilot may know by it."""
    observation = projection.observation(NOW)
    return {
        "digest": digest_of(observation, ()),
        "release": observation.release,
        "permissions": list(observation.accounts.items()),
        "series": said(observation.series),
        "names": {name: (each.names, each.labels.tolist()) for name, each in observation.series.items()},
        "guards": observation.guards,
        "unleased": observation.unleased,
        "evidence": observation.evidence,
        "read": (observation.read_to, observation.written_at, projection.epoch_accepted, projection.mark),
        "held": {name: projection.held(name) for name in observation.accounts},
    }


WHOLE_JOURNAL = journal_of(eventful())
RECORDS = list(WHOLE_JOURNAL.read())


def read_all(records: Sequence[Record] = RECORDS) -> dict[str, Any]:
    projection = TraderProjection()
    projection.fold(records)
    return told(projection)


WHOLE = read_all()


class Flown:
    """One life of a pilot: it goes on from what was kept, and reads to a record, page by page. found: where it went on from."""

    def __init__(self, place: Place, journal: MemoryJournal, *, page: int = 50, every: int = 10**9, dies: bool = False) -> None:
        self.projection, self.troubles = TraderProjection(), list[str]()
        asyncio.run(self._live(place, journal, page, every, dies=dies))

    async def _live(self, place: Place, journal: MemoryJournal, page: int, every: int, *, dies: bool) -> None:
        checkpoint = ProjectionCheckpoint(place, trader="main", tell=self.troubles.append, every=every, deadline_s=PATIENCE_S)
        checkpoint.open(self.projection, journal)
        self.found = self.projection.folded_to
        while records := list(journal.read(self.projection.folded_to))[:page]:
            self.projection.fold(records)
            await checkpoint.keep(self.projection)
        if not dies:
            await checkpoint.close(self.projection)
        else:
            checkpoint._thread.close()
            checkpoint._store.close()

    @property
    def told(self) -> dict[str, Any]:
        return told(self.projection)


def looked(place: Place, journal: MemoryJournal) -> tuple[int, dict[str, Any]]:
    """What somebody sees who only looks, and where he went on from."""
    projection = TraderProjection()
    restore_to_look(projection, journal, place, trader="main")
    found = projection.folded_to
    read_on(projection, journal)
    return found, told(projection) | {"read": WHOLE["read"]}  # an entry has no digest


@pytest.fixture(params=["sqlite", "postgres"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Place:
    return tmp_path / "a.journal" if request.param == "sqlite" else str(request.getfixturevalue("postgres"))


def test_the_journal_of_these_tests_tells_of_much() -> None:
    """So that what is the same below is the same of something."""
    assert len([name for name, series in WHOLE["series"].items() if series[0]]) > 12
    assert {each.claim for each in WHOLE["evidence"]} == {"kill-drill", "key-no-withdraw", "restart-with-position"}
    assert (WHOLE["release"], set(WHOLE["guards"]), len(WHOLE["permissions"])) == ("r2", {"ann", "bob"}, 2)
    assert len(RECORDS) > 300


def test_at_every_cut_who_goes_on_sees_what_he_sees_who_has_read_all(tmp_path: Path) -> None:
    """Each goes on from what the one before had, so that what once went wrong stays wrong."""
    place, known = tmp_path / "a.journal", 0
    for number in (*range(1, len(RECORDS), 3), len(RECORDS)):
        life = Flown(place, cut(WHOLE_JOURNAL, number), page=2)
        assert (life.found, life.troubles) == (known, [])
        assert life.told == read_all(RECORDS[:number])
        known = number


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(cuts=st.lists(st.integers(1, len(RECORDS)), max_size=4), page=st.integers(1, 90), every=st.integers(1, 120))
def test_so_does_whoever_was_started_many_times_and_died_as_often(
    tmp_path_factory: pytest.TempPathFactory, cuts: list[int], page: int, every: int
) -> None:
    place = tmp_path_factory.mktemp("many") / "a.journal"
    for number, at in enumerate(sorted(cuts)):
        life = Flown(place, cut(WHOLE_JOURNAL, at), page=page, every=every, dies=number % 2 == 0)
        assert life.told == read_all(RECORDS[:at])
    assert Flown(place, WHOLE_JOURNAL, page=page, every=every).told == WHOLE
    assert looked(place, WHOLE_JOURNAL) == (len(RECORDS), WHOLE)


def test_in_either_database_no_record_is_read_twice(place: Place) -> None:
    for at in (100, 250, len(RECORDS)):
        before = Flown(place, cut(WHOLE_JOURNAL, at), page=30, every=60)
        assert before.told == read_all(RECORDS[:at])
    again = Flown(place, WHOLE_JOURNAL)
    assert (again.found, again.told, again.troubles) == (len(RECORDS), WHOLE, [])
    assert looked(place, WHOLE_JOURNAL) == (len(RECORDS), WHOLE)


def test_what_is_put_in_form_little_by_little_is_as_it_was_last(tmp_path: Path) -> None:
    """Between two accounts the pilot may read on; of a thousand, only those that moved meanwhile are put in form again."""
    place, projection = tmp_path / "a.journal", TraderProjection()

    async def fly() -> None:
        checkpoint = ProjectionCheckpoint(place, trader="main", tell=print, deadline_s=PATIENCE_S)
        checkpoint.open(projection, WHOLE_JOURNAL)
        for first in range(0, len(RECORDS), 10):
            projection.fold(RECORDS[first : first + 10])
            projection.prepare(1)
        await checkpoint.close(projection)

    asyncio.run(fly())
    assert Flown(place, WHOLE_JOURNAL).told == told(projection) == WHOLE


def test_who_dies_reads_again_what_was_not_kept_yet(place: Place) -> None:
    Flown(place, cut(WHOLE_JOURNAL, 170), page=10, every=100, dies=True)
    again = Flown(place, WHOLE_JOURNAL)
    assert (again.found, again.told) == (100, WHOLE)


@pytest.mark.parametrize("known", [120, 299])
def test_of_an_older_copy_and_of_another_journal_nothing_stays(place: Place, known: int) -> None:
    """A journal that was restored has fewer records, and then others of the same numbers."""
    Flown(place, WHOLE_JOURNAL)
    older = Flown(place, cut(WHOLE_JOURNAL, known))
    assert (older.found, older.told) == (0, read_all(RECORDS[:known]))
    other = journal_of([(event, account, at + SECOND) for event, account, at in eventful()])
    assert looked(place, other)[0] == 0
    again = Flown(place, other)
    assert (again.found, again.told) == (0, read_all(list(other.read())))
    assert Flown(place, other).found == len(list(other.read()))


def test_before_the_trader_ever_ran_nothing_is_known(place: Place) -> None:
    Flown(place, WHOLE_JOURNAL)
    projection, troubles = TraderProjection(), list[str]()
    checkpoint = ProjectionCheckpoint(place, trader="main", tell=troubles.append, deadline_s=PATIENCE_S)
    checkpoint.open(projection, None)
    asyncio.run(checkpoint.close(projection))
    assert (projection.folded_to, troubles) == (0, [])
    assert Flown(place, WHOLE_JOURNAL).found == 0


@pytest.mark.parametrize(
    "damage",
    [
        "UPDATE watch_progress SET form = 99",
        "UPDATE watch_progress SET watermark = watermark + 1",
        "UPDATE watch_progress SET digest = 'x'",
        "DELETE FROM watch_progress",
        "DELETE FROM watch_accounts WHERE account = 'ann'",
        "DELETE FROM watch_accounts WHERE account = ''",
        "DELETE FROM watch_blocks WHERE indicator = 'fees'",
        "UPDATE watch_blocks SET indicator = 'moods' WHERE indicator = 'fees'",
        "UPDATE watch_blocks SET number = 7 WHERE indicator = 'fees'",
        "UPDATE watch_blocks SET body = (SELECT body FROM watch_blocks WHERE indicator = 'uptime') WHERE indicator = 'fees'",
        "UPDATE watch_accounts SET body = (SELECT body FROM watch_accounts WHERE account = 'ann') WHERE account = 'bob'",
    ],
)
def test_what_is_damaged_or_by_other_rules_is_made_anew(place: Place, damage: str) -> None:
    Flown(place, cut(WHOLE_JOURNAL, 200))
    engine = engine_of(checkpoint_beside(place))
    with engine.begin() as connection:
        assert connection.execute(sa.text(damage)).rowcount > 0
    engine.dispose()
    assert looked(place, WHOLE_JOURNAL) == (0, WHOLE)
    again = Flown(place, WHOLE_JOURNAL)
    assert (again.found, again.told) == (0, WHOLE)
    assert Flown(place, WHOLE_JOURNAL).found == len(RECORDS)


def test_whichever_byte_of_the_file_is_changed_nobody_sees_anything_else(tmp_path: Path) -> None:
    """Neither SQLite nor a disk need notice it: what is kept does."""
    place = tmp_path / "a.journal"
    Flown(place, cut(WHOLE_JOURNAL, 200))
    file, chance, thrown_away = Path(checkpoint_beside(place)), random.Random(1), 0
    sound = file.read_bytes()
    told_something = [at for at, byte in enumerate(sound) if byte]
    for at in chance.sample(told_something, 30):
        file.write_bytes(sound[:at] + bytes([sound[at] ^ chance.randrange(1, 256)]) + sound[at + 1 :])
        assert looked(place, WHOLE_JOURNAL)[1] == WHOLE, at
        again = Flown(place, WHOLE_JOURNAL)
        assert (again.told, again.found in (0, 200)) == (WHOLE, True), at
        thrown_away += not again.found
        after = Flown(place, WHOLE_JOURNAL)
        assert (after.told, after.found in (0, len(RECORDS))) == (WHOLE, True), "0: only a write met the damage"
        assert Flown(place, WHOLE_JOURNAL).found == len(RECORDS), at
    assert thrown_away > 5


@pytest.mark.parametrize("found", ["newer", "garbage", "empty", "another program's"])
def test_a_file_that_is_no_memory_of_ours_is_made_anew(tmp_path: Path, found: str) -> None:
    place = tmp_path / "a.journal"
    file = Path(checkpoint_beside(place))
    if found == "newer":
        Flown(place, WHOLE_JOURNAL)
        with sqlite3.connect(file) as connection:
            connection.execute("UPDATE alembic_version SET version_num = '0999'")
        connection.close()
    elif found == "another program's":
        with sqlite3.connect(file) as connection:
            connection.execute("CREATE TABLE theirs (x)")
        connection.close()
    else:
        file.write_bytes(b"" if found == "empty" else b"not a database" * 500)
    assert looked(place, WHOLE_JOURNAL) == (0, WHOLE)
    again = Flown(place, WHOLE_JOURNAL)
    assert (again.found, again.told) == (0, WHOLE)
    assert Flown(place, WHOLE_JOURNAL).found == len(RECORDS)


def test_a_place_that_cannot_be_written_makes_no_start_fail_and_is_told_once(tmp_path: Path) -> None:
    place = tmp_path / "a.journal"
    Path(checkpoint_beside(place)).mkdir()
    life = Flown(place, WHOLE_JOURNAL, every=20)
    assert (life.found, life.told) == (0, WHOLE)
    assert len(life.troubles) == 1
    assert looked(place, WHOLE_JOURNAL) == (0, WHOLE)


def test_who_only_looks_takes_nothing_from_the_pilot_that_flies(place: Place) -> None:
    """Neither before it starts nor while it keeps what it learns."""
    Flown(place, cut(WHOLE_JOURNAL, 100))
    assert looked(place, WHOLE_JOURNAL) == (100, WHOLE)
    projection, troubles = TraderProjection(), list[str]()

    async def fly() -> None:
        checkpoint = ProjectionCheckpoint(place, trader="main", tell=troubles.append, every=50, deadline_s=PATIENCE_S)
        checkpoint.open(projection, WHOLE_JOURNAL)
        projection.fold(RECORDS[100:200])
        assert looked(place, WHOLE_JOURNAL) == (100, WHOLE)
        await checkpoint.keep(projection)
        assert looked(place, WHOLE_JOURNAL) == (200, WHOLE)
        projection.fold(RECORDS[200:])
        await checkpoint.close(projection)

    asyncio.run(fly())
    assert (told(projection), troubles) == (WHOLE, [])
    assert looked(place, WHOLE_JOURNAL) == (len(RECORDS), WHOLE)


def test_two_traders_share_a_database(postgres: str) -> None:
    Flown(postgres, WHOLE_JOURNAL)
    other, projection = journal_of(busy(3)), TraderProjection()
    checkpoint = ProjectionCheckpoint(postgres, trader="other", tell=print, deadline_s=PATIENCE_S)
    checkpoint.open(projection, other)
    projection.fold(list(other.read()))
    asyncio.run(checkpoint.close(projection))
    assert Flown(postgres, WHOLE_JOURNAL).found == len(RECORDS)


KEEPS = """
import asyncio, sys
from pathlib import Path
from fairway.journal.sql import open_reader
from fairway.launch.observation.checkpoint import ProjectionCheckpoint
from fairway.launch.observation.trader_projection import TraderProjection

async def main():
    place, lookout = Path(sys.argv[1]), TraderProjection()
    with open_reader(place) as reader:
        keeper = ProjectionCheckpoint(place, trader="main", tell=print, every=1)
        keeper.open(lookout, reader)
        while records := reader.page(lookout.folded_to)[:1]:
            lookout.fold(records)
            print(lookout.folded_to, flush=True)
            await keeper.keep(lookout)

asyncio.run(main())
"""


def test_killed_while_it_keeps_it_goes_on_from_what_was_kept_before(tmp_path: Path) -> None:
    place = tmp_path / "a.journal"
    with_records = open_journal(place, Codec(*EVENTS), mode="practice", trader="main", synchronous="OFF")
    for event, account, at in eventful():
        with_records.append([event], account=account, author="trader", at=at)
    with_records.close()
    known = 0
    for lives in (3, 11, 20, 41, 60):
        with subprocess.Popen([sys.executable, "-c", KEEPS, str(place)], stdout=subprocess.PIPE, text=True) as program:
            assert program.stdout is not None
            said_last = [int(program.stdout.readline()) for _ in range(lives)][-1]
            program.send_signal(signal.SIGKILL)
        found, seen = looked(place, WHOLE_JOURNAL)
        assert seen == WHOLE
        assert found >= said_last - 1 >= known, "all that it had begun to keep before, and nothing that it had read twice"
        known = found
    again = Flown(place, WHOLE_JOURNAL)
    assert (again.found, again.told) == (known, WHOLE)
