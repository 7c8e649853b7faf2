"""What desks remember of their journal, as bytes: a start that finds it replays only what came after.

Each class that journaled events move tells in `remembers` which of its attributes they move. A memory is a shortcut and no more:
one that another release made, or that was made under other terms, is passed over, and the journal is replayed instead.
"""

from collections import deque
from collections.abc import Iterable, Mapping
from functools import cache
from hashlib import sha256
from typing import Any, ClassVar, Final, Protocol, cast

import msgspec
from msgspec import Raw, Struct

from fairway.journal.events import Codec
from fairway.journal.kinds import Event
from fairway.journal.port import Journal
from fairway.trading.board import Board
from fairway.trading.desk import Desk, Terms
from fairway.world.realtime import without_collecting

MEMORY_EVERY: Final = 20_000
"""Records after which a new memory is kept: to replay so many takes a fifth of a second."""
BYTES_MAX: Final = 4 * 2**20
"""A memory that would be larger is not kept: to write it would hold the loop up. Its start replays all of the journal."""


class Memory(Struct, frozen=True):
    """One account's. form: which release made it, under which terms; told: by attribute."""

    form: str
    told: dict[str, Raw]


class Remembering(Protocol):
    remembers: ClassVar[Mapping[str, Any]]


def rebuilt(terms: Mapping[str, Terms], board: Board, journal: Journal, codec: Codec, release: str) -> dict[str, Desk]:
    """The desks of these accounts as the journal leaves them, in one reading for all. Raises JournalErrors.

    From its memory on, where there is one that fits; an account that is not in it begins at the first record.
    """
    kept = journal.snapshot()
    desks = recalled(kept.body, terms, board, release) if kept is not None else {}
    known_to = {account: kept.seq if kept is not None and account in desks else 0 for account in terms}
    desks |= {account: Desk(each, board) for account, each in terms.items() if account not in desks}
    with without_collecting():
        for record in journal.read(min(known_to.values())):
            desk = desks.get(record.account)
            if desk is not None and record.seq > known_to[record.account]:
                desk.apply(cast(Event, codec.decode(record)), record.at)
    return desks


def keep_memory(journal: Journal, desks: Iterable[Desk], release: str) -> None:
    """Has the journal keep, with its next commit, what the desks know of all its records; nothing where that is too much."""
    last, body = journal.last(), remembered(desks, release)
    if last is not None and body is not None:
        journal.keep_snapshot(last.seq, last.digest, body)


def remembered(desks: Iterable[Desk], release: str) -> bytes | None:
    """What all of them know from their journal; None where that is more than BYTES_MAX."""
    memories, size = dict[str, Memory](), 0
    for desk in desks:
        told = {name: Raw(_ENCODER.encode(_plain(getattr(desk, name)))) for name in desk.remembers}
        memories[desk.terms.account] = Memory(_form(desk.terms, release), told)
        size += sum(len(bytes(part)) for part in told.values())
        if size > BYTES_MAX:
            return None
    return _ENCODER.encode(memories)


def recalled(body: bytes, terms: Mapping[str, Terms], board: Board, release: str) -> dict[str, Desk]:
    """Desks as they were remembered, by account; only those whose memory fits."""
    try:
        memories = _decoder(dict[str, Memory]).decode(body)
    except msgspec.MsgspecError:
        return {}
    desks = ((account, _recalled(memories.get(account), each, board, release)) for account, each in terms.items())
    return {account: desk for account, desk in desks if desk is not None}


def _recalled(memory: Memory | None, terms: Terms, board: Board, release: str) -> Desk | None:
    if memory is None or memory.form != _form(terms, release):
        return None
    desk = Desk(terms, board)
    try:
        _recall(desk, memory.told)
    except (msgspec.MsgspecError, KeyError):
        return None
    return desk


def _plain(value: Any) -> Any:
    if hasattr(value, "remembers"):
        return {name: _plain(getattr(value, name)) for name in value.remembers}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return list(value) if isinstance(value, deque) else value


def _recall(thing: Remembering, told: Mapping[str, Raw]) -> None:
    """Sets its attributes, and those of what it is made of; what it derives from them, it derives again."""
    for name, kind in thing.remembers.items():
        setattr(thing, name, _told(getattr(thing, name), told[name], kind))
    if hasattr(thing, "__post_init__"):
        thing.__post_init__()


def _told(now: Any, told: Raw, kind: Any) -> Any:
    if hasattr(now, "remembers"):
        _recall(now, _decoder(dict[str, Raw]).decode(told))
        return now
    if isinstance(now, tuple):
        for each, part in zip(now, _decoder(list[Raw]).decode(told), strict=True):
            _told(each, part, type(each))
        return now
    value = _decoder(kind).decode(told)
    return deque(value, now.maxlen) if isinstance(now, deque) else value


def _form(terms: Terms, release: str) -> str:
    """Of what a replay would rest on beside the journal; where a rule has changed, guards would remember other things."""
    resting_on = (release, terms.account, terms.quote, terms.symbols, terms.instruments, terms.rules)
    return sha256(msgspec.json.encode(resting_on, order="deterministic")).hexdigest()


_ENCODER: Final = msgspec.msgpack.Encoder()


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)
