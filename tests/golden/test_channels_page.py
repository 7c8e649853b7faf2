"""The page of channels says what the code does, and its example is a configuration."""

import re

from scripts.channels_table import PAGE, page
from tests.pure.test_settings import GOOD

from fairway.notify.registry import installed_kinds
from fairway.settings.load import parse


def test_the_tables_of_channels_are_current() -> None:
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.channels_table"
    assert installed_kinds().broken == []


def test_the_example_on_the_page_loads_as_it_is() -> None:
    example = re.search(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert example is not None
    notify = parse(GOOD + example[1]).notify
    assert [each.kind for each in notify.channels] == ["email", "slack", "webhook"]
    assert notify.channels_for("team", "chat") == ("team-slack",)
