"""The paths by which freqtrade's clients control a bot. A position is never left without its stop: to stop is to open nothing."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Any, Final

from fastapi import APIRouter
from starlette.concurrency import run_in_threadpool

from fairway.api.authentication import Caller
from fairway.api.command_runner import CommandRunner
from fairway.api.context import Asking, Context, Lowering, ServerContext
from fairway.api.freqtrade.bot_models import FtStatus
from fairway.api.freqtrade.bot_routes import is_paused
from fairway.api.freqtrade.control import Sender, check_done, words_of
from fairway.api.freqtrade.control_models import ALL, FtForceExit, FtResult
from fairway.api.freqtrade.json_values import number
from fairway.api.freqtrade.trade_numbers import numbers_of
from fairway.api.freqtrade.trade_routes import round_trips, trip_numbered
from fairway.api.problems import HttpProblem, documented
from fairway.api.views.portfolio import status_of
from fairway.journal.commands import Pause
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.caps import CAPS, CapsOutcome, CapsRequest
from fairway.operations.trader.close import CLOSE
from fairway.operations.trader.lift import LIFT
from fairway.operations.trader.pause import PAUSE
from fairway.operations.trader.round_trips import NumberedTrip, RoundTripsOutcome
from fairway.risk.cap_kinds import PAUSED

PROBLEMS: Final = documented(401, 403, 409, 413, 422, 429, 503)
CLOSING: Final = documented(401, 403, 404, 409, 413, 422, 429, 503)
STAYS: Final = "What is held stays, with its stop and target at the venue"
NO_ACCOUNT: Final = "there is no account that you may stop"
RELOAD: Final = (
    "nothing was reloaded: Fairway reads its settings when it starts. To trade by changed settings, start it again; "
    "to open positions again after a stop, send start"
)


def freqtrade_commands(runner: CommandRunner) -> APIRouter:
    """All of them, for one server."""
    router = APIRouter(prefix="/api/v1", tags=["freqtrade"])
    _add_stops(router, runner)
    _add_start(router, runner)
    _add_exits(router, runner)
    return router


def _add_stops(router: APIRouter, runner: CommandRunner) -> None:
    @router.post("/stop", responses=PROBLEMS)
    async def freqtrade_stop(caller: Lowering, context: Context) -> FtStatus:
        """Open nothing; what is held stays protected. The trader itself goes on, for it looks after that."""
        return await _paused(Sender(runner, context, caller))

    @router.post("/stopbuy", responses=PROBLEMS)
    async def freqtrade_stopbuy(caller: Lowering, context: Context) -> FtStatus:
        """The same as `stop`."""
        return await _paused(Sender(runner, context, caller))

    @router.post("/stopentry", responses=PROBLEMS)
    async def freqtrade_stopentry(caller: Lowering, context: Context) -> FtStatus:
        """The same as `stop`."""
        return await _paused(Sender(runner, context, caller))

    @router.post("/pause", responses=PROBLEMS)
    async def freqtrade_pause(caller: Lowering, context: Context) -> FtStatus:
        """The same as `stop`."""
        return await _paused(Sender(runner, context, caller))


async def _paused(sender: Sender) -> FtStatus:
    accounts = await run_in_threadpool(_accounts_to_stop, sender.caller, sender.context)
    if not accounts:
        return FtStatus(status=NO_ACCOUNT)
    ended = await sender.send(PAUSE, [{"account": account} for account in accounts])
    return FtStatus(status=f"{STAYS}. {words_of(ended)}")


def _accounts_to_stop(caller: Caller, context: ServerContext) -> list[str]:
    """A trader of one account is paused even where its journal cannot be read."""
    if context.settings.people is None:
        return [context.settings.account]
    return [each.holdings.account for each in status_of(caller, context).accounts]


def _add_start(router: APIRouter, runner: CommandRunner) -> None:
    @router.post("/start", responses=PROBLEMS)
    async def freqtrade_start(caller: Asking, context: Context) -> FtStatus:
        """Lift a person's pause. Other reasons to be careful stay, and are told."""
        caps = await run_in_threadpool(_caps, caller, context)
        paused = _paused_accounts(caps)
        others = _others(caps)
        if not paused:
            return FtStatus(status=f"already running{others}")
        ended = await Sender(runner, context, caller).send(LIFT, [{"account": each, "cap": PAUSED.id_of()} for each in paused])
        return FtStatus(status=f"{words_of(ended)}{others}")

    @router.post("/reload_config", responses=PROBLEMS)
    async def freqtrade_reload_config(caller: Asking) -> FtStatus:
        """Nothing is reloaded, and the answer says so."""
        return FtStatus(status=RELOAD)


