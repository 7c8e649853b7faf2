"""What a person has chosen for a table, kept in a cookie of the browser: the search, the order, and which columns are hidden."""

import json
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import unquote

COOKIE_PREFIX = "fairway_table_"
SEARCH_MAX = 100


@dataclass(frozen=True, slots=True)
class TableChoices:
    """order: the head of a column, "" for the order in which rows come. hidden: heads."""

    search: str = ""
    order: str = ""
    is_down: bool = False
    hidden: frozenset[str] = frozenset()

    def with_(self, **changes: Any) -> "TableChoices":
        """The same with some changed."""
        return replace(self, **changes)

    def finds(self, words: Iterable[str]) -> bool:
        """Whether a row has each word of the search in one of its cells."""
        wanted = self.search.lower().split()
        if not wanted:
            return True
        whole = " ".join(words).lower()
        return all(word in whole for word in wanted)


def read_choices(cookies: Mapping[str, str], name: str, heads: Set[str]) -> TableChoices:
    """As the browser has kept them; what does not fit is as if nothing was chosen, for anybody may write a cookie."""
    try:
        found = json.loads(unquote(cookies.get(f"{COOKIE_PREFIX}{name}", "{}")))
        return TableChoices(
            search=str(found.get("search", ""))[:SEARCH_MAX],
            order=found.get("order", "") if found.get("order") in heads else "",
            is_down=found.get("down") is True,
            hidden=frozenset(head for head in found.get("hidden", ()) if head in heads),
        )
    except (ValueError, AttributeError, TypeError):
        return TableChoices()


def stored(name: str, choices: TableChoices) -> str:
    """The arguments of the JavaScript that keeps them."""
    kept = {
        "search": choices.search[:SEARCH_MAX],
        "order": choices.order,
        "down": choices.is_down,
        "hidden": sorted(choices.hidden),
    }
    return f"{json.dumps(COOKIE_PREFIX + name)}, {json.dumps(json.dumps(kept))}"
