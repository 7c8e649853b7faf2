"""Writes docs/reference/schema.graphql, and the tables in docs/reference/graphql.md, from the schema.

With --check it only says whether both are current.
"""

import re
from collections.abc import Sequence
from pathlib import Path

from scripts.pages import run

from fairway.api.graphql.bounds import (
    ALIASES_MAX,
    COST_MAX,
    DEPTH_MAX,
    FIELDS_MAX,
    INTROSPECTION_DEPTH_MAX,
    LIMIT_MAX,
    QUERY_MAX,
    ROOTS_MAX,
    TOKENS_MAX,
)
from fairway.api.graphql.mutations import COMMANDS
from fairway.api.graphql.schema import schema
from fairway.operations.people.account_keys import ADD_ACCOUNT, ROTATE_KEYS
from fairway.operations.registry import AnyOperation

REFERENCE = Path(__file__).parents[1] / "docs" / "reference"
PAGE, SCHEMA = REFERENCE / "graphql.md", REFERENCE / "schema.graphql"
BEGIN, END = "<!-- from the code: scripts/graphql_table.py -->", "<!-- end -->"
KEYS: dict[str, AnyOperation] = {"createExchangeAccount": ADD_ACCOUNT, "rotateExchangeAccountKeys": ROTATE_KEYS}
BOUNDS = {
    "characters of a query": QUERY_MAX,
    "tokens": TOKENS_MAX,
    "levels": DEPTH_MAX,
    "levels of `__schema` and `__type`": INTROSPECTION_DEPTH_MAX,
    "aliases": ALIASES_MAX,
    "fields at the top": ROOTS_MAX,
    "fields in all, those of a fragment at each use": FIELDS_MAX,
    "`limit` of a list": LIMIT_MAX,
    "values in an answer: for each field at the top, its limit times its fields": COST_MAX,
}


def page(old: str) -> str:
    """The page with its tables made again."""
    found = schema()._schema
    assert found.query_type is not None
    assert found.mutation_type is not None
    queries = [(f"`{name}`", field.description or "") for name, field in found.query_type.fields.items()]
    mutations = [
        (f"`{name}`", f"`{(COMMANDS | KEYS)[name].name}`", field.description or "")
        for name, field in found.mutation_type.fields.items()
    ]
    tables = (
        _table("query", "what it answers", rows=queries),
        _table("mutation", "operation", "what it does", rows=mutations),
        _table("bound", "at most", rows=[(name, f"{most:,}") for name, most in BOUNDS.items()]),
    )
    parts = re.split(f"{re.escape(BEGIN)}.*?{re.escape(END)}", old, flags=re.DOTALL)
    assert len(parts) == len(tables) + 1, f"{PAGE} has a place for each table, between {BEGIN} and {END}"
    return "".join(f"{part}{table}" for part, table in zip(parts, (*tables, ""), strict=True))


def _table(*head: str, rows: Sequence[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
    return f"{BEGIN}\n\n{table}\n\n{END}"


def schema_text(old: str) -> str:
    """The schema as it is served."""
    return f"{schema().as_str()}\n"


if __name__ == "__main__":
    if SCHEMA.read_text() == schema_text(""):
        run(PAGE, page)
    else:
        run(SCHEMA, schema_text)
        run(PAGE, page)
