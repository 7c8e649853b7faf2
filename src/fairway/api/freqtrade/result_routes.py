"""What trades have brought, as freqtrade's clients ask for it."""

from datetime import timedelta
from decimal import Decimal
from typing import Annotated, Any, Final

from fastapi import APIRouter, Query

from fairway.api.authentication import Caller
from fairway.api.context import Asking, Context, ServerContext
from fairway.api.freqtrade.account_sums import AccountSums, sums_of
from fairway.api.freqtrade.json_values import date_text, milliseconds, number, number_or_null, percent
from fairway.api.freqtrade.result_models import (
    FtDurations,
    FtEntryResult,
    FtExitResult,
    FtMixedResult,
    FtPairResult,
    FtPeriod,
    FtPeriods,
    FtProfit,
    FtStats,
    FtTally,
)
from fairway.api.freqtrade.results import (
    EndedTrade,
    GroupSum,
    PeriodLength,
    deepest,
    expectancy,
    grouped,
    mean,
    mean_length,
    periods,
    profit_factor,
    total,
)
from fairway.api.freqtrade.trade_numbers import TripNumbers, numbers_of
from fairway.api.freqtrade.trade_routes import PROBLEMS, round_trips
from fairway.operations.trader.round_trips import NumberedTrip, OpenTrip
from fairway.reports.ratio import ratio
from fairway.texts.durations import duration_words
from fairway.world.clock import SECOND

router: Final = APIRouter(prefix="/api/v1", tags=["freqtrade"])
PERIODS_MAX: Final = 1_000
Pair = Annotated[str, Query(max_length=41, description="This pair only", examples=["BTC/USDT"])]


@router.get("/profit", responses=PROBLEMS)
def freqtrade_profit(caller: Asking, context: Context) -> FtProfit:
    """What all trades have brought together."""
    trips = round_trips(caller, context).trips
    return _profit(trips, sums_of(caller, context), context.clock.now())


@router.get("/stats", responses=PROBLEMS)
def freqtrade_stats(caller: Asking, context: Context) -> FtStats:
    """How trades ended, and how long they lasted."""
    reasons: dict[str, FtTally] = {}
    lengths: dict[str, list[int]] = {"wins": [], "losses": [], "draws": []}
    for trade in _ended(caller, context):
        end = "wins" if trade.result > 0 else "losses" if trade.result < 0 else "draws"
        tally = reasons.setdefault(trade.left_by, FtTally())
        setattr(tally, end, getattr(tally, end) + 1)
        lengths[end].append(trade.lasted)
    means = {end: mean_length(its) for end, its in lengths.items()}
    seconds = {end: number(each / SECOND) if each is not None else None for end, each in means.items()}
    return FtStats(exit_reasons=reasons, durations=FtDurations(**seconds))


@router.get("/performance", responses=PROBLEMS)
def freqtrade_performance(caller: Asking, context: Context) -> list[FtPairResult]:
    """Results by pair, the best first."""
    found = grouped(_ended(caller, context), lambda trade: trade.pair)
    return [FtPairResult(pair=each.key, profit=percent(each.of_paid), **_group(each)) for each in found]


@router.get("/entries", responses=PROBLEMS)
def freqtrade_entries(caller: Asking, context: Context, pair: Pair = "") -> list[FtEntryResult]:
    """Results by why trades were entered."""
    found = grouped(_ended(caller, context, pair), lambda trade: trade.entered_why)
    return [FtEntryResult(enter_tag=each.key, **_group(each)) for each in found]


@router.get("/exits", responses=PROBLEMS)
def freqtrade_exits(caller: Asking, context: Context, pair: Pair = "") -> list[FtExitResult]:
    """Results by what ended trades."""
    found = grouped(_ended(caller, context, pair), lambda trade: trade.left_by)
    return [FtExitResult(exit_reason=each.key, **_group(each)) for each in found]


@router.get("/mix_tags", responses=PROBLEMS)
def freqtrade_mix_tags(caller: Asking, context: Context, pair: Pair = "") -> list[FtMixedResult]:
    """Results by why trades were entered and what ended them."""
    found = grouped(_ended(caller, context, pair), lambda trade: f"{trade.entered_why} {trade.left_by}".lstrip())
    return [FtMixedResult(mix_tag=each.key, **_group(each)) for each in found]


@router.get("/daily", responses=PROBLEMS)
def freqtrade_daily(caller: Asking, context: Context, timescale: Annotated[int, Query(ge=1, le=PERIODS_MAX)] = 7) -> FtPeriods:
    """Results by the day of UTC on which trades ended."""
    return _periods(caller, context, PeriodLength.DAY, timescale)


@router.get("/weekly", responses=PROBLEMS)
def freqtrade_weekly(caller: Asking, context: Context, timescale: Annotated[int, Query(ge=1, le=PERIODS_MAX)] = 4) -> FtPeriods:
    """Results by week, from Monday on."""
    return _periods(caller, context, PeriodLength.WEEK, timescale)


@router.get("/monthly", responses=PROBLEMS)
def freqtrade_monthly(caller: Asking, context: Context, timescale: Annotated[int, Query(ge=1, le=PERIODS_MAX)] = 3) -> FtPeriods:
    """Results by month."""
    return _periods(caller, context, PeriodLength.MONTH, timescale)


