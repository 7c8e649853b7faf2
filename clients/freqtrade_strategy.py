"""A strategy for freqtrade that buys at once, holds for a few seconds, and sells: what test_freqtrade.py lets run live."""

from datetime import datetime, timedelta
from typing import Any

from freqtrade.strategy import IStrategy

HELD_S = 12


class BuyAndSell(IStrategy):
    """One trade, with a stop on the exchange meanwhile; afterwards nothing more is bought."""

    INTERFACE_VERSION = 3
    timeframe = "1m"
    minimal_roi = {"0": 100}  # noqa: RUF012
    stoploss = -0.05
    startup_candle_count = 20
    process_only_new_candles = False
    order_types = {  # noqa: RUF012
        "entry": "limit",
        "exit": "market",
        "emergency_exit": "market",
        "stoploss": "limit",
        "stoploss_on_exchange": True,
        "stoploss_on_exchange_interval": 60,
    }

    def populate_indicators(self, dataframe: Any, metadata: dict[str, Any]) -> Any:
        return dataframe

    def populate_entry_trend(self, dataframe: Any, metadata: dict[str, Any]) -> Any:
        dataframe["enter_long"] = 1
        return dataframe

    def populate_exit_trend(self, dataframe: Any, metadata: dict[str, Any]) -> Any:
        dataframe["exit_long"] = 0
        return dataframe

    def confirm_trade_entry(self, *args: Any, **kwargs: Any) -> bool:
        from freqtrade.persistence import Trade

        return not Trade.get_trades_proxy()

    def custom_exit(self, pair: str, trade: Any, current_time: datetime, *args: Any, **kwargs: Any) -> str | None:
        return "held long enough" if current_time - trade.open_date_utc > timedelta(seconds=HELD_S) else None
