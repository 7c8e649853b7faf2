"""Saves the states of accounts in the journal, and rebuilds them at a start from there and from the records that follow.

Each class that journaled events change names in `remembers` which of its attributes they change. See `journal/projection.py` for
when a checkpoint is used. Beyond that rule, each account has a checkpoint of its own: one whose configuration has changed is
folded from the first record, and the others are not.
"""

from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache
from hashlib import sha256
from typing import Any, ClassVar, Final, Protocol, cast

import msgspec
from msgspec import Raw, Struct

from fairway.journal.events import Codec
from fairway.journal.kinds import Event
from fairway.journal.port import Journal, Record, ReplayEntry
from fairway.journal.projection import Checkpoint, DamagedCheckpoint, JournalPosition, fold_rest, restore
from fairway.trading.account_config import AccountConfig
from fairway.trading.account_state import AccountState
from fairway.trading.market_cache import MarketCache

CHECKPOINT_EVERY: Final = 20_000
"""Records after which a new checkpoint is saved: to fold so many takes a fifth of a second."""
BYTES_MAX: Final = 4 * 2**20
"""While a trader works, no larger checkpoint is saved, because writing it would block the loop; …"""
BYTES_MAX_AT_END: Final = 32 * 2**20
"""… when it stops, none beyond this, or stopping would take too long. A start without a checkpoint folds all of the journal."""


class AccountCheckpoint(Struct, frozen=True):
    """The state of one account."""

    config: str
    """Digest of the account's configuration, see `_config_digest`."""
    seq: int
    """Number of the last record that is in the state."""
    attributes: dict[str, Raw]


class HasCheckpoint(Protocol):
    """A class whose state is saved: by attribute, the type by which its value is decoded again."""

    remembers: ClassVar[Mapping[str, Any]]


AccountCheckpoints = dict[str, AccountCheckpoint]
"""By account."""


class AccountStates:
    """The projection of a trader's journal to the states of some of its accounts. version: the release."""

    def __init__(self, configs: Mapping[str, AccountConfig], cache: MarketCache, codec: Codec, release: str) -> None:
        self.version = release
        self._configs, self._cache, self._codec = configs, cache, codec
        self._states: dict[str, AccountState] = {}
        self._position = JournalPosition()
        self._restored_to = dict.fromkeys(configs, 0)

    @property
    def states(self) -> dict[str, AccountState]:
        """By account. One that was not restored is made here, because an empty state takes a millisecond or more to make."""
        for name, config in self._configs.items():
            if name not in self._states:
                self._states[name] = AccountState(config, self._cache)
        return {name: self._states[name] for name in self._configs}

    @property
    def folded_to(self) -> int:
        return max(self._position.seq, min(self._restored_to.values(), default=0))

    def fold(self, records: Sequence[Record | ReplayEntry]) -> None:
        states, restored_to, codec = self.states, self._restored_to, self._codec
        for record in records:
            state = states.get(record.account)
            if state is not None and record.seq > restored_to[record.account]:
                state.apply(cast(Event, codec.decode(record)), record.at)
        if records:
            self._position = JournalPosition(records[-1].seq, getattr(records[-1], "digest", ""))

    def snapshot(self) -> Checkpoint[Iterator[tuple[str, AccountCheckpoint]]] | None:
        return _snapshot(self.states, self.version, self._position) if self._position.digest else None

    def restore(self, checkpoint: Checkpoint[AccountCheckpoints]) -> None:
        """An account whose checkpoint is missing, damaged or of another configuration is folded from the first record."""
        for name, config in self._configs.items():
            saved = checkpoint.state.get(name)
            restored = _restored(saved, config, self._cache) if saved is not None else None
            if saved is not None and restored is not None:
                self._states[name], self._restored_to[name] = restored, saved.seq


class _Body(Struct, frozen=True):
    version: str
    accounts: AccountCheckpoints


