"""Keeps a trader's projection beside the launch, so that a start reads only what the trader wrote since.

What is kept is a shortcut and no more: it ends at a record that the trader's journal must still have, and was made by this very
release. What is not so, or is damaged, is thrown away, and all is read again; so it may be lost, and never makes a start fail.
"""

import asyncio
from collections.abc import Callable, Iterable
from hashlib import sha256
from itertools import chain, islice
from pathlib import Path
from typing import Final

import msgspec

import fairway
from fairway.journal.port import JournalError, Readable
from fairway.launch.control.command_inbox import PILOT_STREAM, launch_beside
from fairway.launch.observation.trader_projection import Learnt, TraderProjection, Whole
from fairway.store.failures import StoreBroken, StoreError, StoreForeign, StoreMissing
from fairway.store.patience import DEADLINE_S, OwnThread
from fairway.store.place import Place
from fairway.watch.measurements import Measurements
from fairway.watch.observer import RULES as MEASURED_BY
from fairway.watch.series_store import Mark, SeriesStore
from fairway.world.realtime import without_collecting

RULES: Final = 1
"""Counts what a lookout makes of events: whoever changes that within a release raises it."""
KEEP_RECORDS: Final = 20_000
"""What was learnt is kept after so many records; whoever dies reads no more than that again, in a fifth of a second."""
ON_THE_WAY: Final = 5
"""While all that was written is read, it is kept so many times more seldom."""
ACCOUNTS_AT_ONCE: Final = 50
"""Between them the loop goes on: what a thousand accounts hold takes longer to be put in form than a tick may."""
UNKEPT_MAX: Final = 1_000_000
"""Observations that may wait for a store that cannot be written; beyond, this pilot keeps nothing any more."""
PAGE: Final = 2_000

_DAMAGED: Final = (StoreBroken, StoreForeign, StoreMissing, ValueError, KeyError, msgspec.MsgspecError)


def memory_beside(journal: Place) -> Place:
    """Where a pilot keeps what it has learnt: a file beside its launch's file, or the same database."""
    launch = launch_beside(journal)
    return launch.with_name(f"{launch.name}.memory") if isinstance(launch, Path) else launch


def recall(lookout: TraderProjection, journal: Readable, where: Place, *, trader: str) -> None:
    """For whoever only looks: the lookout, which has read nothing yet, goes on from what a pilot has kept, where it can.

    where: of the trader's journal. Raises JournalErrors.
    """
    shelf = _shelf(where, trader)
    try:
        shelf.look()
        _go_on(lookout, shelf, journal)
    except (StoreError, *_DAMAGED):
        pass  # it is the pilot's, who makes it anew; all is read instead
    finally:
        shelf.close()


def read_on(lookout: TraderProjection, journal: Readable) -> None:
    """All that there is, from where it stands. Raises JournalErrors."""
    with without_collecting():
        entries = journal.replay(lookout.read_to)
        while page := list(islice(entries, PAGE)):
            lookout.take(page)


