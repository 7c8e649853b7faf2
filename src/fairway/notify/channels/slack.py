"""A channel that posts to Slack: by an incoming webhook, or by a bot's token, with which messages of a thread stay together."""

from collections.abc import Mapping
from typing import Any, Final, Self

import msgspec
from pydantic import Field, model_validator

from fairway.notify.http import HttpAnswer, HttpSender, excerpt, failure_of, is_protected, no_answer_of, retry_after_s
from fairway.notify.message import Message
from fairway.notify.port import (
    ChannelKind,
    ChannelSettings,
    ConfigurationFailure,
    PermanentFailure,
    SendFailure,
    TransientFailure,
)
from fairway.notify.threads import ThreadReceipts
from fairway.notify.wording import body_lines, command_of, fitted, headline, link_of, time_of
from fairway.texts.places import Hidden
from fairway.texts.validation_errors import misfit

SECTION_MAX: Final = 2_900
"""Slack takes 3,000 characters in a section."""
_TRANSIENT: Final = frozenset(
    {
        "ratelimited",
        "rate_limited",
        "internal_error",
        "fatal_error",
        "service_unavailable",
        "request_timeout",
        "team_added_to_org",
    }
)
_MESSAGE_ITSELF: Final = frozenset(
    {
        "msg_too_long",
        "no_text",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_arguments",
        "invalid_payload",
        "too_many_attachments",
    }
)
_CHECK: Final = "check token and channel, and that the app was invited into the channel"


class SlackSettings(ChannelSettings):
    """An incoming webhook, or a token and a channel."""

    webhook: Hidden | None = Field(
        default=None,
        description="Address of an incoming webhook, which is a secret: `env:NAME` or `file:PATH`",
        examples=["env:FAIRWAY_SLACK_WEBHOOK"],
    )
    token: Hidden | None = Field(
        default=None,
        description="Token of a bot with the scope chat:write, instead of `webhook`",
        examples=["env:FAIRWAY_SLACK_TOKEN"],
    )
    channel: str = Field(default="", max_length=100, description="With `token`: the channel's id", examples=["C0123456789"])
    url: str = Field(
        default="https://slack.com/api",
        max_length=2_000,
        description="Base address of Slack's API",
        examples=["https://slack.com/api"],
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if (self.webhook is None) == (self.token is None):
            raise misfit("webhook", "or token is needed, and not both")
        if self.token is not None and not self.channel:
            raise misfit("channel", "is missing: a token needs the channel that it posts to")
        if not is_protected(self.url):
            raise misfit("url", "is no address with https, and http is for this machine alone")
        return self


class SlackChannel:
    def __init__(self, settings: SlackSettings) -> None:
        self._settings, self._http, self._threads = settings, HttpSender("Slack"), ThreadReceipts()

    def resume_threads(self, receipts: Mapping[str, str]) -> None:
        self._threads.resume(receipts)

    async def send(self, message: Message) -> str:
        """The timestamp that Slack names a message by; "" by an incoming webhook."""
        if self._settings.webhook is not None:
            return await self._by_webhook(message, self._settings.webhook.reveal())
        assert self._settings.token is not None, "checked with the settings"
        return await self._by_token(message, self._settings.token.reveal())

    async def _by_webhook(self, message: Message, address: str) -> str:
        body = msgspec.json.encode(slack_payload(message))
        answer = await self._http.post(address, body, {"Content-Type": "application/json"}, (address,))
        if answer.body.strip() != b"ok":
            raise no_answer_of("Slack")
        return ""

    async def _by_token(self, message: Message, token: str) -> str:
        payload = {"channel": self._settings.channel, **slack_payload(message)}
        if first := self._threads.of(message.thread):
            payload["thread_ts"] = first
        headers = {"Content-Type": "application/json; charset=utf-8", "Authorization": f"Bearer {token}"}
        url = self._settings.url.rstrip("/") + "/chat.postMessage"
        answer = await self._http.asked(url, msgspec.json.encode(payload), headers)
        if failure := slack_failure(answer, (token,)):
            raise failure
        receipt = str(answer.json().get("ts", ""))
        self._threads.note(message.thread, receipt)
        return receipt

    async def close(self) -> None:
        await self._http.close()


def slack_failure(answer: HttpAnswer, secrets: tuple[str, ...]) -> SendFailure | None:
    """What an answer of the API means; None where the message was posted. Slack says most errors with the status 200."""
    if failure := failure_of("Slack", answer, secrets):
        return failure
    found = answer.json()
    if found.get("ok") is True:
        return None
    error = found.get("error")
    if not isinstance(error, str):
        return no_answer_of("Slack")
    why = f"Slack answers {excerpt(HttpAnswer(0, {}, error.encode()), secrets)[2:]}"
    if error in _TRANSIENT:
        return TransientFailure(why, retry_after_s(answer), "wait, and look at the state of Slack where it lasts")
    return PermanentFailure(why) if error in _MESSAGE_ITSELF else ConfigurationFailure(why, _CHECK)


def escaped_mrkdwn(text: str) -> str:
    """The three characters by which Slack knows mentions, links and entities."""
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def slack_payload(message: Message) -> dict[str, Any]:
    """Blocks for the channel, and a text for notifications."""
    title = escaped_mrkdwn(headline(message))
    blocks = [_section(f"*{title}*")]
    lines = fitted([escaped_mrkdwn(line) for line in body_lines(message)], SECTION_MAX)
    if text := "\n".join(lines).strip():  # Slack refuses an empty section
        blocks.append(_section(text))
    shown = escaped_mrkdwn(command_of(message))
    if 0 < len(shown) <= SECTION_MAX:  # a command that is cut is none
        blocks.append(_section(shown if "```" in shown else f"```{shown}```"))
    link = link_of(message)
    ends = f"{time_of(message)} · <{escaped_mrkdwn(link).replace('|', '%7C')}|Details>" if link else time_of(message)
    blocks.append({"type": "context", "elements": [{"type": "mrkdwn", "text": ends}]})
    return {"text": title, "blocks": blocks, "unfurl_links": False, "unfurl_media": False}


def _section(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text, "verbatim": True}}


CHANNEL: Final = ChannelKind(
    name="slack",
    settings=SlackSettings,
    open=SlackChannel,
    word="chat",
    summary="Posts to a channel of Slack, by an incoming webhook or by a bot's token",
)
