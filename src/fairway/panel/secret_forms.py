"""Forms that a script of the page sends by itself: what is typed into them goes to one path of the server and nowhere else.

A field of the other forms is told to the page's program with each key. Keys of a venue and passwords must not be, so these forms
have no handlers; `secret_forms.js` sends them, and shows the answer in their last element.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from fairway.operations.operation import Exposure
from fairway.panel.elements import Tag
from fairway.panel.fresh_sign_in import fresh_sign_in


@dataclass(frozen=True, slots=True, kw_only=True)
class SecretField:
    """One field of the body. kind: `text`, `password`, `checkbox`, `list` for several words, or `select` for one of options."""

    name: str
    label: str
    kind: str = "text"
    options: Sequence[str] = ()
    value: str = ""
    example: str = ""
    is_required: bool = False


def secret_form(path: str, words: str, fields: Sequence[SecretField], exposure: Exposure, *, method: str = "POST") -> Tag:
    """A form that sends its fields as JSON to a path. words: of its button."""
    with Tag("form", "", "secret-form", data_path=path, data_method=method, aria_label=words, autocomplete="off") as found:
        with Tag("div", "", "secret-fields"):
            for each in fields:
                _field(each)
        with Tag("fieldset", "", "again", hidden=True, disabled=True):
            Tag("legend", "It asks for a fresh sign-in")
            fresh_sign_in()
        Tag("button", words, exposure.value, type="submit")
        Tag("div", "", "said", role="status")
    return found


def _field(each: SecretField) -> None:
    if each.kind == "select":
        with Tag("label", each.label), Tag("select", name=each.name):
            for option in each.options:
                Tag("option", option, value=option, selected=(option == each.value) or None)
        return
    kept: dict[str, Any] = {
        "placeholder": each.example or None,
        "value": each.value or None,
        "required": each.is_required or None,
    }
    if each.kind == "password":
        kept |= {"autocomplete": "new-password", "spellcheck": "false"}  # no browser offers to fill in the own password
    shown = {"list": "text"}.get(each.kind, each.kind)
    _input(each.name, each.label, type=shown, data_list=True if each.kind == "list" else None, **kept)


def _input(name: str, label: str, **props: Any) -> None:
    with Tag("label", label):
        found = Tag("input", name=name)
        for prop, value in props.items():
            if value is not None:
                found.attribute(prop.replace("_", "-"), value)
