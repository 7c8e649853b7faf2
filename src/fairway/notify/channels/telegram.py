"""A channel that sends to one chat of Telegram, as a bot. It only sends."""

import re
from collections.abc import Mapping
from html import escape
from typing import Any, Final, Self

import msgspec
from pydantic import Field, model_validator

from fairway.notify.http import HttpAnswer, HttpSender, bounded_wait, failure_of, is_protected, no_answer_of
from fairway.notify.message import Message
from fairway.notify.port import ChannelKind, ChannelSettings, ConfigurationFailure, TransientFailure
from fairway.notify.threads import ThreadReceipts
from fairway.notify.wording import body_lines, command_of, fitted, headline, link_of, time_of
from fairway.texts.places import Hidden
from fairway.texts.validation_errors import misfit

TEXT_MAX: Final = 4_096
"""Characters that are left when entities are parsed. They are counted here as UTF-16, which never counts fewer."""
_TOKEN: Final = re.compile(r"[A-Za-z0-9:_-]{1,200}")


class TelegramSettings(ChannelSettings):
    """A bot and the chat that it writes to."""

    per_minute: int = Field(
        default=20, ge=1, le=6_000, description="Most messages in a minute; the rest waits, P0 first", examples=[20]
    )
    token: Hidden = Field(description="Token of the bot: `env:NAME` or `file:PATH`", examples=["env:FAIRWAY_TELEGRAM_TOKEN"])
    chat: str = Field(
        min_length=1, max_length=100, description="Id of the chat, or @NAME of a public channel", examples=["-1001234567890"]
    )
    url: str = Field(
        default="https://api.telegram.org",
        max_length=2_000,
        description="Base address of the Bot API",
        examples=["https://api.telegram.org"],
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not is_protected(self.url):
            raise misfit("url", "is no address with https, and http is for this machine alone")
        return self


class TelegramChannel:
    def __init__(self, settings: TelegramSettings) -> None:
        self._settings, self._http, self._threads = settings, HttpSender("Telegram"), ThreadReceipts()

    def resume_threads(self, receipts: Mapping[str, str]) -> None:
        self._threads.resume(receipts)

    async def send(self, message: Message) -> str:
        """The id of the message in the chat."""
        token = self._settings.token.reveal()
        if not _TOKEN.fullmatch(token):  # it becomes part of the address
            raise ConfigurationFailure("the token of Telegram has characters that no token has", "copy it from @BotFather again")
        payload = telegram_payload(message, self._settings.chat)
        first = self._threads.of(message.thread)
        if first.isdecimal():
            payload["reply_parameters"] = {"message_id": int(first), "allow_sending_without_reply": True}
        url = f"{self._settings.url.rstrip('/')}/bot{token}/sendMessage"
        answer = await self._http.asked(url, msgspec.json.encode(payload), {"Content-Type": "application/json"})
        receipt = _receipt(answer, token)
        self._threads.note(message.thread, receipt)
        return receipt

    async def close(self) -> None:
        await self._http.close()


def _receipt(answer: HttpAnswer, token: str) -> str:
    """Raises SendFailure."""
    failure, found = failure_of("Telegram", answer, (token,)), answer.json()
    if failure is not None:
        parameters = found.get("parameters")
        asked = parameters.get("retry_after") if isinstance(parameters, dict) else None
        if isinstance(failure, TransientFailure) and isinstance(asked, int | float):
            failure.retry_after_s = bounded_wait(float(asked))
        raise failure
    result = found.get("result")
    if found.get("ok") is not True or not isinstance(result, dict):
        raise no_answer_of("Telegram")
    return str(result.get("message_id", ""))


def utf16_size(text: str) -> int:
    """The length as Telegram counts it."""
    return len(text.encode("utf-16-le")) // 2


def telegram_payload(message: Message, chat: str) -> dict[str, Any]:
    """One message of HTML; lines that do not fit are left out, and their number is said."""
    title, command, link = headline(message), command_of(message), link_of(message)
    around = utf16_size(title) + utf16_size(command) + len(time_of(message)) + 40
    lines = fitted(body_lines(message), TEXT_MAX - around, utf16_size)
    parts = [f"<b>{_html(title)}</b>", *map(_html, lines)]
    if command:
        parts.append(f"<pre>{_html(command)}</pre>")
    if link:
        parts.append(f'<a href="{escape(link)}">Details</a>')
    parts.append(f"<i>{time_of(message)}</i>")
    return {
        "chat_id": chat,
        "text": "\n".join(parts),
        "parse_mode": "HTML",
        "link_preview_options": {"is_disabled": True},
    }


def _html(text: str) -> str:
    return escape(text, quote=False)


CHANNEL: Final = ChannelKind(
    name="telegram",
    settings=TelegramSettings,
    open=TelegramChannel,
    word="telegram",
    summary="Sends to a chat of Telegram, as a bot",
)
