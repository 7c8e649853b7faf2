"""The glossary: each of its terms has one sentence and a class that exists."""

import re
from ast import ClassDef, parse
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


SAME_IDEA = {
    "Candle": "the same candle, as the practice exchange keeps it in integers and as the trader reads it",
    "Fill": "the same fill, seen by the exchange and by the trader",
    "NewOrder": "the same request for an order, as the exchange receives it and as a venue client sends it",
    "NewPair": "the same request for an OCO pair, as the exchange receives it and as a venue client sends it",
    "Order": "the same order, seen by the exchange and by the trader",
    "OrderReport": "the same report on an order, as the exchange sends it and as a venue client returns it",
    "OrderType": "the same types of order, as the exchange and as the trader know them",
    "Profile": "the same risk profile, chosen by a user in people/ and turned into limits in risk/",
    "Side": "the same side of an order, seen by the exchange and by the trader",
}
"""Names that two classes share on purpose, each with the reason."""


def _public_classes() -> dict[str, list[str]]:
    """The modules that define a public class at top level, by the class's name."""
    root = Path(__file__).parents[2] / "src"
    found: dict[str, list[str]] = {}
    for file in sorted(root.rglob("*.py")):
        for node in parse(file.read_text(encoding="utf8")).body:
            if isinstance(node, ClassDef) and not node.name.startswith("_"):
                found.setdefault(node.name, []).append(file.relative_to(root).as_posix())
    return found


def test_only_listed_names_are_shared_by_two_public_classes() -> None:
    shared = {name: files for name, files in _public_classes().items() if len(files) > 1}
    unlisted = {name: files for name, files in shared.items() if name not in SAME_IDEA}
    assert not unlisted, "rename one of each pair, or list it in SAME_IDEA where both mean the same"
    assert set(SAME_IDEA) <= set(shared), "SAME_IDEA lists a name that only one class has"
