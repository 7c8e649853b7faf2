"""The journal's SQL, one text for both databases."""

from typing import Any, Final

from sqlalchemy import BindParameter, ColumnElement, Select, Text, bindparam, cast, delete, func, insert, or_, select, update

from fairway.journal.tables import RECORDS, SNAPSHOTS, WRITERS

TRADER: Final[BindParameter[Any]] = bindparam("trader")
STREAM: Final[BindParameter[Any]] = bindparam("stream")

_THIS_WRITER: Final = (WRITERS.c.trader == TRADER) & (WRITERS.c.stream == STREAM)
_THESE_RECORDS: Final = (RECORDS.c.trader == TRADER) & (RECORDS.c.stream == STREAM)
_THESE_SNAPSHOTS: Final = (SNAPSHOTS.c.trader == TRADER) & (SNAPSHOTS.c.stream == STREAM)

ALL_WRITERS: Final = select(WRITERS.c.mode, WRITERS.c.trader, WRITERS.c.stream).order_by(WRITERS.c.trader, WRITERS.c.stream)
HOLDER: Final = select(WRITERS.c.holder, WRITERS.c.since).where(_THIS_WRITER)
NEW_WRITER: Final = insert(WRITERS)
TAKE_OVER: Final = (
    update(WRITERS)
    .where(_THIS_WRITER)
    .values(epoch=WRITERS.c.epoch + 1, holder=bindparam("new_holder"), since=bindparam("new_since"))
)
NOW: Final = select(func.now())

EPOCH: Final = select(WRITERS.c.epoch).where(_THIS_WRITER)
"""It cannot rise while the transaction that read it is open: in PostgreSQL the takeover lock belongs to the same session."""

_RECORD: Final = select(
    RECORDS.c.seq,
    RECORDS.c.at,
    RECORDS.c.account,
    RECORDS.c.author,
    RECORDS.c.kind,
    RECORDS.c.version,
    RECORDS.c.body,
    RECORDS.c.digest,
).where(_THESE_RECORDS)
_ENTRY: Final = _RECORD.with_only_columns(
    RECORDS.c.seq, RECORDS.c.at, RECORDS.c.account, RECORDS.c.kind, RECORDS.c.version, RECORDS.c.body
)


def _paged(select: Select[Any]) -> Select[Any]:
    return select.where(RECORDS.c.seq > bindparam("after")).order_by(RECORDS.c.seq).limit(bindparam("count"))


_OF_ACCOUNT: Final = RECORDS.c.account == bindparam("account")
PAGE: Final = _paged(_RECORD)
PAGE_OF: Final = PAGE.where(_OF_ACCOUNT)
ENTRIES: Final = _paged(_ENTRY)
ENTRIES_OF: Final = ENTRIES.where(_OF_ACCOUNT)


def _wanted(column: ColumnElement[str], name: str) -> ColumnElement[bool]:
    """Every record where the value is ""."""
    value = cast(bindparam(name), Text)  # PostgreSQL does not guess the type of a value that is compared with a constant
    return or_(value == "", func.lower(column) == value)


_FOUND: Final = _RECORD.where(
    RECORDS.c.seq > bindparam("after"),
    RECORDS.c.seq < bindparam("before"),
    _wanted(RECORDS.c.account, "account"),
    _wanted(RECORDS.c.author, "author"),
    _wanted(RECORDS.c.kind, "kind"),
    func.lower(RECORDS.c.body).like(cast(bindparam("pattern"), Text), escape="\\"),
).limit(bindparam("count"))
FOUND: Final = _FOUND.order_by(RECORDS.c.seq)
FOUND_BACK: Final = _FOUND.order_by(RECORDS.c.seq.desc())
LAST_TWO: Final = _RECORD.order_by(RECORDS.c.seq.desc()).limit(2)
LAST: Final = _RECORD.order_by(RECORDS.c.seq.desc()).limit(1)
ADD: Final = insert(RECORDS)

SNAPSHOT: Final = (
    select(SNAPSHOTS.c.seq, SNAPSHOTS.c.digest, SNAPSHOTS.c.body)
    .join(
        RECORDS,
        (RECORDS.c.trader == SNAPSHOTS.c.trader)
        & (RECORDS.c.stream == SNAPSHOTS.c.stream)
        & (RECORDS.c.seq == SNAPSHOTS.c.seq)
        & (RECORDS.c.digest == SNAPSHOTS.c.digest),
    )
    .where(_THESE_SNAPSHOTS)
    .order_by(SNAPSHOTS.c.seq.desc())
    .limit(1)
)
"""The newest that fits the chain."""
DROP_SNAPSHOT: Final = delete(SNAPSHOTS).where(_THESE_SNAPSHOTS, SNAPSHOTS.c.seq == bindparam("old_seq"))
SNAPSHOTS_KEPT: Final = select(SNAPSHOTS.c.seq).where(_THESE_SNAPSHOTS).order_by(SNAPSHOTS.c.seq.desc())
ADD_SNAPSHOT: Final = insert(SNAPSHOTS)

WAIT_FOR_LOCK: Final = select(func.pg_advisory_lock(bindparam("key")))
"""PostgreSQL's, of the session; how long it waits is the connection's lock_timeout."""
