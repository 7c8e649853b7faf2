"""Lets one drill run at a time: two would see each other's doing, and many would keep a server from what cannot wait."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from fairway.operations.refusal import Ground, Refusal
from fairway.settings import Settings
from fairway.world.file_lock import locked


@contextmanager
def only_drill(settings: Settings) -> Iterator[None]:
    """Holds the lock of this trader's drills, which ends with the process. Raises Refusal while another drill has it."""
    place = beside(settings) / f"{stem(settings)}.drills.lock"
    with ExitStack() as held:
        try:
            held.enter_context(locked(place))
        except BlockingIOError:
            what = "another drill of this trader is being carried out; wait for its end"
            raise Refusal("DRILL_RUNNING: by=another", what, Ground.IN_USE) from None
        except OSError as error:
            what = f"the lock of drills {place} cannot be made: {error.strerror}"
            raise Refusal(f"DRILL_LOCK_FAILED: file={place}", what, Ground.RULE) from None
        yield


def beside(settings: Settings) -> Path:
    """The folder of the files of drills: the journal's, or that of the kill latches where the journal is in a database."""
    return settings.journal.parent if isinstance(settings.journal, Path) else settings.latch_folder


def stem(settings: Settings) -> str:
    """How the names of their files begin."""
    return settings.journal.name if isinstance(settings.journal, Path) else settings.account
