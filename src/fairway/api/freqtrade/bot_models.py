"""What a bot says of itself, with the fields that freqtrade's clients read."""

from typing import Any

from pydantic import BaseModel, Field


class FtPing(BaseModel):
    """The server answers."""

    status: str = "pong"


class FtVersion(BaseModel):
    """Fairway's own version."""

    version: str


class FtStatus(BaseModel):
    """What was done, in words."""

    status: str


class FtOrderTypes(BaseModel):
    """How Fairway trades. A forced exit sells in slices with a worst price; stops rest at the venue, as it allows them."""

    entry: str = "market"
    exit: str = "market"
    emergency_exit: str = "market"
    force_exit: str = "limit"
    force_entry: None = None
    stoploss: None = None
    stoploss_on_exchange: bool = True
    stoploss_on_exchange_interval: None = None


class FtConfig(BaseModel):
    """The configuration as far as freqtrade's clients read it. state: running, paused or stopped."""

    version: str
    strategy_version: str | None = None
    api_version: float
    dry_run: bool = Field(description="Whether no real money is traded")
    trading_mode: str = "spot"
    margin_mode: str = ""
    short_allowed: bool = False
    stake_currency: str
    stake_amount: str = Field(default="unlimited", description="freqtrade's word for sizes that follow from risk")
    available_capital: None = None
    stake_currency_decimals: int = 3
    max_open_trades: int
    minimal_roi: dict[str, Any] = {}
    stoploss: None = None
    stoploss_on_exchange: bool = True
    trailing_stop: bool | None = None
    trailing_stop_positive: None = None
    trailing_stop_positive_offset: None = None
    trailing_only_offset_is_reached: None = None
    unfilledtimeout: dict[str, Any] = {}
    order_types: FtOrderTypes = FtOrderTypes()
    use_custom_stoploss: bool = False
    timeframe: str
    timeframe_ms: int
    timeframe_min: int
    exchange: str
    strategy: str
    force_entry_enable: bool = False
    exit_pricing: dict[str, Any] = {}
    entry_pricing: dict[str, Any] = {}
    bot_name: str
    state: str
    runmode: str
    position_adjustment_enable: bool = False
    max_entry_position_adjustment: int = 0


class FtHealth(BaseModel):
    """last_process: when the trader last wrote to its journal. bot_start: of the first account. Null for never."""

    last_process: str | None
    last_process_ts: int | None
    bot_start: str | None
    bot_start_ts: int | None
    bot_startup: None = None
    bot_startup_ts: None = None


class FtSysInfo(BaseModel):
    """Of the machine that the server runs on; empty and null where it does not say."""

    cpu_pct: list[float]
    ram_pct: float | None


class FtLogs(BaseModel):
    """Each line: date, milliseconds, source, level, text."""

    log_count: int
    logs: list[tuple[str, int, str, str, str]]
