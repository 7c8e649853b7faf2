"""Asks before it acts: what a command would do now, why it is given, and then what became of it, until it is verified."""

import logging
from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import Enum
from typing import Any, Final

from nicegui import ui
from nicegui.events import GenericEventArguments
from pydantic import ValidationError
from pydantic.fields import FieldInfo

from fairway.api.command_bodies import CommandForm, command_forms
from fairway.api.command_record import CommandRecord, CommandState
from fairway.api.problems import problem_of
from fairway.operations.operation import Exposure, Preview
from fairway.panel.elements import Tag, button
from fairway.panel.failures import told
from fairway.panel.field_words import example_of, label_of
from fairway.panel.fresh_sign_in import fresh_sign_in
from fairway.panel.visit import Visit, new_key

_OLD_SIGN_IN: Final = "SIGN_IN_OLD"
_SIGNED_IN: Final = "signed in"
"""What `fairway.confirmed` says of a fresh sign-in that succeeded."""
_VALUE: Final = "(e) => emit(e.target.value)"
_LOG: Final = logging.getLogger(__name__)


Choices = Mapping[str, Sequence[tuple[str, str]]]
"""By field, what may be chosen: (value, words)."""


def _no_choices() -> Choices:
    return {}


def command_button(
    visit: Visit,
    words: str,
    slug: str,
    given: Mapping[str, Any],
    *,
    classes: str = "",
    ask: tuple[str, ...] = (),
    choices: Callable[[], Choices] = _no_choices,
) -> Tag:
    """A button that opens the dialog of a command. given: values that this place decides. ask: what is asked for besides.

    Fields that are neither given nor asked for keep what the operation has for them, and those without such a value are asked.
    choices: asked when the button is pressed; a text that it has choices of is chosen and not typed.
    """
    form = command_forms()[slug]
    return button(words, lambda: CommandDialog(visit, form, words, given, ask, choices()).open(), classes)


