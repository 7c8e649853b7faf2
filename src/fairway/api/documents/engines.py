"""GET /engines and GET /engines/status: one engine for each symbol, by what the trader's journal says."""

from typing import Annotated, Final

from fastapi import APIRouter, Path
from pydantic import BaseModel, Field

from fairway.api.authentication import Caller
from fairway.api.context import Asking, Context, ServerContext
from fairway.api.documents.engine_state import AccountEngine, EngineCondition, SymbolEngine, engines_of
from fairway.api.problems import HttpProblem, documented
from fairway.api.views.shown import ShownAmount, instant, money, number
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.caps import CAPS, CapsRequest
from fairway.operations.trader.status import STATUS, StatusRequest

router: Final = APIRouter(prefix="/engines", tags=["documents"])
PROBLEMS: Final = documented(401, 403, 404, 422, 429, 503)
EngineSymbol = Annotated[str, Path(max_length=41, description="A symbol with its slash", examples=["BTC/USDT"])]


class ShownAccountEngine(BaseModel):
    """The engine in one account. stop: of the order that rests at the venue, null where none does."""

    account: str
    status: EngineCondition
    why: str
    stage: str
    position: ShownAmount | None
    entry: str | None
    stop: str | None
    target: str | None


class ShownEngine(BaseModel):
    """One symbol that is traded. status, why, stage and position are of its most active account."""

    symbol: str = Field(examples=["BTC/USDT"])
    status: EngineCondition
    why: str = Field(description="Why it opens nothing; empty where it may")
    mode: str = Field(examples=["practice"])
    stage: str = Field(description="Of the launch; empty where no launch issues leases")
    position: ShownAmount | None
    last_heartbeat: str = Field(description="When the trader last wrote its journal; empty for never")
    accounts: list[ShownAccountEngine]


@router.get("", responses=PROBLEMS)
def documents_engines(caller: Asking, context: Context) -> list[ShownEngine]:
    """One engine for each symbol of the configuration."""
    return [engine_state(each, context) for each in symbol_engines(caller, context)]


@router.get("/status", responses=PROBLEMS)
def documents_engines_status(caller: Asking, context: Context) -> list[ShownEngine]:
    """The same as `/engines`."""
    return [engine_state(each, context) for each in symbol_engines(caller, context)]


@router.get("/status/{symbol:path}", responses=PROBLEMS)
def documents_engine_status(symbol: EngineSymbol, caller: Asking, context: Context) -> ShownEngine:
    """The engine of one symbol."""
    check_symbol(symbol, context)
    return engine_state(symbol_engine(symbol, caller, context), context)


def symbol_engines(caller: Caller, context: ServerContext, account: str = "") -> tuple[SymbolEngine, ...]:
    """In one account, or in all that the caller may read. Raises Refusal, SettingsError, JournalErrors."""
    status = perform(STATUS, Call(actor=caller.actor, request=StatusRequest(config=context.config, account=account)))
    caps = perform(CAPS, Call(actor=caller.actor, request=CapsRequest(config=context.config, account=account)))
    return engines_of(context.settings.symbols, status, caps.accounts)


def symbol_engine(symbol: str, caller: Caller, context: ServerContext, account: str = "") -> SymbolEngine:
    """Of a symbol that the configuration has."""
    return next(each for each in symbol_engines(caller, context, account) if each.symbol == symbol)


def check_symbol(symbol: str, context: ServerContext) -> None:
    """Raises HttpProblem for one that is not traded."""
    if symbol not in context.settings.symbols:
        raise HttpProblem(404, f"SYMBOL_UNKNOWN: symbol={symbol[:41]}", not_traded(symbol, context))


def not_traded(symbol: str, context: ServerContext) -> str:
    """Says which symbols there are, and where another one is written."""
    there = ", ".join(context.settings.symbols)
    return f"{symbol[:41]} is not traded here; the key symbols of {context.config.name} has {there}"


def engine_state(engine: SymbolEngine, context: ServerContext) -> ShownEngine:
    """An engine as it is shown."""
    leading = engine.leading
    return ShownEngine(
        symbol=engine.symbol,
        status=leading.condition if leading is not None else EngineCondition.STOPPED,
        why=leading.why if leading is not None else "there is no account that you may read",
        mode=context.settings.mode,
        stage=leading.stage if leading is not None else "",
        position=_quantity(leading) if leading is not None else None,
        last_heartbeat=instant(engine.heartbeat),
        accounts=[_of_account(each) for each in engine.accounts],
    )


def _quantity(engine: AccountEngine) -> ShownAmount | None:
    return money(engine.held.quantity) if engine.held is not None else None


def _of_account(engine: AccountEngine) -> ShownAccountEngine:
    held = engine.held
    return ShownAccountEngine(
        account=engine.account,
        status=engine.condition,
        why=engine.why,
        stage=engine.stage,
        position=_quantity(engine),
        entry=number(held.entry) if held is not None else None,
        stop=number(held.stop.value) if held is not None and held.stop is not None else None,
        target=number(held.target.value) if held is not None and held.target is not None else None,
    )
