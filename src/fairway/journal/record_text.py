"""Turns journal records into text for people and for other programs, without knowing what kinds there are."""

import csv
import io
from collections.abc import Iterable, Iterator
from typing import Any

import msgspec

from fairway.journal.port import Record
from fairway.world.clock import text_of


def what(body: bytes) -> str:
    """A body as `key=value …`; amounts with their asset, inner keys with dots, empty values left out."""
    try:
        fields = msgspec.json.decode(body)
    except (msgspec.MsgspecError, UnicodeDecodeError):
        return f"(not readable) {body[:200]!r}"
    return " ".join(f"{key}={value}" for key, value in _flat("", fields))


def _flat(key: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        amount = _amount(value)
        if amount:
            yield key, amount
            return
        for name, inner in value.items():
            yield from _flat(f"{key}.{name}" if key else name, inner)
    elif isinstance(value, list):
        if value:
            yield key, ",".join(str(item) for item in value)
    elif value not in ("", None):
        yield key, _quoted(value)


def _amount(value: dict[str, Any]) -> str:
    match value:
        case {"value": str(number), "asset": str(asset), **rest} if not rest:
            return f"{number} {asset}"
        case {"value": str(number), "base": str(), "quote": str(quote), **rest} if not rest:
            return f"{number} {quote}"
    return ""


def _quoted(value: object) -> str:
    """Text with spaces in quotes; control characters, which could repaint a terminal, written out."""
    if not isinstance(value, str):
        return str(value).lower() if isinstance(value, bool) else str(value)
    safe = value if value.isprintable() else ascii(value)[1:-1]
    return f'"{safe}"' if " " in safe else safe


def export_line(record: Record) -> bytes:
    """A JSON object and a line's end. The body is embedded to the byte; `at` is ns since 1970 UTC."""
    fields = {
        "seq": record.seq,
        "at": record.at,
        "time": text_of(record.at),
        "account": record.account,
        "author": record.author,
        "kind": record.kind,
        "version": record.version,
        "body": msgspec.Raw(record.body),
        "digest": record.digest,
    }
    return msgspec.json.encode(fields) + b"\n"


def csv_rows(records: Iterable[Record]) -> Iterator[bytes]:
    """A header, and a row for each record; the body is one cell of JSON."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(("seq", "at", "time", "account", "author", "kind", "version", "body", "digest"))
    for record in records:
        cells = (record.seq, record.at, text_of(record.at), record.account, record.author, record.kind, record.version)
        writer.writerow((*cells, record.body.decode("utf-8", "replace"), record.digest))
        yield _taken(buffer)
    yield _taken(buffer)


def _taken(buffer: io.StringIO) -> bytes:
    text = buffer.getvalue()
    buffer.seek(0)
    buffer.truncate()
    return text.encode()
