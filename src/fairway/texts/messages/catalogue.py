"""Renders messages: looks a template up by its key and language, and fills it in for a medium."""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from fairway.texts.messages import (
    caps_messages,
    difference_messages,
    exchange_messages,
    figure_messages,
    holdings_messages,
    incident_messages,
    launch_messages,
    order_messages,
    protection_messages,
    reasons,
    record_messages,
    refusals,
    response_messages,
    result_messages,
    rollback_messages,
    status_messages,
    stop_messages,
    trader_messages,
)
from fairway.texts.messages.medium import TERMINAL, Medium
from fairway.texts.messages.message import KeyedMessage, MessageKey, MessageText, Template

if TYPE_CHECKING:
    import jinja2

SUBJECTS: Final[Sequence[Mapping[MessageKey, Template]]] = (
    launch_messages.ENGLISH,
    reasons.ENGLISH,
    refusals.ENGLISH,
    order_messages.ENGLISH,
    protection_messages.ENGLISH,
    trader_messages.ENGLISH,
    status_messages.ENGLISH,
    record_messages.ENGLISH,
    rollback_messages.ENGLISH,
    result_messages.ENGLISH,
    figure_messages.ENGLISH,
    incident_messages.ENGLISH,
    response_messages.ENGLISH,
    difference_messages.ENGLISH,
    holdings_messages.ENGLISH,
    exchange_messages.ENGLISH,
    caps_messages.ENGLISH,
    stop_messages.ENGLISH,
)
"""The templates of each subject, in English."""
ENGLISH: Final[Mapping[MessageKey, Template]] = {key: template for subject in SUBJECTS for key, template in subject.items()}
LANGUAGES: Final[Mapping[str, Mapping[MessageKey, Template]]] = {"en": ENGLISH}


def rendered(message: KeyedMessage, medium: Medium = TERMINAL, language: str = "en") -> MessageText:
    """The message as text of a medium.

    Raises KeyError for a key without a template, and jinja2.UndefinedError or TypeError for an argument that is not given.
    """
    template = LANGUAGES[language][message.key]
    return MessageText(*(_filled(part, message, medium, language) for part in template.parts))


def line(message: KeyedMessage) -> str:
    """The message as one line of a terminal, in English."""
    return rendered(message).sentence


def prepare(*subjects: type[MessageKey]) -> None:
    """Compiles the terminal's templates of subjects in English, so that they are rendered later without reading any file."""
    for subject in subjects:
        for key in subject:
            for part in ENGLISH[key].parts:
                _compiled(part, TERMINAL, "en")


def arguments_of(template: Template) -> set[str]:
    """The names of the arguments that a template uses."""
    from jinja2 import meta

    return {name for part in template.parts for name in meta.find_undeclared_variables(_environment(TERMINAL, "en").parse(part))}


def keys() -> Iterator[MessageKey]:
    """Every key of every subject."""
    yield from ENGLISH


def _filled(part: str, message: KeyedMessage, medium: Medium, language: str) -> str:
    """A part without an argument needs no template engine, and no import of one."""
    if "{" not in part:
        return medium.escape(part)
    return _compiled(part, medium, language).render(message.arguments)


@cache
def _compiled(part: str, medium: Medium, language: str) -> "jinja2.Template":
    return _environment(medium, language).from_string(part)


@cache
def _environment(medium: Medium, language: str) -> "jinja2.Environment":
    """Escaping is done by the medium in `finalize`, together with formatting; the text of a template itself is ours."""
    import jinja2

    def shown(value: Any) -> str:
        if isinstance(value, tuple):
            return ", ".join(map(shown, value))
        return rendered(value, medium, language).what if isinstance(value, KeyedMessage) else medium.text(value)

    return jinja2.Environment(undefined=jinja2.StrictUndefined, autoescape=False, finalize=shown)
