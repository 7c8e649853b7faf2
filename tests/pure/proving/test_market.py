"""The market of a simulated run: how much of it is history, where trading begins and ends, and what cannot be traded."""

from decimal import Decimal
from pathlib import Path

import pytest

from fairway.market.files import BadData
from fairway.proving.market import GENERATED_FROM, choose_market
from fairway.world.chance import Chance
from fairway.world.clock import DAY, HOUR, MINUTE

BEGIN = GENERATED_FROM


def minutes(path: Path, count: int, begin: int = BEGIN) -> Path:
    """A file of so many flat one-minute candles."""
    rows = []
    for number in range(count):
        open_ms = (begin + number * MINUTE) // 1_000_000
        rows.append(f"{open_ms},100.0,100.0,100.0,100.0,1.5,{open_ms + 59_999},150.0,1,0.5,50.0,0")
    path.write_text("\n".join(rows) + "\n")
    return path


def test_a_generated_market_has_its_history_before_the_first_day() -> None:
    """Whole hours of it, so that candles of any length begin where they should."""
    market = choose_market((), days=2, history_ns=90 * MINUTE, chance=Chance(1))
    assert (market.history_from, market.trading_from, market.ends_at) == (BEGIN - 2 * HOUR, BEGIN, BEGIN + 2 * DAY)
    assert market.symbols == ("BTC/USDT", "ETH/USDT", "SOL/USDT")
    assert next(market.updates).at == market.history_from


def test_a_file_gives_its_first_hours_as_history(tmp_path: Path) -> None:
    """Trading begins after them and lasts as long as asked, or as long as there is data."""
    path = minutes(tmp_path / "BTCUSDT-1m.csv", 300)
    market = choose_market([path], days=1, history_ns=2 * HOUR, chance=Chance(1))
    assert (market.trading_from, market.ends_at) == (BEGIN + 2 * HOUR, BEGIN + 300 * MINUTE)
    assert market.rules[0].tick <= 10**8 * Decimal("0.01")
    assert sum(1 for _ in market.updates) == 300


def test_files_are_traded_where_they_overlap(tmp_path: Path) -> None:
    """From the later beginning to the earlier end."""
    early = minutes(tmp_path / "BTCUSDT-1m.csv", 300)
    late = minutes(tmp_path / "ETHUSDT-1m.csv", 300, BEGIN + HOUR)
    market = choose_market([early, late], days=1, history_ns=HOUR, chance=Chance(1))
    assert (market.trading_from, market.ends_at) == (BEGIN + 2 * HOUR, BEGIN + 300 * MINUTE)


def test_a_file_that_is_all_history_is_refused_with_its_name(tmp_path: Path) -> None:
    """Nothing would be traded, and a run of nothing proves nothing."""
    path = minutes(tmp_path / "BTCUSDT-1m.csv", 60)
    with pytest.raises(BadData, match=r"BTCUSDT-1m\.csv.*no candles after the first 1 hours"):
        choose_market([path], days=1, history_ns=HOUR, chance=Chance(1))
