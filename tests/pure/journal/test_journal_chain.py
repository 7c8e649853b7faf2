"""The chain: every edit, cut, move and insertion is found, and the first record that does not fit is named."""

from collections.abc import Callable

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec import Struct

from fairway.journal.chain import GENESIS, Chain, ChainFlaw, digest_of, verify
from fairway.journal.events import Codec
from fairway.journal.port import Record


class Step(Struct, frozen=True, tag=True):
    number: int


CODEC = Codec(Step)
RECORDS = tuple(Chain(CODEC, None).extend([Step(number) for number in range(6)], "main", "test", 1_000))


def redigested(record: Record, previous: str) -> Record:
    r = record
    digest = digest_of(previous, r.seq, r.at, r.account, r.author, r.kind, r.version, r.body)
    return msgspec.structs.replace(r, digest=digest)


def check(records: list[Record], seq: int, why: str, known: str = "") -> None:
    flaw = verify(records, known=known)
    assert flaw is not None
    assert flaw.seq == seq
    assert why in flaw.why
    assert str(flaw) == f"record {seq}: {flaw.why}"


def test_a_whole_chain_has_no_flaw() -> None:
    """Neither has an empty one, nor any beginning of one."""
    for length in range(len(RECORDS) + 1):
        assert verify(RECORDS[:length]) is None


def test_a_chain_goes_on_from_its_last_record() -> None:
    """A writer that starts again needs the last record alone."""
    more = Chain(CODEC, RECORDS[-1]).extend([Step(6)], "main", "test", 2_000)
    assert verify([*RECORDS, *more]) is None


@pytest.mark.parametrize(
    "edit",
    [
        lambda r: msgspec.structs.replace(r, body=r.body.replace(b"2", b"3")),
        lambda r: msgspec.structs.replace(r, at=r.at + 1),
        lambda r: msgspec.structs.replace(r, account="someone else's"),
        lambda r: msgspec.structs.replace(r, author="someone else"),
        lambda r: msgspec.structs.replace(r, kind="Stop"),
        lambda r: msgspec.structs.replace(r, version=2),
        lambda r: msgspec.structs.replace(r, digest=GENESIS),
    ],
)
def test_an_edit_of_any_field_is_found(edit: Callable[[Record], Record]) -> None:
    """The record that was edited is named."""
    check([*RECORDS[:2], edit(RECORDS[2]), *RECORDS[3:]], 3, "was changed after it was written")


def test_an_edit_with_its_digest_made_right_is_found_at_the_next() -> None:
    """Who recomputes one digest has to recompute all that follow."""
    edited = redigested(msgspec.structs.replace(RECORDS[2], body=b'{"number":9}'), RECORDS[1].digest)
    check([*RECORDS[:2], edited, *RECORDS[3:]], 4, "it, or the record before it, was changed")


def test_a_chain_rewritten_to_its_end_is_found_by_a_known_digest() -> None:
    """Only a digest that was kept elsewhere shows a forgery of the whole rest, or an end that was cut off."""
    known = RECORDS[-1].digest
    forged = [*RECORDS[:5], redigested(msgspec.structs.replace(RECORDS[5], at=5), RECORDS[4].digest)]
    assert verify(forged) is None
    check(forged, 7, "its end was cut off or rewritten", known)
    check(list(RECORDS[:4]), 5, "its end was cut off or rewritten", known)
    assert verify(RECORDS, known=known) is None
    assert verify(RECORDS, known=RECORDS[2].digest) is None


def test_cuts_are_found_and_say_what_is_missing() -> None:
    """At the beginning as in the middle."""
    check(list(RECORDS[1:]), 2, "record 1 is missing before it")
    check([*RECORDS[:2], *RECORDS[4:]], 5, "records 3 to 4 are missing before it")


def test_moves_and_repeats_are_found() -> None:
    """A record in another's place is named by its own number."""
    check([RECORDS[0], RECORDS[2], RECORDS[1], *RECORDS[3:]], 3, "record 2 is missing before it")
    check([*RECORDS[:3], RECORDS[1], *RECORDS[3:]], 2, "it stands where record 4 belongs")


def test_two_records_cannot_write_the_same_bytes() -> None:
    """No field can pretend to be the next one."""
    one = digest_of(GENESIS, 1, 2, "m", "a", 'b","c', 1, b"{}")
    two = digest_of(GENESIS, 1, 2, "m", 'a","b', "c", 1, b"{}")
    three = digest_of(GENESIS, 1, 2, "m", "a", "b", 1, b"\n{}")
    four = digest_of(GENESIS, 1, 2, 'm","a', "a", "b", 1, b"{}")
    assert len({one, two, three, four, digest_of(GENESIS, 1, 2, "m", "a", "b", 1, b"{}")}) == 5


@given(some.integers(0, 5), some.integers(0, 255), some.data())
def test_any_changed_byte_of_any_body_is_found(index: int, byte: int, data: some.DataObject) -> None:
    """Whichever byte of whichever body was changed, that record is named; an unchanged one is not."""
    body = bytearray(RECORDS[index].body)
    at = data.draw(some.integers(0, len(body) - 1))
    is_same = body[at] == byte
    body[at] = byte
    records = [*RECORDS[:index], msgspec.structs.replace(RECORDS[index], body=bytes(body)), *RECORDS[index + 1 :]]
    flaw = verify(records)
    assert flaw is None if is_same else isinstance(flaw, ChainFlaw) and flaw.seq == index + 1
