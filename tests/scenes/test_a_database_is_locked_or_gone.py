"""Half a minute without the database, in the middle of a trade: nothing is opened, lost or naked, and it recovers by itself.

A backup holds the lock of an SQLite file; a server of PostgreSQL ends every connection and takes no new one.
"""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url
from tests.postgres import administered
from tests.scenes.harness import Scene
from tests.scenes.kept_harness import KeptHarness
from tests.scenes.script import ScriptedSignal, enter, leave

from fairway.assembly import CODEC
from fairway.exchange.terms import Side
from fairway.journal.kinds import CapLifted, CapRaised, TraderStarted
from fairway.journal.sql import open_journal
from fairway.orders.lifecycle import OrderFilled
from fairway.store.place import Place
from fairway.world.clock import SECOND

FROM_S, UNTIL_S = 60.503, 90.5
"""From between the moment an entry leaves and the moment its answer comes back."""


@dataclass(frozen=True)
class Trouble:
    """A database, and what makes it one that nobody can write to for a while."""

    where: Place
    begin: Callable[[Scene], object]
    end: Callable[[Scene], object]


@pytest.fixture
def locked(tmp_path: Path) -> Iterator[Trouble]:
    """Another program holds the lock of the file."""
    path = tmp_path / "a.journal"
    open_journal(path, CODEC, mode="scene", trader="main").close()
    with closing(sqlite3.connect(path, isolation_level=None)) as other:
        yield Trouble(path, lambda _: other.execute("BEGIN IMMEDIATE"), lambda _: other.execute("ROLLBACK"))


@pytest.fixture
def gone(postgres: str, postgres_server: str) -> Iterator[Trouble]:
    """The server has ended the trader's connections and takes no new ones."""
    name = make_url(postgres).database
    with administered(postgres_server) as server:

        def allow(connections: bool) -> None:
            server.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS {connections}')

        def begin(_: Scene) -> None:
            allow(False)
            server.execute(f"SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = '{name}'")

        yield Trouble(postgres, begin, lambda _: allow(True))


@pytest.fixture(params=["locked", "gone"])
def trouble(request: pytest.FixtureRequest) -> Trouble:
    found: Trouble = request.getfixturevalue(request.param)
    return found


def played(trouble: Trouble, *wishes: ScriptedSignal, begins: float = FROM_S, ends: float = UNTIL_S) -> Scene:
    stage = KeptHarness(trouble.where, *wishes, acts={begins: trouble.begin, ends: trouble.end})
    stage.run(minutes=4)
    return stage


def test_a_fill_of_that_time_is_not_lost_and_is_protected(trouble: Trouble) -> None:
    """The stop rests at the venue within five seconds although it could not be journaled; afterwards the journal holds it all."""
    stage = played(trouble, enter(0))
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert stage.events(OrderFilled)
    assert [event.cap.id for event in stage.events(CapRaised) if isinstance(event, CapRaised)] == ["journal"]
    stops = [order for order in stage.orders if order.client_id.endswith("-s")]
    assert min(stop.created_at for stop in stops) - stage.second(FROM_S) < 5 * SECOND


def test_nothing_is_opened_and_it_recovers_by_itself(trouble: Trouble) -> None:
    """One cap, raised once and lifted by the trader itself; the next wish is granted, by the same life of the trader."""
    stage = played(trouble, enter(0), enter(1), begins=50.0, ends=80.0)
    stage.assert_belief_is_truth()
    assert [event.cap.id for event in stage.events(CapRaised) if isinstance(event, CapRaised)] == ["journal"]
    assert [event.cap_id for event in stage.events(CapLifted) if isinstance(event, CapLifted)] == ["journal"]
    [bought] = stage.bought()
    assert bought.created_at > stage.second(120)
    assert len(stage.events(TraderStarted)) == 1


def test_an_exit_goes_out_all_the_same(trouble: Trouble) -> None:
    """What lowers exposure needs no database: the position is sold within it, from memory and the venue."""
    stage = played(trouble, enter(0), leave(1), begins=115.0, ends=145.0)
    stage.assert_belief_is_truth()
    [sale] = [order for order in stage.orders if order.side is Side.SELL and order.executed]
    assert stage.second(120) < sale.created_at < stage.second(125)
    assert len(stage.account_state.money.trips) == 1
