"""A channel that posts to Discord by a webhook, as an embed that mentions no person."""

import re
from typing import Any, Final

import msgspec
from pydantic import Field

from fairway.notify.http import HttpAnswer, HttpSender, bounded_wait, failure_of, no_answer_of
from fairway.notify.message import Message, MessagePhase
from fairway.notify.port import ChannelKind, ChannelSettings, TransientFailure
from fairway.notify.wording import body_lines, command_of, cut, fitted, headline, link_of
from fairway.texts.places import Hidden
from fairway.world.clock import text_of

TITLE_MAX: Final = 256
DESCRIPTION_MAX: Final = 4_096
_MARKS: Final = re.compile(r"([\\*_~`|>#\[\]()<@:-])")
_COLOURS: Final = {"P0": 0xD32F2F, "P1": 0xF57C00, "P2": 0xFBC02D, "P3": 0x1976D2}
_GREEN, _GREY = 0x388E3C, 0x757575


class DiscordSettings(ChannelSettings):
    """A webhook of a channel."""

    per_minute: int = Field(
        default=30, ge=1, le=6_000, description="Most messages in a minute; the rest waits, P0 first", examples=[30]
    )
    webhook: Hidden = Field(
        description="Address of the webhook, which is a secret: `env:NAME` or `file:PATH`",
        examples=["env:FAIRWAY_DISCORD_WEBHOOK"],
    )


class DiscordChannel:
    def __init__(self, settings: DiscordSettings) -> None:
        self._webhook, self._http = settings.webhook, HttpSender("Discord")

    async def send(self, message: Message) -> str:
        """The id of the message at Discord."""
        address = self._webhook.reveal()
        url = f"{address}{'&' if '?' in address else '?'}wait=true"
        answer = await self._http.asked(url, msgspec.json.encode(discord_payload(message)), {"Content-Type": "application/json"})
        _check(answer, (address, address.rpartition("/")[2]))
        receipt = answer.json().get("id")
        if not isinstance(receipt, str):
            raise no_answer_of("Discord")
        return receipt

    async def close(self) -> None:
        await self._http.close()


def _check(answer: HttpAnswer, secrets: tuple[str, ...]) -> None:
    """Raises SendFailure. Discord says in the body, exactly, how long to wait."""
    failure = failure_of("Discord", answer, secrets)
    if failure is None:
        return
    asked = answer.json().get("retry_after")
    if isinstance(failure, TransientFailure) and isinstance(asked, int | float):
        failure.retry_after_s = bounded_wait(float(asked))
    raise failure


def escaped_markdown(text: str) -> str:
    """The text with each mark of Discord's Markdown taken as itself."""
    return _MARKS.sub(r"\\\1", text)


def discord_payload(message: Message) -> dict[str, Any]:
    """One embed; `allowed_mentions` lets no text mention anybody."""
    command = command_of(message)
    block = f"```\n{command}\n```" if command and "```" not in command else escaped_markdown(command)
    lines = fitted([escaped_markdown(line) for line in body_lines(message)], DESCRIPTION_MAX - len(block) - 2)
    embed: dict[str, Any] = {
        "title": cut(escaped_markdown(headline(message)), TITLE_MAX),
        "description": "\n".join([*lines, *([block] if block else [])]),
        "color": _GREEN if message.phase is MessagePhase.RESOLVED else _COLOURS.get(message.severity, _GREY),
        "timestamp": text_of(message.at),
    }
    if link := link_of(message):
        embed["url"] = link
    return {"embeds": [embed], "allowed_mentions": {"parse": []}}


CHANNEL: Final = ChannelKind(
    name="discord",
    settings=DiscordSettings,
    open=DiscordChannel,
    word="chat",
    summary="Posts to a channel of Discord by a webhook",
)
