"""The lookout: reads a trader's journal record by record, and says at any time what a pilot may know of it."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Final

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS, TraderStarted
from fairway.journal.leave import Leave, heed
from fairway.journal.port import Entry, Record
from fairway.launch.observed import Observed, worst
from fairway.launch.sight import Held, Sight
from fairway.watch.measurements import Measurements
from fairway.watch.observer import Observer

CODEC: Final = Codec(*EVENTS)


class Lookout:
    """is_live: whether it is about real money."""

    def __init__(self, *, is_live: bool = False) -> None:
        self._is_live = is_live
        self._observed: dict[str, Observed] = {}
        self._observer, self._measurements = Observer(), Measurements()
        self._leaves: dict[str, Leave] = {}
        self._guards: dict[str, tuple[str, ...] | None] = {}
        self._release = ""
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
            heed(self._leaves.setdefault(record.account, Leave()), event)
            self._observer.take(event, record.account, record.at)
            if record.account:
                observed = self._observed.setdefault(record.account, Observed(is_live=self._is_live))
                observed.take(event, record.at, partial(self._holds, record.account))
            self.read_to, self.written_at = record.seq, record.at
        self._measurements.add(self._observer.away())
        self._measurements.watermark, self._measurements.beats = self._observer.seen_to, self._observer.beats

    def sight(self, now: int) -> Sight:
        """As far as it has read."""
        return Sight(
            now=now,
            release=self._release,
            accounts={name: replace(leave, caps=dict(leave.caps)) for name, leave in self._leaves.items() if name},
            series=self._measurements.series(),
            guards={name: guards for name, guards in self._guards.items() if guards is not None},
            evidence=worst(each for name, observed in self._observed.items() for each in observed.evidence(name)),
            read_to=self.read_to,
            written_at=self.written_at,
        )

    @property
    def epoch_granted(self) -> int:
        """The highest epoch of any lease that it has read of; 0 where there was none."""
        return max((leave.lease.epoch for leave in self._leaves.values() if leave.lease is not None), default=0)

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
