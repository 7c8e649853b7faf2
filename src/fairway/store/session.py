"""One connection of a driver, with one text of SQL for both databases.

Statements are SQLAlchemy's, compiled once for a database and then given to its driver: a commit of one row through
SQLAlchemy's own execution took 60 µs longer than through sqlite3 itself (80 against 19 µs without the disk, 22 November 2026).
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from typing import Any

from sqlalchemy import Dialect, Engine
from sqlalchemy.sql import ClauseElement


class StoreSession:
    """Not connected until `open`. Each statement is a transaction of its own, except within `transaction`.

    Raises the drivers' errors: see `as_store_errors`. A connection that the server ended is closed here; `open` makes another.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._is_sqlite = engine.dialect.name == "sqlite"
        self._connection: Any = None
        self._dialect = _dialect(engine)
        self._texts: dict[ClauseElement, tuple[str, Mapping[str, Any]]] = {}

    @property
    def is_open(self) -> bool:
        return self._connection is not None

    def open(self) -> None:
        pooled = self._engine.raw_connection()
        self._connection = pooled.driver_connection
        pooled.detach()  # a connection with a session lock must never go back into a pool
        if not self._is_sqlite:
            self._connection.autocommit = True  # transactions begin where we say so

    def close(self) -> None:
        if self._connection is not None:
            connection, self._connection = self._connection, None
            with suppress(self.errors):
                connection.close()

    def rows(self, statement: ClauseElement, values: Mapping[str, Any] | None = None) -> list[Any]:
        with self._closed_if_lost():
            return list(self._run(statement, values).fetchall())

    def execute(self, statement: ClauseElement, values: Mapping[str, Any] | None = None) -> None:
        with self._closed_if_lost():
            self._run(statement, values)

    def execute_all(self, statement: ClauseElement, rows: Sequence[Mapping[str, Any]]) -> None:
        """The same statement for each row."""
        with self._closed_if_lost():
            self._connection.cursor().executemany(self._words(statement)[0], rows)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All of it is written, or nothing; an error of the commit itself leaves open which."""
        with self._closed_if_lost():
            self._connection.execute("BEGIN IMMEDIATE" if self._is_sqlite else "BEGIN")
            try:
                yield
                self._connection.execute("COMMIT")
            except BaseException:  # also a cancellation: no transaction stays open
                self._undo()
                raise

    def pragma(self, text: str) -> None:
        """Runs a PRAGMA on SQLite; does nothing on other databases."""
        if self._is_sqlite:
            self._connection.execute(f"PRAGMA {text}")

    def _run(self, statement: ClauseElement, values: Mapping[str, Any] | None) -> Any:
        text, constants = self._words(statement)
        return self._connection.execute(text, {**constants, **(values or {})})

    def _words(self, statement: ClauseElement) -> tuple[str, Mapping[str, Any]]:
        """The text for this driver, and the constants in it, which SQLAlchemy makes parameters too."""
        words = self._texts.get(statement)
        if words is None:
            compiled = statement.compile(dialect=self._dialect)
            constants = {name: value for name, value in (compiled.params or {}).items() if value is not None}
            words = self._texts[statement] = str(compiled), constants
        return words

    @contextmanager
    def _closed_if_lost(self) -> Iterator[None]:
        try:
            yield
        except self.errors:
            if getattr(self._connection, "closed", False):
                self.close()
            raise

    def _undo(self) -> None:
        try:
            self._connection.rollback()
        except self.errors:
            self.close()

    @property
    def errors(self) -> type[Exception]:
        """The base class of this driver's errors."""
        errors: type[Exception] = self._engine.dialect.loaded_dbapi.Error
        return errors


def _dialect(engine: Engine) -> Dialect:
    """Both drivers take parameters by name."""
    kind: Callable[..., Dialect] = type(engine.dialect)
    return kind(paramstyle="named" if engine.dialect.name == "sqlite" else "pyformat")