def _ended(caller: Caller, context: ServerContext, pair: str = "") -> list[EndedTrade]:
    return [each for each in map(_trade, round_trips(caller, context).trips) if each is not None and pair in ("", each.pair)]


def _trade(trip: NumberedTrip) -> EndedTrade | None:
    its = trip.trip
    if isinstance(its, OpenTrip):
        return None
    return EndedTrade(pair=trip.symbol, entered_why=its.entered_why, left_by=its.leaving.value, numbers=numbers_of(trip))


def _group(found: GroupSum) -> dict[str, Any]:
    return {
        "profit_ratio": number_or_null(found.of_paid),
        "profit_pct": percent(found.of_paid),
        "profit_abs": number(found.result),
        "count": found.count,
    }


def _periods(caller: Caller, context: ServerContext, length: PeriodLength, count: int) -> FtPeriods:
    sums, trades = sums_of(caller, context), _ended(caller, context)
    found = periods(trades, length, count, context.clock.now(), sums.worth_before_open)
    return FtPeriods(
        data=[
            FtPeriod(
                date=each.begins.isoformat(),
                abs_profit=number(each.result),
                rel_profit=number_or_null(ratio(each.result, each.before) if each.before is not None else None),
                starting_balance=number_or_null(each.before),
                trade_count=each.count,
            )
            for each in found
        ],
        stake_currency=context.settings.quote,
    )


def _profit(trips: tuple[NumberedTrip, ...], sums: AccountSums, now: int) -> FtProfit:
    numbers = [numbers_of(each) for each in trips]
    ended = [each for each in map(_trade, trips) if each is not None]
    results = [each.result for each in ended]
    closed = _sums("closed", [each.numbers for each in ended], sums.start)
    best = next(iter(grouped(ended, lambda trade: trade.pair)), None)
    fall, expected = deepest(ended, sums.start), expectancy(results)
    return FtProfit(
        **closed,
        **_sums("all", numbers, sums.start),
        **_dates(numbers, now),
        trade_count=len(trips),
        closed_trade_count=len(ended),
        avg_duration=_clock_text([each.lasted for each in ended]),
        best_pair=best.key if best is not None else "",
        best_rate=percent(best.of_paid) if best is not None else None,
        best_pair_profit_ratio=number_or_null(best.of_paid if best is not None else None),
        best_pair_profit_abs=number_or_null(best.result if best is not None else None),
        winning_trades=sum(each > 0 for each in results),
        losing_trades=sum(each < 0 for each in results),
        profit_factor=number_or_null(profit_factor(results)),
        winrate=number_or_null(ratio(Decimal(sum(each > 0 for each in results)), Decimal(len(results)))),
        expectancy=number_or_null(expected.value if expected is not None else None),
        expectancy_ratio=number_or_null(expected.of_loss if expected is not None else None),
        max_drawdown=number_or_null(fall.of_high),
        max_drawdown_abs=number(fall.value),
        max_drawdown_start=date_text(fall.high_at),
        max_drawdown_start_timestamp=milliseconds(fall.high_at),
        max_drawdown_end=date_text(fall.low_at),
        max_drawdown_end_timestamp=milliseconds(fall.low_at),
        trading_volume=number(total(each.traded for each in numbers)),
        bot_start_timestamp=milliseconds(sums.began_at),
        bot_start_date=date_text(sums.began_at),
    )


def _sums(word: str, trades: list[TripNumbers], start: Decimal | None) -> dict[str, Any]:
    """The fields of closed or of all trades. One that has no price makes the sums of all unknown."""
    results = [each.result for each in trades if each.result is not None]
    ratios = [each.result_ratio for each in trades if each.result_ratio is not None]
    is_known = len(results) == len(trades)
    value = total(results) if is_known else None
    of_start = ratio(value, start) if value is not None and start is not None else None
    middle, sum_ = (mean(ratios), total(ratios)) if is_known else (None, None)
    return {
        f"profit_{word}_coin": number_or_null(value),
        f"profit_{word}_ratio_mean": number_or_null(middle),
        f"profit_{word}_percent_mean": percent(middle),
        f"profit_{word}_ratio_sum": number_or_null(sum_),
        f"profit_{word}_percent_sum": percent(sum_),
        f"profit_{word}_ratio": number_or_null(of_start),
        f"profit_{word}_percent": percent(of_start),
    }


def _dates(numbers: list[TripNumbers], now: int) -> dict[str, Any]:
    instants = {"first": min, "latest": max}
    found: dict[str, Any] = {}
    for word, pick in instants.items():
        at = pick((each.opened_at for each in numbers), default=0)
        found |= {
            f"{word}_trade_date": date_text(at),
            f"{word}_trade_humanized": f"{duration_words(now - at)} ago" if at else "",
            f"{word}_trade_timestamp": milliseconds(at),
        }
    return found


def _clock_text(lengths: list[int]) -> str:
    """The mean as hours, minutes and seconds: `0:05:12`."""
    found = mean_length(lengths)
    return str(timedelta(seconds=int(found / SECOND))) if found is not None else "0:00:00"
