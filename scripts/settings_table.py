"""Writes the table in docs/reference/settings.md from the code that owns the settings.

With --check it only says whether they are current.
"""

from collections.abc import Iterable
from pathlib import Path
from typing import get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined
from scripts.pages import run

from fairway.money.amount import text_of
from fairway.settings.model import Settings
from fairway.settings.values import Fraction
from fairway.strategies.api import strategies
from fairway.texts.durations import as_setting
from fairway.texts.quantities import Duration

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "settings.md"
HEAD = ("key", "meaning", "default", "example")
BEGIN, END = "<!-- from the code: scripts/settings_table.py -->", "<!-- end -->"


def tables() -> str:
    """The generated part of the page: the file's keys, then each strategy's own."""
    parts = [table(HEAD, rows_of(Settings, ""))]
    for name, plugin in sorted(strategies().items()):
        parts.append(f"### Strategy `{name}`\n\n{plugin.summary}.\n\n{table(HEAD, rows_of(plugin.settings, 'strategy.'))}")
    return "\n\n".join(parts)


def page(old: str) -> str:
    """The page with its generated part made again."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """As Markdown."""
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def rows_of(model: type[BaseModel], prefix: str) -> list[tuple[str, str, str, str]]:
    """A row for each key of a section, and of the sections in it. prefix: what stands before each key, such as `strategy.`."""
    rows: list[tuple[str, str, str, str]] = []
    for own_name, field in model.model_fields.items():
        name = field.alias or own_name
        if field.description:
            rows.append((f"`{prefix}{name}`", field.description, _default(field), f"`{name}: {(field.examples or [''])[0]}`"))
        if name == "own":  # keys of a plug-in, which have tables of their own
            continue
        for section in (field.annotation, *get_args(field.annotation)):  # one that may be left out is a union with None
            if isinstance(section, type) and issubclass(section, BaseModel):
                rows += rows_of(section, f"{prefix}{name}.")
    return rows


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined:
        return "(needed)"
    if value in (None, "", (), {}) or isinstance(value, BaseModel):  # a section has its keys in rows of their own
        return "(none)"
    if field.annotation is get_args(Fraction)[0] and any(step in field.metadata for step in get_args(Fraction)[1:]):
        return f"`{text_of(value * 100)} %`"
    if any(step in field.metadata for step in get_args(Duration)[1:]):
        return f"`{as_setting(value)}`"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


if __name__ == "__main__":
    run(PAGE, page)
