"""A dialog says what its command would do, each time something of it changes, and can be confirmed while that is possible."""

import asyncio
import threading
from collections.abc import Awaitable, Callable
from dataclasses import replace
from types import SimpleNamespace
from typing import Any, cast

from nicegui import Client
from tests.pure.panel.elements import on_a_page, tags
from tests.pure.panel.test_feed import ME

from fairway.api.authentication import Caller
from fairway.api.command_bodies import CommandForm, command_forms
from fairway.operations.operation import Call, Preview
from fairway.operations.refusal import wrong_input
from fairway.panel.command_dialog import Choices, CommandDialog
from fairway.panel.elements import Tag
from fairway.panel.field_words import example_of, label_of
from fairway.panel.visit import PanelParts, Visit

Effect = Callable[[Any], Preview]


class Opened:
    """A dialog in which a person types. effect: what the operation says that its request would do."""

    def __init__(self, client: Client, slug: str, effect: Effect, asked: tuple[str, ...], choices: Choices) -> None:
        form = command_forms()[slug]

        def previewed(call: Call[Any]) -> Preview:
            return effect(call.request)

        operation = replace(form.operation, preview=previewed)
        caller = cast(Caller, SimpleNamespace(actor=ME, asker="me"))
        authenticator = SimpleNamespace(again=lambda caller: caller)
        context = SimpleNamespace(authenticator=authenticator, config="fairway.yaml", place=None)
        visit = Visit(cast(PanelParts, SimpleNamespace(context=context)), client, caller)
        self.dialog = CommandDialog(visit, CommandForm(operation, form.body), "Do it", {}, asked, choices)
        self.client = client

    def _tags(self, tag: str) -> list[Any]:
        return [each for each in self.client.elements.values() if each.tag == tag]

    def field(self, name: str, tag: str = "input") -> Tag:
        (found,) = [each for each in self._tags("label") if each.text == label_of(name)]
        (entry,) = tags(found, tag)
        return cast(Tag, entry)

    @property
    def effect(self) -> str:
        (found,) = [each for each in self._tags("div") if "effect" in each.classes]
        return " ".join(each.text for each in tags(found, "p"))

    @property
    def can_be_confirmed(self) -> bool:
        (found,) = [each for each in self._tags("button") if "act" in each.classes]
        return "disabled" not in found.props


async def happens(element: Tag, kind: str, value: object) -> None:
    """As the browser tells it."""
    for listener in [each for each in element._event_listeners.values() if each.type == kind]:
        handler = cast(Any, listener.handler)
        done = (
            handler(SimpleNamespace(args=value)) if handler.__code__.co_argcount - (handler.__name__ != "<lambda>") else handler()
        )
        if asyncio.iscoroutine(done):
            await done


def opened(
    slug: str,
    effect: Effect,
    act: Callable[[Opened], Awaitable[None]],
    *,
    asked: tuple[str, ...] = (),
    choices: Choices | None = None,
) -> None:
    async def run(client: Client) -> None:
        found = Opened(client, slug, effect, asked, choices or {})
        await found.dialog.open()
        await act(found)

    on_a_page(cast(Any, run))


def of_an_account(request: Any) -> Preview:
    if not request.account:
        raise wrong_input("ACCOUNT_MISSING: field=account", "is missing: it is about one", field="account", example="main")
    return Preview(effect=f"it is lifted in {request.account}")


def test_a_command_can_be_confirmed_once_what_was_missing_is_typed() -> None:
    async def act(found: Opened) -> None:
        assert "is missing" in found.effect
        assert not found.can_be_confirmed
        account = found.field("account")
        await happens(account, "input", "main")
        assert not found.can_be_confirmed, "it is asked where the field is left"
        await happens(account, "change", None)
        assert found.effect == "It is lifted in main."
        assert found.can_be_confirmed

    opened("lift", of_an_account, act, asked=("account",))


def test_a_stage_is_chosen_and_its_effect_shown() -> None:
    stages = {"stage": [("", "the stage before the present one"), ("small", "small")]}

    async def act(found: Opened) -> None:
        assert found.effect == "The stage before is in force."
        stage = found.field("stage", "select")
        assert [each.text for each in tags(stage, "option")] == [words for _, words in stages["stage"]]
        await happens(stage, "change", "small")
        assert found.effect == "Small is in force."

    def effect(request: Any) -> Preview:
        return Preview(effect=f"{request.stage or 'the stage before'} is in force")

    opened("launch-demote", effect, act, asked=("stage",), choices=stages)


def test_an_effect_that_was_asked_for_earlier_does_not_replace_a_later_one() -> None:
    goes_on = threading.Event()

    async def act(found: Opened) -> None:
        pair = found.field("symbol")
        await happens(pair, "input", "SLOW/USDT")
        slow = asyncio.create_task(happens(pair, "change", None))
        await asyncio.sleep(0)
        await happens(pair, "input", "BTC/USDT")
        await happens(pair, "change", None)
        goes_on.set()
        await slow
        assert found.effect == "Runs it for BTC/USDT."

    def effect(request: Any) -> Preview:
        if request.symbol.startswith("SLOW"):
            assert goes_on.wait(10)
        return Preview(effect=f"runs it for {request.symbol}")

    opened("runbook-run", effect, act, asked=("symbol",))


def test_what_lowers_exposure_can_be_confirmed_though_its_effect_is_unknown() -> None:
    def fails(request: Any) -> Preview:
        raise RuntimeError("a mistake")

    async def act(found: Opened) -> None:
        assert "A mistake in Fairway itself" in found.effect
        assert found.can_be_confirmed

    opened("kill", fails, act)


def test_fields_are_called_by_words_and_have_examples() -> None:
    assert label_of("flatten") == "sell everything at the market"
    assert label_of("attest") == "what you have seen yourself"
    assert example_of(command_forms()["close"], "reason") == "such as the pair is delisted tomorrow"
    assert example_of(command_forms()["runbook-run"], "symbol") == "such as BTC/USDT"
