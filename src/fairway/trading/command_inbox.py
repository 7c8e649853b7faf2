"""The command inbox as the trader reads it: what people have said since it last looked."""

from collections.abc import Sequence
from typing import Protocol, cast

from fairway.journal.command_inbox import CODEC
from fairway.journal.command_reader import CommandReader
from fairway.journal.commands import Instruction
from fairway.journal.port import COMMAND_STREAM
from fairway.store.place import Place
from fairway.trading.inputs import CommandReceived


class CommandInbox(Protocol):
    """Where people's instructions wait."""

    async def waiting(self, after: int, known: int) -> Sequence[CommandReceived]:
        """The next instructions after a number, oldest first; none where no command waits. Raises JournalErrors.

        known: number of the newest that any account has heard; an inbox without it is not the one that it was read from.
        It is asked once a second, so it must be cheap, and must answer within a bounded time.
        """
        ...


class JournalCommandInbox:
    """The command inbox beside a trader's own."""

    def __init__(self, where: Place, *, mode: str, trader: str) -> None:
        """mode and trader: as stamped on the trader's own journal."""
        self._hearing = CommandReader(where, CODEC, mode=mode, trader=trader, stream=COMMAND_STREAM)

    async def waiting(self, after: int, known: int) -> Sequence[CommandReceived]:
        heard = await self._hearing.heard(after, known)
        return [CommandReceived(each.number, each.by, cast(Instruction, each.instruction)) for each in heard]

    def close(self) -> None:
        self._hearing.close()
