"""POST /engines/start, /stop and /restart: they lift and raise the pause of an account, and widen no limit."""

from decimal import Decimal
from typing import Annotated, Final

from fastapi import APIRouter, Response, status
from pydantic import BaseModel, ConfigDict, Field
from starlette.concurrency import run_in_threadpool

from fairway.api.authentication import Caller
from fairway.api.command_record import CommandRecord
from fairway.api.command_routes import CommandStatus, IdempotencyKey, status_of
from fairway.api.command_runner import CommandRunner
from fairway.api.context import Asking, Context, Lowering, ServerContext
from fairway.api.documents.commands import Runner, command_sent, is_unconfirmed
from fairway.api.documents.engine_checks import check_condition, check_start
from fairway.api.documents.engines import EngineSymbol, ShownEngine, check_symbol, engine_state, symbol_engine
from fairway.api.documents.json_bodies import JsonBodyRoute
from fairway.api.documents.stage_outlook import StageOutlook, stage_outlook
from fairway.api.problems import documented
from fairway.api.sign_in_routes import Body
from fairway.operations.operation import Call
from fairway.operations.permissions import check_permission
from fairway.operations.trader.lift import LIFT, LiftRequest
from fairway.operations.trader.pause import PAUSE
from fairway.risk.cap_kinds import PAUSED

router: Final = APIRouter(prefix="/engines", tags=["documents"], route_class=JsonBodyRoute)
PROBLEMS: Final = documented(401, 403, 404, 409, 413, 422, 429, 503)
SCOPE: Final = "account"
AccountName = Annotated[str, Field(max_length=12, pattern="^[a-z0-9]*$")]
Reason = Annotated[str, Field(max_length=2_000)]


class EngineOptions(Body):
    """What may be said of a start. mode, capital: what the caller believes; a difference is refused, and changes nothing."""

    mode: str | None = Field(default=None, max_length=20, examples=["practice"])
    capital: Annotated[Decimal, Field(gt=0, max_digits=30)] | None = Field(default=None, examples=[100])
    account: AccountName = Field(default="", description='One of several accounts; "" for the configured one')
    reason: Reason = ""


class EngineStart(EngineOptions):
    """Which engine, and what the caller believes of it."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"symbol": "BTC/USDT", "mode": "practice", "capital": 100}]})

    symbol: str = Field(max_length=41, examples=["BTC/USDT"])


class EngineReason(Body):
    """Why, and in which account."""

    account: AccountName = ""
    reason: Reason = ""


class EngineNamed(EngineReason):
    """Which engine, why, and in which account."""

    symbol: str = Field(max_length=41, examples=["BTC/USDT"])


class EngineAnswer(BaseModel):
    """What became of it. is_done: whether the trader has confirmed it."""

    is_done: bool
    symbol: str
    scope: str = Field(description="What it concerns: a pause is of a whole account, never of one symbol", examples=[SCOPE])
    concerns: list[str] = Field(description="All symbols of that account")
    engine: ShownEngine
    capital: str = Field(description="That the stage allows, in the quote asset; empty where no stage bounds it")
    stage: str = Field(description="What the stage allows, and what is missing for the next one")
    commands: list[CommandStatus] = Field(description="The commands that were sent; none where nothing was to be changed")


ENDED: Final = {200: {"model": EngineAnswer, "description": "The trader has confirmed it"}, **PROBLEMS}
ACCEPTED: Final = status.HTTP_202_ACCEPTED


@router.post("/start", status_code=ACCEPTED, responses=ENDED)
async def documents_engine_start(
    body: EngineStart, caller: Asking, context: Context, runner: Runner, response: Response, idempotency_key: IdempotencyKey = ""
) -> EngineAnswer:
    """Lift the pause that keeps an engine from opening. It opens no more than the launch's stage allows, and widens nothing."""
    answer = await _start(body.symbol, body, caller, context, runner, idempotency_key)
    return _told(answer, response)


@router.post("/start/{symbol:path}", status_code=ACCEPTED, responses=ENDED)
async def documents_engine_start_of(
    symbol: EngineSymbol,
    caller: Asking,
    context: Context,
    runner: Runner,
    response: Response,
    body: EngineOptions | None = None,
    idempotency_key: IdempotencyKey = "",
) -> EngineAnswer:
    """The same as `/engines/start`, with the symbol in the path."""
    answer = await _start(symbol, body or EngineOptions(), caller, context, runner, idempotency_key)
    return _told(answer, response)


@router.post("/stop", status_code=ACCEPTED, responses=ENDED)
async def documents_engine_stop(
    body: EngineNamed,
    caller: Lowering,
    context: Context,
    runner: Runner,
    response: Response,
    idempotency_key: IdempotencyKey = "",
) -> EngineAnswer:
    """Pause the account of an engine: nothing is opened, stops and targets stay at the venue. It is never kept waiting."""
    return _told(await _stop(body.symbol, body, caller, context, runner, idempotency_key), response)


