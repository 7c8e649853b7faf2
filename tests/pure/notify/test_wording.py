"""Any text at all becomes lines that are lines, and forms that each service takes."""

from collections.abc import Sequence

from hypothesis import given
from hypothesis import strategies as some
from tests.conformance.message_services import left_of_html

from fairway.notify.channels.discord import DESCRIPTION_MAX, TITLE_MAX, discord_payload
from fairway.notify.channels.email import mail_of
from fairway.notify.channels.ntfy import BODY_MAX, ntfy_body, ntfy_headers
from fairway.notify.channels.slack import SECTION_MAX, slack_payload
from fairway.notify.channels.telegram import TEXT_MAX, telegram_payload, utf16_size
from fairway.notify.http import is_protected
from fairway.notify.message import Message
from fairway.notify.wording import command_of, cut, fitted, link_of, one_line

TEXTS = some.text(max_size=300) | some.text("<>&*_`|[]()@:\\\r\n\x00\u202e😀", max_size=300)
MESSAGES = some.builds(
    Message,
    id=TEXTS,
    title=TEXTS,
    lines=some.lists(TEXTS | some.just("x😀<" * 500), max_size=20).map(tuple),
    at=some.integers(0, 2**62),
    severity=some.sampled_from(["P0", "P1", "P2", "P3", ""]) | TEXTS,
    thread=TEXTS,
    command=TEXTS | some.just("&" * 1_000),
    link=TEXTS | some.just("https://example.org/?a=<b>&c|d"),
)


@given(MESSAGES)
def test_every_service_takes_every_text(message: Message) -> None:
    sections = [block["text"]["text"] for block in slack_payload(message)["blocks"] if block["type"] == "section"]
    assert all(0 < len(text) <= 3_000 for text in sections)
    assert not any("<" in text or ">" in text for text in sections)
    [embed] = discord_payload(message)["embeds"]
    assert (len(embed["title"]) <= TITLE_MAX, len(embed["description"]) <= DESCRIPTION_MAX) == (True, True)
    left, unknown = left_of_html(telegram_payload(message, "1")["text"])
    assert (utf16_size(left) <= TEXT_MAX, unknown) == (True, [])
    assert len(ntfy_body(message)) <= BODY_MAX
    assert all(value.isascii() and value.isprintable() for value in ntfy_headers(message).values())
    assert SECTION_MAX < 3_000


@given(MESSAGES)
def test_no_text_adds_a_header_to_a_mail(message: Message) -> None:
    mail = mail_of(message, "fairway@example.org", ("ann@example.org",))
    known = {"From", "To", "Subject", "Date", "Message-ID", "In-Reply-To", "References", "Auto-Submitted", "X-Priority"}
    assert set(mail.keys()) <= known | {"MIME-Version", "Content-Type"}
    head = mail.as_bytes().partition(b"\r\n\r\n")[0].decode()
    assert all(line[0] in " \t" or line.partition(":")[0] in {*mail.keys()} for line in head.split("\r\n"))


@given(TEXTS, some.integers(20, 300))
def test_one_line_is_one_line_and_says_that_it_is_cut(text: str, most: int) -> None:
    line = one_line(text, most)
    assert line.splitlines() == ([line] if line else [])
    assert len(line) <= most
    assert line.endswith("… (cut)") or line == one_line(text, 10_000)


@given(some.lists(some.text("ab😀", max_size=60), max_size=60), some.integers(60, 500))
def test_what_does_not_fit_is_counted(lines: Sequence[str], most: int) -> None:
    kept = fitted(lines, most, utf16_size)
    assert sum(utf16_size(line) + 1 for line in kept) <= most
    if kept != lines:
        left_out = len(lines) - (len(kept) - 1)
        assert kept == [*lines[: len(kept) - 1], f"… ({left_out} of {len(lines)} lines left out)"]


def test_a_command_is_whole_or_left_out_and_a_link_leads_to_the_web() -> None:
    def of(command: str, link: str) -> tuple[str, str]:
        message = Message(id="a", title="a", at=0, command=command, link=link)
        return command_of(message), link_of(message)

    assert of("fairway status", "https://example.org/a") == ("fairway status", "https://example.org/a")
    assert of("x" * 1_001, "javascript:alert(1)") == ("", "")
    assert of("", "https://example.org/a b") == ("", "")
    assert cut("abcdefghijkl", 10) == "ab … (cut)"


def test_an_address_is_protected_by_tls_or_stays_on_this_machine() -> None:
    right = ("https://example.org/x", "http://127.0.0.1:80/x", "http://[::1]:80/", "http://localhost/")
    wrong = ("http://example.org", "http://127.0.0.1.example.org", "ftp://127.0.0.1", "https://", "", "http://[", "//127.0.0.1")
    assert ([is_protected(each) for each in right], [is_protected(each) for each in wrong]) == ([True] * 4, [False] * 7)
