"""Reads a journal without disturbing its writer, whether it has one at the moment or not."""

from collections.abc import Iterator
from typing import Any, Final, Self

from sqlalchemy.sql import ClauseElement

from fairway.journal import statements
from fairway.journal.error_mapping import as_journal_errors
from fairway.journal.port import JournalSnapshot, Record, ReplayEntry
from fairway.journal.record_filter import RecordFilter
from fairway.journal.writer import record_of
from fairway.store.patience import Patience
from fairway.store.session import StoreSession

PAGE: Final = 500
"""Records read at once; between two pages no read holds the database."""


class SqlReader:
    """mode, trader and stream are empty before the first writer. A lost connection is made again at the next question.

    Raises JournalErrors. Made by `open_reader`.
    """

    def __init__(self, name: str, session: StoreSession, patience: Patience, *, mode: str, trader: str, stream: str) -> None:
        self.name = name
        self.mode = mode
        self.trader = trader
        self.stream = stream
        self._session, self._patience = session, patience
        self._journal: Final = {"trader": trader, "stream": stream}

    def read(self, after: int = 0, account: str | None = None) -> Iterator[Record]:
        """Records after a sequence number, of one account or of all, oldest first, one page in memory at a time."""
        page = self.page(after, account)
        while page:
            yield from page
            page = self.page(page[-1].seq, account)

    def page(self, after: int, account: str | None = None) -> list[Record]:
        """The next records, PAGE at most; none where there are no more."""
        if account is None:
            rows = self._rows(statements.PAGE, after=after, count=PAGE)
        else:
            rows = self._rows(statements.PAGE_OF, after=after, count=PAGE, account=account)
        return [record_of(row) for row in rows]

    def replay(self, after: int = 0, account: str | None = None) -> Iterator[ReplayEntry]:
        rows = self._entries(after, account)
        while rows:
            for seq, at, of, kind, version, body in rows:
                yield ReplayEntry(seq, at, of, kind, version, body.encode())
            rows = self._entries(seq, account)

    def _entries(self, after: int, account: str | None) -> list[Any]:
        if account is None:
            return self._rows(statements.ENTRIES, after=after, count=PAGE)
        return self._rows(statements.ENTRIES_OF, after=after, count=PAGE, account=account)

    def found(
        self, wanted: RecordFilter, after: int, before: int, *, backwards: bool = False, count: int = PAGE
    ) -> Iterator[Record]:
        """Records with after < number < before that fit, oldest first, or newest first where backwards.

        count: how many are in memory at a time.
        """
        statement = statements.FOUND_BACK if backwards else statements.FOUND
        values = _values(wanted)
        while rows := self._rows(statement, after=after, before=before, count=count, **values):
            page = [record_of(row) for row in rows]
            yield from page
            after, before = (after, page[-1].seq) if backwards else (page[-1].seq, before)

    async def news(self, after: int) -> list[Record]:
        """The next page without blocking the loop, within a bounded time, and cheap where there is nothing new: for polling."""
        with as_journal_errors(self.name):
            return await self._patience.wait_for(lambda: self.page(after))

    def last(self) -> Record | None:
        rows = self._rows(statements.LAST)
        return record_of(rows[0]) if rows else None

    def snapshot(self) -> JournalSnapshot | None:
        rows = self._rows(statements.SNAPSHOT)
        return JournalSnapshot(*rows[0]) if rows else None

    def close(self) -> None:
        self._session.close()
        self._patience.close()

    def _rows(self, statement: ClauseElement, **values: Any) -> list[Any]:
        """Asks again where the connection was lost since the last query: to read twice is harmless."""
        with as_journal_errors(self.name):
            if self._session.is_open:
                try:
                    return self._session.rows(statement, {**self._journal, **values})
                except self._session.errors:
                    if self._session.is_open:
                        raise
            self._session.open()
            return self._session.rows(statement, {**self._journal, **values})

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _values(wanted: RecordFilter) -> dict[str, str]:
    """As the statement compares them: small letters, and a text between wildcards of its own."""
    text = wanted.text.lower()
    for special in ("\\", "%", "_"):
        text = text.replace(special, f"\\{special}")
    return {
        "account": wanted.account.lower(),
        "author": wanted.author.lower(),
        "kind": wanted.kind.lower(),
        "pattern": f"%{text}%" if text else "%",
    }
