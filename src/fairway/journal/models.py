"""The read models: what the journal says, as rows for reports, screens and a user's own SQL.

Money is canonical text, instants are ns UTC, and 0 or "" is what has not happened or was not given. A row belongs to a trader,
whose name the tables add to its key.
"""

from typing import Any, Final

import msgspec
from msgspec import Struct
from sqlalchemy import Column, MetaData, Table, Text

from fairway.journal.tables import LONG


class ModelRow(Struct, frozen=True, kw_only=True):
    """Base of all rows."""


class OrderRow(ModelRow, frozen=True, kw_only=True):
    """An order as its last event left it. cost: quote of all fills, before fees."""

    order_id: str
    account: str
    symbol: str
    side: str
    type: str
    role: str
    state: str
    reason: str
    venue_id: str
    quantity: str
    price: str
    stop_price: str
    filled: str
    cost: str
    base: str
    quote: str
    created_at: int
    updated_at: int


class FillRow(ModelRow, frozen=True, kw_only=True):
    """One execution. liquidity: `maker` or `taker`; cost: the venue's own figure, in quote; at: its time."""

    order_id: str
    trade_id: str
    account: str
    symbol: str
    side: str
    price: str
    quantity: str
    cost: str
    fee: str
    fee_asset: str
    liquidity: str
    base: str
    quote: str
    at: int


class RoundTripRow(ModelRow, frozen=True, kw_only=True):
    """A position from its first buy to its last sale; closed_at is 0 while it is open. opened_seq: of the record that opened it.

    quantity and cost are what is held; result is net of fees, and once closed of the cost of what was left as dust.
    It is made of the bot's own fills: a sale outside the bot is missing, and such a position is closed when the next entry is
    planned.
    """

    account: str
    symbol: str
    opened_seq: int
    opened_at: int
    closed_at: int
    quantity: str
    cost: str
    result: str
    bought: str
    paid: str
    sold: str
    received: str
    base: str
    quote: str


class CapRow(ModelRow, frozen=True, kw_only=True):
    """A reason to be careful that is in force. account: "" for the whole trader; limits: JSON of those that are set."""

    account: str
    cap_id: str
    symbol: str
    source: str
    reason: str
    lifting: str
    limits: str
    since: int


class LotRow(ModelRow, frozen=True, kw_only=True):
    """The least quantity that a venue trades: a position with less than that is closed."""

    account: str
    symbol: str
    lot: str


MODELS: Final = MetaData()


def _table(name: str, row: type[ModelRow], *key: str) -> Table:
    """A column for each field of the row; in the same order, and of the same name."""
    columns: list[Column[Any]] = [Column("trader", Text, primary_key=True)]
    for field in msgspec.structs.fields(row):
        kind = LONG if field.type is int else Text()
        columns.append(Column(field.name, kind, primary_key=field.name in key, autoincrement=False, nullable=False))
    return Table(name, MODELS, *columns)


TABLES: Final[dict[type[ModelRow], Table]] = {
    OrderRow: _table("orders", OrderRow, "order_id"),
    FillRow: _table("fills", FillRow, "order_id", "trade_id"),
    RoundTripRow: _table("round_trips", RoundTripRow, "account", "symbol", "opened_seq"),
    CapRow: _table("caps_in_force", CapRow, "account", "cap_id"),
    LotRow: _table("lots", LotRow, "account", "symbol"),
}
"""By the kind of row."""

PROJECTIONS: Final = Table(
    "projections",
    MODELS,
    Column("trader", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("seq", LONG, nullable=False),
    Column("digest", Text, nullable=False),
    Column("version", Text, nullable=False),
)
"""How far a journal has been projected: the number and digest of its last record, and by which version of the rules."""


def key_of(row: ModelRow) -> tuple[Any, ...]:
    """A row's key among those of its kind and trader."""
    return tuple(getattr(row, column.name) for column in TABLES[type(row)].primary_key if column.name != "trader")
