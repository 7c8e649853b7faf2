"""Reads the journal of a trader that runs, and has what a soak measures: series, gauges of its account, and its reconnections."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import islice
from typing import Final

import numpy as np
from numpy.typing import NDArray

from fairway.assembly import CODEC
from fairway.journal.kinds import AccountFailed, StreamLost, StreamRestored, TraderStarted
from fairway.journal.port import Record, ReplayEntry
from fairway.journal.sql import open_reader
from fairway.store.place import Place
from fairway.watch.account_gauges import AccountGauges
from fairway.watch.series import Series
from fairway.watch.watcher import Watcher
from fairway.world.clock import SECOND

PAGE: Final = 2_000
READ: Final = frozenset({"StreamLost", "StreamRestored", "TraderStarted", "AccountFailed"})


class SoakMeter:
    """Of one trader. since: what happened before this instant (ns) does not count. `read` takes what is new."""

    def __init__(self, journal: Place, trader: str, since: int) -> None:
        """Raises JournalErrors."""
        self._reader = open_reader(journal, trader=trader)
        self.since = since
        self._watcher = Watcher(self._reader)
        self.gauges = AccountGauges()
        self._lost: dict[tuple[str, str], int] = {}
        self.reconnects_s: list[float] = []
        """Seconds from each loss of a stream until it was subscribed again."""
        self.starts = self.failures = 0
        self._read_to = 0

    def read(self) -> None:
        """Raises JournalErrors."""
        self._watcher.catch_up()
        while page := list(islice(self._reader.replay(self._read_to), PAGE)):
            self.gauges.fold(page)
            self._take(page)
            self._read_to = page[-1].seq

    def close(self) -> None:
        self._reader.close()

    @property
    def beats(self) -> int:
        """When the trader last measured itself (ns)."""
        return self._watcher.beats

    @property
    def series(self) -> Mapping[str, Series]:
        return self._watcher.series

    @property
    def open_positions(self) -> int:
        return sum(len(account.trips) for name, account in self._watcher.accounts.items() if name)

    def drawdowns(self) -> Iterator[float]:
        for facts in self.gauges.accounts.values():
            if facts.drawdown is not None:
                yield float(facts.drawdown)

    def still_lost_s(self, now: int) -> float:
        """How long the oldest stream that is lost has been lost."""
        return max((now - at for at in self._lost.values()), default=0) / SECOND

    def _take(self, page: Iterable[Record | ReplayEntry]) -> None:
        for record in page:
            if record.kind not in READ or record.at < self.since:
                continue
            event = CODEC.decode(record)
            match event:
                case StreamLost(channel=channel):
                    self._lost.setdefault((record.account, channel), record.at)
                case StreamRestored(channel=channel):
                    lost_at = self._lost.pop((record.account, channel), None)
                    self.reconnects_s += [] if lost_at is None else [(record.at - lost_at) / SECOND]
                case TraderStarted():
                    self.starts += 1
                case AccountFailed():
                    self.failures += 1


class Pooled:
    """One indicator of several traders, from an instant on (ns) until another."""

    def __init__(self, meters: Iterable[SoakMeter], indicator: str, until: int, since: int = 0) -> None:
        found = [(meter.series.get(indicator), max(since, meter.since - 1)) for meter in meters]
        self.parts = [series.within(begins, until) for series, begins in found if series is not None]

    @property
    def count(self) -> int:
        return sum(part.count for part in self.parts)

    @property
    def total(self) -> float:
        return sum(part.total for part in self.parts)

    @property
    def share(self) -> float | None:
        """Of a ratio, how many are good; None where there is none."""
        return self.total / self.count if self.count else None

    @property
    def mean(self) -> float | None:
        return self.total / self.count if self.count else None

    def quantile(self, q: float) -> float | None:
        """The least value that at least this share of all does not exceed; None where there is none."""
        if not self.count:
            return None
        values = np.concatenate([part.values for part in self.parts])
        counts = np.concatenate([_counts(part) for part in self.parts])
        order = np.argsort(values, kind="stable")
        place = np.searchsorted(np.cumsum(counts[order]), q * self.count - 1e-9)
        return float(values[order[min(int(place), len(order) - 1)]])

    @property
    def newest(self) -> float | None:
        """The sum of the newest values, one of each trader; None where one has none."""
        known = [float(part.values[-1]) for part in self.parts if len(part)]
        return sum(known) if known and len(known) == len(self.parts) else None

    @property
    def most(self) -> float | None:
        return max((float(part.values.max()) for part in self.parts if len(part)), default=None)


def _counts(part: Series) -> NDArray[np.int64]:
    return part.counts if part.counts is not None else np.ones(len(part), dtype=np.int64)
