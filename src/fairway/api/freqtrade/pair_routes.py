"""Pairs, locks and strategies as freqtrade's clients ask for them.

Candles are at the venue alone: the server keeps no connection there, so they are answered with no columns and no rows.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from fairway.api.context import Asking, Context
from fairway.api.freqtrade.json_values import date_text, milliseconds
from fairway.api.freqtrade.trade_routes import PROBLEMS
from fairway.api.problems import HttpProblem, documented
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.caps import CAPS, AccountCaps, CapsRequest
from fairway.risk.caps import Cap
from fairway.risk.limits import TradingState
from fairway.settings import Settings
from fairway.strategies.api import strategies
from fairway.texts.durations import duration_of
from fairway.world.clock import MILLISECOND

router: Final = APIRouter(prefix="/api/v1", tags=["freqtrade"])
PAIR_MAX: Final = 41
WHOLE_ACCOUNT: Final = "*"


class FtWhitelist(BaseModel):
    """Pairs that are traded, as the configuration has them."""

    whitelist: list[str]
    length: int
    method: list[str] = ["StaticPairList"]


class FtBlacklist(BaseModel):
    """Empty: a pair that the configuration does not name is not traded."""

    blacklist: list[str] = []
    blacklist_expanded: list[str] = []
    errors: dict[str, Any] = {}
    length: int = 0
    method: list[str] = []


class FtLock(BaseModel):
    """A cap under which nothing is opened. pair: `*` for the whole account. It ends when it is lifted, so no end is stated."""

    id: int
    account: str = Field(description="Fairway's own: whose lock it is")
    active: bool = True
    lock_end_time: None = None
    lock_end_timestamp: None = None
    lock_time: str
    lock_timestamp: int
    pair: str
    side: str = WHOLE_ACCOUNT
    reason: str


class FtLocks(BaseModel):
    """All that are in force."""

    lock_count: int
    locks: list[FtLock]


class FtPairCandlesQuery(BaseModel):
    """Which candles are asked for."""

    pair: str = Field(max_length=PAIR_MAX, examples=["BTC/USDT"])
    timeframe: str = Field(max_length=8, examples=["1m"])
    limit: int | None = Field(default=None, ge=0, le=100_000)
    columns: list[Annotated[str, Field(max_length=100)]] | None = Field(default=None, max_length=1_000)


class FtPairHistory(BaseModel):
    """Candles of a pair. The server has none: no columns and no rows."""

    strategy: str
    pair: str
    timeframe: str
    timeframe_ms: int
    columns: list[str] = []
    all_columns: list[str] = []
    data: list[list[float | None]] = []
    annotations: list[dict[str, Any]] = []
    length: int = 0
    buy_signals: int = 0
    sell_signals: int = 0
    enter_long_signals: int = 0
    exit_long_signals: int = 0
    enter_short_signals: int = 0
    exit_short_signals: int = 0
    last_analyzed: str = ""
    last_analyzed_ts: int = 0
    data_start: str = ""
    data_start_ts: int = 0
    data_stop: str = ""
    data_stop_ts: int = 0


class FtPlotConfig(BaseModel):
    """Empty: Fairway's strategies say nothing of how they are drawn."""

    main_plot: dict[str, Any] = {}
    subplots: dict[str, Any] = {}


class FtStrategies(BaseModel):
    """Names of the strategies that are installed."""

    strategies: list[str]


class FtStrategy(BaseModel):
    """One strategy. Its code is not shown over HTTP."""

    strategy: str
    timeframe: str | None
    code: str = ""
    params: list[dict[str, Any]] = []


@router.get("/whitelist", responses=PROBLEMS)
def freqtrade_whitelist(caller: Asking, context: Context) -> FtWhitelist:
    """Pairs that are traded."""
    symbols = list(context.settings.symbols)
    return FtWhitelist(whitelist=symbols, length=len(symbols))


@router.get("/blacklist", responses=PROBLEMS)
def freqtrade_blacklist(caller: Asking) -> FtBlacklist:
    """There is none."""
    return FtBlacklist()


@router.get("/locks", responses=PROBLEMS)
def freqtrade_locks(caller: Asking, context: Context) -> FtLocks:
    """Every cap under which nothing is opened: pauses, kills, guards."""
    found = list(locks_of(perform(CAPS, Call(actor=caller.actor, request=CapsRequest(config=context.config))).accounts))
    return FtLocks(lock_count=len(found), locks=found)


def locks_of(accounts: tuple[AccountCaps, ...]) -> Iterator[FtLock]:
    """Numbered from 1 in this answer."""
    found = ((its.account, cap) for its in accounts for cap in its.caps if cap.limits.state is not TradingState.ACTIVE)
    for number, (account, cap) in enumerate(found, 1):
        yield _lock(number, account, cap)


def _lock(number: int, account: str, cap: Cap) -> FtLock:
    return FtLock(
        id=number,
        account=account,
        lock_time=date_text(cap.since),
        lock_timestamp=milliseconds(cap.since),
        pair=cap.symbol or WHOLE_ACCOUNT,
        reason=f"{cap.id}: {cap.reason}",
    )


@router.get("/pair_candles", responses=PROBLEMS)
def freqtrade_pair_candles(caller: Asking, context: Context, asked: Annotated[FtPairCandlesQuery, Query()]) -> FtPairHistory:
    """Candles of a pair: none, for the server has no connection to the venue."""
    return _no_candles(asked, context.settings)


@router.post("/pair_candles", responses=documented(401, 403, 413, 422, 429, 503))
def freqtrade_pair_candles_by_columns(asked: FtPairCandlesQuery, caller: Asking, context: Context) -> FtPairHistory:
    """The same, asked for with columns."""
    return _no_candles(asked, context.settings)


def _no_candles(asked: FtPairCandlesQuery, settings: Settings) -> FtPairHistory:
    """Raises HttpProblem for a pair that is not traded or a timeframe that is none."""
    try:
        length = duration_of(asked.timeframe)
    except ValueError as error:
        raise HttpProblem(422, "FIELD_WRONG: field=timeframe", f"timeframe: {error}; a right one is 1m") from None
    if asked.pair not in settings.symbols:
        what = f"pair: {asked.pair} is not traded here; there are {', '.join(settings.symbols)}"
        raise HttpProblem(422, "FIELD_WRONG: field=pair", what)
    return FtPairHistory(
        strategy=settings.strategy.name, pair=asked.pair, timeframe=asked.timeframe, timeframe_ms=length // MILLISECOND
    )


@router.get("/plot_config", responses=PROBLEMS)
def freqtrade_plot_config(caller: Asking) -> FtPlotConfig:
    """How a strategy is drawn: nothing is said of it."""
    return FtPlotConfig()


@router.get("/strategies", responses=PROBLEMS)
def freqtrade_strategies(caller: Asking) -> FtStrategies:
    """Names of strategies."""
    return FtStrategies(strategies=sorted(strategies()))


@router.get("/strategy/{strategy}", responses=documented(401, 403, 404, 422, 429, 503))
def freqtrade_strategy(
    caller: Asking, context: Context, strategy: Annotated[str, Path(max_length=80, examples=["periodic"])]
) -> FtStrategy:
    """One strategy by its name."""
    if strategy not in strategies():
        what = f"there is no strategy {strategy}; there are {', '.join(sorted(strategies()))}"
        raise HttpProblem(404, f"STRATEGY_UNKNOWN: strategy={strategy}", what)
    settings = context.settings
    return FtStrategy(strategy=strategy, timeframe=settings.interval if strategy == settings.strategy.name else None)
