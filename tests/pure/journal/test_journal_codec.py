"""The codec: exact, the same bytes for the same event, and able to read what it wrote years ago."""

from decimal import Decimal
from pathlib import Path
from typing import Any

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as some
from msgspec import Struct

from fairway.journal.chain import Chain, verify
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.journal.port import Record, UnreadableRecord
from fairway.money.amount import Amount, Price
from fairway.orders.lifecycle import OrderFilled, OrderSent
from fairway.orders.order import Fill

OLD = Path(__file__).parents[2] / "golden" / "journal_v1.jsonl"
"""Records as the first release wrote them. Never regenerated: what was written must stay readable."""


class Line(Struct):
    seq: int
    at: int
    account: str
    author: str
    kind: str
    version: int
    body: msgspec.Raw
    digest: str


def old_records() -> list[Record]:
    lines = [msgspec.json.decode(line, type=Line) for line in OLD.read_bytes().splitlines()]
    return [Record(x.seq, x.at, x.account, x.author, x.kind, x.version, bytes(x.body), x.digest) for x in lines]


def record(codec: Codec, event: Struct) -> Record:
    return Chain(codec, None).extend([event], "main", "test", 0)[0]


def changed(old: Record, **fields: Any) -> Record:
    return msgspec.structs.replace(old, **fields)


class Paid(Struct, frozen=True, tag=True):
    price: Decimal
    prices: dict[str, Decimal] = {}
    note: str | None = None


@given(some.decimals(allow_nan=False, allow_infinity=False, places=None), some.integers(0, 3))
def test_every_decimal_comes_back_equal_and_in_one_spelling(value: Decimal, zeros: int) -> None:
    """However many zeros or whichever exponent a number was computed with, its record is the same, to the digest."""
    codec = Codec(Paid)
    written = record(codec, Paid(value))
    assert codec.decode(written) == Paid(value)
    shifted = Decimal(f"{value:f}" + ("." if "." not in f"{value:f}" else "") + "0" * zeros)
    assert record(codec, Paid(shifted)) == written
    assert b"E" not in written.body


def test_the_order_in_a_mapping_does_not_matter() -> None:
    """Two mappings that are equal give equal bytes."""
    codec = Codec(Paid)
    one = Paid(Decimal(1), prices={"BTC": Decimal("2.50"), "ADA": Decimal(3)})
    two = Paid(Decimal(1), prices={"ADA": Decimal("3.0"), "BTC": Decimal("2.5")})
    assert record(codec, one) == record(codec, two)


@pytest.mark.parametrize("value", ["NaN", "Infinity", "-Infinity"])
def test_what_is_no_number_is_not_kept(value: str) -> None:
    """Such a figure is a bug of its maker, found before it is durable."""
    with pytest.raises(TypeError, match="no number to keep"):
        Codec(Paid).encode(Paid(Decimal(value)))


def test_a_body_does_not_repeat_its_kind() -> None:
    """The kind stands in the record, once."""
    kind, version, body = Codec(Paid).encode(Paid(Decimal("1.50")))
    assert (kind, version, body) == ("Paid", 1, b'{"price":"1.5","prices":{},"note":null}')


def test_the_events_of_an_order_come_back() -> None:
    """A fill, with its amounts, their assets and its enumerations, is read as it was written."""
    fill = Fill(
        trade_id="17",
        price=Price.of("46216.93", "BTC", "USDT"),
        quantity=Amount.of("0.0015", "BTC"),
        quote=Amount.of("69.325395", "USDT"),
        fee=Amount.of("0.0000015", "BTC"),
        is_maker=True,
        at=1_640_995_260_050_000_000,
    )
    event = OrderFilled(order_id="fw-main-1-1-e", fill=fill)
    codec = Codec(*EVENTS)
    assert codec.decode(record(codec, event)) == event


