"""A strategy at work in one account, and what its trader decided; from the operations that the other paths ask."""

from enum import StrEnum

from pydantic import BaseModel, Field

from fairway.api.authentication import Caller
from fairway.api.context import ServerContext
from fairway.api.views.portfolio import ShownPosition, ShownResult, portfolio
from fairway.api.views.shown import ShownAmount, instant, number
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.caps import CAPS, AccountCaps, CapsRequest
from fairway.operations.trader.decisions import DECISIONS, DecisionsRequest
from fairway.operations.trader.stories import TRADES, StoriesOutcome, StoriesRequest
from fairway.reports.decisions import DecisionAction, TraderDecision
from fairway.risk.cap_kinds import KILL, CapSource
from fairway.risk.limits import TradingState


class StrategyStatus(StrEnum):
    RUNNING = "running"
    """A trader carries it; why_not says whether it may open positions."""
    PAUSED = "paused"
    """A person paused it: nothing is opened, and what is held stays protected."""
    STOPPED = "stopped"
    """No trader runs, or a kill is in force."""
    UNKNOWN = "unknown"
    """Whether a trader runs cannot be known, as with a journal in a database."""


class StrategyState(BaseModel):
    """A strategy in one account, by the trader's journal."""

    id: str = Field(description="The account's name; pauseStrategy, closePosition and the decisions take it")
    name: str = Field(description="The strategy's name")
    symbols: list[str]
    status: StrategyStatus
    why_not: str = Field(description="Why it opens nothing; empty where it may")
    capital: ShownAmount | None = Field(description="What the account is worth; null where it was never valued")
    valued_at: str
    stage: str = Field(description="Of a launch; empty where none issues leases")
    today: ShownResult
    in_all: ShownResult
    positions: list[ShownPosition]


class MadeDecision(BaseModel):
    """One decision of a trader. Levels are of an entry."""

    id: str
    at: str
    strategy_id: str
    symbol: str = Field(description="Empty for the whole account")
    action: DecisionAction
    reason: str
    code: str = Field(description="Of a refusal its reason code, of an exit its cause, of a cap its id; empty for an entry")
    price: str | None = Field(description="What an entry was sized at")
    stop: str | None
    target: str | None
    rungs: list[str] = Field(description="Prices before the target at which a part is sold")
    order_ids: list[str] = Field(description="Orders that followed, the oldest first")


def strategies_of(caller: Caller, context: ServerContext, account: str = "") -> list[StrategyState]:
    """One for each account that the caller may read. Raises Refusal, SettingsError, JournalErrors."""
    shown = portfolio(caller, context, account)
    caps = perform(CAPS, Call(actor=caller.actor, request=CapsRequest(config=context.config, account=account)))
    stories = perform(TRADES, Call(actor=caller.actor, request=StoriesRequest(config=context.config, account=account)))
    by_account = {each.account: each for each in caps.accounts}
    found = []
    for each in shown.accounts:
        name, symbols = _carried(stories, each.account)
        is_running = shown.is_running if shown.is_started else False
        found.append(
            StrategyState(
                id=each.account,
                name=name,
                symbols=symbols,
                status=status_by(is_running, by_account.get(each.account)),
                why_not=each.why_not,
                capital=each.worth,
                valued_at=each.valued_at,
                stage=each.stage,
                today=each.today,
                in_all=each.in_all,
                positions=each.positions,
            )
        )
    return found


def _carried(stories: StoriesOutcome, account: str) -> tuple[str, list[str]]:
    """The strategy's name and its symbols: of the account's last start, else of the configuration."""
    story = stories.stories.get(account)
    if story is not None and story.starts:
        return story.starts[-1].strategy, list(story.starts[-1].symbols)
    return stories.settings.strategy.name, list(stories.settings.symbols)


def status_by(is_running: bool | None, caps: AccountCaps | None) -> StrategyStatus:
    """is_running: whether the trader runs, None where that cannot be known. caps: what limits the account, None for nothing."""
    careful = [cap for cap in (caps.caps if caps is not None else ()) if not cap.symbol]
    if is_running is False or any(cap.is_a(KILL) for cap in careful):
        return StrategyStatus.STOPPED
    if any(cap.source is CapSource.PERSON and cap.limits.state is not TradingState.ACTIVE for cap in careful):
        return StrategyStatus.PAUSED
    return StrategyStatus.RUNNING if is_running else StrategyStatus.UNKNOWN


def decisions_of(caller: Caller, context: ServerContext, account: str, symbol: str, limit: int) -> list[MadeDecision]:
    """The newest first. Raises Refusal, SettingsError, JournalErrors."""
    request = DecisionsRequest(config=context.config, account=account, symbol=symbol, limit=limit)
    found = perform(DECISIONS, Call(actor=caller.actor, request=request)).decisions
    return [_decision(account, each) for each in found]


def _decision(account: str, each: TraderDecision) -> MadeDecision:
    return MadeDecision(
        id=f"{account}-{each.number}",
        at=instant(each.at),
        strategy_id=account,
        symbol=each.symbol,
        action=each.action,
        reason=each.reason,
        code=each.code,
        price=number(each.price.value) if each.price is not None else None,
        stop=number(each.stop.value) if each.stop is not None else None,
        target=number(each.target.value) if each.target is not None else None,
        rungs=[number(rung.value) or "" for rung in each.rungs],
        order_ids=list(each.orders),
    )
