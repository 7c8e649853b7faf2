"""Evaluates an account's guards and turns the changes of their alarms into events: trips, caps, and exits in an emergency.

Guards are evaluated when a candle has closed, when orders or balances changed, and once a second while a position is held. In an
emergency every position is sold for as long as the emergency lasts, also one that was bought after it began.
"""

from collections.abc import Iterator, Mapping

from fairway.journal.kinds import (
    CapLifted,
    CapRaised,
    EscalationChanged,
    Event,
    ExitWanted,
    GuardCleared,
    GuardTripped,
    Marked,
    StageBegan,
)
from fairway.market.candles import Candle
from fairway.money.amount import ZERO, Amount
from fairway.orders.intent import ExitCause
from fairway.risk.cap_kinds import BREAKER_ACCOUNT
from fairway.risk.escalation import Level, closes
from fairway.risk.guards.port import AccountLook, MarketActivity, Measured, PositionValue
from fairway.risk.guards.roster import GuardVerdict, cap_id
from fairway.risk.limits import Limits, TradingState
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import Input, Tick
from fairway.trading.prices import is_only_old, quote_to_reduce

AUTHOR = "trader"


def of_candle(state: AccountState, candle: Candle, now: int) -> Iterator[Event]:
    """Evaluates the guards with a candle, before the strategy decides on it."""
    state.market.see_candle(candle)
    gauge = state.market.gauges.of(candle.symbol)
    if gauge is not None and gauge.opened_at == candle.open_at and candle.symbol in state.config.instruments:
        market = MarketActivity(gauge.move, Amount(gauge.traded, state.config.quote))
        yield from _look(state, {candle.symbol: market}, now)


def of_news(state: AccountState, news: Input, now: int) -> Iterator[Event]:
    """Evaluates the guards after any other input that brought observations, and each second while a position is held."""
    if isinstance(news, Measured):
        state.guards.observe(news)
    is_watched = isinstance(news, Tick) and state.money.ledger.positions
    if not isinstance(news, Candle) and (state.guards.has_news or is_watched):
        yield from _look(state, {}, now)


def _look(state: AccountState, markets: Mapping[str, MarketActivity], now: int) -> Iterator[Event]:
    """Only after the first catch-up with the venue: before it, positions and worth are only what the journal said last."""
    stage = stage_to_begin(state)
    if not state.transient.asked_at or not (state.guards.is_watching or stage is not None):
        return
    worth = state.worth()
    look = _seen(state, worth, markets, now)
    if stage is not None and look.worth is not None and look.is_whole:
        yield StageBegan(stage=stage, worth=look.worth)
    yield from _new_high(state, worth if look.is_whole else None, look.limits)
    for verdict in state.guards.verdicts(look):
        yield from _of_verdict(state, verdict, now)
    yield from _exits(state)
    level = state.guards.account_level()
    if level is not state.guards.level:
        yield EscalationChanged(level=level, was=state.guards.level, why=", ".join(_alarmed(state, level)))


def _new_high(state: AccountState, worth: Amount | None, limits: Limits) -> Iterator[Event]:
    """A mark counts once the next one agrees, so one absurd price makes no peak."""
    if worth is not None and state.guards.is_new_high(worth, limits):
        yield Marked(worth=worth, marks=state.marks())


def stage_to_begin(state: AccountState) -> str | None:
    """The stage that the lease is of, where what is lost in it is not counted yet; what was lost in another is not lost in it."""
    limits, stage = state.limits.of(""), state.limits.lease.stage if state.limits.lease is not None else ""
    has_limit = any(most is not None for most in (limits.loss, limits.daily_loss, limits.drawdown, limits.loss_total))
    counted = state.guards.stage_loss.stage
    return stage if stage != counted and (has_limit or counted is not None) else None


def _seen(state: AccountState, worth: Amount | None, markets: Mapping[str, MarketActivity], now: int) -> AccountLook:
    """What can be seen of an account of this worth at an instant (ns). A position whose price has grown old counts at that price
    as long as another has a new one, so that it hides no loss of the other."""
    held, fees, is_known, is_whole, marks = dict[str, PositionValue](), ZERO, True, True, state.marks()
    for symbol, position in state.money.ledger.positions.items():
        quote = quote_to_reduce(state, symbol, now)
        rate, quantity = state.config.fees[symbol].taker, position.quantity.value
        if quote is None:
            is_whole, is_known = False, is_known and is_only_old(state, symbol)
            fees += quantity * marks.get(symbol, ZERO) * rate
            continue
        brings = Amount(quantity * quote.bid * (1 - rate), state.config.quote)
        held[symbol] = PositionValue(position.result + brings - position.cost, position.cost, brings, quote.seen_at)
        fees += quantity * quote.middle * rate
    worth = worth if is_whole or (is_known and held) else None
    return AccountLook(
        now=now,
        worth=worth - Amount(fees, worth.asset) if worth is not None else None,
        is_whole=is_whole and worth is not None,
        marked_at=min((it.seen_at for it in held.values()), default=0),
        capital=state.limits.of("").capital,
        held=held,
        markets=markets,
        limits=state.limits.of(""),
    )


def _of_verdict(state: AccountState, verdict: GuardVerdict, now: int) -> Iterator[Event]:
    guard, symbol = verdict.guard, verdict.symbol
    if verdict.level is Level.NORMAL:
        raised = cap_id(guard, symbol, state.guards.alarms[guard, symbol])
        yield GuardCleared(guard=guard, symbol=symbol, why=verdict.code)
        yield CapLifted(cap_id=raised, by=AUTHOR, why=verdict.code)
        return
    cap = state.guards.cap_of(verdict, now)
    if cap.is_a(BREAKER_ACCOUNT) and cap.id in state.limits.caps:
        return  # the breaker trips once: while it is open everything is being sold already
    severity = state.guards.severity_of(verdict)
    yield GuardTripped(guard=guard, symbol=symbol, level=verdict.level, severity=severity, code=verdict.code)
    yield CapRaised(cap=cap)


def _exits(state: AccountState) -> Iterator[Event]:
    for (guard, where), level in list(state.guards.alarms.items()):
        for symbol in list(state.money.ledger.positions) if closes(level) else ():
            may_sell = state.limits.of(symbol).state >= TradingState.REDUCE_ONLY
            if where in ("", symbol) and symbol not in state.protection.exits and may_sell:
                state.transient.restless[symbol] = None
                yield ExitWanted(symbol=symbol, why=f"{guard} is an emergency", cause=ExitCause.GUARD)


def _alarmed(state: AccountState, level: Level) -> list[str]:
    if level is Level.NORMAL:
        return ["no guard is alarmed"]
    return [guard for (guard, symbol), alarm in state.guards.alarms.items() if alarm is level and not symbol]