def test_unions_are_taken_too() -> None:
    """A room that has a union of its events hands it over as it is."""
    assert Codec(Paid | OrderSent, OrderFilled).kinds == ("Paid", "OrderSent", "OrderFilled")


def test_records_of_the_first_release_are_read_today() -> None:
    """The chain of the old records holds, and every one of them still becomes an event."""
    old, codec = old_records(), Codec(*EVENTS)
    assert verify(old) is None
    events = [codec.decode(each) for each in old]
    assert isinstance(events[2], OrderSent)
    assert events[2].order is not None
    assert events[2].order.quantity == Amount.of("0.0015", "BTC")
    assert isinstance(events[4], OrderFilled)
    assert events[4].fill.fee == Amount.of("0.0000015", "BTC")


class EntryPlanned(Struct, frozen=True, tag=True):
    """What the kind of the same name in the old records might become: two changes of its fields later."""

    symbol: str
    reason: str
    quote_age_ms: int


def reason_for_why(body: dict[str, Any]) -> dict[str, Any]:
    return {"reason": body.pop("why"), **body}


def milliseconds(body: dict[str, Any]) -> dict[str, Any]:
    return {**body, "quote_age_ms": body.pop("quote_age_ns") // 1_000_000}


LIFTED = Codec(EntryPlanned, versions={"EntryPlanned": [reason_for_why, milliseconds]})


def test_an_old_record_is_lifted_to_the_kind_of_today() -> None:
    """A record of version 1 goes through both changes, one of version 2 through the second, one of version 3 through none."""
    old = next(each for each in old_records() if each.kind == "EntryPlanned")
    today = EntryPlanned(symbol="BTC/USDT", reason="trend up", quote_age_ms=120)
    assert LIFTED.decode(old) == today
    second = changed(old, version=2, body=b'{"symbol":"BTC/USDT","reason":"trend up","quote_age_ns":120000000}')
    assert LIFTED.decode(second) == today
    newest = record(LIFTED, today)
    assert newest.version == 3
    assert LIFTED.decode(newest) == today


def refused(codec: Codec, bad: Record, why: str) -> None:
    with pytest.raises(UnreadableRecord, match=why) as caught:
        codec.decode(bad)
    assert (caught.value.seq, caught.value.kind) == (bad.seq, bad.kind)


def test_what_cannot_be_read_is_named() -> None:
    """A record of an unknown kind, a newer version, a torn body, a body of another form: each says which, and why."""
    old = next(each for each in old_records() if each.kind == "EntryPlanned")
    refused(
        LIFTED, changed(old, kind="MoonPhase"), r"record 2 \(MoonPhase, version 1\) cannot be read: this release knows no such"
    )
    refused(LIFTED, changed(old, version=4), "its version is 4, and this release reads 1 to 3")
    refused(LIFTED, changed(old, version=0), "its version is 0")
    refused(LIFTED, changed(old, version=3, body=b'{"symbol":"BTC'), "truncated")
    refused(LIFTED, changed(old, version=3), "missing required field `reason`")
    refused(LIFTED, changed(old, body=b'{"symbol":"BTC/USDT"}'), "reason_for_why cannot lift it")
    refused(LIFTED, changed(old, body=b"[]"), "Expected `object`")
    refused(LIFTED, changed(old, version=3, body=b'"\xff"'), "record 2")


class Untagged(Struct, frozen=True):
    number: int


class Copy(Struct, frozen=True, tag="Paid"):
    number: int


def test_a_codec_refuses_what_it_could_not_tell_apart() -> None:
    """Events without a tag, two classes of one kind, and versions of no kind are mistakes of the one who builds it."""
    with pytest.raises(TypeError, match="Untagged has no tag; write class Untagged"):
        Codec(Untagged)
    with pytest.raises(ValueError, match="two classes are of kind 'Paid'"):
        Codec(Paid, Copy)
    with pytest.raises(ValueError, match="versions names 'Payd'"):
        Codec(Paid, versions={"Payd": []})
