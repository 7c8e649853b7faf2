"""From a closed candle to an entry or an exit: the strategy proposes, risk reviews, an order is drafted."""

from collections.abc import Iterator, Sequence

from fairway.journal.kinds import EntryPlanned, EntryRefused, Event, ExitWanted
from fairway.market.candles import Candle
from fairway.money.amount import ZERO, Amount
from fairway.orders.ids import Role
from fairway.orders.intent import Enter, Exit
from fairway.orders.lifecycle import OrderSent
from fairway.orders.order import Order, OrderType, Side
from fairway.risk.limits import TradingState
from fairway.risk.review import Entry, review
from fairway.risk.sizing import Refused
from fairway.strategies.api import View
from fairway.trading.desk import Desk


def of_candle(desk: Desk, candle: Candle, now: int) -> Iterator[Event]:
    """What a closed candle leads to. A flawed or repeated candle leads to nothing."""
    if candle.flaw() is not None or not desk.see_candle(candle):
        return
    candles = desk.seen.candles[candle.symbol]
    if len(candles) < desk.terms.strategy.warm_up:
        return
    for intent in desk.terms.strategy.decide(_view(desk, candle)):
        yield from _exit(desk, intent) if isinstance(intent, Exit) else _enter(desk, intent, candle, now)


def _view(desk: Desk, candle: Candle) -> View:
    position = desk.ledger.positions.get(candle.symbol)
    held_ns = candle.close_at - position.opened_at if position is not None else 0
    return View(
        symbol=candle.symbol,
        instrument=desk.terms.instruments[candle.symbol],
        candles=list(desk.seen.candles[candle.symbol]),
        in_position=position is not None,
        bars_held=held_ns // desk.terms.interval_ns,
    )


def _exit(desk: Desk, intent: Exit) -> Sequence[Event]:
    may_sell = desk.limits(intent.symbol).state >= TradingState.REDUCE_ONLY
    if may_sell and intent.symbol in desk.ledger.positions and intent.symbol not in desk.exits:
        return [ExitWanted(symbol=intent.symbol, why=intent.reason)]
    return []


def _enter(desk: Desk, intent: Enter, candle: Candle, now: int) -> Sequence[Event]:
    verdict = review(_entry(desk, intent, candle, now))
    if isinstance(verdict, Refused):
        return [EntryRefused(symbol=intent.symbol, code=verdict.code, intent=intent.reason)]
    quote = desk.seen.quotes[intent.symbol]
    order = draft(desk, intent.symbol, Role.ENTRY, Side.BUY, OrderType.MARKET, verdict, now)
    plan = EntryPlanned(
        symbol=intent.symbol,
        order_id=order.id,
        stop=intent.stop,
        target=intent.target,
        why=intent.reason,
        quote_age_ns=now - quote.seen_at,
        exit_plan=intent.exit_plan,
    )
    return [plan, OrderSent(order.id, intent.reason, order)]


def _entry(desk: Desk, intent: Enter, candle: Candle, now: int) -> Entry:
    terms, symbol = desk.terms, intent.symbol
    instrument = terms.instruments[symbol]
    return Entry(
        intent=intent,
        instrument=instrument,
        rules=terms.rules,
        fees=terms.fees[symbol],
        quote=desk.seen.quotes.get(symbol),
        worth=desk.worth(),
        free=desk.ledger.balances.of(instrument.quote),
        exposure=_exposure(desk),
        positions=_positions_and_entries(desk),
        symbol_is_busy=symbol in desk.ledger.positions or any(True for _ in desk.blotter.of(symbol)),
        streams_are_up=not desk.seen.down,
        limits=desk.limits(symbol),
        why_limited=desk.why_limited(symbol),
        now=now,
        close=candle.close,
        wish_age_ns=now - candle.close_at,
        wish_age_max_ns=terms.interval_ns,
    )


def _exposure(desk: Desk) -> Amount:
    """What positions cost, and what entries in flight may yet: at the ask, or at their target while there is none.

    A position counts at its cost: what it has lost makes no room for more.
    """
    held = sum((position.cost.value for position in desk.ledger.positions.values()), ZERO)
    for order in desk.blotter.live.values():
        if order.role is Role.ENTRY:
            quote = desk.seen.quotes.get(order.symbol)
            held += order.remaining.value * (quote.ask if quote is not None else desk.plans[order.symbol].target.value)
    return Amount(held, desk.terms.quote)


def _positions_and_entries(desk: Desk) -> int:
    """Symbols that hold something, or may soon."""
    return len(desk.ledger.positions.keys() | {o.symbol for o in desk.blotter.live.values() if o.role is Role.ENTRY})


def draft(desk: Desk, symbol: str, role: Role, side: Side, kind: OrderType, quantity: Amount, now: int) -> Order:
    """A new order with an id of its own, as it is once it is sent."""
    instrument = desk.terms.instruments[symbol]
    return Order(
        id=desk.next_id(role),
        symbol=symbol,
        side=side,
        type=kind,
        role=role,
        quantity=quantity,
        filled=Amount(ZERO, instrument.base),
        cost=Amount(ZERO, instrument.quote),
        created_at=now,
        updated_at=now,
    )