class CommandDialog:
    """One command, from the question to its end."""

    # size: what a command's place knows about it
    def __init__(
        self, visit: Visit, form: CommandForm, title: str, given: Mapping[str, Any], ask: tuple[str, ...], choices: Choices
    ) -> None:
        self._visit, self._form, self._title, self._given, self._choices = visit, form, title, dict(given), choices
        fields = form.body.model_fields.items()
        self._asked = [(name, each) for name, each in fields if name not in given and (each.is_required() or name in ask)]
        self._values: dict[str, Any] = {}
        self._key = new_key()
        self._previews = 0
        self._is_under_way = False

    async def open(self) -> None:
        """Shows it, with what the command would do."""
        with self._visit.client.content, ui.dialog() as self._dialog, Tag("div", "", "dialog"):
            self._dialog.props["aria-label"] = self._title
            self._dialog.on("hide", self._dialog.delete)
            Tag("h2", self._title)
            Tag("p", self._form.operation.summary)
            self._effect = Tag("div", "", "effect", aria_live="polite")
            with Tag("form", "", "fields").on("submit", self._go, js_handler="async (e) => emit(await fairway.confirmed(e))"):
                for name, each in self._asked:
                    self._field(name, each)
                self._again = Tag("div", "", "again")
                self._said = Tag("div", "", "said", role="status")
                with Tag("div", "", "buttons"):
                    self._leave = button("Cancel", self._dialog.close, "quiet")
                    self._act = Tag("button", self._title, f"act {self._form.operation.exposure.value}", type="submit")
        self._dialog.open()
        await self._show_effect()

    def _field(self, name: str, each: FieldInfo) -> None:
        kind = each.annotation
        with Tag("label", label_of(name)):
            if kind is bool:
                box = Tag("input", type="checkbox", checked=bool(each.default) or None)
                box.on("change", lambda event: self._chosen(name, event.args), js_handler="(e) => emit(e.target.checked)")
            elif isinstance(kind, type) and issubclass(kind, Enum):
                chosen = each.default if isinstance(each.default, Enum) else next(iter(kind))
                self._select(name, ((str(option.value), str(option.value)) for option in kind), str(chosen.value))
            elif name in self._choices:
                self._select(
                    name, self._choices[name], str(each.default) if not each.is_required() else self._choices[name][0][0]
                )
            else:
                self._text(name, is_required=each.is_required())

    def _select(self, name: str, options: Iterable[tuple[str, str]], chosen: str) -> None:
        self._values[name] = chosen
        with Tag("select") as select:
            for value, words in options:
                Tag("option", words, value=value, selected=(value == chosen) or None)
        select.on("change", lambda event: self._chosen(name, event.args), js_handler=_VALUE)

    def _text(self, name: str, *, is_required: bool) -> None:
        """Each key counts at once, so that what is confirmed is what stands there; the effect is asked for where it is left."""
        field = Tag("input", type="text", required=is_required or None, maxlength="2000", autocomplete="off")
        field.attribute("placeholder", example_of(self._form, name))
        field.on("input", lambda event: self._typed(name, event.args), js_handler=_VALUE)
        if name == "reason":
            field.attribute("autofocus", True)
        else:
            field.on("change", self._show_effect, args=[])

    def _typed(self, name: str, value: str) -> None:
        self._values[name] = value

    async def _chosen(self, name: str, value: Any) -> None:
        self._values[name] = value
        await self._show_effect()

    async def _show_effect(self) -> None:
        """What it would do now, unless it was asked for once more meanwhile.

        A required text that is still empty is taken as any: an effect does not depend on a reason.
        """
        self._previews += 1
        number = self._previews
        texts = [name for name, each in self._asked if each.annotation is str and each.is_required()]
        stand_in = {name: "not said yet" for name in texts if not self._values.get(name)}
        try:
            body = self._form.body(**self._given, **{**self._values, **stand_in})
            found: Preview | Exception | None = await self._visit.preview(self._form, body)
        except ValidationError:  # said when it is confirmed
            found = None
        except Exception as error:
            found = error
        if number != self._previews or self._dialog.is_deleted:
            return
        self._effect.clear()
        with self._effect:
            may = self._told(found)
        if not self._is_under_way:
            self._act.attribute("disabled", None if may else True)

    def _told(self, found: Preview | Exception | None) -> bool:
        """Shows it. Returns whether it can be confirmed: what lowers exposure always, for nothing keeps it waiting."""
        if isinstance(found, Preview):
            _show_preview(found)
        elif found is not None and _is_old_sign_in(found):
            self._ask_sign_in()
        elif found is not None:
            Tag("p", told(found, _LOG, f"the preview of {self._form.slug}"), "refused")
            return self._form.operation.exposure is Exposure.LOWERS
        return True

    def _ask_sign_in(self) -> None:
        """Fields that the browser alone reads: see `fairway.confirmed`."""
        self._again.clear()
        with self._again:
            Tag("p", "It raises exposure or changes rights, so it asks for a fresh sign-in.")
            fresh_sign_in()

    async def _go(self, event: GenericEventArguments) -> None:
        """The person has confirmed it. event: what came of a fresh sign-in, "" where none was asked for."""
        if event.args == _SIGNED_IN:
            self._again.clear()
            await self._show_effect()
            self._say(["You are signed in again. Read what it would do, and confirm it."], "pending")
        elif event.args:
            self._say([str(event.args)], "refused")
        else:
            await self._perform()

    async def _perform(self) -> None:
        self._is_under_way = True
        self._act.attribute("disabled", True)
        self._say(["It is being carried out …"], "pending")
        try:
            body = self._form.body(**self._given, **self._values)
            self._ended(await self._visit.perform(self._form, body, self._tell, key=self._key))
            return
        except ValidationError as error:
            self._say([f"{label_of(str(each['loc'][0]))}: {each['msg']}" for each in error.errors()], "refused")
        except Exception as error:
            self._failed(error)
        self._is_under_way = False
        self._act.attribute("disabled", None)

    def _failed(self, error: Exception) -> None:
        if _is_old_sign_in(error):
            self._say([], "")
            self._ask_sign_in()
        else:
            self._say([told(error, _LOG, f"the command {self._form.slug}")], "refused")

    def _tell(self, record: CommandRecord) -> None:
        self._say([*record.sentences, "It is being carried out …"], "pending")

    def _ended(self, record: CommandRecord) -> None:
        is_done = record.state is CommandState.DONE
        word = "✓ done" if is_done else "✗ not done"
        self._say([word, *record.sentences], "done" if is_done else "refused")
        self._act.set_visibility(False)
        self._leave.set_text("Close")

    def _say(self, sentences: list[str], classes: str) -> None:
        self._said.clear()
        with self._said, Tag("div", "", classes):
            for sentence in sentences:
                Tag("p", sentence)


def _is_old_sign_in(error: Exception) -> bool:
    problem = problem_of(error)
    return problem is not None and problem.code.startswith(_OLD_SIGN_IN)


def _show_preview(found: Preview) -> None:
    Tag("p", f"{found.effect[:1].upper()}{found.effect[1:].removesuffix('.')}.")
    if found.details:
        with Tag("ul", "", "details"):
            for detail in found.details:
                Tag("li", detail)
    for title, entries in (
        ("Accounts", found.accounts),
        ("Orders", found.orders),
        ("Positions to be sold", found.positions),
        ("Lines that change", found.changes),
        ("Not known", found.unknown),
    ):
        if entries:
            with Tag("details", "", title.lower().replace(" ", "-"), open=len(entries) < 6 or None):
                Tag("summary", f"{title}: {len(entries)}")
                with Tag("ul"):
                    for entry in entries:
                        Tag("li", entry)
