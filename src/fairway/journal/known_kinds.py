"""The rows of the read models that a projection needs: from memory where they were seen lately, else from the store."""

from collections.abc import Sequence
from decimal import localcontext
from typing import Any, Final, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Connection, Table, and_, bindparam, delete, insert, select

from fairway.journal.events import Codec
from fairway.journal.models import TABLES, FillRow, LotRow, ModelRow, OrderRow, RoundTripRow, key_of
from fairway.journal.port import Record, ReplayEntry
from fairway.journal.projections import DeletedRow, project
from fairway.money.amount import CONTEXT

ROWS_MAX: Final = 20_000
"""Rows kept in memory; at the bound all that are written are forgotten, and read again where they are needed."""

R = TypeVar("R", bound=ModelRow)
Key = tuple[type[ModelRow], tuple[Any, ...]]


class KnownRows:
    """See `EarlierRows`. What `take` changes is in the store after `write`; after an error of either, `forget`."""

    def __init__(self, trader: str) -> None:
        self._trader = trader
        self._rows: dict[Key, ModelRow | None] = {}
        self._trips: dict[tuple[str, str], RoundTripRow | None] = {}
        self._changed: dict[Key, None] = {}
        self._connection: Connection

    def take(self, connection: Connection, records: Sequence[Record | ReplayEntry], codec: Codec) -> None:
        """Raises UnreadableRecord."""
        self._connection = connection
        with localcontext(CONTEXT):  # the trader's precision, in every thread
            for record in records:
                for change in project(record, codec.decode(record), self):
                    self._change(change)

    def write(self, connection: Connection) -> None:
        for kind, table in TABLES.items():
            keys = [key for changed, key in self._changed if changed is kind]
            if not keys:
                continue
            names = [column.name for column in table.primary_key if column.name != "trader"]
            old = [{"b_trader": self._trader, **{f"b_{n}": v for n, v in zip(names, key, strict=True)}} for key in keys]
            connection.execute(_by_key(table), old)
            rows = [row for key in keys if (row := self._rows[kind, key]) is not None]
            if rows:
                connection.execute(insert(table), [{"trader": self._trader, **msgspec.structs.asdict(row)} for row in rows])
        self._changed.clear()
        if len(self._rows) > ROWS_MAX:
            self.forget()

    def forget(self) -> None:
        self._rows.clear()
        self._trips.clear()
        self._changed.clear()

    # -- what a projection asks for ------------------------------------------------------------------------------

    def order(self, order_id: str) -> OrderRow | None:
        return self._get(OrderRow, order_id)

    def fill(self, order_id: str, trade_id: str) -> FillRow | None:
        return self._get(FillRow, order_id, trade_id)

    def lot(self, account: str, symbol: str) -> LotRow | None:
        return self._get(LotRow, account, symbol)

    def open_trip(self, account: str, symbol: str) -> RoundTripRow | None:
        if (account, symbol) not in self._trips:
            columns = TABLES[RoundTripRow].c
            mine = and_(columns.account == account, columns.symbol == symbol, columns.closed_at == 0)
            self._trips[account, symbol] = self._read(RoundTripRow, mine)
        return self._trips[account, symbol]

    def _get(self, kind: type[R], *key: str) -> R | None:
        if (kind, key) not in self._rows:
            columns = [column for column in TABLES[kind].primary_key if column.name != "trader"]
            self._rows[kind, key] = self._read(kind, and_(*(c == part for c, part in zip(columns, key, strict=True))))
        return self._rows[kind, key]  # type: ignore[return-value]

    def _read(self, kind: type[R], where: ColumnElement[bool]) -> R | None:
        table = TABLES[kind]
        row = self._connection.execute(select(table).where(table.c.trader == self._trader, where)).mappings().first()
        return kind(**{name: row[name] for name in kind.__struct_fields__}) if row else None

    def _change(self, change: ModelRow | DeletedRow) -> None:
        kind, key, row = (
            (change.kind, change.key, None) if isinstance(change, DeletedRow) else (type(change), key_of(change), change)
        )
        self._rows[kind, key] = row
        self._changed[kind, key] = None
        if isinstance(row, RoundTripRow):
            self._trips[row.account, row.symbol] = None if row.closed_at else row


def _by_key(table: Table) -> Any:
    return delete(table).where(*(column == bindparam(f"b_{column.name}") for column in table.primary_key))