class JournalCheckpoints:
    """Keeps the checkpoints of a trader's accounts in its journal, which has them only while they end at one of its records."""

    def __init__(self, journal: Journal, bytes_max: int = BYTES_MAX) -> None:
        self._journal, self._bytes_max = journal, bytes_max

    def load(self, version: str) -> Checkpoint[AccountCheckpoints] | None:
        snapshot = self._journal.snapshot()
        if snapshot is None:
            return None
        try:
            body = _decoder(_Body).decode(snapshot.body)
        except msgspec.MsgspecError as error:
            raise DamagedCheckpoint(str(error)) from None
        if body.version != version:
            return None
        return Checkpoint(version, JournalPosition(snapshot.seq, snapshot.digest), body.accounts)

    def save(self, checkpoint: Checkpoint[Iterable[tuple[str, AccountCheckpoint]]]) -> bool:
        """With the journal's next commit, beside what was kept of other accounts. False where that is too large to be kept."""
        accounts, size = self._kept(checkpoint.version), 0
        for name, saved in checkpoint.state:
            accounts[name] = saved
            size += sum(len(bytes(part)) for part in saved.attributes.values())
            if size > self._bytes_max:
                return False  # before more time is spent on it
        body = _ENCODER.encode(_Body(checkpoint.version, accounts))
        if len(body) > self._bytes_max:
            return False
        self._journal.keep_snapshot(checkpoint.position.seq, checkpoint.position.digest, body)
        return True

    def discard(self, damage: str) -> None:
        """Nothing to do: the next one that is saved replaces it."""

    def _kept(self, version: str) -> AccountCheckpoints:
        try:
            kept = self.load(version)
        except DamagedCheckpoint:
            return {}
        return dict(kept.state) if kept is not None else {}


def rebuilt(
    configs: Mapping[str, AccountConfig], cache: MarketCache, journal: Journal, codec: Codec, release: str
) -> dict[str, AccountState]:
    """The states of these accounts as the journal leaves them, from one reading of it; of one account, of its own records only.

    Raises JournalErrors.
    """
    projection = AccountStates(configs, cache, codec, release)
    restore(projection, JournalCheckpoints(journal), journal)
    fold_rest(projection, journal, next(iter(configs)) if len(configs) == 1 else None)
    return projection.states


def save_checkpoint(journal: Journal, states: Iterable[AccountState], release: str, bytes_max: int) -> None:
    """Keeps the states of these accounts after all records of the journal, with its next commit; nothing beyond bytes_max."""
    last = journal.last()
    if last is not None:
        by_account = {state.config.account: state for state in states}
        checkpoint = _snapshot(by_account, release, JournalPosition(last.seq, last.digest))
        JournalCheckpoints(journal, bytes_max).save(checkpoint)


def _snapshot(
    states: Mapping[str, AccountState], release: str, position: JournalPosition
) -> Checkpoint[Iterator[tuple[str, AccountCheckpoint]]]:
    """Encodes one account after the other, when the store asks for it: the store stops at its bound."""
    return Checkpoint(release, position, ((name, _saved(state, position.seq)) for name, state in states.items()))


def _saved(state: AccountState, seq: int) -> AccountCheckpoint:
    attributes = {name: Raw(_ENCODER.encode(_plain(getattr(state, name)))) for name in state.remembers}
    return AccountCheckpoint(_config_digest(state.config), seq, attributes)


def _restored(saved: AccountCheckpoint, config: AccountConfig, cache: MarketCache) -> AccountState | None:
    """The state as it was saved; None where the checkpoint does not fit."""
    if saved.config != _config_digest(config):
        return None
    state = AccountState(config, cache)
    try:
        _set_attributes(state, saved.attributes)
    except (msgspec.MsgspecError, KeyError):
        return None
    return state


def _config_digest(config: AccountConfig) -> str:
    """Of what the state rests on beside the journal; where a rule has changed, the guards would have noted other things."""
    resting_on = (config.account, config.quote, config.symbols, config.instruments, config.rules)
    return sha256(msgspec.json.encode(resting_on, order="deterministic")).hexdigest()


def _plain(value: Any) -> Any:
    if hasattr(value, "remembers"):
        return {name: _plain(getattr(value, name)) for name in value.remembers}
    if isinstance(value, tuple):
        return [_plain(each) for each in value]
    return list(value) if isinstance(value, deque) else value


def _set_attributes(thing: HasCheckpoint, saved: Mapping[str, Raw]) -> None:
    """Sets the attributes of a thing and of its parts; what it derives from them, it derives again."""
    for name, kind in thing.remembers.items():
        setattr(thing, name, _decoded(getattr(thing, name), saved[name], kind))
    if hasattr(thing, "__post_init__"):
        thing.__post_init__()


def _decoded(now: Any, saved: Raw, kind: Any) -> Any:
    if hasattr(now, "remembers"):
        _set_attributes(now, _decoder(dict[str, Raw]).decode(saved))
        return now
    if isinstance(now, tuple):
        for each, part in zip(now, _decoder(list[Raw]).decode(saved), strict=True):
            _decoded(each, part, type(each))
        return now
    value = _decoder(kind).decode(saved)
    return deque(value, now.maxlen) if isinstance(now, deque) else value


_ENCODER: Final = msgspec.msgpack.Encoder()


@cache
def _decoder(kind: Any) -> msgspec.msgpack.Decoder[Any]:
    return msgspec.msgpack.Decoder(kind)
