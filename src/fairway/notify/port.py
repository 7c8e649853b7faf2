"""What a channel is: it sends one message, and says by its error whether another try can help.

A channel is one file with its settings, its class and one line, `CHANNEL = ChannelKind(...)`: in `fairway.notify.channels`, or in
another package through the entry point group `fairway.channels`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from pydantic import Field

from fairway.notify.message import Message
from fairway.texts.section import Section


class SendFailure(Exception):
    """A message that was not sent, or perhaps sent. why: in one line, without a secret; advice: what a person can do."""

    def __init__(self, why: str, advice: str = "") -> None:
        super().__init__(why)
        self.why, self.advice = why, advice


class PermanentFailure(SendFailure):
    """This message is refused for good: a bad address, a refused recipient, an answer 4xx. It is not tried again."""


class ConfigurationFailure(PermanentFailure):
    """The channel itself is refused: a wrong token, an address that does not exist.

    No message can be sent until a person repairs it, so the channel is broken. Its messages wait, and one is tried now and then.
    """


class TransientFailure(SendFailure):
    """The network, a timeout, 408, 429, 5xx, or SMTP 4xx: it is tried again. retry_after_s: what the service asks for."""

    def __init__(self, why: str, retry_after_s: float | None = None, advice: str = "") -> None:
        super().__init__(why, advice)
        self.retry_after_s = retry_after_s


class Channel(Protocol):
    async def send(self, message: Message) -> str:
        """The service's own receipt id, "" where it has none. Raises PermanentFailure and TransientFailure.

        Each secret is looked up here, not when the channel is made, so that a repaired one counts without a restart.
        """
        ...

    async def close(self) -> None:
        """Closes connections. The channel is not used afterwards."""
        ...


@runtime_checkable
class KeepsThreads(Protocol):
    """A channel that answers to the first message of a thread, by the receipt of that message."""

    def resume_threads(self, receipts: Mapping[str, str]) -> None:
        """receipts: by thread, of the first message that an earlier process sent."""
        ...


class ChannelSettings(Section):
    """Base of each channel's own keys."""

    per_minute: int = Field(
        default=60, ge=1, le=6_000, description="Most messages in a minute; the rest waits, P0 first", examples=[60]
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ChannelKind:
    """One kind of channel, as `kind` of a configuration names it."""

    name: str
    settings: type[ChannelSettings]
    open: Callable[[Any], Channel]
    """Takes the settings; it connects to nothing."""
    word: str
    """The medium as launch plans say it in `by:`, such as chat or email."""
    summary: str
    """One sentence for lists and documentation."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenChannel:
    """A channel that messages can be sent through, by its name in the configuration."""

    name: str
    kind: str
    channel: Channel
    per_minute: int
