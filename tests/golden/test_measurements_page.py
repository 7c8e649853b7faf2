"""The page of measurements says what the code does."""

import re

from scripts.measurements_table import PAGE, page

from fairway.settings.load import parse
from fairway.watch.indicators import INDICATORS

CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9100, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT]
strategy: {name: trend}
"""


def test_the_table_of_indicators_is_current() -> None:
    """One that changed without its row fails here; the script writes the table anew."""
    text = PAGE.read_text()
    assert page(text) == text, "run .venv/bin/python -m scripts.measurements_table"
    assert all(f"`{each.name}`" in text for each in INDICATORS)


def test_the_example_of_maintenance_loads_as_it_is() -> None:
    """Whoever copies it has a key that is understood."""
    example = re.search(r"```yaml\n(.*?)```", PAGE.read_text(), re.DOTALL)
    assert example is not None
    [(begins, ends)] = parse(CONFIG + example[1]).maintenance
    assert ends - begins == 2 * 3600 * 10**9
