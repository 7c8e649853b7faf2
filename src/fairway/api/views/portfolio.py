"""What is held and protected, what was earned, what was traded, and every reason to be careful."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from fairway.api.authentication import Caller
from fairway.api.context import Asking, Context, ServerContext
from fairway.api.problems import documented
from fairway.api.views.shown import ShownAmount, instant, money, number, plain, shown_amount
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.caps import CAPS, AccountCaps, CapsRequest
from fairway.operations.trader.status import STATUS, AccountStatus, StatusOutcome, StatusRequest
from fairway.operations.trader.stories import TRADES, StoriesRequest
from fairway.reports.holdings import Earned, Held
from fairway.reports.story import BookedFill, ReportedTrip
from fairway.risk.caps import Cap

router: Final = APIRouter(prefix="/api/v1", tags=["trading"])
PROBLEMS: Final = documented(401, 403, 422, 429, 503)
Account = Annotated[str, Query(max_length=12, description="This account only; all that you may read where it is left out")]
Limit = Annotated[int, Query(ge=1, le=1_000)]


class ShownPosition(BaseModel):
    """One position. stop and target rest at the venue; null where none does. covered: how much of it stops sell."""

    account: str
    symbol: str = Field(examples=["BTC/USDT"])
    quantity: ShownAmount
    entry: str
    mark: str | None
    result: ShownAmount | None
    stop: str | None
    target: str | None
    covered: ShownAmount
    is_covered: bool
    opened_at: str


class ShownResult(BaseModel):
    """What the bot made or lost by its own trades, open positions at the mark included; null without prices."""

    since: str
    result: ShownAmount | None
    trades: int


class ShownHoldings(BaseModel):
    """One account by the trader's journal. why_not: why it opens nothing, "" where it may."""

    account: str
    worth: ShownAmount | None
    valued_at: str
    stage: str
    why_not: str
    today: ShownResult
    in_all: ShownResult
    positions: list[ShownPosition]


class Portfolio(BaseModel):
    """All accounts that you may read. is_running: null where it cannot be known, as with a database."""

    at: str
    is_started: bool
    is_running: bool | None
    last_written_at: str
    accounts: list[ShownHoldings]


class ShownTrade(BaseModel):
    """A round trip: what was bought, why, what ended it, and what it brought."""

    account: str
    symbol: str
    opened_at: str
    closed_at: str
    quantity: ShownAmount
    entry: str
    exit: str
    result: ShownAmount
    r: str | None = Field(description="The result in units of what was to be lost at the stop")
    entered_why: str
    leaving: str
    left_why: str
    stop: str | None
    target: str | None
    unprotected_ns: int


class ShownFill(BaseModel):
    """One fill as it was booked, at the venue's time."""

    account: str
    order: str
    symbol: str
    side: str
    role: str
    trade: str
    price: str
    quantity: ShownAmount
    quote: ShownAmount
    fee: ShownAmount
    is_maker: bool
    at: str


class CapInForce(BaseModel):
    """A reason to be careful. lifted_by: who may end it."""

    id: str
    kind: str
    source: str
    severity: str
    symbol: str
    state: str
    limits: dict[str, Any]
    reason: str
    since: str
    lifted_by: str


class CapsOfAccount(BaseModel):
    """What limits one account, the tightest first. streams_lost: by channel, why."""

    account: str
    may_open: bool
    doubt: str
    streams_lost: dict[str, str]
    needs_lease: bool
    lease_until: str
    lease_stage: str
    caps: list[CapInForce]


@router.get("/portfolio", responses=PROBLEMS)
def portfolio(caller: Asking, context: Context, account: Account = "") -> Portfolio:
    """What each account holds and has earned, and whether it may open more."""
    found = status_of(caller, context, account)
    return Portfolio(
        at=instant(found.now),
        is_started=found.trader.is_started,
        is_running=found.trader.is_running,
        last_written_at=instant(found.trader.last_at or 0),
        accounts=[_state(each) for each in found.accounts],
    )


@router.get("/positions", responses=PROBLEMS)
def positions(caller: Asking, context: Context, account: Account = "") -> list[ShownPosition]:
    """Open positions, each with its stop and its target."""
    found = status_of(caller, context, account)
    return [_position(each.holdings.account, held) for each in found.accounts for held in each.holdings.held]


@router.get("/closed-trades", responses=PROBLEMS)
def trades(caller: Asking, context: Context, account: Account = "", limit: Limit = 100) -> list[ShownTrade]:
    """Round trips that ended, the newest first."""
    outcome = perform(TRADES, Call(actor=caller.actor, request=StoriesRequest(config=context.config, account=account)))
    found = [(name, each) for name, story in outcome.stories.items() for each in story.trips]
    found.sort(key=lambda pair: pair[1].trip.closed_at, reverse=True)
    return [_trade(name, each) for name, each in found[:limit]]


