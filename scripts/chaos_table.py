"""Writes the table of scenes in docs/explanation/chaos.md from the scenes. With --check it only says whether it is current."""

from pathlib import Path

from scripts.pages import run
from scripts.settings_table import table

from fairway.proving.chaos.catalog import LEFT_OUT, scenes
from fairway.proving.chaos.scene import ChaosScene

PAGE = Path(__file__).parents[1] / "docs" / "explanation" / "chaos.md"
BEGIN, END = "<!-- from the code: scripts/chaos_table.py -->", "<!-- end -->"
HEAD = ("scene", "from", "what is injected", "what must be seen", "assumption", "item")


def page(old: str) -> str:
    """The page with its table made from the code."""
    before, _, rest = old.partition(BEGIN)
    _, _, after = rest.partition(END)
    rows = [_row(scene) for scene in scenes().values()] + [_left_out(case, why) for case, why in LEFT_OUT.items()]
    return f"{before}{BEGIN}\n\n{table(HEAD, rows)}\n\n{END}{after}"


def _row(scene: ChaosScene) -> tuple[str, ...]:
    items = ", ".join(f"`{item}`" for item in scene.items)
    return f"`{scene.name}`", scene.source, scene.injects, scene.shows, scene.assumes, items


def _left_out(case: str, why: str) -> tuple[str, ...]:
    return "(not here yet)", case, "", why, "", ""


if __name__ == "__main__":
    run(PAGE, page)
