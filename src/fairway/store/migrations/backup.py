"""Copies an SQLite file while it is used, by SQLite's own backup: a plain copy of a file that is written may be torn."""

import sqlite3
from contextlib import closing
from pathlib import Path

from sqlalchemy import Engine

from fairway.world.files import replaced
from fairway.world.private import make_private


def copy_before(engine: Engine, form: str) -> Path:
    """The copy of a file as it was before it became of this form. One that an earlier try left behind is replaced."""
    with closing(engine.raw_connection()) as connection:
        source = connection.driver_connection
        assert isinstance(source, sqlite3.Connection)
        path = Path(source.execute("PRAGMA database_list").fetchone()[2])
        target = path.with_name(f"{path.name}.before-{form}")
        copy(source, target)
    return target


def copy(source: sqlite3.Connection, target: Path) -> None:
    """All of a database into a file, whole or not at all. It holds up no writer."""
    with replaced(target) as draft:
        make_private(draft)
        with closing(sqlite3.connect(draft)) as kept:
            source.backup(kept)
            kept.execute("PRAGMA journal_mode = DELETE")  # one file, without the side files of a write-ahead log
