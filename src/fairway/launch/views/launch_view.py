"""Projects a launch's journal as it grows, for all who show how the launch stands; it decides and writes nothing.

No record is read twice while it lives. It is not for who must decide: of what a venue was seen to hold it remembers nothing.
"""

import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path
from typing import Final

from fairway.journal.port import JournalBroken, Record, ReplayEntry
from fairway.journal.reader import SqlReader
from fairway.journal.sql import open_reader
from fairway.launch.control import launch_events
from fairway.launch.control.command_inbox import PILOT_STREAM, launch_beside
from fairway.launch.control.holds import Hold
from fairway.launch.control.lifecycle import IllegalMove, Phase
from fairway.launch.control.state import CODEC, Launch
from fairway.launch.evidence.model import Evidence
from fairway.launch.observation.external_series import paced
from fairway.launch.plan.compiled_plan import paces_of
from fairway.launch.plan.load import PlanError, parse
from fairway.launch.plan.model import Plan
from fairway.launch.plan.stage import Track
from fairway.risk.limits import TradingState
from fairway.store.engine import is_unmade
from fairway.store.place import Place, identity_of
from fairway.watch.following import follow
from fairway.watch.series import Series

PAGE: Final = 2_000
"""Records of one step."""
PASSED_OVER: Final = frozenset({launch_events.VenueChecked.__name__})
"""One a minute of each account, and nothing of them is shown."""


@dataclass(frozen=True, slots=True)
class LaunchSnapshot:
    """A launch as far as its journal was read. began: None where there is none; began_at: when (ns).

    stages: names of each track's, smallest first, as the plan has them. tracks: of each, the place of its stage, -1 before the
    first, and its phase. leases: by account, the last one, where it lets the account open positions and is the newest pilot's.
    written_at: the instant of the newest record (ns). series, controls: what was noted, by indicator, of the launch and of its
    control. sources: how each stands that the newest pilot has heard of.
    """

    began: launch_events.LaunchBegan | None = None
    began_at: int = 0
    stages: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    tracks: Mapping[str, tuple[int, Phase]] = field(default_factory=dict)
    holds: tuple[Hold, ...] = ()
    leases: Mapping[str, launch_events.LeaseIssued] = field(default_factory=dict)
    decided: launch_events.Decided | None = None
    written_at: int = 0
    series: Mapping[str, Series] = field(default_factory=dict)
    controls: Mapping[str, Series] = field(default_factory=dict)
    sources: tuple[launch_events.SamplesTaken, ...] = ()
    evidence: Mapping[str, Evidence] = field(default_factory=dict)
    """By claim, the newest word on it."""


class LaunchView:
    """seen: replaced as a whole by each step, so that any thread may read the one that it has.

    Nothing is opened before the first step. A launch may begin, or be put aside for another one, at any time.
    """

    def __init__(self, trader_journal: Place, *, trader: str) -> None:
        self._where, self._trader = launch_beside(trader_journal), trader
        self._reader: SqlReader | None = None
        self._of: tuple[int, int] | None = None
        """Which file the reader has open."""
        self._turn = threading.Lock()
        """A step that was under way when it was cancelled goes on in its thread, and `close` waits for it."""
        self.journal_trouble = ""
        self._forget()

    @property
    def trouble(self) -> str:
        """Why the launch's journal, or the plan in it, could not be read the last time; "" where they could."""
        return self.journal_trouble or self._plan_trouble

    @property
    def claims_asked(self) -> frozenset[str]:
        """The items of the plan's checklist; empty where there is no launch, or its plan cannot be read."""
        return frozenset(item.id for item in self._plan.checklist) if self._plan is not None else frozenset()

    @property
    def plan(self) -> Plan | None:
        """None where there is no launch, or its plan cannot be read."""
        return self._plan

    @property
    def trusted_plan(self) -> Plan | None:
        """The plan, and None while something is wrong with it or with the journal."""
        return None if self.trouble else self._plan

    def step(self) -> int:
        """Reads the next records, a page at most; how many they were. Raises JournalErrors."""
        with self._turn:
            reader, count = self._opened(), 0
            if reader is None:
                return 0
            try:
                for entry in islice(reader.replay(self._seq), PAGE):
                    self._take(entry)
                    count += 1
            finally:  # what came before one that cannot be read is known
                if count:
                    self.seen = self._shown()
            return count

    def catch_up(self) -> None:
        """All steps there are. Raises JournalErrors."""
        while self.step():
            pass

    async def run(self, report: Callable[[str], None]) -> None:
        """Follows the journal until it is cancelled. report is called with one sentence for each new trouble."""
        await follow(self, "the launch", report)

    def close(self) -> None:
        with self._turn:
            self._let_go()

    # -- reading -------------------------------------------------------------------------------------------------

    def _opened(self) -> SqlReader | None:
        """Of the journal that lies there now; None where none does, or a pilot is only making it."""
        there = identity_of(self._where)
        if there != self._of:
            self._let_go()
            self._forget()
        if there is not None and self._reader is None and not (isinstance(self._where, Path) and is_unmade(self._where)):
            self._reader = open_reader(self._where, trader=self._trader, stream=PILOT_STREAM)
            self._of = there
        return self._reader

    def _let_go(self) -> None:
        if self._reader is not None:
            self._reader.close()
        self._reader = self._of = None

    def _forget(self) -> None:
        self._launch, self._plan_trouble = Launch(), ""
        self._plan: Plan | None = None
        self._seq = self._written_at = 0
        self.seen = LaunchSnapshot()

    def _take(self, entry: Record | ReplayEntry) -> None:
        if entry.kind not in PASSED_OVER:
            event = CODEC.decode(entry)
            try:
                self._launch.apply(event, entry.at)
            except IllegalMove as error:
                raise JournalBroken(
                    f"record {entry.seq} of the launch's journal does not follow from those before: {error}"
                ) from None
            if isinstance(event, launch_events.LaunchBegan):
                self._plan = self._read_plan(event)
        self._seq, self._written_at = entry.seq, entry.at

    def _read_plan(self, began: launch_events.LaunchBegan) -> Plan | None:
        try:
            return parse(began.text, file=began.plan).plan
        except PlanError as error:
            self._plan_trouble = f"the plan of the launch cannot be read by this release: {' '.join(str(error).split())}"
            return None

    # -- showing -------------------------------------------------------------------------------------------------

    def _shown(self) -> LaunchSnapshot:
        launch, plan = self._launch, self._plan
        rows: Mapping[str, Track] = plan.rows if plan is not None else {}
        known = {name: (progress.stage, progress.phase) for name, progress in launch.tracks.items()}
        return LaunchSnapshot(
            began=launch.began,
            began_at=launch.began_at,
            stages={name: tuple(stage.name for stage in progress.stages) for name, progress in rows.items()},
            tracks={**dict.fromkeys(rows, (-1, Phase.ARMED)), **known},
            holds=tuple(launch.holds.values()),
            leases={name: lease for name, lease in launch.leases.items() if _opens(lease, launch.epoch)},
            decided=launch.last_decision,
            written_at=self._written_at,
            series=paced(launch.external, paces_of(plan.probes) if plan is not None else {}),
            controls=launch.external.series(is_control=True),
            sources=tuple(launch.external.stands()),
            evidence={each.claim: each for each in sorted(launch.evidence, key=lambda each: each.made_at)},
        )


def _opens(lease: launch_events.LeaseIssued, epoch: int) -> bool:
    """Whether a lease is of the running pilot's epoch and active: a pilot renews its predecessor's leases, or lets them end."""
    return lease.epoch == epoch and lease.limits.state is TradingState.ACTIVE
