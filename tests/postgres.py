"""A PostgreSQL for the tests: the one that runs on this machine, or one that is started from Debian's packages.

`FAIRWAY_TEST_POSTGRES` names another (a URL of a user who may make databases). Where there is none at all the tests fail: a check
that could not run is not passed.
"""

import os
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from itertools import count
from pathlib import Path

import psycopg
import pytest
from sqlalchemy.engine import make_url

from fairway.store.engine import engine_of
from fairway.store.migrations import migrate

USUAL = "postgresql://postgres@127.0.0.1:5432/postgres"
_NUMBERS = count(1)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The URL of a server's own database, from which others are made."""
    named = os.environ.get("FAIRWAY_TEST_POSTGRES")
    if named or _why_not(USUAL) is None:
        yield named or USUAL
        return
    with _started() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_server: str) -> Iterator[str]:
    """The name of a database with all tables, to copy: six times faster than to migrate."""
    with database(postgres_server) as url:
        engine = engine_of(url)
        migrate(engine, "the template")
        engine.dispose()
        yield str(make_url(url).database)


@pytest.fixture
def postgres(postgres_server: str, postgres_template: str) -> Iterator[str]:
    """The URL of a fresh database with our tables, for one test."""
    with database(postgres_server, template=postgres_template) as url:
        yield url


@pytest.fixture
def empty_postgres(postgres_server: str) -> Iterator[str]:
    """The URL of a fresh database without any table, for one test."""
    with database(postgres_server) as url:
        yield url


@contextmanager
def administered(url: str) -> Iterator["psycopg.Connection[tuple[object, ...]]"]:
    """A connection beside the one that is tested: to look, to lock, to cut others off."""
    with closing(psycopg.connect(url, autocommit=True)) as connection:
        yield connection


def cut_off(url: str) -> int:
    """Ends all other connections to a database, as its administrator or its crash would; how many there were."""
    with administered(url) as connection:
        found = connection.execute(
            "SELECT count(pg_terminate_backend(pid, 5000)) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid()"
        ).fetchone()
    assert found is not None
    return int(str(found[0]))


def full_after(url: str, records: int) -> None:
    """From now on the database says that its disk is full for whatever would be a record beyond these."""
    with administered(url) as connection:
        connection.execute(
            "CREATE FUNCTION disk_is_full() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$"
        )
        connection.execute(
            "CREATE TRIGGER full_disk BEFORE INSERT ON records "
            f"FOR EACH ROW WHEN (NEW.seq > {records}) EXECUTE FUNCTION disk_is_full()"
        )


@contextmanager
def database(server: str, *, template: str = "template1") -> Iterator[str]:
    name = f"fairway_test_{os.getpid()}_{next(_NUMBERS)}"
    with administered(server) as connection:
        connection.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
    try:
        yield make_url(server).set(database=name).render_as_string(hide_password=False)
    finally:
        with administered(server) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _why_not(url: str) -> str | None:
    try:
        psycopg.connect(url, connect_timeout=2).close()
    except psycopg.Error as error:
        return str(error).strip()
    return None


@contextmanager
def _started() -> Iterator[str]:
    """A server of our own in a temporary folder, on a free port of loopback. Nothing is synced: it dies with the tests."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    if not programs:
        pytest.fail(
            f"these tests need PostgreSQL: none answers at {USUAL} ({_why_not(USUAL)}), and none is installed; "
            "apt-get install postgresql, or name one in FAIRWAY_TEST_POSTGRES"
        )
    folder = Path(tempfile.mkdtemp(prefix="fairway-postgres-"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres", "postgres")
    pg_ctl, data = programs[-1].with_name("pg_ctl"), folder / "data"
    port = _free_port()
    options = f"-p {port} -k {folder} -c listen_addresses=127.0.0.1 -c fsync=off"
    try:
        _run(programs[-1], "-D", data, "-A", "trust", "-U", "postgres", "--no-sync")
        _run(pg_ctl, "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
        try:
            yield f"postgresql://postgres@127.0.0.1:{port}/postgres"
        finally:
            _run(pg_ctl, "-D", data, "-w", "-m", "immediate", "stop")
    finally:
        shutil.rmtree(folder)


def _run(*words: str | Path) -> None:
    """PostgreSQL refuses to be run by root."""
    user = "postgres" if os.geteuid() == 0 else None
    done = subprocess.run([str(word) for word in words], user=user, cwd="/", stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    if done.returncode:
        pytest.fail(f"these tests need PostgreSQL, and it could not be started: {done.stderr.decode().strip()}")


def _free_port() -> int:
    with closing(socket.socket()) as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])
