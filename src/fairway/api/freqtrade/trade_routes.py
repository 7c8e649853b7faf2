"""Open and ended trades as freqtrade's clients ask for them."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query

from fairway.api.authentication import Caller
from fairway.api.context import Asking, Context, ServerContext
from fairway.api.freqtrade.json_values import number
from fairway.api.freqtrade.trade_layout import open_trade_of, stake_of, trade_of
from fairway.api.freqtrade.trade_models import NUMBER_MAX, FtCount, FtOpenTrade, FtTrade, FtTradePage
from fairway.api.freqtrade.trade_numbers import numbers_of
from fairway.api.problems import HttpProblem, documented
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.caps import CAPS, AccountCaps, CapsRequest
from fairway.operations.trader.round_trips import ROUND_TRIPS, NumberedTrip, RoundTripsOutcome, RoundTripsRequest
from fairway.risk.caps import in_force

router: Final = APIRouter(prefix="/api/v1", tags=["freqtrade"])
PROBLEMS: Final = documented(401, 403, 422, 429, 503)
PAGE_MAX: Final = 500


def round_trips(caller: Caller, context: ServerContext) -> RoundTripsOutcome:
    """All that the caller may read. Raises Refusal, SettingsError, JournalErrors."""
    return perform(ROUND_TRIPS, Call(actor=caller.actor, request=RoundTripsRequest(config=context.config)))


@router.get("/status", responses=PROBLEMS)
def freqtrade_status(caller: Asking, context: Context) -> list[FtOpenTrade]:
    """Open trades."""
    found = round_trips(caller, context)
    return [open_trade_of(each, found.settings) for each in found.trips if each.is_open]


@router.get("/trades", responses=PROBLEMS)
def freqtrade_trades(
    caller: Asking,
    context: Context,
    limit: Annotated[int, Query(ge=1, le=PAGE_MAX)] = PAGE_MAX,
    offset: Annotated[int, Query(ge=0, le=NUMBER_MAX)] = 0,
    order_by_id: bool = True,
) -> FtTradePage:
    """Trades that have ended, in the order of their numbers; with `order_by_id=false` the newest first."""
    found = round_trips(caller, context)
    ended = [each for each in found.trips if not each.is_open]
    if not order_by_id:
        ended.sort(key=lambda each: numbers_of(each).closed_at, reverse=True)
    page: list[FtTrade] = [trade_of(each, found.settings) for each in ended[offset : offset + limit]]
    return FtTradePage(trades=page, trades_count=len(page), offset=offset, total_trades=len(ended))


@router.get("/trade/{tradeid}", responses=documented(401, 403, 404, 422, 429, 503))
def freqtrade_trade(
    caller: Asking, context: Context, tradeid: Annotated[int, Path(ge=0, le=NUMBER_MAX, examples=[1])]
) -> FtOpenTrade:
    """One trade, open or ended."""
    found = round_trips(caller, context)
    return open_trade_of(trip_numbered(found, tradeid), found.settings)


def trip_numbered(found: RoundTripsOutcome, tradeid: int) -> NumberedTrip:
    """Raises HttpProblem where the caller may read none with this number."""
    trip = next((each for each in found.trips if each.number == tradeid), None)
    if trip is None:
        what = f"there is no trade {tradeid}; /api/v1/status lists open trades, /api/v1/trades those that have ended"
        raise HttpProblem(404, f"TRADE_UNKNOWN: tradeid={tradeid}", what)
    return trip


@router.get("/count", responses=PROBLEMS)
def freqtrade_count(caller: Asking, context: Context) -> FtCount:
    """How many trades are open, and how many may be."""
    found = round_trips(caller, context)
    limits = perform(CAPS, Call(actor=caller.actor, request=CapsRequest(config=context.config)))
    return FtCount(
        current=sum(each.is_open for each in found.trips),
        max=positions_max(limits.accounts),
        total_stake=number(stake_of(found.trips)),
    )


def positions_max(accounts: tuple[AccountCaps, ...]) -> int:
    """How many positions may be open by all limits in force; -1 where nothing limits it."""
    most = [in_force((*each.caps, each.settings_cap)).positions for each in accounts]
    return -1 if None in most else sum(each or 0 for each in most)
