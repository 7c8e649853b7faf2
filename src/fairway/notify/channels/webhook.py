"""A channel that posts messages as JSON to any address, signed by a secret, or in the form of PagerDuty's Events API v2."""

import hashlib
import hmac
from typing import Any, Final, Literal, Self

import msgspec
from pydantic import Field, model_validator

from fairway.notify.http import HttpSender, is_protected, no_answer_of
from fairway.notify.message import Message, MessagePhase
from fairway.notify.port import ChannelKind, ChannelSettings
from fairway.notify.wording import body_lines, command_of, headline, link_of
from fairway.texts.places import Hidden
from fairway.texts.validation_errors import misfit
from fairway.world.clock import text_of

SIGNATURE: Final = "X-Signature-256"
"""The header of `sha256=` and the HMAC of the body, as Fairway's own webhooks take it."""
PAGERDUTY: Final = "https://events.pagerduty.com"
SUMMARY_MAX: Final = 1_024
DEDUP_MAX: Final = 255
_JSON: Final = {"Content-Type": "application/json"}
_ACTIONS: Final = {
    MessagePhase.OPENED: "trigger",
    MessagePhase.UPDATED: "trigger",  # the same dedup_key: it goes to the log of the alert, and pages nobody again
    MessagePhase.ACKNOWLEDGED: "acknowledge",
    MessagePhase.RESOLVED: "resolve",
}
_SEVERITIES: Final = {"P0": "critical", "P1": "error", "P2": "warning"}


class OutgoingWebhookSettings(ChannelSettings):
    """Where messages are posted, and in which form."""

    format: Literal["fairway", "pagerduty"] = Field(
        default="fairway", description="`fairway`: the message as JSON. `pagerduty`: Events API v2", examples=["pagerduty"]
    )
    url: str = Field(
        default=PAGERDUTY,
        max_length=2_000,
        description="Address that is posted to; with `format: pagerduty` the base address of the service",
        examples=["https://hooks.example.org/fairway"],
    )
    secret: Hidden | None = Field(
        default=None,
        description=f"Signs the body in the header {SIGNATURE}: `env:NAME` or `file:PATH`",
        examples=["env:FAIRWAY_HOOK_SECRET"],
    )
    routing_key: Hidden | None = Field(
        default=None, description="Integration key of the PagerDuty service", examples=["env:FAIRWAY_PAGERDUTY_KEY"]
    )

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.format == "pagerduty" and self.routing_key is None:
            raise misfit("routing_key", "is missing: format pagerduty needs it")
        if self.format == "fairway" and self.url == PAGERDUTY:
            raise misfit("url", "is missing: format fairway needs the address that is posted to")
        if not is_protected(self.url):
            raise misfit("url", "is no address with https, and http is for this machine alone")
        return self


class WebhookChannel:
    def __init__(self, settings: OutgoingWebhookSettings) -> None:
        self._settings = settings
        self._http = HttpSender("the webhook")

    async def send(self, message: Message) -> str:
        """The `id` of the answer, where it has one."""
        body = fairway_body(message)
        secret = self._settings.secret.reveal() if self._settings.secret is not None else ""
        headers = _JSON | ({SIGNATURE: signature(secret, body)} if secret else {})
        answer = await self._http.post(self._settings.url, body, headers, (secret,))
        found = answer.json().get("id", "")
        return found if isinstance(found, str) else ""

    async def close(self) -> None:
        await self._http.close()


class PagerDutyChannel:
    def __init__(self, settings: OutgoingWebhookSettings) -> None:
        assert settings.routing_key is not None, "checked with the settings"
        self._base, self._key = settings.url.rstrip("/"), settings.routing_key
        self._http = HttpSender("PagerDuty")

    async def send(self, message: Message) -> str:
        """The dedup_key of the alert; "" for a note, which becomes a change event and pages nobody."""
        key = self._key.reveal()
        path, event = pagerduty_event(message)
        body = msgspec.json.encode({"routing_key": key, **event})
        answer = (await self._http.post(self._base + path, body, _JSON, (key,))).json()
        if answer.get("status") != "success":
            raise no_answer_of("PagerDuty")
        return str(answer.get("dedup_key", ""))

    async def close(self) -> None:
        await self._http.close()


def fairway_body(message: Message) -> bytes:
    """The message as JSON with its texts as they are: the receiver escapes them."""
    fields = msgspec.to_builtins(message)
    return msgspec.json.encode({**fields, "at": text_of(message.at)})


def signature(secret: str, body: bytes) -> str:
    """What stands in the header X-Signature-256."""
    return "sha256=" + hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()


def pagerduty_event(message: Message) -> tuple[str, dict[str, Any]]:
    """The path and the event without its routing key: an alert event, or a change event for a note."""
    links = [{"href": link, "text": "Details"}] if (link := link_of(message)) else []
    details = {"lines": body_lines(message), "command": command_of(message), "id": message.id}
    payload: dict[str, Any] = {
        "summary": headline(message)[:SUMMARY_MAX],
        "source": "fairway",
        "timestamp": text_of(message.at),
        "custom_details": details,
    }
    action = _ACTIONS.get(message.phase)
    if action is None:
        return "/v2/change/enqueue", {"payload": payload, "links": links}
    payload["severity"] = _SEVERITIES.get(message.severity, "info")
    event = {"event_action": action, "dedup_key": dedup_key(message), "payload": payload, "links": links, "client": "Fairway"}
    return "/v2/enqueue", event


def dedup_key(message: Message) -> str:
    """The thread, or the message where it has none; a longer one is replaced by its digest."""
    key = message.thread or message.id
    return key if len(key) <= DEDUP_MAX else hashlib.sha256(key.encode()).hexdigest()


def _open(settings: OutgoingWebhookSettings) -> WebhookChannel | PagerDutyChannel:
    return PagerDutyChannel(settings) if settings.format == "pagerduty" else WebhookChannel(settings)


CHANNEL: Final = ChannelKind(
    name="webhook",
    settings=OutgoingWebhookSettings,
    open=_open,
    word="webhook",
    summary="Posts signed JSON to an address, or events to PagerDuty",
)
