"""POST /live/kill and GET /live/status: stops a bot for good, and says whether it was."""

from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Response, status
from pydantic import BaseModel, Field

from fairway.api.command_record import CommandRecord, CommandState
from fairway.api.command_routes import IdempotencyKey
from fairway.api.context import Asking, Context, Lowering
from fairway.api.documents.commands import WAIT_S, Runner, command_sent
from fairway.api.documents.json_bodies import JsonBodyRoute
from fairway.api.problems import documented
from fairway.api.sign_in_routes import Body
from fairway.api.views import portfolio
from fairway.api.views.portfolio import ShownPosition
from fairway.api.views.shown import instant
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.caps import CAPS, AccountCaps, CapsRequest
from fairway.operations.trader.kill import KILL
from fairway.operations.trader.kills import KILLS, KillsRequest
from fairway.risk.caps import in_force
from fairway.risk.disposal import Disposal
from fairway.trading.latch import Killed, KillScope

router: Final = APIRouter(prefix="/live", tags=["documents"], route_class=JsonBodyRoute)


class LiveKill(Body):
    """Why. account: one of several; without it the whole bot. flatten: whether positions are sold; their stops stay otherwise."""

    reason: str = Field(min_length=1, max_length=2_000, examples=["it buys every minute"])
    account: Annotated[str, Field(max_length=12, pattern="^[a-z0-9]*$")] = ""
    flatten: bool = False


class KilledAccount(BaseModel):
    """What the venue confirmed for one account. protective: orders that stay, because they protect what is held."""

    account: str
    cancelled: int
    protective: list[str]
    sold: dict[str, str]
    unsold: dict[str, str]
    foreign: int


class KillAnswer(BaseModel):
    """What became of a kill. is_done: whether each latch is set and the venue confirmed all of it."""

    is_done: bool
    is_latched: bool | None = Field(description="null while it is not known")
    accounts: list[KilledAccount]
    sentences: list[str]
    command: str = Field(description="Its id: /api/v1/commands/{id} says what becomes of it")
    state: CommandState


class LatchedKill(BaseModel):
    """A kill that is in force. by: who ordered it; since: "" where that was not recorded."""

    account: str
    scope: str
    symbol: str
    by: str
    reason: str
    since: str
    sells: bool


class LiveAccount(BaseModel):
    """What one account may do. trading_state: KILLED, HALTED, REDUCE_ONLY or ACTIVE; why_not: why it opens nothing."""

    account: str
    trading_state: str
    may_open: bool
    why_not: str
    stage: str
    positions: list[ShownPosition]


class LiveStatus(BaseModel):
    """Whether a kill is in force, and how each account that you may read stands."""

    is_killed: bool
    mode: str
    at: str
    kills: list[LatchedKill]
    accounts: list[LiveAccount]


@router.post(
    "/kill",
    status_code=status.HTTP_202_ACCEPTED,
    responses={
        200: {"model": KillAnswer, "description": "It has ended; the body says what the venue confirmed"},
        **documented(401, 403, 409, 413, 422, 503),
    },
)
async def documents_live_kill(
    body: LiveKill,
    caller: Lowering,
    context: Context,
    runner: Runner,
    response: Response,
    idempotency_key: IdempotencyKey = "",
) -> KillAnswer:
    """Stop the bot for good: nothing new is opened, orders that do not protect are cancelled, and the venue is asked for it.

    It answers within 5 s: with what the venue confirmed, or with 202 and the id of the command, which goes on.
    """
    scope = KillScope.BOT if context.settings.people is not None and not body.account else KillScope.ACCOUNT
    given: dict[str, Any] = {"reason": body.reason, "account": body.account, "scope": scope, "flatten": body.flatten}
    record = await command_sent(runner, KILL, caller, context, idempotency_key, **given)
    response.headers["Location"] = f"/api/v1/commands/{record.id}"
    if record.state is not CommandState.RUNNING:
        response.status_code = status.HTTP_200_OK
    return _answer(record)


@router.get("/status", responses=documented(401, 403, 422, 429, 503))
def documents_live_status(caller: Asking, context: Context) -> LiveStatus:
    """Whether a kill is in force, by whom and why; trading state, stage and positions with their stops."""
    kills = perform(KILLS, Call(actor=caller.actor, request=KillsRequest(config=context.config))).kills
    caps = perform(CAPS, Call(actor=caller.actor, request=CapsRequest(config=context.config))).accounts
    by_account = {each.account: each for each in caps}
    seen = portfolio.portfolio(caller, context, "")
    return LiveStatus(
        is_killed=any(kills.values()),
        mode=context.settings.mode,
        at=seen.at,
        kills=[_latched(name, each) for name, found in kills.items() for each in found],
        accounts=[_live(each, by_account.get(each.account)) for each in seen.accounts],
    )


def _answer(record: CommandRecord) -> KillAnswer:
    found: dict[str, Any] = msgspec.json.decode(record.outcome) if record.outcome else {}
    waited = [f"it has not ended within {WAIT_S:g} s, and goes on"] if record.state is CommandState.RUNNING else []
    return KillAnswer(
        is_done=record.state is CommandState.DONE,
        is_latched=found.get("is_latched"),
        accounts=[KilledAccount(**each) for each in found.get("accounts", ())],
        sentences=[*record.sentences, *waited],
        command=record.id,
        state=record.state,
    )


def _latched(account: str, killed: Killed) -> LatchedKill:
    return LatchedKill(
        account=account,
        scope=killed.scope.value,
        symbol=killed.symbol,
        by=killed.by,
        reason=killed.reason,
        since=instant(killed.at),
        sells=killed.disposal is Disposal.FLATTEN,
    )


def _live(seen: portfolio.ShownHoldings, caps: AccountCaps | None) -> LiveAccount:
    return LiveAccount(
        account=seen.account,
        trading_state=in_force(caps.caps).state.name if caps is not None else "",
        may_open=caps is not None and caps.may_open,
        why_not=seen.why_not,
        stage=seen.stage,
        positions=seen.positions,
    )
