"""Every channel against a server that speaks its protocol: what is sent, and what each failure means for the next try."""

import asyncio
import hashlib
import hmac
from collections.abc import Awaitable, Callable
from email.header import decode_header, make_header
from typing import Any

import pytest
from tests.conformance.message_services import (
    TOKEN,
    Answer,
    Service,
    echoes,
    hangs_up,
    left_of_html,
    never,
    says,
    says_json,
    serving,
)

from fairway.notify.message import Message, MessagePhase
from fairway.notify.port import Channel, ConfigurationFailure, KeepsThreads, PermanentFailure, SendFailure, TransientFailure
from fairway.notify.registry import KIND
from fairway.notify.sending import sent
from fairway.world.loop import EPOCH_NS, run, running

ALERT = Message(
    id="alert-1",
    title="main holds BTC without a stop",
    lines=("0.5 BTC are held, and no stop rests at the exchange.", "The trader places one every 5 s."),
    at=EPOCH_NS,
    severity="P0",
    phase=MessagePhase.OPENED,
    thread="incident-7",
    command="fairway kill fairway.yaml --flatten --reason 'no stop'",
    link="https://fairway.example.org/incidents/7",
)
OVER = Message(
    id="alert-2", title="the stop is placed", at=EPOCH_NS, severity="P0", phase=MessagePhase.RESOLVED, thread="incident-7"
)
HTTP: dict[str, tuple[str, Callable[[str], dict[str, Any]]]] = {
    "hook": ("webhook", lambda base: {"url": f"{base}/hook/in", "secret": TOKEN}),
    "pagerduty": ("webhook", lambda base: {"format": "pagerduty", "url": f"{base}/pagerduty", "routing_key": TOKEN}),
    "slack-webhook": ("slack", lambda base: {"webhook": f"{base}/slack-webhook/services/{TOKEN}"}),
    "slack-api": ("slack", lambda base: {"url": f"{base}/slack-api", "token": TOKEN, "channel": "C1"}),
    "discord": ("discord", lambda base: {"webhook": f"{base}/discord/api/webhooks/1/{TOKEN}"}),
    "telegram": ("telegram", lambda base: {"url": f"{base}/telegram", "token": TOKEN, "chat": "-100"}),
    "ntfy": ("ntfy", lambda base: {"url": f"{base}/ntfy", "topic": "t", "token": TOKEN}),
}
"""By service, the kind of its channel and the keys."""


def channel(service: str, base: str, **keys: Any) -> Channel:
    name, settings = HTTP[service]
    kind = KIND.named(name)
    return kind.open(kind.settings.model_validate({**settings(base), **keys}))


def with_service(
    service: str, work: Callable[[Service, Channel], Awaitable[Any]], trouble: Answer | None = None, **keys: Any
) -> Any:
    """What work returns, beside a server and a channel to it, in simulated time."""

    async def main() -> Any:
        async with serving(Service(trouble=trouble)) as server:
            its = channel(service, server.base, **keys)
            try:
                return await work(server, its)
            finally:
                await its.close()

    return run(main)


def failure(service: str, trouble: Answer, **keys: Any) -> SendFailure:
    """How a message fails at a service in trouble."""

    async def work(server: Service, its: Channel) -> SendFailure:
        with pytest.raises(SendFailure) as caught:
            await sent(its, ALERT)
        assert server.asked <= 1
        return caught.value

    found = with_service(service, work, trouble, **keys)
    assert isinstance(found, SendFailure)
    assert TOKEN not in f"{found!r} {found} {found.advice} {found.__cause__!r}"
    return found


@pytest.mark.parametrize("service", HTTP)
def test_a_message_is_accepted_and_the_receipt_is_the_services_own(service: str) -> None:
    async def work(server: Service, its: Channel) -> tuple[str, int]:
        return await sent(its, ALERT), len(server.heard)

    receipts = {"pagerduty": "incident-7", "slack-webhook": "", "slack-api": "1700000000.001001"}
    assert with_service(service, work) == (receipts.get(service, "1001"), 1)


@pytest.mark.parametrize("service", HTTP)
@pytest.mark.parametrize(("status", "means"), [(400, PermanentFailure), (413, PermanentFailure), (301, ConfigurationFailure)])
def test_an_answer_4xx_is_final(service: str, status: int, means: type[SendFailure]) -> None:
    assert type(failure(service, says(status, "no"))) is means


@pytest.mark.parametrize("service", HTTP)
@pytest.mark.parametrize("status", [401, 403, 404, 410])
def test_a_refused_token_or_address_is_a_matter_of_the_configuration(service: str, status: int) -> None:
    found = failure(service, says(status, "go away"))
    assert type(found) is ConfigurationFailure
    assert f"answers {status}: go away" in found.why
    assert "check the address and the token" in found.advice


