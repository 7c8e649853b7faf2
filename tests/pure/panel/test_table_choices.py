"""What a person has chosen for a table: kept in a cookie, which anybody may have written."""

import json
from urllib.parse import quote

import pytest

from fairway.panel.table_choices import COOKIE_PREFIX, SEARCH_MAX, TableChoices, read_choices, stored

HEADS = {"Pair", "Result"}


def kept(value: object) -> dict[str, str]:
    return {f"{COOKIE_PREFIX}orders": quote(value if isinstance(value, str) else json.dumps(value))}


def test_what_is_stored_is_read_again() -> None:
    chosen = TableChoices(search="btc", order="Result", is_down=True, hidden=frozenset({"Pair"}))
    name, value = json.loads(f"[{stored('orders', chosen)}]")
    assert read_choices({name: quote(value)}, "orders", HEADS) == chosen


@pytest.mark.parametrize(
    "value",
    ["", "no json", "[]", "3", '"text"', {"order": ["Pair"]}, {"hidden": 3}, {"search": {}, "order": "Gone", "hidden": ["Gone"]}],
    ids=repr,
)
def test_a_cookie_that_does_not_fit_chooses_nothing(value: object) -> None:
    found = read_choices(kept(value), "orders", HEADS)
    assert (found.order, found.is_down, found.hidden) == ("", False, frozenset())


def test_a_search_is_bounded_and_finds_rows_that_have_each_word() -> None:
    assert len(read_choices(kept({"search": "x" * 1_000}), "orders", HEADS).search) == SEARCH_MAX
    chosen = TableChoices(search="btc ANN")
    assert chosen.finds(["BTC/USDT", "ann"])
    assert not chosen.finds(["BTC/USDT", "ben"])
    assert TableChoices().finds([])
