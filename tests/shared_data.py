"""Where the real market data lies that some tests use, and the skip for those who do not have it."""

from pathlib import Path

import pytest

DATA = Path(__file__).parents[2] / "shared" / "data"

BTC_MINUTES = DATA / "BTCUSDT-1m-2022-01-01_2022-01-21.csv.gz"
ETH_FIVES = DATA / "ETHBTC-5m-2018-01-10_2018-01-30.csv.gz"
LTC_FIVES = DATA / "LTCBTC-5m-2018-01-10_2018-01-30.csv.gz"
BTC_FRAMES = DATA / "binance-spot-btcusdt-2024-08-08.jsonl.gz"
ETH_FRAMES = DATA / "binance-spot-ethusdt-2024-08-08.jsonl.gz"

needs_shared_data = pytest.mark.skipif(not DATA.is_dir(), reason="the real market data (../shared/data) is not here")
