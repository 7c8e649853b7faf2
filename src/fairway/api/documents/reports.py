"""GET /reports/daily and /reports/weekly: what was traded on a UTC day, or on seven, by account and strategy."""

from typing import Annotated, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from fairway.api.authentication import Caller
from fairway.api.context import Asking, Context, ServerContext
from fairway.api.problems import HttpProblem, documented
from fairway.api.views.shown import ShownAmount, instant, number, shown_amount
from fairway.money.amount import Amount
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.period_reports import PERIOD, PeriodOutcome, PeriodRequest
from fairway.reports.period import PeriodReport, StrategyFigures
from fairway.reports.story import ReportedTrip
from fairway.world.clock import parse_instant

router: Final = APIRouter(prefix="/reports", tags=["documents"])
PROBLEMS: Final = documented(401, 403, 422, 429, 503)
WEEK_DAYS: Final = 7
Day = Annotated[str, Query(pattern=r"^(\d{4}-\d{2}-\d{2})?$", description="The (last) UTC day; today where it is left out")]


class ReportTrade(BaseModel):
    """A round trip."""

    symbol: str
    result: ShownAmount
    closed_at: str


class StrategyReport(BaseModel):
    """One strategy in one account. volume and pnl: an amount for each quote asset; pnl is net of fees, of closed round trips."""

    account: str
    strategy: str
    volume: list[ShownAmount]
    fills: int
    trades: int
    wins: int
    win_rate: str | None = Field(description="Of one, exact: 0.5 is half; null without a round trip")
    pnl: list[ShownAmount]
    best: ReportTrade | None
    worst: ReportTrade | None


class DaysReport(BaseModel):
    """[since, until) in UTC. is_over: whether all of it has passed."""

    since: str
    until: str
    is_over: bool
    strategies: list[StrategyReport] = Field(description="The best result first")
    refusals: dict[str, int] = Field(description="Entries that risk refused, by category")
    errors: int = Field(description="Troubles that the journal tells of")
    is_cut: bool = Field(description="Whether older refusals and errors of it are not kept in memory any more")


class WeekReport(DaysReport):
    """Seven UTC days together, and each alone, oldest first."""

    days: list[DaysReport]


@router.get("/daily", responses=PROBLEMS)
def documents_report_daily(caller: Asking, context: Context, date: Day = "") -> DaysReport:
    """One UTC day: today so far, or a day of the past."""
    found = _period(caller, context, date, 1)
    return _days(found.whole, found.now)


@router.get("/weekly", responses=PROBLEMS)
def documents_report_weekly(caller: Asking, context: Context, date: Day = "") -> WeekReport:
    """Seven UTC days that end with today or with a day of the past."""
    found = _period(caller, context, date, WEEK_DAYS)
    return WeekReport(**dict(_days(found.whole, found.now)), days=[_days(each, found.now) for each in found.days])


def _period(caller: Caller, context: ServerContext, date: str, days: int) -> PeriodOutcome:
    request = PeriodRequest(config=context.config, day=_day(date) if date else 0, days=days)
    return perform(PERIOD, Call(actor=caller.actor, request=request))


def _day(date: str) -> int:
    """Its begin (ns). Raises HttpProblem."""
    try:
        at = parse_instant(f"{date}T00:00:00Z")
    except ValueError:
        at = -1
    if at < 0:
        raise HttpProblem(422, f"DATE_WRONG: date={date}", f"{date} is no day of UTC since 1970; a right one is date=2026-11-25")
    return at


def _days(report: PeriodReport, now: int) -> DaysReport:
    best_first = sorted(report.figures, key=lambda each: sum(each.results.values()), reverse=True)
    return DaysReport(
        since=instant(report.since),
        until=instant(report.until),
        is_over=report.until <= now,
        strategies=[_strategy(each) for each in best_first],
        refusals=dict(report.refusals),
        errors=report.troubles,
        is_cut=report.is_cut,
    )


def _strategy(figures: StrategyFigures) -> StrategyReport:
    return StrategyReport(
        account=figures.account,
        strategy=figures.strategy,
        volume=[shown_amount(Amount(value, asset)) for asset, value in figures.volume.items()],
        fills=figures.fills,
        trades=len(figures.trips),
        wins=figures.wins,
        win_rate=number(figures.win_share),
        pnl=[shown_amount(Amount(value, asset)) for asset, value in figures.results.items()],
        best=_trade(figures.best),
        worst=_trade(figures.worst),
    )


def _trade(each: ReportedTrip | None) -> ReportTrade | None:
    if each is None:
        return None
    return ReportTrade(symbol=each.trip.symbol, result=shown_amount(each.trip.result), closed_at=instant(each.trip.closed_at))
