"""Chains records by digest, and finds the first that does not fit: edited, lost, moved or put in.

The digest of a record is SHA-256 over the digest before it, its own fields, and its body. A chain cannot show by itself that its
end was cut off; a digest that was kept elsewhere (in a report, by the tower) can: see `known`.
"""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import msgspec
from msgspec import Struct

from fairway.journal.events import Codec
from fairway.journal.port import JournalBroken, Record

GENESIS = hashlib.sha256(b"fairway journal 1").hexdigest()
"""What stands in for the digest before the first record."""

_HEADER = msgspec.json.Encoder()


def digest_of(previous: str, seq: int, at: int, account: str, author: str, kind: str, version: int, body: bytes) -> str:
    """Hexadecimal SHA-256. The header is a JSON array, so no two different records can write the same bytes."""
    header = _HEADER.encode((previous, seq, at, account, author, kind, version))
    return hashlib.sha256(header + b"\n" + body).hexdigest()


@dataclass(frozen=True, slots=True)
class ChainFlaw:
    """The first record that breaks the chain, and how."""

    seq: int
    why: str

    def __str__(self) -> str:
        return f"record {self.seq}: {self.why}"


def verify(records: Iterable[Record], *, known: str = "") -> ChainFlaw | None:
    """The first flaw, or None. Give all records from the first on; known is a digest that must be among them."""
    expected, is_known = 1, known in ("", GENESIS)
    for record, why in _walked(records):
        if why:
            return ChainFlaw(record.seq, why)
        expected, is_known = record.seq + 1, is_known or record.digest == known
    if not is_known:
        return ChainFlaw(
            expected, f"the chain ends before it, without the known digest {known[:16]}…: its end was cut off or rewritten"
        )
    return None


def checked(records: Iterable[Record], name: str) -> Iterator[Record]:
    """The same records, from the first on, while the chain holds. name: of the journal, for the error. Raises JournalBroken."""
    for record, why in _walked(records):
        if why:
            raise JournalBroken(f"{name}: record {record.seq} is not as it was written: {why}; nothing is told from it")
        yield record


def _walked(records: Iterable[Record]) -> Iterator[tuple[Record, str]]:
    """Each record, from the first on, with its flaw. No record after the first flaw is checked."""
    previous, expected = GENESIS, 1
    for record in records:
        yield record, _flaw(record, expected, previous)
        previous, expected = record.digest, record.seq + 1


def _flaw(record: Record, expected: int, previous: str) -> str:
    if record.seq > expected:
        missing = f"record {expected} is" if record.seq == expected + 1 else f"records {expected} to {record.seq - 1} are"
        return f"{missing} missing before it"
    if record.seq < expected:
        return f"it stands where record {expected} belongs"
    if not is_sound(record, previous):
        return "it, or the record before it, was changed after it was written"
    return ""


def is_sound(record: Record, previous: str) -> bool:
    """Whether a record is as it was written after the one with this digest."""
    r = record
    return r.digest == digest_of(previous, r.seq, r.at, r.account, r.author, r.kind, r.version, r.body)


class Chain:
    """Extends a chain from the digest of its last record; it keeps no record."""

    def __init__(self, codec: Codec, last: Record | None) -> None:
        self._codec = codec
        self._seq = last.seq if last else 0
        self._digest = last.digest if last else GENESIS

    def extend(self, events: Sequence[Struct], account: str, author: str, at: int) -> list[Record]:
        """The records of these events, all or (by TypeError) none."""
        encoded = [self._codec.encode(event) for event in events]
        return [self._next(kind, version, body, account, author, at) for kind, version, body in encoded]

    def _next(self, kind: str, version: int, body: bytes, account: str, author: str, at: int) -> Record:
        seq = self._seq + 1
        digest = digest_of(self._digest, seq, at, account, author, kind, version, body)
        self._seq, self._digest = seq, digest
        return Record(seq, at, account, author, kind, version, body, digest)
