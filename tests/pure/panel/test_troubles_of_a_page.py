"""What a page says while something on it fails: each trouble until its own question is answered, and never for ever."""

import asyncio
import logging
from types import SimpleNamespace
from typing import Any, cast

import pytest
from nicegui import Client
from tests.pure.panel.elements import on_a_page, scripts, tags
from tests.pure.panel.test_feed import ME, Asked, feed

from fairway.api.authentication import Caller
from fairway.operations.refusal import wrong_input
from fairway.operations.trader.read_journal import JournalName
from fairway.panel.elements import Tag
from fairway.panel.failures import MISTAKE, told
from fairway.panel.feed import Question
from fairway.panel.pages.journal_verdict import verdict_part
from fairway.panel.visit import PanelParts, Visit

LOG = logging.getLogger("fairway.panel.test")


def visit(client: Client, **parts: Any) -> Visit:
    return Visit(cast(PanelParts, SimpleNamespace(**parts)), client, cast(Caller, SimpleNamespace(actor=ME)))


def test_a_trouble_stays_until_its_own_question_is_answered() -> None:
    async def act(client: Client) -> None:
        found, why = feed(), [wrong_input(f"{name}_AWAY", f"{name} is away") for name in ("ONE", "TWO")]
        page = visit(client, feed=found)
        one, two = Asked("a", why[0], "b"), Asked("a", why[1], why[1], "b")
        for question in (Question("one", one), Question("two", two)):
            await page.live(question)
        for _ in range(3):
            await found.refresh()
        both, second, none = [each.partition("(")[2] for each in (await scripts(client))[-3:]]
        assert "ONE" in both
        assert "TWO" in both
        assert "TWO" in second
        assert "ONE" not in second, "it was answered"
        assert none == '"")'

    on_a_page(cast(Any, act))


def test_a_refusal_is_told_in_its_own_words_and_a_mistake_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    assert "symbol" in told(wrong_input("SYMBOL_MISSING", "name a symbol such as BTC/USDT"), LOG, "a command")
    assert not caplog.records
    assert told(RuntimeError("a secret"), LOG, "the doctor") == MISTAKE
    (record,) = caplog.records
    assert "the doctor" in record.getMessage()
    assert record.exc_info is not None


def test_a_verification_that_fails_by_a_mistake_does_not_go_on_for_ever() -> None:
    async def act(client: Client) -> None:
        with Tag("div") as place:
            verdict_part(visit(client, context=SimpleNamespace(config="fairway.yaml")), JournalName.TRADER)
        (button,) = tags(place, "button")
        await pressed(button)
        assert MISTAKE in " ".join(each.text for each in tags(place, "span"))
        assert "disabled" not in button.props

    on_a_page(cast(Any, act))


async def pressed(button: Tag) -> None:
    (listener,) = button._event_listeners.values()
    async with asyncio.timeout(10):
        await cast(Any, listener.handler)()
