"""Folds a trader's journal into the observation of that trader, as far as the journal was read."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from hashlib import sha256
from itertools import islice
from typing import Any, Final

import msgspec
from msgspec import Struct

import fairway
from fairway.journal.account_permissions import AccountPermissions, apply_event
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, TraderStarted
from fairway.journal.port import Record, ReplayEntry
from fairway.journal.projection import Checkpoint, DamagedCheckpoint
from fairway.launch.evidence.observed import Observed, worst
from fairway.launch.observation.observation import Observation, ObservedPosition
from fairway.watch.account import MeasuredAccount
from fairway.watch.measurements import Measurements
from fairway.watch.observer import RULES as MEASURED_BY
from fairway.watch.observer import TRADER, Measurement, Observer, alone
from fairway.watch.series_store import SavedPosition, SavedSeries, SeriesChanges

CODEC: Final = Codec(*EVENTS)


RULES: Final = 1
"""Counts what this module makes of events: raise it with each change of that within a release."""


class KnownAccount(Struct):
    """What is known of one account."""

    permissions: AccountPermissions | None
    observed: Observed | None
    guards: tuple[str, ...] | None
    """Names of its guards; None where its trader has not reported them."""
    account: MeasuredAccount | None
    """What is measured of it; None where no event that is measured has happened."""
    is_unleased: bool = False
    """Whether its trader opens positions without a lease."""


class KnownTrader(Struct):
    """What is known of the trader as a whole, and how much is saved beside it, so that a missing part is noticed."""

    mark: SavedPosition
    release: str
    names: tuple[str, ...]
    """Accounts in the order in which they were first read of."""
    measured: tuple[str, ...]
    """Accounts in the order in which they were first measured."""
    rows: dict[str, int]
    """How many observations each series has."""
    trader: KnownAccount


def _version() -> str:
    """A number, of everything that decides what a record makes of the state: release, rules, and the form of what is saved."""
    decisive = (fairway.__version__, MEASURED_BY, RULES, msgspec.json.schema(KnownTrader))
    return str(int(sha256(msgspec.json.encode(decisive, order="deterministic")).hexdigest()[:7], 16))


class TraderProjection:
    """See `Projection`. It is saved little by little: `prepare` encodes some accounts, and `snapshot` the rest."""

    version: Final = _version()

    def __init__(self, *, is_live: bool = False) -> None:
        """is_live: whether the trader trades real money."""
        self._is_live = is_live
        self._observed: dict[str, Observed] = {}
        self._observer, self._measurements = Observer(), Measurements()
        self._permissions: dict[str, AccountPermissions] = {}
        self._guards: dict[str, tuple[str, ...] | None] = {}
        self._unleased: set[str] = set()
        self._release = ""
        self._moved: dict[str, None] = {}
        self._ready: dict[str, bytes] = {}
        self._digest = ""
        self.unsaved: list[Measurement] | None = None
        """Observations since the last snapshot; None where no snapshots are taken."""
        self.saved_to = SavedPosition()
        """Where the last snapshot ended."""
        self.written_at = 0
        """When the last record that was read was written (ns)."""
        self.folded_to = 0

    def fold(self, records: Sequence[Record | ReplayEntry]) -> None:
        """See `Projection.fold`."""
        for record in records:
            event = CODEC.decode(record)
            if isinstance(event, TraderStarted):
                self._release = event.bot or event.release
                self._guards[record.account] = tuple(sorted(event.guards)) if event.guards is not None else None
                (self._unleased.add if event.leased is False else self._unleased.discard)(record.account)
            apply_event(self._permissions.setdefault(record.account, AccountPermissions()), event)
            self._observer.take(event, record.account, record.at)
            if record.account:
                observed = self._observed.setdefault(record.account, Observed(is_live=self._is_live))
                observed.take(event, record.at, partial(self._holds, record.account))
            self._moved[record.account] = None
            self.folded_to, self.written_at = record.seq, record.at
        if records:
            self._digest = getattr(records[-1], "digest", "")
        self._measure()

    def _measure(self) -> None:
        observations = self._observer.away()
        self._measurements.add(observations)
        self._measurements.watermark, self._measurements.beats = self._observer.seen_to, self._observer.beats
        if self.unsaved is not None:
            self.unsaved += observations

    def observation(self, now: int) -> Observation:
        """As far as it has read."""
        return Observation(
            now=now,
            release=self._release,
            accounts={
                name: replace(permissions, caps=dict(permissions.caps)) for name, permissions in self._permissions.items() if name
            },
            series=self._measurements.series(),
            guards={name: guards for name, guards in self._guards.items() if guards is not None},
            unleased=frozenset(self._unleased),
            evidence=worst(each for name, observed in self._observed.items() for each in observed.evidence(name)),
            read_to=self.folded_to,
            written_at=self.written_at,
        )

    @property
    def epoch_accepted(self) -> int:
        """The highest epoch of any lease that it has read of; 0 where there was none."""
        return max((each.lease.epoch for each in self._permissions.values() if each.lease is not None), default=0)

    def _holds(self, account: str) -> bool:
        return bool(self.held(account))

    def held(self, account: str) -> Mapping[str, ObservedPosition]:
        """What an account holds by its own journal, by symbol."""
        known = self._observer.accounts.get(account)
        if known is None:
            return {}
        return {
            symbol: ObservedPosition(trip.position.quantity.value, trip.position.quantity.asset, known.lots.get(symbol))
            for symbol, trip in known.trips.items()
            if trip.position.is_open
        }

    @property
    def mark(self) -> SavedPosition:
        """How far it has read."""
        return SavedPosition(self.folded_to, self._digest, self._observer.seen_to, self._observer.beats)

    # -- its checkpoint ------------------------------------------------------------------------------------------

    def prepare(self, accounts: int) -> bool:
        """Encodes so many accounts that have changed, a tenth of a millisecond each; whether there are more."""
        self._moved |= self._observer.touched
        self._observer.touched.clear()
        for name in list(islice(self._moved, accounts)):
            del self._moved[name]
            self._ready[name] = _encoded(self._known(name))
        return bool(self._moved)

    def snapshot(self) -> Checkpoint[SeriesChanges] | None:
        """What has changed since the last snapshot. Each change is handed out once: the caller keeps it until it is saved."""
        if not self._digest or self.unsaved is None:
            return None
        self.prepare(len(self._permissions) + len(self._observer.accounts))
        bodies, self._ready = self._ready, {}
        names, measured = tuple(self._permissions), tuple(self._observer.accounts)
        whole = KnownTrader(self.mark, self._release, names, measured, self._measurements.rows(), self._known(TRADER))
        bodies[TRADER] = _encoded(whole)
        changes = SeriesChanges(self.saved_to, bodies, self.unsaved)
        self.saved_to, self.unsaved = self.mark, []
        return Checkpoint(self.version, self.mark, changes)

    def _known(self, name: str) -> KnownAccount:
        account = self._observer.accounts.get(name)
        guards, measured = self._guards.get(name), alone(account) if account is not None else None
        return KnownAccount(self._permissions.get(name), self._observed.get(name), guards, measured, name in self._unleased)

    def restore(self, checkpoint: Checkpoint[SavedSeries]) -> None:
        """See `Projection.restore`."""
        mark, saved = checkpoint.position, checkpoint.state
        assert isinstance(mark, SavedPosition)
        try:
            self._restore(mark, saved)
        except (ValueError, KeyError, msgspec.MsgspecError) as error:
            raise DamagedCheckpoint(str(error)) from None

    def _restore(self, mark: SavedPosition, saved: SavedSeries) -> None:
        whole = msgspec.msgpack.decode(saved.bodies[TRADER], type=KnownTrader)
        known = {name: msgspec.msgpack.decode(body, type=KnownAccount) for name, body in saved.bodies.items() if name != TRADER}
        known[TRADER] = whole.trader
        if whole.mark != mark or whole.rows != saved.measurements.rows() or {*whole.names, *whole.measured, TRADER} != set(known):
            raise ValueError(INCOMPLETE)
        accounts = [_present(known[name].account) for name in whole.measured]
        permissions = {name: _present(known[name].permissions) for name in whole.names}
        observed = {name: _present(known[name].observed) for name in whole.names if name}
        self._observer, self._measurements = Observer(accounts), saved.measurements
        self._observer.seen_to, self._observer.beats = mark.watermark, mark.beats
        self._permissions, self._observed, self._release = permissions, observed, whole.release
        self._guards = {name: each.guards for name, each in known.items()}
        self._unleased = {name for name, each in known.items() if each.is_unleased}
        self.folded_to, self.written_at, self._digest, self.saved_to = mark.seq, mark.watermark, mark.digest, mark


def _encoded(value: KnownAccount | KnownTrader) -> bytes:
    return msgspec.msgpack.encode(value)


def _present(value: Any) -> Any:
    if value is None:
        raise ValueError(INCOMPLETE)
    return value


INCOMPLETE: Final = "some of what was saved is missing"