@router.get("/fills", responses=PROBLEMS)
def fills(caller: Asking, context: Context, account: Account = "", limit: Limit = 100) -> list[ShownFill]:
    """Executions, the newest first."""
    outcome = perform(TRADES, Call(actor=caller.actor, request=StoriesRequest(config=context.config, account=account)))
    found = [(name, each) for name, story in outcome.stories.items() for each in story.fills]
    found.sort(key=lambda pair: pair[1].fill.at, reverse=True)
    return [_execution(name, each) for name, each in found[:limit]]


@router.get("/caps", responses=PROBLEMS)
def caps(caller: Asking, context: Context, account: Account = "") -> list[CapsOfAccount]:
    """Every reason to be careful that is in force, and who may lift it."""
    outcome = perform(CAPS, Call(actor=caller.actor, request=CapsRequest(config=context.config, account=account)))
    return [_caps(each) for each in outcome.accounts]


def status_of(caller: Caller, context: ServerContext, account: str = "") -> StatusOutcome:
    """Raises Refusal, SettingsError, JournalErrors."""
    return perform(STATUS, Call(actor=caller.actor, request=StatusRequest(config=context.config, account=account)))


def _state(each: AccountStatus) -> ShownHoldings:
    its = each.holdings
    return ShownHoldings(
        account=its.account,
        worth=money(its.worth),
        valued_at=instant(its.marked_at),
        stage=each.stage,
        why_not=each.why_not,
        today=_result(its.today),
        in_all=_result(its.in_all),
        positions=[_position(its.account, held) for held in its.held],
    )


def _result(earned: Earned) -> ShownResult:
    return ShownResult(since=instant(earned.since), result=money(earned.result), trades=earned.trades)


def _position(account: str, held: Held) -> ShownPosition:
    return ShownPosition(
        account=account,
        symbol=held.symbol,
        quantity=shown_amount(held.quantity),
        entry=number(held.entry) or "",
        mark=number(held.mark),
        result=money(held.result),
        stop=number(held.stop.value) if held.stop is not None else None,
        target=number(held.target.value) if held.target is not None else None,
        covered=shown_amount(held.covered),
        is_covered=held.is_covered,
        opened_at=instant(held.opened_at),
    )


def _trade(account: str, reported: ReportedTrip) -> ShownTrade:
    trip = reported.trip
    return ShownTrade(
        account=account,
        symbol=trip.symbol,
        opened_at=instant(trip.opened_at),
        closed_at=instant(trip.closed_at),
        quantity=shown_amount(trip.quantity),
        entry=number(trip.entry) or "",
        exit=number(trip.exit) or "",
        result=shown_amount(trip.result),
        r=number(reported.r),
        entered_why=reported.entered_why,
        leaving=reported.leaving.value,
        left_why=reported.left_why,
        stop=number(reported.stop.value) if reported.stop is not None else None,
        target=number(reported.target.value) if reported.target is not None else None,
        unprotected_ns=reported.naked_ns,
    )


def _execution(account: str, booked: BookedFill) -> ShownFill:
    fill = booked.fill
    return ShownFill(
        account=account,
        order=booked.order_id,
        symbol=booked.symbol,
        side=booked.side.value,
        role=booked.role.value,
        trade=fill.trade_id,
        price=number(fill.price.value) or "",
        quantity=shown_amount(fill.quantity),
        quote=shown_amount(fill.quote),
        fee=shown_amount(fill.fee),
        is_maker=fill.is_maker,
        at=instant(fill.at),
    )


def _caps(its: AccountCaps) -> CapsOfAccount:
    return CapsOfAccount(
        account=its.account,
        may_open=its.may_open,
        doubt=its.doubt,
        streams_lost={channel: why for channel, (_, why) in its.lost.items()},
        needs_lease=its.needs_lease,
        lease_until=instant(its.lease.until) if its.lease is not None else "",
        lease_stage=its.lease.stage if its.lease is not None else "",
        caps=[_cap(each) for each in (*its.caps, its.settings_cap)],
    )


def _cap(cap: Cap) -> CapInForce:
    return CapInForce(
        id=cap.id,
        kind=cap.kind.name,
        source=cap.source.value,
        severity=str(cap.kind.severity),
        symbol=cap.symbol,
        state=cap.limits.state.name,
        limits=plain(cap.limits),
        reason=cap.reason,
        since=instant(cap.since),
        lifted_by=str(cap.lifting),
    )
