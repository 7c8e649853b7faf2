"""The command inboxes of a scenario's trader and pilot: what was written there waits, also while the process is dead."""

from collections.abc import Sequence

from fairway.journal.command_reader import ReadCommand
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

    def say(self, by: str, *instructions: Instruction) -> int:
        """Writes commands; the number of the last."""
        for each in instructions:
            self.said.append((running().wall_ns, CommandReceived(len(self.said) + 1, by, each)))
        return len(self.said)


class PilotInbox:
    """See `fairway.launch.control.command_inbox.LaunchInbox`. said: the commands so far, to which a scenario adds."""

    def __init__(self, said: Sequence[ReadCommand]) -> None:
        self._said = said

    async def heard(self, after: int, known: int, digest: str) -> Sequence[ReadCommand]:
        return self._said[after:]
