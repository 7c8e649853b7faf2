"""Writes the table in docs/reference/faults.md from the faults themselves. With --check it only says whether it is current."""

import json
from pathlib import Path

import msgspec
from scripts.pages import run
from scripts.settings_table import table

from fairway.exchange.faults.registry import FaultPlugin, faults

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "faults.md"
BEGIN, END = "<!-- from the code: scripts/faults_table.py -->", "<!-- end -->"
HEAD = ("fault", "what happens", "options", "scene", "what the trader does")


def page(old: str) -> str:
    """The page with its table made from the code."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table(HEAD, [_row(plugin) for plugin in faults().values() if plugin.scene])}\n\n{END}{after}"


def _row(plugin: FaultPlugin) -> tuple[str, ...]:
    options = ", ".join(
        f"`{it.name}` {json.dumps(msgspec.to_builtins(it.default))}" for it in msgspec.structs.fields(plugin.options)
    )
    return f"`{plugin.name}`", plugin.summary, options or "none", plugin.scene, plugin.trader


if __name__ == "__main__":
    run(PAGE, page)
