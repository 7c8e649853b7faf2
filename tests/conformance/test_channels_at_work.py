"""A night in simulated time: an incident is told by mail, chat and pager while the mail server is down and the chat limits."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from random import Random

from aiohttp import web
from tests.conformance.mail_servers import Mailbox, mail_server
from tests.conformance.message_services import SERVICES, TOKEN, Service, says, serving
from tests.pure.test_settings import GOOD

from fairway.assembly.channels import channels_of
from fairway.notify.dispatcher import Dispatcher
from fairway.notify.message import Message, MessagePhase
from fairway.notify.outbox import Outbox, OutboxEvent
from fairway.settings.load import parse
from fairway.world.clock import MINUTE, SECOND, SimClock
from fairway.world.loop import run, running

CONFIG = f"""{GOOD}
notify:
  channels:
    - {{name: mail, kind: email, host: 127.0.0.1, tls: none, port: 2525, sender: fairway@example.org, to: [ann@example.org]}}
    - {{name: chat, kind: slack, token: {TOKEN}, channel: C1, url: "http://127.0.0.1:9400/slack-api"}}
    - {{name: pager, kind: webhook, format: pagerduty, routing_key: {TOKEN}, url: "http://127.0.0.1:9400/pagerduty"}}
  recipients:
    team: {{chat: [chat], email: [mail], pager: [pager]}}
"""


def told(id: str, phase: MessagePhase, severity: str = "P0") -> Message:
    return Message(id=id, title=id, at=running().wall_ns, severity=severity, phase=phase, thread="incident-7")


def test_everybody_is_told_in_order_when_the_services_are_back() -> None:
    """Mail is down for ten minutes, and the chat asks for two; the pager is not delayed by either."""
    notify = parse(CONFIG).notify
    mailbox, service = Mailbox(), Service()
    outbox = Outbox()

    async def write(events: Sequence[OutboxEvent]) -> None:
        await asyncio.sleep(0.002)

    async def limiting(request: web.Request) -> web.StreamResponse:
        """The chat takes nothing in the first minute."""
        if request.match_info["service"] == "slack-api" and running().time() < 60:
            return await says(429, "", Retry_After="120")(request)
        return await SERVICES[request.match_info["service"]](service, request)

    async def main() -> None:
        its = Dispatcher(channels_of(notify), outbox, write, SimClock(running()), Random(7))
        task = asyncio.create_task(its.run())
        async with serving(service):
            service.trouble = limiting
            for id, phase in (("opened", MessagePhase.OPENED), ("resolved", MessagePhase.RESOLVED)):
                await its.queue(told(id, phase), notify.channels_for("team", ""))
            await asyncio.sleep(1)
            shown = {each.name: each.waiting for each in its.statuses()}
            assert shown == {"console": 0, "chat": 2, "mail": 2, "pager": 0}
            await asyncio.sleep(10 * 60)
            async with mail_server(mailbox, port=2_525):
                await asyncio.sleep(2 * 60)
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
        assert [each.waiting for each in its.statuses()] == [0, 0, 0, 0]

    run(main)
    assert [mail["Subject"] for _, mail in mailbox.mails] == ["[P0] opened", "[P0 resolved] resolved"]
    assert [each["event_action"] for each in service.heard if "event_action" in each] == ["trigger", "resolve"]
    opened, resolved = [each for each in service.heard if "blocks" in each]
    assert (opened["text"], resolved["text"]) == ("[P0] opened", "[P0 resolved] resolved")
    assert resolved["thread_ts"].startswith("1700000000.")
    assert outbox.queue_of("mail").sent_at > outbox.queue_of("pager").sent_at + 10 * MINUTE
    assert outbox.queue_of("chat").sent_at > outbox.queue_of("pager").sent_at + 110 * SECOND
