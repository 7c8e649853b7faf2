"""Writes the tables of keys in docs/reference/channels.md from the channels that own them.

With --check it only says whether they are current.
"""

from pathlib import Path

from scripts.pages import run
from scripts.settings_table import HEAD, rows_of, table

from fairway.notify.registry import installed_kinds

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "channels.md"
BEGIN, END = "<!-- from the code: scripts/channels_table.py -->", "<!-- end -->"


def tables() -> str:
    """One part for each kind of channel that comes with Fairway."""
    parts = []
    for name, kind in sorted(installed_kinds().plugins.items()):
        parts.append(f"### Kind `{name}`\n\n{kind.summary}. Its medium in a launch plan: `{kind.word}`.\n\n{_keys(name)}")
    return "\n\n".join(parts)


def _keys(name: str) -> str:
    rows = rows_of(installed_kinds().plugins[name].settings, "")
    return table(HEAD, rows) if rows else "It has no keys."


def page(old: str) -> str:
    """The page with its generated part made again."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{tables()}\n\n{END}{after}"


if __name__ == "__main__":
    run(PAGE, page)
