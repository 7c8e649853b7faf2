"""Maps a store's errors to a journal's."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Final

from fairway.journal.port import (
    JournalBroken,
    JournalError,
    JournalForeign,
    JournalFull,
    JournalLocked,
    JournalMissing,
    JournalUnwritable,
)
from fairway.store.failures import (
    StoreBroken,
    StoreError,
    StoreForeign,
    StoreFull,
    StoreLocked,
    StoreMissing,
    StoreUnwritable,
    as_store_errors,
)

_JOURNAL_ERRORS: Final[dict[type[StoreError], type[JournalError]]] = {
    StoreMissing: JournalMissing,
    StoreForeign: JournalForeign,
    StoreLocked: JournalLocked,
    StoreFull: JournalFull,
    StoreUnwritable: JournalUnwritable,
    StoreBroken: JournalBroken,
}


@contextmanager
def as_journal_errors(name: str) -> Iterator[None]:
    """Errors of the drivers and of the store become JournalErrors about this journal."""
    try:
        with as_store_errors(name):
            yield
    except StoreError as error:
        raise _JOURNAL_ERRORS[type(error)](str(error)) from error
