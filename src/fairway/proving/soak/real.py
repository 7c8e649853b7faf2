"""A soak in real time: watches the journal of a trader that runs, for hours or days, and touches nothing of it."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Final

from fairway.journal.port import JournalMissing
from fairway.proving.soak.meter import SoakMeter
from fairway.proving.soak.snapshot import EVERY_S
from fairway.store.place import Place
from fairway.world.clock import HOUR, MINUTE, SECOND, Clock

STARTS_WITHIN_S: Final = 180
LOOK_S: Final = 1.0
STALE_NS: Final = 3 * MINUTE


class NothingRuns(Exception):
    """The trader whose journal is to be watched does not measure itself."""


@dataclass(kw_only=True)
class RealSoak:
    """stop: waits so many seconds, and says whether a person wants an end. look: called with the meters and the instant (ns)."""

    hours: float
    journal: Place
    trader: str
    clock: Clock
    stop: Callable[[float], bool]
    look: Callable[[Sequence[SoakMeter], int], None]
    meters: list[SoakMeter] = field(default_factory=list)
    since: int = 0
    now: int = 0

    def run(self) -> bool:
        """Whether it came to its end; False where a person ended it. Raises NothingRuns and JournalErrors."""
        if not self._begin():
            return False
        ends_at = self.since + round(self.hours * HOUR)
        while self.now < ends_at:
            if self.stop(min(EVERY_S * SECOND, ends_at - self.now) / SECOND):
                self._look()
                return False
            self._look()
        return True

    def _look(self) -> None:
        self.now = self.clock.now()
        for meter in self.meters:
            meter.read()
        self.look(self.meters, self.now)

    def _begin(self) -> bool:
        """Waits until the trader measures itself; the soak begins then."""
        until = self.clock.now() + STARTS_WITHIN_S * SECOND
        while self.clock.now() < until:
            now = self.clock.now()
            if self._is_measuring(now):
                self.since = self.now = now
                for meter in self.meters:
                    meter.since = now
                return True
            if self.stop(LOOK_S):
                return False
        raise NothingRuns(f"no trader has measured itself in the journal {self.journal}; start it first, as with: fairway up")

    def _is_measuring(self, now: int) -> bool:
        if not self.meters:
            try:
                self.meters = [SoakMeter(self.journal, self.trader, now)]
            except JournalMissing:
                return False
        for meter in self.meters:
            meter.read()
        return all(now - meter.beats < STALE_NS for meter in self.meters)
