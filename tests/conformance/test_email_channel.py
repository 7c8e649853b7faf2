"""E-mail against real SMTP servers: in simulated time in clear, and in real time over TLS."""

import asyncio
import ssl
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest
from aiohttp import web
from tests.conformance.mail_servers import PASSWORD, Mailbox, certificate, mail_server
from tests.conformance.test_channels import ALERT, OVER

from fairway.notify.channels.email import EmailChannel, EmailSettings
from fairway.notify.http import HttpSender
from fairway.notify.port import ConfigurationFailure, PermanentFailure, SendFailure, TransientFailure
from fairway.notify.sending import sent
from fairway.world.loop import run, running
from fairway.world.realtime import run_real

TO = ("ann@example.org", "bob@example.org")


def channel(port: int, **keys: Any) -> EmailChannel:
    usual = {"host": "127.0.0.1", "port": port, "tls": "none", "sender": "fairway@example.org", "to": TO}
    return EmailChannel(EmailSettings.model_validate({**usual, **keys}))


def in_simulated_time(mailbox: Mailbox, work: Callable[[EmailChannel], Awaitable[Any]]) -> Any:
    async def main() -> Any:
        async with mail_server(mailbox, port=2_525):
            found = await work(channel(2_525))
            await asyncio.sleep(1)  # the server's end of the connection ends, too
            return found

    return run(main)


def failure(mailbox: Mailbox) -> SendFailure:
    async def work(its: EmailChannel) -> SendFailure:
        with pytest.raises(SendFailure) as caught:
            await sent(its, ALERT)
        return caught.value

    found = in_simulated_time(mailbox, work)
    assert isinstance(found, SendFailure)
    return found


def test_mails_of_one_thread_reach_everybody_in_simulated_time() -> None:
    mailbox = Mailbox()

    async def work(its: EmailChannel) -> list[str]:
        return [await sent(its, ALERT), await sent(its, OVER), await sent(its, OVER)]

    assert in_simulated_time(mailbox, work) == ["queued as 1", "queued as 2", "queued as 3"]
    (to, opened), (_, over), (_, again) = mailbox.mails
    assert to == list(TO)
    assert opened["Subject"] == "[P0] main holds BTC without a stop"
    assert over["Subject"] == "[P0 resolved] the stop is placed"
    assert opened["References"] == over["References"] == over["In-Reply-To"]
    assert opened["Message-ID"] != over["Message-ID"] == again["Message-ID"]
    assert (opened["X-Priority"], over["X-Priority"]) == ("1", None)
    text, html = [part.get_payload(decode=True).decode() for part in opened.walk() if not part.is_multipart()]  # type: ignore[union-attr]
    assert ALERT.command in text
    assert "no stop rests at the exchange" in html


def test_a_refused_recipient_is_final_and_a_greylisted_one_is_not() -> None:
    everyone = {TO[0]: "550 no such user", TO[1]: "550 no such user"}
    refused = failure(Mailbox(answers=everyone))
    assert type(refused) is PermanentFailure
    assert refused.why == "the mail server refuses ann@example.org (550 no such user); bob@example.org (550 no such user)"
    greylisted = failure(Mailbox(answers={**everyone, TO[1]: "451 greylisted, come again"}))
    assert isinstance(greylisted, TransientFailure)
    assert greylisted.why == "the mail server puts off bob@example.org (451 greylisted, come again)"


def test_who_has_the_mail_does_not_get_it_again_when_another_one_was_put_off() -> None:
    mailbox = Mailbox(answers={TO[1]: "451 greylisted"})

    async def work(its: EmailChannel) -> None:
        with pytest.raises(TransientFailure, match=r"puts off bob@example.org \(451 greylisted\), the others have it"):
            await sent(its, ALERT)
        mailbox.answers.clear()
        await sent(its, ALERT)

    in_simulated_time(mailbox, work)
    assert [to for to, _ in mailbox.mails] == [[TO[0]], [TO[1]]]


@pytest.mark.parametrize(("answer", "means"), [("554 spam", PermanentFailure), ("452 disk full", TransientFailure)])
def test_a_refused_mail(answer: str, means: type[SendFailure]) -> None:
    found = failure(Mailbox(data=answer))
    assert type(found) is means
    assert answer in found.why


