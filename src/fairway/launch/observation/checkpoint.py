"""Keeps a checkpoint of the trader's projection beside the launch, so that a pilot's start reads only what the trader wrote
since.

See `journal/projection.py` for when it is used. It may be lost at any time, and never makes a start fail.
"""

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import Final

from fairway.journal.port import JournalError, Readable
from fairway.journal.projection import Checkpoint, DamagedCheckpoint, fold_rest, restore
from fairway.launch.control.command_inbox import PILOT_STREAM, launch_beside
from fairway.launch.observation.trader_projection import TraderProjection
from fairway.store.failures import StoreBroken, StoreError, StoreForeign, StoreMissing
from fairway.store.patience import DEADLINE_S, OwnThread
from fairway.store.place import Place
from fairway.watch.series_store import SavedPosition, SavedSeries, SeriesChanges, SeriesStore

SAVE_RECORDS: Final = 20_000
"""A checkpoint is saved after so many records; after a crash no more than that is read again, in a fifth of a second."""
CATCHING_UP: Final = 5
"""While all that was written is read, it is saved so many times more seldom."""
ACCOUNTS_AT_ONCE: Final = 50
"""Between so many accounts the loop goes on: encoding what a thousand accounts hold takes longer than a tick may."""
UNSAVED_MAX: Final = 1_000_000
"""Observations that may wait for a store that cannot be written; beyond, this pilot saves nothing any more."""

_DAMAGED: Final = (StoreBroken, StoreForeign, StoreMissing, ValueError)
"""ValueError: SQLite hands out the text of a damaged schema, which cannot be decoded."""


def checkpoint_beside(journal: Place) -> Place:
    """Where a pilot keeps its checkpoint: a file beside its launch's file, or the same database. journal: the trader's."""
    launch = launch_beside(journal)
    return launch.with_name(f"{launch.name}.checkpoint") if isinstance(launch, Path) else launch


def restore_to_look(projection: TraderProjection, journal: Readable, where: Place, *, trader: str) -> None:
    """For a program that only looks: a projection without records takes a pilot's checkpoint, where there is one that fits.

    where: of the trader's journal. Raises JournalErrors.
    """
    store = _store(where, trader)
    try:
        store.look()
        restore(projection, store, journal)
    except (StoreError, ValueError):
        pass  # the pilot repairs its own checkpoint; a reader folds all records instead
    finally:
        store.close()


def read_on(projection: TraderProjection, journal: Readable) -> None:
    """Folds all that there is. Raises JournalErrors."""
    fold_rest(projection, journal)


class PilotStore:
    """The store of one pilot: one that is damaged is removed and created again.

    where: of the trader's journal; tell: is given one sentence for each new trouble.
    """

    def __init__(self, where: Place, trader: str, tell: Callable[[str], None]) -> None:
        self._where, self._trader, self._tell = where, trader, tell
        self._place = checkpoint_beside(where)
        self._is_new = isinstance(self._place, Path) and not self._place.exists()
        self._store = _store(where, trader)
        self._reported = ""

    @property
    def name(self) -> str:
        return self._store.name

    @property
    def is_ours(self) -> bool:
        """Whether this pilot may write there."""
        return self._store.is_ours

    def load(self, version: str) -> Checkpoint[SavedSeries] | None:
        """See `CheckpointStore.load`; opens the store."""
        try:
            self._store.open()
            return self._store.load(version)
        except _DAMAGED as error:
            raise DamagedCheckpoint(str(error)) from None

    def save(self, checkpoint: Checkpoint[SeriesChanges]) -> bool:
        self._store.is_ours = self._store.save(checkpoint)
        return self._store.is_ours

    def discard(self, damage: str) -> None:
        """A file is deleted, because a damaged one cannot even be emptied. Raises StoreErrors and JournalErrors."""
        if damage:
            self.report(f"{self.name} is made again: {damage}")
        if self._is_new or not (damage or self.is_ours):
            return
        if isinstance(self._place, Path):
            self._store.close()
            for end in ("", "-wal", "-shm"):
                Path(f"{self._place}{end}").unlink(missing_ok=True)
            self._store = _store(self._where, self._trader)
            self._store.open()
        else:
            self._store.clear()

    def give_up(self, error: StoreBroken) -> None:
        """For damage that only a write meets: this pilot saves nothing any more, and the next start folds all records."""
        self._is_new = False
        try:
            self.discard(str(error))
        except (StoreError, JournalError, OSError) as another:
            self.report(str(another))
        self._store.is_ours = False

    def report(self, trouble: str) -> None:
        if trouble != self._reported:
            self._reported = trouble
            self._tell(trouble)

    def close(self) -> None:
        self._store.close()


