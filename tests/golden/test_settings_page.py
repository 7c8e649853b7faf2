"""The page of settings says what the code does."""

import re

from scripts.settings_table import PAGE, page

from fairway.settings.load import parse


def test_the_table_of_settings_is_current() -> None:
    """A key that changed without its row fails here; the script writes the table anew."""
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.settings_table"


def test_the_example_on_the_page_loads_as_it_is() -> None:
    """Whoever copies it has a configuration."""
    example = re.search(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert example is not None
    assert parse(example[1]).mode == "practice"