def test_where_no_server_listens_it_is_tried_again() -> None:
    async def main() -> str:
        with pytest.raises(TransientFailure) as caught:
            await sent(channel(2_526), ALERT)
        return caught.value.why

    assert run(main) == "no mail server answers at this host and port"


@pytest.mark.parametrize(
    ("greeting", "why", "seconds"),
    [
        (b"", "no answer within 10 s", 10),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "what answers there is no mail server", 0),
        (b"554 go away\r\n", "the mail server takes no mail from here: 554 go away", 0),
        (b"421 too busy\r\n", "the mail server puts it off: 421 too busy", 0),
    ],
)
def test_a_server_that_says_something_else_or_nothing(greeting: bytes, why: str, seconds: int) -> None:
    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(greeting)
        await reader.read()
        writer.close()

    async def main() -> tuple[str, int]:
        async with await asyncio.start_server(talk, "127.0.0.1", 2_527):
            with pytest.raises(SendFailure) as caught:
                await sent(channel(2_527), ALERT)
            ended_at = int(running().time())
            await asyncio.sleep(1)
        return caught.value.why, ended_at

    assert run(main) == (why, seconds)


@pytest.mark.parametrize("tls", ["tls", "starttls"])
def test_over_tls_by_a_certificate_that_is_trusted_or_not(tmp_path: Path, tls: str) -> None:
    """And a password is refused, or taken."""
    context, authority = certificate(tmp_path)
    mailbox = Mailbox()

    async def main() -> list[object]:
        async with mail_server(mailbox, tls=context, starts_tls=tls == "starttls") as port:
            trusting = channel(port, tls=tls, authority=str(authority))
            found: list[object] = [await sent(trusting, ALERT)]
            attempts = [channel(port, tls=tls)]
            if tls == "starttls":  # aiosmtpd takes no sign-in where TLS was there from the beginning
                keys = {"tls": tls, "authority": str(authority), "user": "ops"}
                attempts.append(channel(port, **keys, password="wrong-4711"))
                found.append(await sent(channel(port, **keys, password=PASSWORD), OVER))
            for each in attempts:
                with pytest.raises(SendFailure) as caught:
                    await sent(each, ALERT)
                assert "4711" not in f"{caught.value!r} {caught.value.advice}"
                found.append((type(caught.value), caught.value.why))
            return found

    untrusted = (TransientFailure, "the certificate of the mail server is not trusted, or it speaks no TLS at this port")
    refused = (ConfigurationFailure, "the mail server refuses user or password (535)")
    expected = ["queued as 1", untrusted] if tls == "tls" else ["queued as 1", "queued as 2", untrusted, refused]
    assert run_real(main) == expected


def test_a_server_without_starttls_gets_nothing_in_clear(tmp_path: Path) -> None:
    mailbox = Mailbox()

    async def main() -> str:
        async with mail_server(mailbox) as port:
            with pytest.raises(ConfigurationFailure) as caught:
                await sent(channel(port, tls="starttls"), ALERT)
        return caught.value.why

    assert run_real(main) == "the mail server offers no STARTTLS"
    assert mailbox.mails == []


def test_a_web_server_whose_certificate_is_not_trusted_gets_no_secret(tmp_path: Path) -> None:
    """And one whose certificate is trusted gets it."""
    context, authority = certificate(tmp_path)
    heard: list[str] = []

    async def take(request: web.Request) -> web.Response:
        heard.append(await request.text())
        return web.Response()

    async def posted(port: int, authority: Path | None) -> str:
        http = HttpSender("the webhook", authority)
        try:
            return str((await http.post(f"https://127.0.0.1:{port}/", b"secret", {})).status)
        except TransientFailure as failure:
            return failure.why
        finally:
            await http.close()

    async def main() -> list[str]:
        app = web.Application()
        app.router.add_post("/", take)
        runner = web.AppRunner(app, access_log=None)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0, ssl_context=context)
        await site.start()
        port = runner.addresses[0][1]
        found = [await posted(port, None), await posted(port, authority)]
        await runner.cleanup()
        return found

    assert run_real(main) == ["the webhook: its certificate is not trusted", "200"]
    assert heard == ["secret"]
    assert isinstance(context, ssl.SSLContext)
