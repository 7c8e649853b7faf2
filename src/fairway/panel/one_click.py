"""Buttons that act at once and say what came of it: for what is practice, or lowers exposure and needs no reason."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final

from pydantic import ValidationError

from fairway.api.command_bodies import command_forms
from fairway.api.command_record import CommandRecord, CommandState
from fairway.panel.elements import Tag, button
from fairway.panel.failures import told
from fairway.panel.visit import Visit

_LOG: Final = logging.getLogger(__name__)
Given = Mapping[str, Any] | Callable[[], Mapping[str, Any]]


def act_button(visit: Visit, words: str, slug: str, given: Given, said: Tag, classes: str = "", **props: Any) -> Tag:
    """A button that performs a command with one click. given: its fields, or what finds them when it is clicked.

    said: shows what came of it, and is read out. Where the role does not allow the command, the button says so.
    """

    async def act() -> None:
        found.attribute("disabled", True)
        try:
            await perform_now(visit, slug, given() if callable(given) else given, said)
        finally:
            found.attribute("disabled", None)

    found = button(words, act, classes, **props)
    if not visit.may(slug):
        found.attribute("disabled", True)
        found.attribute("title", f"The role {visit.actor.role} does not allow it.")
    return found


async def perform_now(visit: Visit, slug: str, given: Mapping[str, Any], said: Tag) -> bool:
    """Performs a command and says what came of it. Returns whether it was done."""
    form = command_forms()[slug]

    def tell(record: CommandRecord) -> None:
        _say(said, "… " + " ".join(record.sentences or ("it is being carried out",)), "pending")

    try:
        record = await visit.perform(form, form.body(**given), tell)
    except ValidationError as error:
        _say(said, "✗ " + "; ".join(f"{each['loc'][0]}: {each['msg']}" for each in error.errors()), "refused")
        return False
    except Exception as error:
        _say(said, f"✗ {told(error, _LOG, f'the command {slug}')}", "refused")
        return False
    is_done = record.state is CommandState.DONE
    _say(said, f"{'✓' if is_done else '✗'} {'; '.join(record.sentences)}", "done" if is_done else "refused")
    return is_done


def _say(said: Tag, words: str, tone: str) -> None:
    said.set_text(words)
    said.classes(remove="pending refused done", add=tone)
