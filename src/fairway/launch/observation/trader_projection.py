"""Reads a trader's journal record by record, and says at any time what a pilot may know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice
from typing import Any, Final, NamedTuple

import msgspec
from msgspec import Struct

from fairway.journal.account_permissions import AccountPermissions, heed
from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, TraderStarted
from fairway.journal.port import Entry, Record
from fairway.launch.evidence.observed import Observed, worst
from fairway.launch.observation.observation import Held, Observation
from fairway.watch.account import Account
from fairway.watch.measurements import Measurements
from fairway.watch.observer import TRADER, Measurement, Observer, alone
from fairway.watch.series_store import Mark

CODEC: Final = Codec(*EVENTS)


class Known(Struct):
    """What is known of one account. guards: None where it has not told; account: None where nothing that is measured happened.

    is_unleased: whether its trader opens positions without a lease.
    """

    permissions: AccountPermissions | None
    observed: Observed | None
    guards: tuple[str, ...] | None
    account: Account | None
    is_unleased: bool = False


class Whole(Struct):
    """What is known of the whole trader, and how much there is beside it, so that nothing is missing unnoticed.

    names, measured: accounts in the order in which they were first read of, and first measured. rows: of each series.
    """

    mark: Mark
    release: str
    names: tuple[str, ...]
    measured: tuple[str, ...]
    rows: dict[str, int]
    trader: Known


class Learnt(NamedTuple):
    """What was learnt since the last time, up to a mark. bodies: by account, all that is known of each that was moved."""

    mark: Mark
    bodies: dict[str, bytes]
    observations: list[Measurement]


class TraderProjection:
    """is_live: whether it is about real money."""

    def __init__(self, *, is_live: bool = False) -> None:
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
        self.unkept: list[Measurement] | None = None
        """What was observed since somebody took it away to keep it; None where nobody does."""
        self.written_at = 0
        """When the last record that was read was written (ns)."""
        self.read_to = 0
        """Number of the last record that was read."""

    def take(self, records: Sequence[Record | Entry]) -> None:
        """What the trader wrote next. Raises UnreadableRecord."""
        for record in records:
            event = CODEC.decode(record)
            if isinstance(event, TraderStarted):
                self._release = event.bot or event.release
                self._guards[record.account] = tuple(sorted(event.guards)) if event.guards is not None else None
                (self._unleased.add if event.leased is False else self._unleased.discard)(record.account)
            heed(self._permissions.setdefault(record.account, AccountPermissions()), event)
            self._observer.take(event, record.account, record.at)
            if record.account:
                observed = self._observed.setdefault(record.account, Observed(is_live=self._is_live))
                observed.take(event, record.at, partial(self._holds, record.account))
            self._moved[record.account] = None
            self.read_to, self.written_at = record.seq, record.at
        if records:
            self._digest = getattr(records[-1], "digest", "")
        self._measure()

    def _measure(self) -> None:
        observations = self._observer.away()
        self._measurements.add(observations)
        self._measurements.watermark, self._measurements.beats = self._observer.seen_to, self._observer.beats
        if self.unkept is not None:
            self.unkept += observations

    def sight(self, now: int) -> Observation:
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
            read_to=self.read_to,
            written_at=self.written_at,
        )

    @property
    def epoch_accepted(self) -> int:
        """The highest epoch of any lease that it has read of; 0 where there was none."""
        return max((each.lease.epoch for each in self._permissions.values() if each.lease is not None), default=0)

    def _holds(self, account: str) -> bool:
        return bool(self.held(account))

    def held(self, account: str) -> Mapping[str, Held]:
        """What an account holds by its own journal, by symbol."""
        known = self._observer.accounts.get(account)
        if known is None:
            return {}
        return {
            symbol: Held(trip.position.quantity.value, trip.position.quantity.asset, known.lots.get(symbol))
            for symbol, trip in known.trips.items()
            if trip.position.is_open
        }

    @property
    def mark(self) -> Mark:
        """How far it has read."""
        return Mark(self.read_to, self._digest, self._observer.seen_to, self._observer.beats)

    # -- what is kept of it --------------------------------------------------------------------------------------

    def prepare(self, accounts: int) -> bool:
        """Puts so many accounts that were moved in form, a tenth of a millisecond each; whether there are more."""
        self._moved |= self._observer.touched
        self._observer.touched.clear()
        for name in list(islice(self._moved, accounts)):
            del self._moved[name]
            self._ready[name] = _encoded(self._known(name))
        return bool(self._moved)

    def learnt(self) -> Learnt | None:
        """What is not kept yet, which is forgotten here; None where the last record's digest is not known."""
        if not self._digest or self.unkept is None:
            return None
        self.prepare(len(self._permissions) + len(self._observer.accounts))
        bodies, self._ready = self._ready, {}
        names, measured = tuple(self._permissions), tuple(self._observer.accounts)
        whole = Whole(self.mark, self._release, names, measured, self._measurements.rows(), self._known(TRADER))
        bodies[TRADER] = _encoded(whole)
        observations, self.unkept = self.unkept, []
        return Learnt(self.mark, bodies, observations)

    def _known(self, name: str) -> Known:
        account = self._observer.accounts.get(name)
        guards, measured = self._guards.get(name), alone(account) if account is not None else None
        return Known(self._permissions.get(name), self._observed.get(name), guards, measured, name in self._unleased)

    def go_on(self, mark: Mark, bodies: Mapping[str, bytes], measurements: Measurements) -> None:
        """From there, instead of from the first record: for one that has read nothing yet.

        Raises ValueError, KeyError and msgspec.MsgspecError for what is not whole; then it is as it was.
        """
        whole = msgspec.msgpack.decode(bodies[TRADER], type=Whole)
        known = {name: msgspec.msgpack.decode(body, type=Known) for name, body in bodies.items() if name != TRADER}
        known[TRADER] = whole.trader
        if whole.mark != mark or whole.rows != measurements.rows() or {*whole.names, *whole.measured, TRADER} != set(known):
            raise ValueError("what is kept does not belong together")
        accounts = [_there(known[name].account) for name in whole.measured]
        permissions = {name: _there(known[name].permissions) for name in whole.names}
        observed = {name: _there(known[name].observed) for name in whole.names if name}
        self._observer, self._measurements = Observer(accounts), measurements
        self._observer.seen_to, self._observer.beats = mark.watermark, mark.beats
        self._permissions, self._observed, self._release = permissions, observed, whole.release
        self._guards = {name: each.guards for name, each in known.items()}
        self._unleased = {name for name, each in known.items() if each.is_unleased}
        self.read_to, self.written_at, self._digest = mark.seq, mark.watermark, mark.digest


def _encoded(value: Known | Whole) -> bytes:
    return msgspec.msgpack.encode(value)


def _there(value: Any) -> Any:
    if value is None:
        raise ValueError("what is kept does not belong together")
    return value
