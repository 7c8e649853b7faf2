"""The series store's tables as the migrations leave them (store/migrations), and how observations are packed into their
blocks."""

from collections.abc import Iterable, Sequence
from hashlib import blake2b
from typing import Final

import msgspec
import numpy as np
from msgspec import Struct
from sqlalchemy import Column, Integer, LargeBinary, MetaData, Table, Text

from fairway.journal.tables import LONG
from fairway.watch.observer import Measurement
from fairway.watch.series_builder import SeriesBuilder

WATCHED: Final = MetaData()

BLOCKS: Final = Table(
    "watch_blocks",
    WATCHED,
    Column("trader", Text, primary_key=True),
    Column("indicator", Text, primary_key=True),
    Column("number", LONG, primary_key=True, autoincrement=False),
    Column("rows", Integer, nullable=False),
    Column("body", LargeBinary, nullable=False),
)
"""Observations of an indicator in the order in which they were noted; only the last block is ever written again."""

ACCOUNTS: Final = Table(
    "watch_accounts",
    WATCHED,
    Column("trader", Text, primary_key=True),
    Column("account", Text, primary_key=True),
    Column("body", LargeBinary, nullable=False),
)

PROGRESS: Final = Table(
    "watch_progress",
    WATCHED,
    Column("trader", Text, primary_key=True),
    Column("form", Integer, nullable=False),
    Column("seq", LONG, nullable=False),
    Column("digest", Text, nullable=False),
    Column("watermark", LONG, nullable=False),
    Column("beats", LONG, nullable=False),
)
"""The position of the checkpoint in the journal. form: the version of the rules that made it."""


class Columns(Struct, array_like=True):
    """The columns of a block, little-endian: 64 bits for an instant, a value and a count, 32 for a label's place in names."""

    ats: bytes
    values: bytes
    labels: bytes
    counts: bytes
    names: tuple[str, ...]


SEAL_BYTES: Final = 16
"""Neither database notices when a byte of a body is changed on its disk, and gates rest on what is kept here."""


def sealed(body: bytes, *of: object) -> bytes:
    """A body that can only be read again as it was, and in its own place. of: what it is of."""
    return _seal(body, of) + body


def unsealed(body: bytes, *of: object) -> bytes:
    """Raises ValueError for what was changed, or is not of this."""
    seal, body = body[:SEAL_BYTES], body[SEAL_BYTES:]
    if seal != _seal(body, of):
        raise ValueError(f"what is kept of {of} was changed")
    return body


def _seal(body: bytes, of: tuple[object, ...]) -> bytes:
    seal = blake2b(repr(of).encode(), digest_size=SEAL_BYTES)
    seal.update(body)
    return seal.digest()


_ENCODER: Final = msgspec.msgpack.Encoder()
_DECODER: Final = msgspec.msgpack.Decoder(Columns)


def packed(rows: Sequence[Measurement]) -> bytes:
    names = {name: place for place, name in enumerate(dict.fromkeys(row.label for row in rows))}
    columns = Columns(
        np.array([row.at for row in rows], dtype="<i8").tobytes(),
        np.array([row.value for row in rows], dtype="<f8").tobytes(),
        np.array([names[row.label] for row in rows], dtype="<i4").tobytes(),
        np.array([row.times for row in rows], dtype="<i8").tobytes(),
        tuple(names),
    )
    return _ENCODER.encode(columns)


def unpack(body: bytes, into: SeriesBuilder) -> None:
    """Raises msgspec.MsgspecError for what is no block."""
    columns = _DECODER.decode(body)
    into.extend(
        np.frombuffer(columns.ats, dtype="<i8"),
        np.frombuffer(columns.values, dtype="<f8"),
        np.frombuffer(columns.labels, dtype="<i4"),
        np.frombuffer(columns.counts, dtype="<i8"),
        columns.names,
    )


def unpacked(indicator: str, body: bytes) -> Iterable[Measurement]:
    """The rows of a block, one by one."""
    columns = _DECODER.decode(body)
    ats, values = np.frombuffer(columns.ats, dtype="<i8"), np.frombuffer(columns.values, dtype="<f8")
    labels, counts = np.frombuffer(columns.labels, dtype="<i4"), np.frombuffer(columns.counts, dtype="<i8")
    for at, value, label, count in zip(ats.tolist(), values.tolist(), labels.tolist(), counts.tolist(), strict=True):
        yield Measurement(indicator, at, value, columns.names[label], count)
