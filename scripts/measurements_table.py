"""Writes the table in docs/reference/measurements.md from the code of the indicators.

With --check it only says whether they are current.
"""

from pathlib import Path

from scripts.pages import run

from fairway.watch.indicators import INDICATORS

PAGE = Path(__file__).parents[1] / "docs" / "reference" / "measurements.md"
BEGIN, END = "<!-- from the code: scripts/measurements_table.py -->", "<!-- end -->"


def page(old: str) -> str:
    """The page with its generated part made again."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{BEGIN}\n\n{_table()}\n\n{END}{after}"


def _table() -> str:
    rows: list[tuple[str, ...]] = [
        ("indicator", "one observation is", "its value is", "what it is, and for a ratio what is good", "label", "source")
    ]
    rows.append(("---",) * 6)
    for each in INDICATORS:
        rows.append((f"`{each.name}`", each.unit, each.measures, each.means, each.label or "(none)", each.source))
    return "\n".join(f"| {' | '.join(row)} |" for row in rows)


if __name__ == "__main__":
    run(PAGE, page)
