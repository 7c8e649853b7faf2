"""Makes events durable, and reports when it cannot.

While the journal cannot be written, what happened waits in its buffer, in order, and nothing may be sent that could enlarge a
position; what lowers risk may leave all the same, for a start asks the venue what it holds of ours. Writing is tried again each
second until it succeeds.
"""

from collections.abc import Callable, Iterable, Sequence
from typing import Final

from fairway.journal.kinds import Event
from fairway.journal.port import Journal, JournalError, JournalFenced
from fairway.trading.account_state import AccountState
from fairway.trading.checkpoint import CHECKPOINT_EVERY, save_checkpoint
from fairway.trading.self_measurement import SelfMeasurement
from fairway.world.clock import SECOND, Clock

AUTHOR: Final = "trader"
SLOW_NS: Final = SECOND
"""A commit that takes longer counts as failed: the orders that wait for it would trade on old prices."""

Watcher = Callable[[str, Sequence[Event], int], None]
"""Told of an account's events once they are durable, with their instant (ns); for screens and reports."""


class JournalWriter:
    def __init__(self, journal: Journal, clock: Clock, probe: SelfMeasurement) -> None:
        self._journal, self._clock, self._probe = journal, clock, probe
        self._untold: list[tuple[str, Sequence[Event], int]] = []
        self._is_committing = False
        self._unsaved = CHECKPOINT_EVERY  # how many events a start has replayed is unknown
        self.watchers: list[Watcher] = []
        self.trouble = ""
        """Why the last commit was none, or as good as none; "" where it was a good one."""

    def note(self, account: str, events: Sequence[Event], at: int) -> None:
        """Adds what happened to an account at an instant (ns). Raises JournalFull where no more may wait."""
        if events:
            self._journal.append(events, account=account, author=AUTHOR, at=at)
            self._untold.append((account, events, at))
            self._unsaved += len(events)

    @property
    def checkpoint_is_due(self) -> bool:
        return self._unsaved >= CHECKPOINT_EVERY

    def save_checkpoint(self, states: Iterable[AccountState], release: str, bytes_max: int) -> None:
        """With the next commit. Whatever moved these states must have been noted."""
        save_checkpoint(self._journal, states, release, bytes_max)
        self._unsaved = 0

    @property
    def has_unwritten(self) -> bool:
        return bool(self._untold)

    async def commit(self) -> bool:
        """Whether all that was noted is durable now. Raises JournalFenced where another trader has taken over."""
        if not self._untold:
            return True
        if self._is_committing:
            return False
        began, told = self._clock.monotonic(), list(self._untold)
        self._is_committing = True
        try:
            await self._journal.commit()
        except JournalFenced:
            raise
        except JournalError as error:
            self.trouble = str(error)
            self._probe.not_committed()
            return False
        finally:
            self._is_committing = False
        took = self._clock.monotonic() - began
        self._probe.committed(took)
        self.trouble = "" if took <= SLOW_NS else f"the journal took {took / SECOND:.1f} s to write"
        del self._untold[: len(told)]
        for account, events, at in told:
            for watcher in self.watchers:
                watcher(account, events, at)
        return True
