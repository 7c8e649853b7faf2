"""The progress of one track: its phase, its stage, and how long the stage's clock has run."""

from dataclasses import dataclass, field
from typing import Final

from fairway.launch.control.lifecycle import Phase

PAUSES_KEPT: Final = 1_000
"""Beyond that the two oldest become one that includes the time between them, so that no pause ever counts as served time."""


@dataclass(slots=True)
class TrackProgress:
    """All instants are in ns."""

    phase: Phase = Phase.ARMED
    stage: int = -1
    """Place of the stage in its track; -1 before the first."""
    highest: int = -1
    """The highest stage that the track ever reached."""
    since: int = 0
    """When the phase began."""
    entered_at: int = 0
    """When the stage was entered."""
    settled_at: int = 0
    """When the stage's limits were seen in force; its clock counts from then on. 0 before that."""
    tries: dict[int, int] = field(default_factory=dict)
    """By stage, how often this release was tried in it: entered, or restarted."""
    pauses: list[tuple[int, int]] = field(default_factory=list)
    """Spells in which the stage's clock stood: from, until."""
    paused_at: int = 0
    """Since when the clock stands now; 0 while it runs."""
    why: str = ""
    by: str = ""
    stopped: str = ""
    """Why the clock stands beside the track's holds; "" where it does not."""
    reviewed_at: int = 0
    """When a person last reviewed the track."""
    reviewed_by: str = ""

    def served_ns(self, now: int) -> int:
        """How long the stage's clock has run."""
        if not self.settled_at or self.phase in (Phase.ENTERING, Phase.DEMOTING):
            return 0
        stood = sum(until - since for since, until in self.pauses)
        return now - self.settled_at - stood - (now - self.paused_at if self.paused_at else 0)

    def spells(self, now: int) -> tuple[tuple[int, int], ...]:
        """All pauses, with the one that lasts now."""
        return (*self.pauses, *(((self.paused_at, now),) if self.paused_at else ()))

    def enter(self, stage: int, at: int) -> None:
        self.stage, self.entered_at, self.settled_at = stage, at, 0
        self.highest = max(self.highest, stage)
        self.pauses, self.paused_at = [], 0
        self._count_try()

    def leave(self) -> None:
        """Back to before the first stage."""
        self.stage, self.entered_at, self.settled_at = -1, 0, 0
        self.pauses, self.paused_at, self.stopped, self.tries = [], 0, "", {}

    def restart(self, at: int) -> None:
        """The stage begins again, with its evidence; nothing before the first stage."""
        if self.stage >= 0:
            self.settled_at, self.pauses, self.paused_at = at, [], 0
            self._count_try()

    def _count_try(self) -> None:
        self.tries = {**self.tries, self.stage: self.tries.get(self.stage, 0) + 1}

    def pause(self, since: int, until: int) -> None:
        """Adds a spell in which the stage's clock stood."""
        self.pauses = [*self.pauses, (since, until)]
        if len(self.pauses) > PAUSES_KEPT:
            (first, _), (_, second), *later = self.pauses
            self.pauses = [(first, second), *later]

    def stop(self, since: int, why: str, at: int) -> None:
        """Stops the clock since an instant that may be before at, when that was noticed."""
        self.stopped = why
        if self.settled_at:
            counted_to = max(since, self.settled_at, self.pauses[-1][1] if self.pauses else 0)
            self.paused_at = min(counted_to, self.paused_at or at, at)

    def follow_holds(self, at: int, *, is_held: bool) -> None:
        """The clock stands while anything holds the track, or while its trader can open nothing."""
        stands = is_held or bool(self.stopped)
        if stands and not self.paused_at and self.settled_at:
            self.paused_at = at
        elif not stands and self.paused_at:
            self.pause(self.paused_at, at)
            self.paused_at = 0
