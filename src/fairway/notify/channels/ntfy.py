"""A channel that publishes to a topic of ntfy, which shows it on phones; at ntfy.sh, or at a server of your own."""

from email.header import Header
from typing import Final, Self

from pydantic import Field, model_validator

from fairway.notify.http import HttpSender, is_protected, no_answer_of
from fairway.notify.message import Message, MessagePhase
from fairway.notify.port import ChannelKind, ChannelSettings
from fairway.notify.wording import fitted, headline, link_of, plain_lines
from fairway.texts.places import Hidden
from fairway.texts.validation_errors import misfit

BODY_MAX: Final = 4_096
"""Bytes; ntfy turns a longer one into an attachment."""
_PRIORITIES: Final = {"P0": "5", "P1": "4", "P2": "3", "P3": "2"}
_USUAL: Final = "3"
_TAGS: Final = {"P0": "rotating_light", "P1": "warning", "P2": "warning", "P3": "information_source"}


class NtfySettings(ChannelSettings):
    """A topic, and a token where the topic is protected."""

    per_minute: int = Field(
        default=12, ge=1, le=6_000, description="Most messages in a minute; the rest waits, P0 first", examples=[12]
    )
    topic: str = Field(
        pattern=r"^[A-Za-z0-9_-]{1,64}$", description="The topic; who knows its name can read it", examples=["fairway-7kq2m9x4"]
    )
    token: Hidden | None = Field(
        default=None,
        description="Access token of a protected topic: `env:NAME` or `file:PATH`",
        examples=["env:FAIRWAY_NTFY_TOKEN"],
    )
    url: str = Field(
        default="https://ntfy.sh",
        max_length=2_000,
        description="Base address of the server",
        examples=["https://ntfy.example.org"],
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if not is_protected(self.url):
            raise misfit("url", "is no address with https, and http is for this machine alone")
        return self


class NtfyChannel:
    def __init__(self, settings: NtfySettings) -> None:
        self._settings, self._http = settings, HttpSender("ntfy")

    async def send(self, message: Message) -> str:
        """The id of the message at the server."""
        token = self._settings.token.reveal() if self._settings.token is not None else ""
        headers = ntfy_headers(message) | ({"Authorization": f"Bearer {token}"} if token else {})
        url = f"{self._settings.url.rstrip('/')}/{self._settings.topic}"
        answer = await self._http.post(url, ntfy_body(message), headers, (token,))
        receipt = answer.json().get("id")
        if not isinstance(receipt, str):
            raise no_answer_of("ntfy")
        return receipt

    async def close(self) -> None:
        await self._http.close()


def ntfy_headers(message: Message) -> dict[str, str]:
    """Title, Priority, Tags and Click."""
    is_over = message.phase is MessagePhase.RESOLVED
    tag = "white_check_mark" if is_over else _TAGS.get(message.severity, "")
    headers = {
        "Title": _header(headline(message)),
        "Priority": _USUAL if is_over else _PRIORITIES.get(message.severity, _USUAL),
        "Content-Type": "text/plain; charset=utf-8",
    }
    if tag:
        headers["Tags"] = tag
    if link := link_of(message):
        headers["Click"] = link
    return headers


def ntfy_body(message: Message) -> bytes:
    """Plain text; lines that do not fit are left out, and their number is said."""
    return "\n".join(fitted(plain_lines(message), BODY_MAX, lambda line: len(line.encode()))).encode()


def _header(text: str) -> str:
    """As it is where it is ASCII, else by RFC 2047 in one word, which ntfy reads."""
    return text if text.isascii() else Header(text, "utf-8", maxlinelen=10_000).encode(maxlinelen=0)


CHANNEL: Final = ChannelKind(
    name="ntfy", settings=NtfySettings, open=NtfyChannel, word="push", summary="Publishes to a topic of ntfy, which phones show"
)