@pytest.mark.parametrize("service", HTTP)
@pytest.mark.parametrize("status", [408, 429, 500, 503])
def test_what_passes_is_tried_again_after_the_time_that_the_service_asks_for(service: str, status: int) -> None:
    found = failure(service, says(status, "", Retry_After="30"))
    assert isinstance(found, TransientFailure)
    assert found.retry_after_s == 30
    later = failure(service, says(status))
    assert isinstance(later, TransientFailure)
    assert later.retry_after_s is None


@pytest.mark.parametrize(
    ("service", "body", "seconds"),
    [
        ("discord", {"message": "You are being rate limited.", "retry_after": 0.75, "global": False}, 0.75),
        ("telegram", {"ok": False, "error_code": 429, "description": "retry", "parameters": {"retry_after": 17}}, 17),
        ("discord", {"retry_after": 1e9}, 3_600),
    ],
)
def test_services_that_say_in_the_body_how_long_to_wait(service: str, body: dict[str, Any], seconds: float) -> None:
    found = failure(service, says_json(429, body, Retry_After="60"))
    assert isinstance(found, TransientFailure)
    assert found.retry_after_s == seconds


def test_retry_after_may_be_a_date() -> None:
    dates = {"Date": "Sat, 01 Jan 2022 00:00:00 GMT", "Retry_After": "Sat, 01 Jan 2022 00:02:00 GMT"}
    found = failure("hook", says(503, "", **dates))
    assert isinstance(found, TransientFailure)
    assert found.retry_after_s == 120


@pytest.mark.parametrize("service", HTTP)
def test_no_answer_within_ten_seconds_is_tried_again(service: str) -> None:
    async def work(server: Service, its: Channel) -> tuple[str, float]:
        with pytest.raises(TransientFailure) as caught:
            await sent(its, ALERT)
        ended_at = running().time()
        await asyncio.sleep(60)  # the server gives up, too
        return caught.value.why, ended_at

    assert with_service(service, work, never) == ("no answer within 10 s", 10.0)


@pytest.mark.parametrize("service", HTTP)
def test_a_connection_that_ends_before_the_answer_is_tried_again(service: str) -> None:
    found = failure(service, hangs_up)
    assert isinstance(found, TransientFailure)
    assert found.why.endswith("the connection broke off, or what came was no HTTP")


@pytest.mark.parametrize("service", HTTP)
def test_where_nothing_listens_it_is_tried_again(service: str) -> None:
    async def main() -> str:
        its = channel(service, "http://127.0.0.1:9401")
        try:
            with pytest.raises(TransientFailure) as caught:
                await sent(its, ALERT)
        finally:
            await its.close()
        return caught.value.why

    assert run(main).endswith("no server answers at its address")


@pytest.mark.parametrize("service", [each for each in HTTP if each != "hook"])
@pytest.mark.parametrize("body", ["<html>sign in to the network</html>", "[]", '{"ok":1}', ""])
def test_an_answer_that_is_not_the_services_own_is_no_receipt(service: str, body: str) -> None:
    """A proxy that answers in its place has delivered nothing."""
    found = failure(service, says(200, body))
    assert isinstance(found, TransientFailure)
    assert found.why.startswith("what came is no answer of")


@pytest.mark.parametrize("service", HTTP)
def test_a_secret_that_a_server_repeats_is_in_no_error(service: str) -> None:
    """`failure` looks for it."""
    assert type(failure(service, echoes)) is PermanentFailure