@router.post("/stop/{symbol:path}", status_code=ACCEPTED, responses=ENDED)
async def documents_engine_stop_of(
    symbol: EngineSymbol,
    caller: Lowering,
    context: Context,
    runner: Runner,
    response: Response,
    body: EngineReason | None = None,
    idempotency_key: IdempotencyKey = "",
) -> EngineAnswer:
    """The same as `/engines/stop`, with the symbol in the path."""
    return _told(await _stop(symbol, body or EngineReason(), caller, context, runner, idempotency_key), response)


@router.post("/restart", status_code=ACCEPTED, responses=ENDED)
async def documents_engine_restart(
    body: EngineNamed, caller: Asking, context: Context, runner: Runner, response: Response
) -> EngineAnswer:
    """Pause an engine's account, then lift the pause. The process of the trader goes on: `fairway up` restarts one that fails."""
    return _told(await _restart(body.symbol, body, caller, context, runner), response)


@router.post("/restart/{symbol:path}", status_code=ACCEPTED, responses=ENDED)
async def documents_engine_restart_of(
    symbol: EngineSymbol,
    caller: Asking,
    context: Context,
    runner: Runner,
    response: Response,
    body: EngineReason | None = None,
) -> EngineAnswer:
    """The same as `/engines/restart`, with the symbol in the path."""
    return _told(await _restart(symbol, body or EngineReason(), caller, context, runner), response)


async def _start(
    symbol: str, asked: EngineOptions, caller: Caller, context: ServerContext, runner: CommandRunner, key: str
) -> EngineAnswer:
    reason = asked.reason or f"POST /engines/start {symbol}"
    await run_in_threadpool(_check_may_lift, asked.account, reason, caller, context)
    outlook = await run_in_threadpool(stage_outlook, caller, context)
    check_start(symbol, asked.mode, asked.capital, outlook, context)
    engine = await run_in_threadpool(symbol_engine, symbol, caller, context, asked.account)
    check_condition(engine, outlook, context)
    sent = []
    if any(each.is_paused for each in engine.accounts):
        given = {"cap": PAUSED.id_of(), "account": asked.account, "reason": reason}
        sent.append(await command_sent(runner, LIFT, caller, context, key, **given))
    return await _answer(symbol, asked.account, sent, caller, context)


async def _stop(
    symbol: str, asked: EngineReason, caller: Caller, context: ServerContext, runner: CommandRunner, key: str
) -> EngineAnswer:
    check_symbol(symbol, context)
    reason = asked.reason or f"POST /engines/stop {symbol}"
    sent = await command_sent(runner, PAUSE, caller, context, key, account=asked.account, reason=reason)
    return await _answer(symbol, asked.account, [sent], caller, context)


async def _restart(
    symbol: str, asked: EngineReason, caller: Caller, context: ServerContext, runner: CommandRunner
) -> EngineAnswer:
    """Who may not lift does not pause by it either: the engine would stay paused."""
    check_symbol(symbol, context)
    reason = asked.reason or f"POST /engines/restart {symbol}"
    await run_in_threadpool(_check_may_lift, asked.account, reason, caller, context)
    outlook = await run_in_threadpool(stage_outlook, caller, context)
    check_condition(await run_in_threadpool(symbol_engine, symbol, caller, context, asked.account), outlook, context)
    given = {"account": asked.account, "reason": reason}
    sent = [await command_sent(runner, PAUSE, caller, context, **given)]
    if not is_unconfirmed(sent[0]):
        sent.append(await command_sent(runner, LIFT, caller, context, cap=PAUSED.id_of(), **given))
    return await _answer(symbol, asked.account, sent, caller, context)


def _check_may_lift(account: str, reason: str, caller: Caller, context: ServerContext) -> None:
    """Raises Refusal. Asked first, so that a start that has nothing to lift needs the same right as one that has."""
    request = LiftRequest(config=context.config, cap=PAUSED.id_of(), account=account, reason=reason)
    check_permission(LIFT, Call(actor=caller.actor, request=request))


async def _answer(symbol: str, account: str, sent: list[CommandRecord], caller: Caller, context: ServerContext) -> EngineAnswer:
    engine = await run_in_threadpool(symbol_engine, symbol, caller, context, account)
    outlook: StageOutlook = await run_in_threadpool(stage_outlook, caller, context)
    return EngineAnswer(
        is_done=not any(map(is_unconfirmed, sent)),
        symbol=symbol,
        scope=SCOPE,
        concerns=list(context.settings.symbols),
        engine=engine_state(engine, context),
        capital=f"{outlook.capital.value:f}" if outlook.capital is not None else "",
        stage=outlook.sentence(),
        commands=[status_of(each) for each in sent],
    )


def _told(answer: EngineAnswer, response: Response) -> EngineAnswer:
    if answer.is_done:
        response.status_code = status.HTTP_200_OK
    return answer
