"""The message and the language of docs/how-to/add-a-message.md give what the page shows."""

import re
import sys
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, cast

import pytest

from fairway.texts.messages.catalogue import LANGUAGES, arguments_of, line, rendered
from fairway.texts.messages.medium import MEDIA, TERMINAL
from fairway.texts.messages.message import KeyedMessage
from fairway.world.clock import parse_instant

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-message.md"
NAMES = ("rest_messages", "rests", "german")
UNTIL = parse_instant("2026-01-03T22:00:00.000Z")


@pytest.fixture(autouse=True)
def files(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The page's files, with its templates in the catalogue as `SUBJECTS` and `LANGUAGES` would have them."""
    for name in NAMES:
        code = re.search(rf"```python\n# {name}.py\n(.*?)```", PAGE.read_text(), re.DOTALL)
        assert code is not None
        (tmp_path / f"{name}.py").write_text(code[1])
    monkeypatch.syspath_prepend(tmp_path)
    for language, templates in (("en", module("rest_messages").ENGLISH), ("de", module("german").GERMAN)):
        languages = cast(dict[str, Any], LANGUAGES)
        monkeypatch.setitem(languages, language, {**languages.get(language, {}), **templates})
    yield
    for name in NAMES:
        del sys.modules[name]


def module(name: str) -> Any:
    return import_module(name)


def rests(losses: int, why: str = "") -> KeyedMessage:
    made: KeyedMessage = module("rests").rests("main", UNTIL, losses, why)
    return made


def shown(number: int) -> str:
    return str(re.findall(r"```text\n(.*?)```", PAGE.read_text(), re.DOTALL)[number])


def test_each_medium_shows_what_the_page_shows() -> None:
    assert shown(0) == "".join(f"{medium.name:<10}{rendered(rests(3, 'a & b'), medium).what}\n" for medium in MEDIA)


def test_the_other_language_has_words_of_its_own() -> None:
    assert shown(1) == f"{rendered(rests(1), TERMINAL, 'de').what}\n"


def test_its_parts_make_one_line() -> None:
    ends = "It opens nothing for 2 h, and its stops stay.; To trade earlier: fairway lift 'rest main'"
    assert line(rests(0)) == f"main rests until 2026-01-03T22:00 after no losses; {ends}"


def test_both_languages_use_the_arguments_that_are_given() -> None:
    key = module("rest_messages").RestMessage.RESTING
    assert [arguments_of(LANGUAGES[each][key]) for each in ("en", "de")] == [set(rests(1).arguments)] * 2