@pytest.mark.parametrize("service", HTTP)
def test_a_missing_secret_breaks_the_channel_and_is_looked_up_again(service: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HERE_NOW", "")
    monkeypatch.delenv("HERE_NOW")
    name = next(key for key in ("secret", "routing_key", "webhook", "token") if key in HTTP[service][1]("http://127.0.0.1"))

    async def work(server: Service, its: Channel) -> int:
        with pytest.raises(ConfigurationFailure, match="the environment variable HERE_NOW is not set"):
            await sent(its, ALERT)
        monkeypatch.setenv("HERE_NOW", HTTP[service][1](server.base)[name])
        await sent(its, ALERT)
        return len(server.heard)

    assert with_service(service, work, None, **{name: "env:HERE_NOW"}) == 1


@pytest.mark.parametrize(
    ("error", "means"),
    [
        ("invalid_auth", ConfigurationFailure),
        ("channel_not_found", ConfigurationFailure),
        ("msg_too_long", PermanentFailure),
        ("ratelimited", TransientFailure),
        ("internal_error", TransientFailure),
    ],
)
def test_slack_says_its_errors_with_the_status_200(error: str, means: type[SendFailure]) -> None:
    found = failure("slack-api", says_json(200, {"ok": False, "error": error}))
    assert (type(found), found.why) == (means, f"Slack answers {error}")


@pytest.mark.parametrize(("service", "key"), [("slack-api", "thread_ts"), ("telegram", "reply_parameters")])
def test_messages_of_one_thread_answer_to_its_first_also_after_a_restart(service: str, key: str) -> None:
    async def work(server: Service, its: Channel) -> list[Any]:
        first = await sent(its, ALERT)
        await sent(its, OVER)
        after = channel(service, server.base)
        assert isinstance(after, KeepsThreads)
        after.resume_threads({"incident-7": first})
        await sent(after, OVER)
        await after.close()
        return [each.get(key) for each in server.heard]

    begins, *answers = with_service(service, work)
    assert begins is None
    assert answers[0] == answers[1]
    assert "1001" in str(answers[0])


def test_pagerduty_opens_acknowledges_and_closes_one_alert() -> None:
    async def work(server: Service, its: Channel) -> list[tuple[str, str, str]]:
        for phase in MessagePhase:
            await sent(its, Message(id=phase, title="x", at=EPOCH_NS, severity="P1", phase=phase, thread="incident-7"))
        return [(each["path"], each.get("event_action", ""), each.get("dedup_key", "")) for each in server.heard]

    alert = "/pagerduty/v2/enqueue"
    assert with_service("pagerduty", work) == [
        (alert, "trigger", "incident-7"),
        (alert, "acknowledge", "incident-7"),
        (alert, "trigger", "incident-7"),
        (alert, "resolve", "incident-7"),
        ("/pagerduty/v2/change/enqueue", "", ""),
    ]


def test_the_signature_of_a_webhook_is_the_one_that_fairways_own_webhooks_take() -> None:
    async def work(server: Service, its: Channel) -> tuple[str, str]:
        await sent(its, ALERT)
        return server.headers[0]["X-Signature-256"], server.heard[0]["raw"]

    signature, raw = with_service("hook", work)
    assert signature == "sha256=" + hmac.new(TOKEN.encode(), raw.encode(), hashlib.sha256).hexdigest()


LONG = Message(
    id="long",
    title="t" * 5_000,
    lines=tuple(f"line {number} 😀 <b>" + "x" * 80 for number in range(500)),
    at=EPOCH_NS,
    severity="P2",
    command="fairway status",
)


@pytest.mark.parametrize("service", HTTP)
def test_a_message_that_is_too_long_is_accepted_and_says_what_was_left_out(service: str) -> None:
    """The servers refuse what is longer than the real ones take."""

    async def work(server: Service, its: Channel) -> str:
        await sent(its, LONG)
        return str(server.heard[0])

    heard = with_service(service, work)
    if service not in ("hook", "pagerduty"):  # they take all of it
        assert "of 500 lines left out)" in heard or "of 504 lines left out)" in heard
    assert "'is_attachment': True" not in heard
    assert left_of_html("a<b>c</b>&lt;") == ("ac<", [])


def test_a_title_that_is_not_ascii_reaches_ntfy_whole() -> None:
    """By RFC 2047, as a header."""
    title = "der Stop fehlt \N{EN DASH} 0,5 \N{BITCOIN SIGN} \N{WARNING SIGN} " + "x" * 100

    async def work(server: Service, its: Channel) -> str:
        await sent(its, Message(id="a", title=title, at=EPOCH_NS))
        return server.headers[0]["Title"]

    header = with_service("ntfy", work)
    assert header.isascii()
    assert str(make_header(decode_header(header))) == title


def test_an_address_that_is_not_protected_is_refused_before_a_secret_goes_there() -> None:
    async def main() -> str:
        kind = KIND.named("discord")
        its = kind.open(kind.settings.model_validate({"webhook": f"http://discord.example.org/api/webhooks/1/{TOKEN}"}))
        with pytest.raises(ConfigurationFailure) as caught:
            await sent(its, ALERT)
        await its.close()
        return caught.value.why

    assert run(main) == "the address of Discord is neither https nor of this machine"


def test_a_channel_of_another_package_may_raise_anything() -> None:
    class Bad:
        async def send(self, message: Message) -> str:
            await asyncio.sleep(0)
            raise KeyError(TOKEN)

        async def close(self) -> None: ...

    async def main() -> str:
        with pytest.raises(TransientFailure) as caught:
            await sent(Bad(), ALERT)
        return str(caught.value)

    assert run(main) == "the channel's own code failed with KeyError"
