"""The servers that a simulated night writes to: a mail server, and one that speaks the protocols of Slack and of Telegram."""

import asyncio
from dataclasses import dataclass, field
from email.message import Message as Mail
from typing import Any

from aiohttp import web
from aiosmtpd.smtp import SMTP, Envelope, Session
from tests.conformance.mail_servers import Mailbox, mail_server
from tests.conformance.message_services import TOKEN, Service, serving

from fairway.world.loop import running

MAIL, MAIL_ADDRESS, MAIL_PORT = "mail", "127.0.0.2", 2_525
CHAT, CHAT_ADDRESS, CHAT_PORT = "chat", "127.0.0.3", 9_400


@dataclass
class NightMailbox(Mailbox):
    """received: each mail with the instant (ns) of its arrival."""

    received: list[tuple[int, Mail]] = field(default_factory=list)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        answer = await super().handle_DATA(server, session, envelope)
        self.received.append((running().wall_ns, self.mails[-1][1]))
        return answer


@dataclass
class NightChat(Service):
    """received: each body that was accepted, with the instant (ns) of its arrival."""

    received: list[tuple[int, dict[str, Any]]] = field(default_factory=list)

    def accept(self, request: web.Request, body: dict[str, Any]) -> str:
        self.received.append((running().wall_ns, body))
        return super().accept(request, body)


class NightServices:
    """Both servers, and what they received."""

    def __init__(self) -> None:
        self.mailbox, self.chat = NightMailbox(), NightChat(port=CHAT_PORT)
        self.nodes = {MAIL: (MAIL_ADDRESS, self._serve_mail), CHAT: (CHAT_ADDRESS, self._serve_chat)}

    async def _serve_mail(self) -> None:
        async with mail_server(self.mailbox, host="0.0.0.0", port=MAIL_PORT):
            await asyncio.Event().wait()

    async def _serve_chat(self) -> None:
        async with serving(self.chat, host="0.0.0.0"):
            await asyncio.Event().wait()


CHANNELS = f"""\
notify:
  channels:
    - {{name: ops-mail, kind: email, host: {MAIL_ADDRESS}, port: {MAIL_PORT}, tls: none,
       sender: fairway@fairway.example, to: [anna@fairway.example]}}
    - {{name: team-chat, kind: slack, token: {TOKEN}, channel: C1, url: "http://{CHAT_ADDRESS}:{CHAT_PORT}/slack-api"}}
    - {{name: anna-phone, kind: telegram, token: {TOKEN}, chat: anna, url: "http://{CHAT_ADDRESS}:{CHAT_PORT}/telegram"}}
    - {{name: ben-phone, kind: telegram, token: {TOKEN}, chat: ben, url: "http://{CHAT_ADDRESS}:{CHAT_PORT}/telegram"}}
    - {{name: users, kind: telegram, token: {TOKEN}, chat: "@fairway_users",
       url: "http://{CHAT_ADDRESS}:{CHAT_PORT}/telegram"}}
  recipients:
    team: {{chat: [team-chat]}}
"""
