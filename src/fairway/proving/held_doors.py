"""The doors of a trader in a play: what was said there waits, also while the trader is dead."""

from collections.abc import Sequence

from fairway.journal.instructions import Instruction
from fairway.trading.commands import Told
from fairway.world.loop import running


class HeldDoors:
    """See `fairway.trading.doors.Doors`."""

    def __init__(self) -> None:
        self.told: list[Told] = []
        self.said_at: list[int] = []
        """When each of them was said, by the true time (ns)."""

    async def waiting(self, after: int, known: int) -> Sequence[Told]:
        return self.told[after:]

    def say(self, by: str, instruction: Instruction) -> None:
        self.told.append(Told(len(self.told) + 1, by, instruction))
        self.said_at.append(running().wall_ns)

    def said(self) -> Sequence[tuple[int, Told]]:
        """All of it, each with its instant."""
        return list(zip(self.said_at, self.told, strict=True))
