"""The journal's tables as the migrations leave them (store/migrations), for the statements that read and write them."""

from typing import Final

from sqlalchemy import BigInteger, Column, Integer, LargeBinary, MetaData, Table, Text

TABLES: Final = MetaData()
LONG: Final = BigInteger().with_variant(Integer, "sqlite")
"""64 bits in either database: sequence numbers, and instants in ns."""

WRITERS: Final = Table(
    "writers",
    TABLES,
    Column("trader", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("mode", Text, nullable=False),
    Column("epoch", LONG, nullable=False),
    Column("holder", Text, nullable=False),
    Column("since", Text, nullable=False),
)
"""A row for each journal: its mode, and who writes it. Each new writer raises the epoch."""

RECORDS: Final = Table(
    "records",
    TABLES,
    Column("trader", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("seq", LONG, primary_key=True, autoincrement=False),
    Column("at", LONG, nullable=False),
    Column("account", Text, nullable=False),
    Column("author", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("version", Integer, nullable=False),
    Column("body", Text, nullable=False),
    Column("digest", Text, nullable=False),
)

SNAPSHOTS: Final = Table(
    "snapshots",
    TABLES,
    Column("trader", Text, primary_key=True),
    Column("stream", Text, primary_key=True),
    Column("seq", LONG, primary_key=True, autoincrement=False),
    Column("digest", Text, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