def _caps(caller: Caller, context: ServerContext) -> CapsOutcome:
    return perform(CAPS, Call(actor=caller.actor, request=CapsRequest(config=context.config)))


def _paused_accounts(caps: CapsOutcome) -> list[str]:
    """Those that are paused, and those that wait to be."""
    waiting = {each.account for _, _, each in caps.waiting if isinstance(each, Pause)}
    return [each.account for each in caps.accounts if is_paused(each) or each.account in waiting]


def _others(caps: CapsOutcome) -> str:
    """Why the accounts still open nothing once their pause is lifted."""
    ids = {cap.id for each in caps.accounts for cap in each.caps if cap.limits.state.name != "ACTIVE" and not cap.is_a(PAUSED)}
    return f"; still in force: {', '.join(sorted(ids))}" if ids else ""


def _add_exits(router: APIRouter, runner: CommandRunner) -> None:
    @router.post("/forceexit", responses=CLOSING)
    async def freqtrade_forceexit(asked: FtForceExit, caller: Lowering, context: Context) -> FtResult:
        """Sell a position, or all of them, at the venue. The pair stays closed until a person resumes it."""
        return await _sold(asked, Sender(runner, context, caller))

    @router.post("/forcesell", responses=CLOSING)
    async def freqtrade_forcesell(asked: FtForceExit, caller: Lowering, context: Context) -> FtResult:
        """The same as `forceexit`, by the name that FreqUI has for it."""
        return await _sold(asked, Sender(runner, context, caller))


async def _sold(asked: FtForceExit, sender: Sender) -> FtResult:
    found = await run_in_threadpool(round_trips, sender.caller, sender.context)
    trips = _meant(asked, found)
    ended = await sender.send(CLOSE, list(_positions(trips)))
    check_done(ended)
    whose = "for all open trades" if asked.tradeid == ALL else f"for trade {asked.tradeid}"
    return FtResult(result=f"Created exit order{'s' if asked.tradeid == ALL else ''} {whose}. {words_of(ended)}".rstrip())


def _positions(trips: Iterable[NumberedTrip]) -> Iterable[dict[str, Any]]:
    return [{"account": trip.account, "symbol": trip.symbol} for trip in trips]


def _meant(asked: FtForceExit, found: RoundTripsOutcome) -> Sequence[NumberedTrip]:
    """Open trades. Raises HttpProblem."""
    if asked.tradeid == ALL:
        return [each for each in found.trips if each.is_open]
    text = str(asked.tradeid)
    if not text.isascii() or not text.isdigit():
        what = "tradeid: is neither the number of a trade nor all; a right one is 1"
        raise HttpProblem(422, "FIELD_WRONG: field=tradeid", what)
    trip = trip_numbered(found, int(text))
    if not trip.is_open:
        raise HttpProblem(409, f"TRADE_ENDED: tradeid={trip.number}", f"trade {trip.number} has ended; nothing of it is held")
    _check_whole(asked.amount, trip)
    return [trip]


def _check_whole(amount: Decimal | None, trip: NumberedTrip) -> None:
    """A client that asks for all of a position sends its amount as the float that it was shown. Raises HttpProblem."""
    held = numbers_of(trip).quantity
    if amount is not None and number(amount) < number(held):
        what = f"amount: {amount} is a part of {held}, and a position is sold whole; leave amount out to sell all of it"
        raise HttpProblem(422, "FIELD_WRONG: field=amount", what)
