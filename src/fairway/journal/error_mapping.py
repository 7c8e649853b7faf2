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
    told_as_ours,
)

_TOLD_AS: Final[dict[type[StoreError], type[JournalError]]] = {
    StoreMissing: JournalMissing,
    StoreForeign: JournalForeign,
    StoreLocked: JournalLocked,
    StoreFull: JournalFull,
    StoreUnwritable: JournalUnwritable,
    StoreBroken: JournalBroken,
}


@contextmanager
def told_as_journals(name: str) -> Iterator[None]:
    """Errors of the drivers and of the store become JournalErrors about this journal."""
    try:
        with told_as_ours(name):
            yield
    except StoreError as error:
        raise _TOLD_AS[type(error)](str(error)) from error
