"""Forms: one line of steps for both databases, whose tables are those that the code reads and writes."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine, inspect, text
from sqlalchemy.sql import ClauseElement

import fairway.store.migrations as migrations
from fairway.journal import statements
from fairway.journal.models import MODELS
from fairway.journal.tables import TABLES
from fairway.store.engine import engine_of
from fairway.store.failures import StoreForeign, StoreMissing, as_store_errors
from fairway.store.migrations import FORMS, form_of, migrate
from fairway.store.place import name_of, place_of
from fairway.watch.tables import WATCHED


@pytest.fixture(params=["sqlite", "postgres"])
def engine(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Engine]:
    place = tmp_path / "a.db" if request.param == "sqlite" else request.getfixturevalue("empty_postgres")
    engine = engine_of(place)
    yield engine
    engine.dispose()


def test_the_forms_are_one_line() -> None:
    """Each step follows the one before; two that follow the same would leave a release between two forms."""
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    steps = list(ScriptDirectory.from_config(config).walk_revisions())
    assert [step.revision for step in reversed(steps)] == list(FORMS)
    assert [step.down_revision for step in reversed(steps)] == [None, *FORMS[:-1]]


def test_every_step_leads_to_the_tables_that_the_code_knows(engine: Engine) -> None:
    """One step at a time or all at once, in either database: no column is missing, too many, or of another kind."""
    for form in FORMS:
        migrate(engine, "the store", to=form)
        assert form_of(engine) == form
    with engine.connect() as connection:
        for tables in (TABLES, MODELS, WATCHED):
            named = list(tables.tables)
            context = MigrationContext.configure(
                connection,
                opts={"include_name": lambda name, kind, _, named=named: kind != "table" or name in named, "compare_type": True},
            )
            differences = [each for each in compare_metadata(context, tables) if each[0] != "remove_index"]
            assert differences == []


def test_one_account_s_records_are_found_without_reading_the_others(tmp_path: Path) -> None:
    """SQLite plans by the statistics that a step leaves it; everybody's records it still reads in their order."""
    engine = engine_of(tmp_path / "a.db")
    migrate(engine, "the store")

    def plan(statement: ClauseElement) -> str:
        text = str(statement.compile(dialect=engine.dialect))
        values = ("main", "trader", 0, *(("ann",) if "account =" in text else ()), 500, 0)
        with engine.connect() as connection:
            return str(connection.exec_driver_sql(f"EXPLAIN QUERY PLAN {text}", values).fetchall())

    assert "records_of_account" in plan(statements.PAGE_OF)
    assert "PRIMARY KEY" in plan(statements.PAGE)
    engine.dispose()


def test_a_store_of_this_form_is_left_alone(engine: Engine) -> None:
    """Also a second program that starts at the same time finds nothing to do."""
    migrate(engine, "the store")
    before = sorted(inspect(engine).get_table_names())
    migrate(engine, "the store")
    assert sorted(inspect(engine).get_table_names()) == before


def test_a_newer_form_is_refused(engine: Engine) -> None:
    """An older release does not touch what it does not understand."""
    migrate(engine, "the store")
    with engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0999'")
    with pytest.raises(StoreForeign, match=rf"the store is of form 0999, and .* up to {FORMS[-1]}; update Fairway"):
        migrate(engine, "the store")


def test_a_place_is_a_path_or_a_url() -> None:
    """And what people are shown of a URL is what helps them find it."""
    assert place_of("a.journal") == Path("a.journal")
    url = "postgresql://bot:secret@db:5433/fairway?sslmode=require&password=secret"
    assert place_of(url) == url
    assert name_of(url) == "postgresql://bot@db:5433/fairway"
    with pytest.raises(
        StoreMissing, match=re.escape("sqlite:///a.db names no PostgreSQL database; a right one is postgresql://")
    ):
        engine_of("sqlite:///a.db")


def test_an_error_that_is_no_driver_s_is_not_told_as_one() -> None:
    """A mistake of ours stays what it is."""
    with pytest.raises(KeyError), as_store_errors("the store"):
        raise KeyError("ours")


def test_accounts_of_before_cohorts_are_the_publics(engine: Engine) -> None:
    """An update makes no account trusted."""
    migrate(engine, "the store", to="0005")
    words = dict.fromkeys(("name", "role", "profile", "exchange", "mode", "url", "symbols", "capital_min", "capital_max"), "")
    words |= dict.fromkeys(("state", "key_check", "said_by", "said_reason"), "")
    numbers = dict.fromkeys(("created_at", "keys_version", "keys_at", "said_at"), 0)
    with engine.begin() as connection:
        for table, ids in (("users", {"id": "ann"}), ("accounts", {"id": "ann1", "user_id": "ann"})):
            columns = {column["name"] for column in inspect(connection).get_columns(table)}
            row = {name: value for name, value in {**words, **numbers, **ids}.items() if name in columns}
            names = ", ".join(row)
            connection.execute(text(f"INSERT INTO {table} ({names}) VALUES ({', '.join(f':{name}' for name in row)})"), row)
    migrate(engine, "the store")
    with engine.connect() as connection:
        assert connection.execute(text("SELECT id, cohort FROM accounts")).all() == [("ann1", "public")]
