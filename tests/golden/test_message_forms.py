"""How a message looks in each channel: an alert, an update, an end, and text that wants to be more than text."""

import json
from collections.abc import Callable, Mapping
from html.parser import HTMLParser

import pytest
from tests.golden.test_command_line import golden

from fairway.notify.channels.console import console_text
from fairway.notify.channels.discord import discord_payload
from fairway.notify.channels.email import mail_of
from fairway.notify.channels.ntfy import ntfy_body, ntfy_headers
from fairway.notify.channels.slack import slack_payload
from fairway.notify.channels.telegram import telegram_payload
from fairway.notify.channels.webhook import fairway_body, pagerduty_event
from fairway.notify.message import Message, MessagePhase
from fairway.world.clock import parse_instant

AT = parse_instant("2026-11-25T02:14:00Z")
LINK = "https://fairway.example.org/incidents/7?a=1&b=2"
MESSAGES: Mapping[str, Message] = {
    "opened": Message(
        id="incident-7/1",
        title="main holds 0.5 BTC without a stop",
        lines=("No stop has rested at the exchange for 40 s.", "The trader places one every 5 s; it opens nothing meanwhile."),
        at=AT,
        severity="P0",
        phase=MessagePhase.OPENED,
        thread="incident-7",
        command="fairway kill fairway.yaml --flatten --reason 'no stop'",
        link=LINK,
    ),
    "updated": Message(
        id="incident-7/2",
        title="main holds 0.5 BTC without a stop",
        lines=("ann has taken it on.",),
        at=AT,
        severity="P1",
        phase=MessagePhase.UPDATED,
        thread="incident-7",
    ),
    "resolved": Message(
        id="incident-7/3",
        title="the stop of main rests at the exchange",
        lines=("It lasted 2 min 10 s – nothing was lost.",),
        at=AT,
        severity="P0",
        phase=MessagePhase.RESOLVED,
        thread="incident-7",
        link=LINK,
    ),
    "hostile": Message(
        id="<x>\r\nBcc: eve@example.org",
        title="a\r\nBcc: eve@example.org\r\n\r\n<b>*hi*</b> @everyone <!channel> \u202egnp.exe",
        lines=(
            "<script>alert(1)</script> & </b></pre>",
            "@everyone @here <@U1> <!here> <https://evil.example|click> [click](https://evil.example)",
            "two\nlines ``` *bold* _under_ ~gone~ ||spoiler|| \x1b[31mred\x00",
        ),
        at=AT,
        severity="P2",
        phase=MessagePhase.OPENED,
        thread="i\r\nReferences: <other@example.org>",
        command="echo '```' && rm <file>",
        link='javascript:alert("x")',
    ),
}


def pretty(value: object) -> str:
    return json.dumps(value, indent=1, ensure_ascii=False)


def ntfy_text(message: Message) -> str:
    return "\n".join([*(f"{name}: {value}" for name, value in ntfy_headers(message).items()), "", ntfy_body(message).decode()])


def mail_text(message: Message) -> str:
    return mail_of(message, "fairway@example.org", ("ann@example.org", "bob@example.org")).as_string()


FORMS: Mapping[str, Callable[[Message], str]] = {
    "console": console_text,
    "email": mail_text,
    "webhook, fairway": lambda message: pretty(json.loads(fairway_body(message))),
    "webhook, pagerduty": lambda message: pretty(pagerduty_event(message)),
    "slack": lambda message: pretty(slack_payload(message)),
    "discord": lambda message: pretty(discord_payload(message)),
    "telegram": lambda message: pretty(telegram_payload(message, "-100")),
    "ntfy": ntfy_text,
}


def test_how_each_message_looks_in_each_channel() -> None:
    parts = [f"===== {form}: {name}\n{make(each)}" for form, make in FORMS.items() for name, each in MESSAGES.items()]
    golden("messages.txt", "\n".join(parts).replace("\r\n", "\n") + "\n")


@pytest.mark.parametrize("form", [form for form in FORMS if form != "webhook, fairway"])  # its receiver escapes
def test_no_text_becomes_a_header_a_mention_or_a_control_character(form: str) -> None:
    shown = FORMS[form](MESSAGES["hostile"])
    assert not any(line.startswith(("Bcc:", "References: <other")) for line in shown.splitlines())
    assert not {"\x1b", "\x00", "\u202e"} & set(shown)
    assert not any(escaped in shown for escaped in ("\\u001b", "\\u0000", "\\u202e"))  # as JSON writes them


def test_slack_and_telegram_read_no_mark_of_the_text_as_their_own() -> None:
    slack = FORMS["slack"](MESSAGES["hostile"])
    assert "<" not in slack
    hostile = telegram_payload(MESSAGES["hostile"], "-100")["text"]
    tags: list[str] = []

    class Tags(HTMLParser):
        def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
            tags.append(tag)

    Tags().feed(hostile)
    assert tags == ["b", "pre", "i"]


def test_discord_mentions_nobody_and_links_nowhere() -> None:
    payload = discord_payload(MESSAGES["hostile"])
    assert payload["allowed_mentions"] == {"parse": []}
    assert "](" not in payload["embeds"][0]["description"].replace("\\]\\(", "")
    assert "url" not in payload["embeds"][0]


def test_a_mail_has_the_headers_that_it_was_given_and_no_other() -> None:
    mail = mail_of(MESSAGES["hostile"], "fairway@example.org", ("ann@example.org",))
    assert mail["Bcc"] is None
    assert mail["To"] == "ann@example.org"
    html = mail.get_body(("html",))
    assert html is not None
    assert "<script>" not in html.get_content()
