"""The /paper endpoints: a practice account as it stands. What Fairway lets no person do by hand is refused, never pretended."""

from decimal import Decimal
from typing import Annotated, Any, Final, NoReturn

from fastapi import APIRouter, Depends
from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field

from fairway.api.authentication import Caller
from fairway.api.context import Asking, Context
from fairway.api.problems import MEDIA_TYPE, HttpProblem, documented
from fairway.api.views import portfolio
from fairway.api.views.portfolio import Account, Limit, Portfolio, ShownPosition, ShownResult, ShownTrade
from fairway.api.views.shown import ShownAmount, instant, money, number
from fairway.money.amount import Amount
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.stories import TRADES, StoriesRequest
from fairway.reports.run_metrics import RunMetrics, figures
from fairway.reports.story import Story
from fairway.reports.tie_out import tie_out

router: Final = APIRouter(prefix="/paper", tags=["documents"])
READING: Final = documented(401, 403, 409, 422, 429, 503)
PRACTICE: Final = "practice"


class Refused(JSONResponse):
    """The only answer of a path that refuses each request: a problem document."""

    media_type = MEDIA_TYPE


class PaperPerformance(BaseModel):
    """One account since its journal began. Shares are of one: 0.5 is half; null is what is not defined yet."""

    account: str
    since: str
    trades: int
    wins: int
    losses: int
    win_rate: str | None
    result: ShownAmount | None = Field(description="By the bot's own trades, open positions at the mark included")
    return_share: str | None
    drawdown_share: str | None
    average_r: str | None = Field(description="In units of what was to be lost at the stop")
    profit_factor: str | None
    best: ShownAmount | None
    worst: ShownAmount | None
    fees: ShownAmount | None


class PaperSummary(BaseModel):
    """One account in short."""

    account: str
    worth: ShownAmount | None
    today: ShownResult
    in_all: ShownResult
    open_positions: int
    why_not: str = Field(description="Why it opens nothing; empty where it may")


def caller_on_paper(caller: Asking, context: Context) -> Caller:
    """Who asks, where the configuration trades on a practice exchange. Raises HttpProblem."""
    if context.settings.mode != PRACTICE:
        what = (
            f"this trader's mode is {context.settings.mode}; the /paper paths are served in mode practice only. "
            "What it holds and earns is at /api/v1/portfolio, /api/v1/positions and /api/v1/closed-trades"
        )
        raise HttpProblem(409, f"PAPER_ONLY: mode={context.settings.mode}", what)
    return caller


OnPaper = Annotated[Caller, Depends(caller_on_paper)]


@router.get("/portfolio", responses=READING)
def documents_paper_portfolio(caller: OnPaper, context: Context) -> Portfolio:
    """What each account holds and has earned."""
    return portfolio.portfolio(caller, context)


@router.get("/positions", responses=READING)
def documents_paper_positions(caller: OnPaper, context: Context) -> list[ShownPosition]:
    """Open positions, each with its stop and its target."""
    return portfolio.positions(caller, context)


@router.get("/trades", responses=READING)
def documents_paper_trades(caller: OnPaper, context: Context, account: Account = "", limit: Limit = 100) -> list[ShownTrade]:
    """Round trips that ended, the newest first."""
    return portfolio.trades(caller, context, account, limit)


@router.get("/performance", responses=READING)
def documents_paper_performance(caller: OnPaper, context: Context) -> list[PaperPerformance]:
    """Result, win rate, drawdown and fees of each account since its journal began."""
    stories = perform(TRADES, Call(actor=caller.actor, request=StoriesRequest(config=context.config))).stories
    return [_performance(name, story) for name, story in stories.items()]


@router.get("/summary", responses=READING)
def documents_paper_summary(caller: OnPaper, context: Context) -> list[PaperSummary]:
    """Worth, result of today and in all, and open positions of each account."""
    return [
        PaperSummary(
            account=each.account,
            worth=each.worth,
            today=each.today,
            in_all=each.in_all,
            open_positions=len(each.positions),
            why_not=each.why_not,
        )
        for each in portfolio.portfolio(caller, context).accounts
    ]


@router.post("/order", status_code=409, response_class=Refused, responses=READING)
def documents_paper_order(caller: OnPaper) -> None:
    """Refused: no order passes strategy and risk by."""
    _refuse_order()


@router.post("/trade", status_code=409, response_class=Refused, responses=READING)
def documents_paper_trade(caller: OnPaper) -> None:
    """Refused: no order passes strategy and risk by."""
    _refuse_order()


@router.post("/test_trade", status_code=409, response_class=Refused, responses=READING)
def documents_paper_test_trade(caller: OnPaper) -> None:
    """Refused: an order is checked when a strategy proposes it; `/risk/policy` shows the limits that it is checked against."""
    _refuse_order()


@router.post("/reset", status_code=409, response_class=Refused, responses=READING)
def documents_paper_reset(caller: OnPaper) -> None:
    """Refused: a journal is evidence, and is never reset."""
    what = (
        "a journal is evidence and is not reset over HTTP; to begin again, stop this system and start another one in an empty "
        "directory:  mkdir again && cd again && fairway up --practice"
    )
    raise HttpProblem(409, "RESET_BY_HAND", what)


def _refuse_order() -> NoReturn:
    what = (
        "no order is placed by hand past strategy and risk; what may be opened now is at /risk/policy. To have something bought, "
        "give the strategy a reason to (fairway.yaml, the key strategy); to sell a position, POST /api/v1/commands/close"
    )
    raise HttpProblem(409, "ORDER_BY_HAND", what)


def _performance(account: str, story: Story) -> PaperPerformance:
    quote = story.quote
    tie = tie_out(story, story.balances, story.marks, quote)
    found = figures(story, tie, story.marks, quote, story.ended_at)
    return PaperPerformance(account=account, since=instant(story.began_at), **_values(found))


def _values(found: RunMetrics) -> dict[str, Any]:
    def amount(value: Decimal | None) -> ShownAmount | None:
        return money(Amount(value, found.quote)) if value is not None and found.quote else None

    return {
        "trades": found.trips,
        "wins": found.wins,
        "losses": found.losses,
        "win_rate": number(found.win_share),
        "result": amount(found.change),
        "return_share": number(found.return_share),
        "drawdown_share": number(found.drawdown.share) if found.drawdown is not None else None,
        "average_r": number(found.average_r),
        "profit_factor": number(found.profit_factor),
        "best": amount(found.best),
        "worst": amount(found.worst),
        "fees": amount(found.fees),
    }
