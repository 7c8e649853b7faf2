"""Starts a projection from its checkpoint and folds the rest of the journal: one rule for all state that is derived from a
journal.

A projection is state that a journal's records make, one after the other. A checkpoint is a shortcut and no more: one that was
made by another version, that ends at a record which this journal does not have, or that is damaged, is discarded, and the
projection is folded from the first record. So a checkpoint may be lost at any time, and need not survive a power failure.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Generic, Protocol, TypeVar

from msgspec import Struct

from fairway.journal.port import Readable, Record, ReplayEntry
from fairway.world.garbage import without_collecting

PAGE: Final = 2_000
"""Records of one fold."""

State_co = TypeVar("State_co", covariant=True)
Saved_co = TypeVar("Saved_co", covariant=True)
Saved_contra = TypeVar("Saved_contra", contravariant=True)
Loaded_co = TypeVar("Loaded_co", covariant=True)
Loaded_contra = TypeVar("Loaded_contra", contravariant=True)


class DamagedCheckpoint(Exception):
    """A checkpoint does not hold what was saved. It is discarded; no person has to do anything."""


class JournalPosition(Struct, frozen=True):
    """A record of a journal, by its number and digest; number 0 is before the first record."""

    seq: int = 0
    digest: str = ""

    def is_in(self, journal: Readable) -> bool:
        """Whether a journal has this very record; False before the first one. Raises JournalErrors."""
        record = next(iter(journal.read(self.seq - 1)), None) if self.seq else None
        return record is not None and (record.seq, record.digest) == (self.seq, self.digest)


@dataclass(frozen=True, slots=True)
class Checkpoint(Generic[State_co]):
    """The state of a projection after all records up to a position."""

    version: str
    """Of all that decides, beside the journal, what the state is: the code's rules, its schema, the configuration."""
    position: JournalPosition
    state: State_co


class Projection(Protocol[Saved_co, Loaded_contra]):
    """State that is folded from a journal. Saved and loaded state differ where only the changes are saved."""

    @property
    def version(self) -> str:
        """See `Checkpoint.version`."""
        ...

    @property
    def folded_to(self) -> int:
        """Number of the last record that is in the state, 0 before the first one."""
        ...

    def fold(self, records: Sequence[Record | ReplayEntry]) -> None:
        """Adds records to the state, oldest first, each only once. Raises UnreadableRecord."""
        ...

    def snapshot(self) -> Checkpoint[Saved_co] | None:
        """What a store saves; None where there is nothing to save, or where the digest of the last record is not known."""
        ...

    def restore(self, checkpoint: Checkpoint[Loaded_contra]) -> None:
        """Replaces the state, before anything was folded. Raises DamagedCheckpoint, and then leaves the state as it was."""
        ...


class CheckpointStore(Protocol[Saved_contra, Loaded_co]):
    """Where the checkpoint of one projection is kept."""

    def load(self, version: str) -> Checkpoint[Loaded_co] | None:
        """The checkpoint, None where there is none of this version. Raises DamagedCheckpoint, StoreErrors."""
        ...

    def save(self, checkpoint: Checkpoint[Saved_contra]) -> bool:
        """Keeps all of it or nothing; False where another program has taken the store over. Raises StoreErrors."""
        ...

    def discard(self, damage: str) -> None:
        """Removes what is kept, where this program may write. damage: what is damaged, "" where it only does not fit.

        Raises StoreErrors.
        """
        ...


def restore(
    projection: Projection[Saved_co, Loaded_contra],
    store: CheckpointStore[Saved_contra, Loaded_contra],
    journal: Readable | None,
) -> bool:
    """Whether the projection now has the state of its checkpoint; a checkpoint that does not fit is discarded.

    The one place that decides whether a checkpoint is used. journal: None while the journal was not made yet. Raises StoreErrors
    and JournalErrors.
    """
    damage = ""
    try:
        checkpoint = store.load(projection.version)
        if checkpoint is not None and _fits(checkpoint, projection.version, journal):
            projection.restore(checkpoint)
            return True
    except DamagedCheckpoint as error:
        damage = str(error)
    store.discard(damage)
    return False


def _fits(checkpoint: Checkpoint[Loaded_co], version: str, journal: Readable | None) -> bool:
    return checkpoint.version == version and journal is not None and checkpoint.position.is_in(journal)


def fold_rest(projection: Projection[Saved_co, Loaded_contra], journal: Readable, account: str | None = None) -> int:
    """Folds all records that are not in the state yet; how many these were. Raises JournalErrors.

    account: reads the records of this account only.
    """
    count = 0
    with without_collecting():
        records = iter(journal.replay(projection.folded_to, account))
        while page := list(islice(records, PAGE)):
            projection.fold(page)
            count += len(page)
    return count