class ProjectionCheckpoint:
    """The checkpoint of one pilot, which is saved while the pilot works on. every: records between two saves.

    deadline_s: how long a save waits for the database; after that the pilot goes on without it and tries again later.
    """

    def __init__(
        self,
        where: Place,
        *,
        trader: str,
        tell: Callable[[str], None],
        every: int = SAVE_RECORDS,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._store, self._every = PilotStore(where, trader, tell), every
        self._thread = OwnThread(self._store.name, deadline_s=deadline_s)
        self._saved_to = SavedPosition()
        self._asked_to = 0
        """Number of the last record that is saved, or waits to be."""
        self._waiting: list[Checkpoint[SeriesChanges]] = []

    def open(self, projection: TraderProjection, journal: Readable | None) -> None:
        """A projection without records takes the checkpoint, where there is one that fits; blocking, and raises nothing.

        journal: the trader's, None where there is none yet.
        """
        try:
            if restore(projection, self._store, journal):
                self._asked_to, self._saved_to = projection.folded_to, projection.mark
        except (StoreError, JournalError, OSError) as error:
            self._store.report(str(error))
        if self._store.is_ours:
            projection.unsaved = []

    async def keep(self, projection: TraderProjection) -> None:
        """Saves what is new, where that is much, without blocking the loop for long; raises nothing."""
        if projection.folded_to - self._asked_to >= self._every:
            while projection.unsaved is not None and projection.prepare(ACCOUNTS_AT_ONCE):
                await asyncio.sleep(0)
            await self._keep(projection)

    async def keep_on_the_way(self, projection: TraderProjection) -> None:
        """The same while much is read at once, more seldom: nothing else waits for the loop then."""
        if projection.folded_to - self._asked_to >= self._every * CATCHING_UP:
            await self._keep(projection)

    async def close(self, projection: TraderProjection) -> None:
        """Saves the rest."""
        if projection.folded_to > self._saved_to.seq:
            await self._keep(projection)
        self._thread.close()
        self._store.close()

    async def _keep(self, projection: TraderProjection) -> None:
        self._asked_to, checkpoint = projection.folded_to, projection.snapshot()
        self._waiting += [checkpoint] if checkpoint is not None else []
        if not self._waiting:
            return
        try:
            await self._thread.wait_for(self._save)
        except StoreBroken as error:
            self._store.give_up(error)
        except StoreError as error:
            self._store.report(str(error))
        if not self._store.is_ours or sum(len(each.state.observations) for each in self._waiting) > UNSAVED_MAX:
            projection.unsaved, self._waiting = None, []

    def _save(self) -> None:
        """On the thread: what comes to wait meanwhile waits for the next time."""
        parts = list(self._waiting)
        if parts and self._store.is_ours:
            self._store.save(self._joined(parts))
            position = parts[-1].position
            assert isinstance(position, SavedPosition)
            self._saved_to = position
            del self._waiting[: len(parts)]

    def _joined(self, parts: list[Checkpoint[SeriesChanges]]) -> Checkpoint[SeriesChanges]:
        """One checkpoint of several snapshots that follow each other."""
        bodies = {name: body for part in parts for name, body in part.state.bodies.items()}
        observations = [each for part in parts for each in part.state.observations]
        last = parts[-1]
        return Checkpoint(last.version, last.position, SeriesChanges(self._saved_to, bodies, observations))


def _store(where: Place, trader: str) -> SeriesStore:
    """A name with a space is no trader's, so in a database the trader's watcher and its pilot have one each."""
    return SeriesStore(checkpoint_beside(where), trader=f"{trader} {PILOT_STREAM}")
