"""The command inbox of a trader in a scenario: what was written there waits, also while the trader is dead."""

from collections.abc import Sequence

from fairway.journal.commands import Instruction
from fairway.trading.inputs import CommandReceived
from fairway.world.loop import running


class DelayedInbox:
    """See `fairway.trading.command_inbox.CommandInbox`."""

    def __init__(self) -> None:
        self.said: list[tuple[int, CommandReceived]] = []
        """What was said, each with its instant (ns) by the true time."""

    async def waiting(self, after: int, known: int) -> Sequence[CommandReceived]:
        return [told for _, told in self.said[after:]]

    def say(self, by: str, instruction: Instruction) -> None:
        self.said.append((running().wall_ns, CommandReceived(len(self.said) + 1, by, instruction)))
