"""Trades and orders with the fields that freqtrade's clients read. Rates are prices; stakes and profits are in quote."""

from typing import Final

from pydantic import BaseModel, Field

NUMBER_MAX: Final = 2**53
"""Of a trade: beyond it a client's JSON numbers are not exact."""


class FtOrder(BaseModel):
    """An order of a trade. ft_order_side: buy, sell, or stoploss for a stop. safe_price: of its fills, else its own price."""

    pair: str
    order_id: str
    status: str = Field(examples=["closed"])
    remaining: float
    amount: float
    safe_price: float | None
    average: float | None
    cost: float
    filled: float
    ft_order_side: str
    ft_is_entry: bool
    ft_order_tag: str | None
    order_type: str
    is_open: bool
    price: float | None
    order_date: str
    order_timestamp: int
    order_filled_date: str | None
    order_filled_timestamp: int | None
    ft_fee_base: float | None = Field(description="Of fees taken in base")
    funding_fee: None = None


class FtTrade(BaseModel):
    """A round trip. Profits are net of fees; a ratio is a profit over what was paid. Null: unknown, or not in Fairway."""

    trade_id: int
    account: str = Field(description="Fairway's own: whose trade it is")
    pair: str
    base_currency: str
    quote_currency: str
    is_open: bool
    is_short: bool = False
    exchange: str
    amount: float
    amount_requested: float | None
    stake_amount: float
    max_stake_amount: float
    strategy: str
    enter_tag: str | None = Field(description="Why it was entered")
    timeframe: int = Field(description="Minutes of a candle; 0 for candles of seconds")
    fee_open: None = None
    fee_open_cost: float | None
    fee_open_currency: str | None
    fee_close: None = None
    fee_close_cost: float | None
    fee_close_currency: str | None

    open_date: str
    open_timestamp: int
    open_fill_date: str
    open_fill_timestamp: int
    open_rate: float
    open_rate_requested: float | None
    open_trade_value: float
    close_date: str | None = None
    close_timestamp: int | None = None
    close_rate: float | None = None
    close_rate_requested: None = None
    trade_duration_s: int | None = None
    trade_duration: int | None = None

    close_profit: float | None = None
    close_profit_pct: float | None = None
    close_profit_abs: float | None = None
    profit_ratio: float | None
    profit_pct: float | None
    profit_abs: float | None
    profit_fiat: None = None
    realized_profit: float
    realized_profit_ratio: float | None = None

    exit_reason: str | None = None
    exit_order_status: None = None
    stop_loss_abs: float | None = Field(description="Price of the stop that rests at the venue; null where none does")
    stop_loss_ratio: float | None
    stop_loss_pct: float | None
    stoploss_last_update: None = None
    stoploss_last_update_timestamp: None = None
    initial_stop_loss_abs: float | None = Field(description="Price of the stop as it was planned")
    initial_stop_loss_ratio: float | None
    initial_stop_loss_pct: float | None
    min_rate: None = None
    max_rate: None = None
    has_open_orders: bool = Field(description="Whether an order that enters or leaves is live; stops and targets do not count")
    orders: list[FtOrder]
    nr_of_successful_entries: int
    nr_of_successful_exits: int

    leverage: None = None
    interest_rate: None = None
    liquidation_price: None = None
    funding_fees: None = None
    trading_mode: str = "spot"
    amount_precision: None = None
    price_precision: None = None
    precision_mode: None = None


class FtOpenTrade(FtTrade):
    """A round trip with what it is worth now, at the journal's newest price. total: taken and still open together."""

    current_rate: float | None
    total_profit_abs: float | None
    total_profit_fiat: None = None
    total_profit_ratio: float | None
    stoploss_current_dist: float | None = None
    stoploss_current_dist_ratio: float | None = None
    stoploss_current_dist_pct: float | None = None
    stoploss_entry_dist: float | None = Field(default=None, description="Result at the stop, before fees")
    stoploss_entry_dist_ratio: float | None = None
    open_orders: str = Field(default="", description="Live orders that enter or leave, in words")


class FtTradePage(BaseModel):
    """Trades that have ended. trades_count: of this page; total_trades: of all."""

    trades: list[FtTrade]
    trades_count: int
    offset: int
    total_trades: int


class FtCount(BaseModel):
    """How many trades are open. max: how many may be, by all limits in force; -1 where nothing limits it."""

    current: int
    max: int
    total_stake: float
