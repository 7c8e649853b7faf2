"""A channel that prints messages, for the terminal in which Fairway runs."""

import sys
from typing import Final, TextIO

from fairway.notify.message import Message
from fairway.notify.port import ChannelKind, ChannelSettings, TransientFailure
from fairway.notify.wording import headline, plain_lines


class ConsoleSettings(ChannelSettings):
    """It has no keys of its own."""

    per_minute: int = 6_000


class ConsoleChannel:
    """stream: where to print; the process's own output where it is None."""

    def __init__(self, stream: TextIO | None = None) -> None:
        self._stream = stream

    async def send(self, message: Message) -> str:
        stream = sys.stdout if self._stream is None else self._stream
        try:
            print(console_text(message), file=stream, flush=True)
        except (OSError, ValueError) as error:  # ValueError: it is closed
            raise TransientFailure(f"the terminal takes nothing ({type(error).__name__})") from None
        return ""

    async def close(self) -> None:
        """The stream belongs to the process."""


def console_text(message: Message) -> str:
    """The message as it is printed; lines below the first are indented."""
    return "\n".join([headline(message), *(f"  {line}".rstrip() for line in plain_lines(message))])


CHANNEL: Final = ChannelKind(
    name="console",
    settings=ConsoleSettings,
    open=lambda settings: ConsoleChannel(),
    word="console",
    summary="Prints to the terminal in which Fairway runs; it exists without a configuration",
)
