"""Servers that speak the protocols of Slack, Discord, Telegram, ntfy, PagerDuty and of a plain webhook, as the real ones answer.

Each checks what it is sent by the rules of its service, and refuses as the service does. `trouble` makes it answer otherwise.
"""

import asyncio
import json
import re
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any

from aiohttp import web

TOKEN = "tk-4711-secret"
"""What every service here takes for authority: in a header, in the path or in the body."""
Answer = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass
class Service:
    """port: where it listens. heard: the bodies that it accepted. trouble: what answers instead of the service itself."""

    port: int = 0
    heard: list[dict[str, Any]] = field(default_factory=list)
    headers: list[dict[str, str]] = field(default_factory=list)
    asked: int = 0
    trouble: Answer | None = None

    @property
    def base(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def accept(self, request: web.Request, body: dict[str, Any]) -> str:
        self.heard.append(body)
        self.headers.append(dict(request.headers))
        return str(1000 + len(self.heard))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        self.asked += 1
        if self.trouble is not None:
            return await self.trouble(request)
        return await SERVICES[request.match_info["service"]](self, request)


@asynccontextmanager
async def serving(service: Service, host: str = "127.0.0.1") -> AsyncIterator[Service]:
    app = web.Application()
    app.router.add_post("/{service}/{rest:.*}", service.answer)
    runner = web.AppRunner(app, access_log=None)
    await runner.setup()
    site = web.TCPSite(runner, host, service.port or 9_400)
    await site.start()
    service.port = service.port or 9_400
    try:
        yield service
    finally:
        await runner.cleanup()


async def hook(service: Service, request: web.Request) -> web.StreamResponse:
    """Any receiver of JSON."""
    raw = await request.read()
    return web.json_response({"id": service.accept(request, {"raw": raw.decode(), **json.loads(raw)})})


async def pagerduty(service: Service, request: web.Request) -> web.StreamResponse:
    """Events API v2: /v2/enqueue and /v2/change/enqueue."""
    body = await request.json()
    wrong = list(_wrong_event(body, is_change=request.path.endswith("/change/enqueue")))
    if wrong:
        return web.json_response({"status": "invalid event", "message": "Event object is invalid", "errors": wrong}, status=400)
    service.accept(request, {"path": request.path, **body})
    answer = {"status": "success", "message": "Event processed"}
    return web.json_response(answer | ({"dedup_key": body["dedup_key"]} if "dedup_key" in body else {}), status=202)


def _wrong_event(body: dict[str, Any], *, is_change: bool) -> Iterator[str]:
    payload = body.get("payload", {})
    if body.get("routing_key") != TOKEN:
        yield "Length of 'routing_key' is incorrect (should be 32 characters)"
    if not 0 < len(payload.get("summary", "")) <= 1024:
        yield "'payload.summary' is missing or blank"
    if is_change:
        return
    if body.get("event_action") not in ("trigger", "acknowledge", "resolve"):
        yield "'event_action' is missing"
    if len(body.get("dedup_key", "")) > 255:
        yield "'dedup_key' is too long"
    if payload.get("severity") not in ("critical", "error", "warning", "info") or not payload.get("source"):
        yield "'payload.severity' is invalid"


async def slack_webhook(service: Service, request: web.Request) -> web.StreamResponse:
    """hooks.slack.com: the answer is a word of plain text."""
    if request.match_info["rest"] != f"services/{TOKEN}":
        return web.Response(status=404, text="no_service")
    body = await request.json()
    if "text" not in body:
        return web.Response(status=400, text="no_text")
    service.accept(request, body)
    return web.Response(text="ok")


async def slack_api(service: Service, request: web.Request) -> web.StreamResponse:
    """chat.postMessage: errors come with the status 200."""
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        return web.json_response({"ok": False, "error": "invalid_auth"})
    body = await request.json()
    sections = [block["text"]["text"] for block in body.get("blocks", []) if block["type"] == "section"]
    if any(not 0 < len(text) <= 3_000 for text in sections):
        return web.json_response({"ok": False, "error": "invalid_blocks"})
    if body["channel"] != "C1":
        return web.json_response({"ok": False, "error": "channel_not_found"})
    return web.json_response({"ok": True, "channel": "C1", "ts": f"1700000000.00{service.accept(request, body)}"})


async def discord(service: Service, request: web.Request) -> web.StreamResponse:
    """Execute Webhook."""
    if request.match_info["rest"] != f"api/webhooks/1/{TOKEN}":
        return web.json_response({"message": "Unknown Webhook", "code": 10015}, status=404)
    body = await request.json()
    for embed in body["embeds"]:
        if len(embed["title"]) > 256 or len(embed["description"]) > 4_096:
            return web.json_response({"embeds": ["0"]}, status=400)
    number = service.accept(request, body)
    if request.query.get("wait") != "true":
        return web.Response(status=204)
    return web.json_response({"id": number, "type": 0})


class _Parsed(HTMLParser):
    """The text that is left of Telegram's HTML, and the tags that it does not know."""

    def __init__(self) -> None:
        super().__init__()
        self.text, self.unknown = "", list[str]()

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("b", "i", "u", "s", "a", "code", "pre"):
            self.unknown.append(tag)


def left_of_html(text: str) -> tuple[str, list[str]]:
    """The text after entities parsing, and unknown tags."""
    parsed = _Parsed()
    parsed.feed(text)
    parsed.close()
    return parsed.text, parsed.unknown


async def telegram(service: Service, request: web.Request) -> web.StreamResponse:
    """sendMessage of the Bot API."""
    if request.match_info["rest"] != f"bot{TOKEN}/sendMessage":
        return web.json_response({"ok": False, "error_code": 401, "description": "Unauthorized"}, status=401)
    body = await request.json()
    text, unknown = left_of_html(body["text"])
    if unknown:
        told = f'Bad Request: can\'t parse entities: Unsupported start tag "{unknown[0]}"'
        return web.json_response({"ok": False, "error_code": 400, "description": told}, status=400)
    if not 0 < len(text.encode("utf-16-le")) // 2 <= 4_096:
        return web.json_response({"ok": False, "error_code": 400, "description": "Bad Request: message is too long"}, status=400)
    return web.json_response({"ok": True, "result": {"message_id": int(service.accept(request, body))}})


async def ntfy(service: Service, request: web.Request) -> web.StreamResponse:
    """POST /TOPIC: the text is the body, all else is in headers."""
    if request.headers.get("Authorization") != f"Bearer {TOKEN}":
        return web.json_response({"code": 40301, "http": 403, "error": "forbidden"}, status=403)
    if request.headers.get("Priority") not in ("1", "2", "3", "4", "5"):
        return web.json_response({"code": 40007, "http": 400, "error": "invalid request: priority invalid"}, status=400)
    text = (await request.read()).decode()
    number = service.accept(request, {"text": text, "is_attachment": len(text.encode()) > 4_096})
    return web.json_response({"id": number, "event": "message", "topic": request.match_info["rest"], "message": text})


SERVICES: dict[str, Callable[[Service, web.Request], Awaitable[web.StreamResponse]]] = {
    "hook": hook,
    "pagerduty": pagerduty,
    "slack-webhook": slack_webhook,
    "slack-api": slack_api,
    "discord": discord,
    "telegram": telegram,
    "ntfy": ntfy,
}


# -- troubles -------------------------------------------------------------------------------------------------------


def says(status: int, text: str = "", **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.Response(status=status, text=text, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return answer


def says_json(status: int, body: dict[str, Any], **headers: str) -> Answer:
    async def answer(request: web.Request) -> web.StreamResponse:
        return web.json_response(body, status=status, headers={name.replace("_", "-"): value for name, value in headers.items()})

    return answer


async def never(request: web.Request) -> web.StreamResponse:
    """Longer than any sender waits."""
    await asyncio.sleep(60)
    return web.Response()


async def hangs_up(request: web.Request) -> web.StreamResponse:
    assert request.transport is not None
    request.transport.close()
    return web.Response()


async def echoes(request: web.Request) -> web.StreamResponse:
    """Repeats all that it was sent, as careless servers do in their errors."""
    sent = f"{request.url} {dict(request.headers)} {await request.text()}"
    return web.Response(status=400, text=re.sub(r"\s+", " ", sent))
