"""The example of docs/how-to/add-a-strategy.md, installed as another package: a configuration names it, and it decides."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from pathlib import Path

import pytest
from tests.installed_package import example_of, installed
from tests.pure.strategies.test_trend import PAIR, candle

from fairway.market.candles import Candle
from fairway.orders.intent import Enter
from fairway.settings.load import parse
from fairway.strategies.api import View, strategy

PAGE = Path(__file__).parents[3] / "docs" / "how-to" / "add-a-strategy.md"
CONFIG = """
mode: practice
venue: {exchange: binance, url: http://127.0.0.1:9100, key: env:KEY, secret: env:SECRET}
symbols: [BTC/USDT]
strategy: {name: dip, bars: 4}
"""


@pytest.fixture(autouse=True)
def package(tmp_path: Path) -> Iterator[None]:
    with installed(tmp_path, "fairway.strategies", "dip", example_of(PAGE), "STRATEGY"):
        yield


def test_a_configuration_names_it_with_its_settings() -> None:
    settings = parse(CONFIG)
    assert settings.strategy.name == "dip"


def test_it_enters_after_a_fall_with_a_stop_and_a_target() -> None:
    """Four percent below the highest close of its bars; at the close before it there is nothing to do."""
    plugin = strategy("dip")
    made = plugin.make(plugin.settings.model_validate({"bars": 4}))
    candles = [candle(number, close) for number, close in enumerate([100, 100, 100, 100, 96])]
    [entry] = made.decide(view(candles))
    assert isinstance(entry, Enter)
    assert (entry.stop.value, entry.target.value) == (Decimal(94), Decimal(100))
    assert list(made.decide(view(candles[:-1]))) == []


def view(candles: Sequence[Candle]) -> View:
    return View(symbol="BTC/USDT", instrument=PAIR, candles=candles, in_position=False, bars_held=0)
