"""The state of accounts as bytes: a start that finds it replays only what the journal has after it.

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
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_state import AccountState
from fairway.trading.market_cache import MarketCache
from fairway.world.realtime import without_collecting

MEMORY_EVERY: Final = 20_000
"""Records after which a new memory is kept: to replay so many takes a fifth of a second."""
BYTES_MAX: Final = 4 * 2**20
"""While a trader works no larger memory is kept, for to write it would hold the loop up; …"""
BYTES_MAX_AT_END: Final = 32 * 2**20
"""… when it stops, none beyond this, or to stop would take too long. A start without a memory replays all of the journal."""


class AccountCheckpoint(Struct, frozen=True):
    """One account's, of all records up to seq. form: which release made it, under which terms; told: by attribute."""

    form: str
    seq: int
    told: dict[str, Raw]


class CheckpointWriter(Protocol):
    remembers: ClassVar[Mapping[str, Any]]


def rebuilt(
    terms: Mapping[str, AccountConfig], board: MarketCache, journal: Journal, codec: Codec, release: str
) -> dict[str, AccountState]:
    """The desks of these accounts as the journal leaves them, in one reading for all; for one, of its own records only.

    Raises JournalErrors.

    From its memory on, where there is one that fits; an account that is not in it begins at the first record.
    """
    memories, desks, known_to = _kept(journal), dict[str, AccountState](), dict[str, int]()
    for account, each in terms.items():
        memory = memories.get(account)
        desk = recalled(memory, each, board, release) if memory is not None else None
        known_to[account] = memory.seq if memory is not None and desk is not None else 0
        desks[account] = desk if desk is not None else AccountState(each, board)
    with without_collecting():
        for entry in journal.replay(min(known_to.values()), next(iter(terms)) if len(terms) == 1 else None):
            desk = desks.get(entry.account)
            if desk is not None and entry.seq > known_to[entry.account]:
                desk.apply(cast(Event, codec.decode(entry)), entry.at)
    return desks


def keep_memory(journal: Journal, desks: Iterable[AccountState], release: str, bytes_max: int) -> None:
    """Has the journal keep, with its next commit, what these desks know of all its records, and what it kept of other accounts.

    Nothing where that is more than bytes_max.
    """
    last, memories, size = journal.last(), _kept(journal), 0
    if last is None:
        return
    for desk in desks:
        memory = memories[desk.terms.account] = remembered(desk, last.seq, release)
        size += sum(len(bytes(part)) for part in memory.told.values())
        if size > bytes_max:
            return  # before more time is spent on it
    body = _ENCODER.encode(memories)
    if len(body) <= bytes_max:
        journal.keep_snapshot(last.seq, last.digest, body)


def _kept(journal: Journal) -> dict[str, AccountCheckpoint]:
    kept = journal.snapshot()
    try:
        return _decoder(dict[str, AccountCheckpoint]).decode(kept.body) if kept is not None else {}
    except msgspec.MsgspecError:
        return {}  # of another release


def remembered(desk: AccountState, seq: int, release: str) -> AccountCheckpoint:
    """What a desk that was moved by all records up to seq knows from them."""
    told = {name: Raw(_ENCODER.encode(_plain(getattr(desk, name)))) for name in desk.remembers}
    return AccountCheckpoint(_form(desk.terms, release), seq, told)


def recalled(memory: AccountCheckpoint, terms: AccountConfig, board: MarketCache, release: str) -> AccountState | None:
    """The desk as it was; None where the memory does not fit."""
    if memory.form != _form(terms, release):
        return None
    desk = AccountState(terms, board)
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


def _recall(thing: CheckpointWriter, told: Mapping[str, Raw]) -> None:
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


def _form(terms: AccountConfig, release: str) -> str:
    """Of what a replay would rest on beside the journal; where a rule has changed, guards would remember other things."""
    resting_on = (release, terms.account, terms.quote, terms.symbols, terms.instruments, terms.rules)
    return sha256(msgspec.json.encode(resting_on, order="deterministic")).hexdigest()


_ENCODER: Final = msgspec.msgpack.Encoder()


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)
