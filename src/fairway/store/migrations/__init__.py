"""Brings a store to the form of this release, step by step; each step is a file in versions/, for both databases.

A form is known by its four digits. A store of a form that this release does not know was written by a newer one, and is refused.
"""

from collections.abc import Sequence
from importlib import resources
from threading import Lock
from typing import Final

from sqlalchemy import Engine, inspect, text

from fairway.store.engine import APPLICATION_ID
from fairway.store.failures import StoreForeign
from fairway.store.migrations.backup import copy_before

FORMS: Final[Sequence[str]] = tuple(
    sorted(each.name[:4] for each in resources.files(f"{__name__}.versions").iterdir() if each.name[:4].isdigit())
)
"""All forms that this release knows, oldest first. The last is its own."""

_MIGRATING: Final = 0x46574159
"""The key of PostgreSQL's advisory lock while one program migrates; the others wait for it."""

_ONE_AT_A_TIME: Final = Lock()
"""Alembic keeps the connection that a step works on for the whole process: two threads would use each other's."""


def form_of(engine: Engine) -> str | None:
    """The form that a store is of, None for an empty one. Raises the drivers' errors, see `as_store_errors`."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def check_form(form: str | None, name: str) -> None:
    """Raises StoreForeign for a form that this release does not know."""
    if form is not None and form not in FORMS:
        raise StoreForeign(f"{name} is of form {form}, and this release reads forms up to {FORMS[-1]}; update Fairway")


def migrate(engine: Engine, name: str, *, to: str = FORMS[-1]) -> None:
    """All steps that are missing, in one transaction. An SQLite file that is changed is copied first, to `FILE.before-FORM`.

    Raises StoreForeign, and the drivers' errors.
    """
    form = form_of(engine)
    check_form(form, name)
    if form is not None and form >= to:
        return
    if form is not None and engine.dialect.name == "sqlite":
        copy_before(engine, to)
    _upgrade(engine, to)


def _upgrade(engine: Engine, to: str) -> None:
    from alembic import command  # a seventh of a second, for the few starts that need it
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(resources.files(__name__)))
    with engine.begin() as connection:
        if engine.dialect.name == "sqlite":
            connection.exec_driver_sql(f"PRAGMA application_id = {APPLICATION_ID}")
        else:
            connection.exec_driver_sql("SET LOCAL statement_timeout = 0")
            connection.exec_driver_sql("SET LOCAL lock_timeout = '30s'")
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATING})
        config.attributes["connection"] = connection
        with _ONE_AT_A_TIME:
            command.upgrade(config, to)
