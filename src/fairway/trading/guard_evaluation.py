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
from fairway.risk.cap_kinds import BREAKER_ACCOUNT
from fairway.risk.escalation import Level, closes
from fairway.risk.guards.port import AccountLook, MarketActivity, Measured, PositionValue
from fairway.risk.guards.roster import GuardVerdict, cap_id
from fairway.risk.limits import TradingState
from fairway.trading.account_state import AccountState
from fairway.trading.prices import is_only_old, quote_to_reduce
from fairway.trading.venue_requests import Input, Tick

AUTHOR = "trader"


def of_candle(desk: AccountState, candle: Candle, now: int) -> Iterator[Event]:
    """Evaluates the guards with a candle, before the strategy decides on it."""
    desk.board.see_candle(candle)
    gauge = desk.board.gauges.of(candle.symbol)
    if gauge is not None and gauge.opened_at == candle.open_at and candle.symbol in desk.terms.instruments:
        market = MarketActivity(gauge.move, Amount(gauge.traded, desk.terms.quote))
        yield from _look(desk, {candle.symbol: market}, now)


def of_news(desk: AccountState, news: Input, now: int) -> Iterator[Event]:
    """Evaluates the guards after any other input that brought observations, and each second while a position is held."""
    if isinstance(news, Measured):
        desk.guards.observe(news)
    is_watched = isinstance(news, Tick) and desk.ledger.positions
    if not isinstance(news, Candle) and (desk.guards.has_news or is_watched):
        yield from _look(desk, {}, now)


def _look(desk: AccountState, markets: Mapping[str, MarketActivity], now: int) -> Iterator[Event]:
    """Only after the first catch-up with the venue: before it, positions and worth are only what the journal said last."""
    stage = stage_to_begin(desk)
    if not desk.seen.asked_at or not (desk.guards.is_watching or stage is not None):
        return
    look = _seen(desk, markets, now)
    if stage is not None and look.worth is not None and look.is_whole:
        yield StageBegan(stage=stage, worth=look.worth)
    yield from _new_high(desk, look)
    for verdict in desk.guards.verdicts(look):
        yield from _of_verdict(desk, verdict, now)
    yield from _exits(desk)
    level = desk.guards.account_level()
    if level is not desk.guards.level:
        yield EscalationChanged(level=level, was=desk.guards.level, why=", ".join(_alarmed(desk, level)))


def _new_high(desk: AccountState, look: AccountLook) -> Iterator[Event]:
    """A mark counts once the next one agrees, so one absurd price makes no peak."""
    worth = desk.worth() if look.is_whole else None
    if worth is not None and desk.guards.is_new_high(worth, look.limits):
        yield Marked(worth=worth, marks=desk.marks())


def stage_to_begin(desk: AccountState) -> str | None:
    """The stage that the lease is of, where what is lost in it is not counted yet; what was lost in another is not lost in it."""
    limits, stage = desk.limits(""), desk.lease.stage if desk.lease is not None else ""
    has_limit = any(most is not None for most in (limits.loss, limits.daily_loss, limits.drawdown, limits.loss_total))
    counted = desk.guards.stage_loss.stage
    return stage if stage != counted and (has_limit or counted is not None) else None


def _seen(desk: AccountState, markets: Mapping[str, MarketActivity], now: int) -> AccountLook:
    """What can be seen of an account at an instant (ns). A position whose price has grown old counts at that price as long as
    another has a new one, so that it hides no loss of the other."""
    held, fees, is_known, is_whole, marks = dict[str, PositionValue](), ZERO, True, True, desk.marks()
    for symbol, position in desk.ledger.positions.items():
        quote = quote_to_reduce(desk, symbol, now)
        rate, quantity = desk.terms.fees[symbol].taker, position.quantity.value
        if quote is None:
            is_whole, is_known = False, is_known and is_only_old(desk, symbol)
            fees += quantity * marks.get(symbol, ZERO) * rate
            continue
        brings = Amount(quantity * quote.bid * (1 - rate), desk.terms.quote)
        held[symbol] = PositionValue(position.result + brings - position.cost, position.cost, brings, quote.seen_at)
        fees += quantity * quote.middle * rate
    worth = desk.worth() if is_whole or (is_known and held) else None
    return AccountLook(
        now=now,
        worth=worth - Amount(fees, worth.asset) if worth is not None else None,
        is_whole=is_whole and worth is not None,
        marked_at=min((it.seen_at for it in held.values()), default=0),
        capital=desk.limits("").capital,
        held=held,
        markets=markets,
        limits=desk.limits(""),
    )


def _of_verdict(desk: AccountState, verdict: GuardVerdict, now: int) -> Iterator[Event]:
    guard, symbol = verdict.guard, verdict.symbol
    if verdict.level is Level.NORMAL:
        raised = cap_id(guard, symbol, desk.guards.alarms[guard, symbol])
        yield GuardCleared(guard=guard, symbol=symbol, why=verdict.code)
        yield CapLifted(cap_id=raised, by=AUTHOR, why=verdict.code)
        return
    cap = desk.guards.cap_of(verdict, now)
    if cap.is_a(BREAKER_ACCOUNT) and cap.id in desk.caps:
        return  # the breaker trips once: while it is open everything is being sold already
    severity = desk.guards.severity_of(verdict)
    yield GuardTripped(guard=guard, symbol=symbol, level=verdict.level, severity=severity, code=verdict.code)
    yield CapRaised(cap=cap)


def _exits(desk: AccountState) -> Iterator[Event]:
    for (guard, where), level in list(desk.guards.alarms.items()):
        for symbol in list(desk.ledger.positions) if closes(level) else ():
            may_sell = desk.limits(symbol).state >= TradingState.REDUCE_ONLY
            if where in ("", symbol) and symbol not in desk.exits and may_sell:
                desk.seen.restless[symbol] = None
                yield ExitWanted(symbol=symbol, why=f"{guard} is an emergency")


def _alarmed(desk: AccountState, level: Level) -> list[str]:
    if level is Level.NORMAL:
        return ["no guard is alarmed"]
    return [guard for (guard, symbol), alarm in desk.guards.alarms.items() if alarm is level and not symbol]
