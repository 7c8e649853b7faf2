"""The page of chaos scenes says what the code does."""

from scripts.chaos_table import PAGE, page

from fairway.proving.chaos.catalog import scenes


def test_every_scene_has_its_row() -> None:
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.chaos_table"
    assert all(f"\n| `{name}` | " in text for name in scenes())
