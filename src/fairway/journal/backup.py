"""Copies a journal's file while its trader writes it."""

import sqlite3
from contextlib import closing
from pathlib import Path

from fairway.journal.error_mapping import as_journal_errors
from fairway.journal.sql import check_header
from fairway.store.engine import engine_of
from fairway.store.migrations.backup import copy


def back_up(source: Path, target: Path) -> None:
    """All of a file as of one moment. It does not hold up the writer. Raises JournalErrors."""
    check_header(source)
    with as_journal_errors(f"the journal {source}"), closing(engine_of(source, reads_only=True).raw_connection()) as connection:
        driver = connection.driver_connection
        assert isinstance(driver, sqlite3.Connection)
        copy(driver, target)
