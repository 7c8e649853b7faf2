"""Results with the fields that freqtrade's clients read, in the quote asset; null where it is not known."""

from pydantic import BaseModel, Field


class FtProfit(BaseModel):
    """What trades have brought. closed: those that have ended; all: open ones at the newest price too. ratio: of the start."""

    profit_closed_coin: float
    profit_closed_percent_mean: float | None
    profit_closed_ratio_mean: float | None
    profit_closed_percent_sum: float | None
    profit_closed_ratio_sum: float | None
    profit_closed_percent: float | None
    profit_closed_ratio: float | None
    profit_closed_fiat: None = None
    profit_all_coin: float | None
    profit_all_percent_mean: float | None
    profit_all_ratio_mean: float | None
    profit_all_percent_sum: float | None
    profit_all_ratio_sum: float | None
    profit_all_percent: float | None
    profit_all_ratio: float | None
    profit_all_fiat: None = None
    trade_count: int
    closed_trade_count: int
    first_trade_date: str
    first_trade_humanized: str
    first_trade_timestamp: int
    latest_trade_date: str
    latest_trade_humanized: str
    latest_trade_timestamp: int
    avg_duration: str = Field(examples=["0:05:12"])
    best_pair: str
    best_rate: float | None
    best_pair_profit_ratio: float | None
    best_pair_profit_abs: float | None
    winning_trades: int
    losing_trades: int
    profit_factor: float | None = Field(description="Gains over losses; null while nothing was lost")
    winrate: float | None
    expectancy: float | None
    expectancy_ratio: float | None
    max_drawdown: float | None
    max_drawdown_abs: float
    max_drawdown_start: str
    max_drawdown_start_timestamp: int
    max_drawdown_end: str
    max_drawdown_end_timestamp: int
    trading_volume: float
    bot_start_timestamp: int
    bot_start_date: str


class FtTally(BaseModel):
    """How many trades ended well or badly."""

    wins: int = 0
    losses: int = 0
    draws: int = 0


class FtDurations(BaseModel):
    """Mean seconds that trades lasted; null where none ended so."""

    wins: float | None
    losses: float | None
    draws: float | None


class FtStats(BaseModel):
    """Trades that have ended, by what ended them."""

    exit_reasons: dict[str, FtTally]
    durations: FtDurations


class FtGroup(BaseModel):
    """Trades that have ended and have something in common. The ratio is of all that was paid for them."""

    profit_ratio: float | None
    profit_pct: float | None
    profit_abs: float
    count: int


class FtPairResult(FtGroup):
    """Of one pair. profit: the same as profit_pct."""

    pair: str
    profit: float | None


class FtEntryResult(FtGroup):
    """Of one reason to enter."""

    enter_tag: str


class FtExitResult(FtGroup):
    """Of one reason to leave."""

    exit_reason: str


class FtMixedResult(FtGroup):
    """Of one reason to enter and one to leave."""

    mix_tag: str


class FtPeriod(BaseModel):
    """A day, week or month by when trades ended. starting_balance: what was there before them, without what is open."""

    date: str = Field(examples=["2026-11-25"])
    abs_profit: float
    rel_profit: float | None
    starting_balance: float | None
    fiat_value: None = None
    trade_count: int


class FtPeriods(BaseModel):
    """The newest first."""

    data: list[FtPeriod]
    fiat_display_currency: str = ""
    stake_currency: str
