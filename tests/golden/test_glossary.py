"""The glossary: each of its terms has one sentence and a class that exists."""

import re
from importlib import import_module
from inspect import isclass
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[2] / "docs" / "glossary.md"
ROWS = re.findall(r"^\| ([^|]+) \| ([^|]+) \| `([\w.]+)` \|$", PAGE.read_text(), re.MULTILINE)


def test_no_term_is_listed_twice() -> None:
    terms = [term for term, _, _ in ROWS]
    assert len(terms) > 50
    assert len(set(terms)) == len(terms)


@pytest.mark.parametrize(("term", "meaning", "place"), ROWS, ids=[term for term, _, _ in ROWS])
def test_each_term_has_one_sentence_and_its_class(term: str, meaning: str, place: str) -> None:
    assert re.fullmatch(r"[^.]+\.", meaning.replace("e.g.", "")), f"{term}: write one sentence"
    module, _, name = place.rpartition(".")
    assert isclass(getattr(import_module(module), name, None)), f"{term}: there is no class {place}"
