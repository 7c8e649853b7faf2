"""Writes the table in docs/reference/operations.md from the registry of operations.

With --check it only says whether the table is current.
"""

from pathlib import Path

from scripts.pages import run

from fairway.operations.registry import all_operations

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "operations.md"
BEGIN, END = "<!-- from the code: scripts/operations_table.py -->", "<!-- end -->"


def page(old: str) -> str:
    """The page with its table made again."""
    rows = [("operation", "what it does", "role's act", "exposure"), ("---",) * 4]
    rows += [(f"`{each.name}`", each.summary, each.act.name.lower(), each.exposure.value) for each in all_operations().values()]
    table = "\n".join(f"| {' | '.join(cells)} |" for cells in rows)
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{table}\n\n{END}{after}"


if __name__ == "__main__":
    run(PAGE, page)