class ProjectionCheckpoint:
    """Of one pilot. where: of the trader's journal. tell: is given one sentence for each new trouble. every: so many records.

    deadline_s: how long it waits for the database before it goes on without it, and asks again later.
    """

    def __init__(
        self,
        where: Place,
        *,
        trader: str,
        tell: Callable[[str], None],
        every: int = KEEP_RECORDS,
        deadline_s: float = DEADLINE_S,
    ) -> None:
        self._where, self._trader, self._tell, self._every = where, trader, tell, every
        self._shelf = _shelf(where, trader)
        self._thread = OwnThread(self._shelf.name, deadline_s=deadline_s)
        self._kept = Mark()
        self._asked_to = 0
        """Number of the last record that is kept, or waits for it."""
        self._waiting: list[Learnt] = []
        self._told = ""

    def open(self, lookout: TraderProjection, journal: Readable | None) -> None:
        """The lookout, which has read nothing yet, goes on from what was kept, where it can; blocking, and raises nothing.

        journal: the trader's, None where there is none yet.
        """
        place = memory_beside(self._where)
        is_new = isinstance(place, Path) and not place.exists()
        try:
            if not self._went_on(lookout, journal) and not is_new:
                self._begin_anew(place)
        except (StoreError, JournalError) as error:
            self._say(str(error))
        if self._shelf.is_ours:
            lookout.unkept = []

    def _went_on(self, lookout: TraderProjection, journal: Readable | None) -> bool:
        try:
            self._shelf.open()
            if journal is None or not _go_on(lookout, self._shelf, journal):
                return False
        except _DAMAGED as error:
            self._say(f"{self._shelf.name} is made anew: {error}")
            return False
        self._asked_to, self._kept = lookout.read_to, lookout.mark
        return True

    def _begin_anew(self, place: Place) -> None:
        """A file that is damaged cannot even be emptied. Raises StoreErrors and JournalErrors."""
        if isinstance(place, Path):
            self._shelf.close()
            for end in ("", "-wal", "-shm"):
                Path(f"{place}{end}").unlink(missing_ok=True)
            self._shelf = _shelf(self._where, self._trader)
            self._shelf.open()
        else:
            self._shelf.clear()

    async def keep(self, lookout: TraderProjection) -> None:
        """What the lookout has learnt, where that is much, beside others; raises nothing."""
        if lookout.read_to - self._asked_to >= self._every:
            while lookout.unkept is not None and lookout.prepare(ACCOUNTS_AT_ONCE):
                await asyncio.sleep(0)
            await self._keep(lookout)

    async def keep_on_the_way(self, lookout: TraderProjection) -> None:
        """The same while much is read at once, more seldom: nobody waits for anything else."""
        if lookout.read_to - self._asked_to >= self._every * ON_THE_WAY:
            await self._keep(lookout)

    async def close(self, lookout: TraderProjection) -> None:
        """Keeps the rest."""
        if lookout.read_to > self._kept.seq:
            await self._keep(lookout)
        self._thread.close()
        self._shelf.close()

    async def _keep(self, lookout: TraderProjection) -> None:
        self._asked_to, learnt = lookout.read_to, lookout.learnt()
        self._waiting += [learnt] if learnt is not None else []
        if not self._waiting:
            return
        try:
            await self._thread.wait_for(self._put)
        except StoreBroken as error:
            self._give_up(error)
        except StoreError as error:
            self._say(str(error))
        if not self._shelf.is_ours or sum(len(each.observations) for each in self._waiting) > UNKEPT_MAX:
            lookout.unkept, self._waiting = None, []

    def _give_up(self, error: StoreBroken) -> None:
        """Damage that only a write meets: the next start reads all, and keeps it in a file made anew; this one keeps no more."""
        self._say(f"{self._shelf.name} is made anew: {error}")
        try:
            self._begin_anew(memory_beside(self._where))
        except (StoreError, JournalError) as another:
            self._say(str(another))
        self._shelf.is_ours = False

    def _put(self) -> None:
        """On the thread: what comes to wait meanwhile waits for the next time."""
        parts = list(self._waiting)
        if parts and self._shelf.is_ours:
            bodies = {name: body for part in parts for name, body in part.bodies.items()}
            observations = chain.from_iterable(part.observations for part in parts)
            self._shelf.is_ours = self._shelf.put(self._kept, parts[-1].mark, bodies, observations)
            self._kept = parts[-1].mark
            del self._waiting[: len(parts)]

    def _say(self, trouble: str) -> None:
        if trouble != self._told:
            self._told = trouble
            self._tell(trouble)


def _shelf(where: Place, trader: str) -> SeriesStore:
    """A name with a space is no trader's, so in a database both have their own."""
    return SeriesStore(memory_beside(where), trader=f"{trader} {PILOT_STREAM}", rules=_rules())


def _go_on(lookout: TraderProjection, shelf: SeriesStore, journal: Readable) -> bool:
    """Raises StoreErrors, JournalErrors, and for what is damaged ValueError, KeyError and msgspec.MsgspecError."""
    measurements = Measurements()
    mark, bodies = shelf.take_down(measurements)
    if not mark.is_of(journal):
        return False
    lookout.go_on(mark, bodies, measurements)
    return True


def _rules() -> int:
    """Of everything that says what a record is worth, as a number of the store: release, rules, and what is remembered."""
    told: Iterable[object] = (fairway.__version__, MEASURED_BY, RULES, msgspec.json.schema(Whole))
    return int(sha256(msgspec.json.encode(tuple(told), order="deterministic")).hexdigest()[:7], 16)
