"""The page for freqtrade users: its strategy decides, its program converts candles, its commands and settings exist."""

import json
import re
import runpy
from decimal import Decimal
from pathlib import Path
from typing import Any

from scripts.settings_table import page as settings_page
from tests.pure.strategies.test_trend import PAIR, candle

from fairway.cli.command_lines import command_trouble
from fairway.market.files import read_candles
from fairway.orders.intent import Enter
from fairway.strategies.api import View

DOCS = Path(__file__).parents[2] / "docs"
TEXT = (DOCS / "tutorials" / "for-freqtrade-users.md").read_text()
STRATEGY_CODE, CONVERTER = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)


def test_the_strategy_buys_three_percent_below_the_highest_close() -> None:
    names: dict[str, Any] = {}
    exec(compile(STRATEGY_CODE, "dip.py", "exec"), names)
    strategy = names["Dip"](names["DipSettings"]())

    def decide(close: int, *, in_position: bool = False) -> Any:
        candles = [*(candle(number, 100) for number in range(47)), candle(47, close)]
        return strategy.decide(View(symbol="BTC/USDT", instrument=PAIR, candles=candles, in_position=in_position, bars_held=0))

    [entry] = decide(97)
    assert isinstance(entry, Enter)
    assert (entry.stop.value, entry.target.value) == (Decimal("95.0"), Decimal("101.0")), (
        "97 less 2 %, and plus 4 %, on the grid of 0.5"
    )
    assert decide(98) == []
    assert decide(97, in_position=True) == []


def test_the_converter_writes_candles_that_fairway_reads(tmp_path: Path) -> None:
    source, target, program = tmp_path / "BTC_USDT-1m.json", tmp_path / "BTCUSDT-1m.csv", tmp_path / "convert.py"
    program.write_text(CONVERTER)
    rows = [[1640995200000 + 60_000 * n, 46216.93, 46271.08, 46208.37, 46250.0, 40.57574] for n in range(3)]
    rows.append([1640995200000 + 180_000, 46250.0, 46250.0, 46250.0, 46250.0, 0])
    source.write_text(json.dumps(rows))
    runpy.run_path(str(program))["convert"](str(source), str(target))
    read = read_candles(target)
    assert not read.problems
    assert [each.close for each in read.candles] == [Decimal("46250.0")] * 4
    assert read.candles[0].volume == Decimal("40.57574")


def test_every_command_of_the_page_exists() -> None:
    commands = re.findall(r"`(fairway [a-z]+[^`]*)`", TEXT) + re.findall(r"^(fairway [a-z]+ .*)$", TEXT, re.MULTILINE)
    assert len(commands) > 12
    for command in commands:
        assert not command_trouble(command.partition(" > ")[0].replace('"..."', '"a reason"')), command


def test_every_setting_of_the_page_exists() -> None:
    known = set(re.findall(r"^\| `([\w.]+)`", settings_page((DOCS / "reference" / "settings.md").read_text()), re.MULTILINE))
    table = TEXT.partition("## Your configuration")[2].partition("## Your strategy")[0]
    named = set(re.findall(r"`((?:venue|risk)\.\w+)", table)) | set(re.findall(r"`(symbols|interval|journal|mode):", table))
    assert len(named) >= 8
    assert named <= known
