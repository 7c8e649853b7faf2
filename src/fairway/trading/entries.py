"""From a closed candle to an entry or an exit: the strategy proposes, risk reviews, an order is drafted."""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from fairway.journal.kinds import EntryPlanned, EntryRefused, Event, ExitWanted
from fairway.market.candles import Candle
from fairway.money.amount import ZERO, Amount
from fairway.money.fraction import Fraction
from fairway.orders.ids import Role
from fairway.orders.intent import Enter, Exit
from fairway.orders.lifecycle import OrderSent
from fairway.orders.order import Order, OrderType, Side
from fairway.risk.entry import NO_OTHERS, Companion, EntryRefusal, ProposedEntry
from fairway.risk.limits import TradingState
from fairway.risk.review import review
from fairway.strategies.api import View, decided
from fairway.trading.account_state import AccountState
from fairway.trading.exposure import at_risk, exposures, in_flight, worth_if_sold
from fairway.trading.foreign_orders import beside, locked


def of_candle(desk: AccountState, candle: Candle, now: int) -> Iterator[Event]:
    """What a closed candle leads to. A flawed or repeated candle leads to nothing."""
    if candle.flaw() is not None or not desk.see_candle(candle):
        return
    candles = desk.seen.candles[candle.symbol]
    if len(candles) < desk.terms.strategy.warm_up:
        return
    for intent in decided(desk.terms.strategy, desk.terms.strategy_name, _view(desk, candle)):
        yield from _exit(desk, intent) if isinstance(intent, Exit) else _enter(desk, intent, candle, now)


def _view(desk: AccountState, candle: Candle) -> View:
    position = desk.ledger.positions.get(candle.symbol)
    held_ns = candle.close_at - position.opened_at if position is not None else 0
    return View(
        symbol=candle.symbol,
        instrument=desk.terms.instruments[candle.symbol],
        candles=list(desk.seen.candles[candle.symbol])[-desk.terms.strategy.warm_up :],
        in_position=position is not None,
        bars_held=held_ns // desk.terms.interval_ns,
    )


def _exit(desk: AccountState, intent: Exit) -> Sequence[Event]:
    may_sell = desk.limits(intent.symbol).state >= TradingState.REDUCE_ONLY
    if may_sell and intent.symbol in desk.ledger.positions and intent.symbol not in desk.exits:
        return [ExitWanted(symbol=intent.symbol, why=intent.reason)]
    return []


def _enter(desk: AccountState, intent: Enter, candle: Candle, now: int) -> Sequence[Event]:
    entry = _entry(desk, intent, candle, now)
    verdict = review(entry)
    if isinstance(verdict, EntryRefusal):
        refused = EntryRefused(symbol=intent.symbol, code=verdict.code, intent=intent.reason, wish_age_ns=entry.wish_age_ns)
        return [refused]
    quote = desk.seen.quotes[intent.symbol]
    order = draft(desk, intent.symbol, Role.ENTRY, Side.BUY, OrderType.MARKET, verdict.quantity, now)
    plan = EntryPlanned(
        symbol=intent.symbol,
        order_id=order.id,
        stop=intent.stop,
        target=intent.target,
        why=intent.reason,
        quote_age_ns=now - quote.seen_at,
        exit_plan=intent.exit_plan,
        price=entry.ask,
        bound=verdict.bound,
        wish_age_ns=entry.wish_age_ns,
    )
    return [plan, OrderSent(order.id, intent.reason, order)]


def _entry(desk: AccountState, intent: Enter, candle: Candle, now: int) -> ProposedEntry:
    terms, symbol, guards = desk.terms, intent.symbol, desk.guards
    instrument, limits, worth = terms.instruments[symbol], desk.limits(symbol), desk.worth()
    flying = in_flight(desk)
    exposed = exposures(desk, flying)
    gauge = desk.board.gauges.of(symbol)
    counts_losses = limits.loss is not None or limits.loss_total is not None
    has_totals = limits.capital_total is not None or limits.loss_total is not None
    orders_beside, stops_beside = beside(desk, symbol)
    return ProposedEntry(
        intent=intent,
        instrument=instrument,
        rules=terms.rules,
        fees=terms.fees[symbol],
        quote=desk.seen.quotes.get(symbol),
        worth=worth,
        free=desk.ledger.balances.of(instrument.quote) - Amount(sum(flying.values(), ZERO), instrument.quote),
        exposure=Amount(sum(exposed.values(), ZERO), terms.quote),
        positions=len(exposed),
        symbol_is_busy=_is_busy(desk, symbol, now),
        streams_are_up=not desk.seen.down,
        limits=limits,
        why_limited=desk.why_limited(symbol),
        now=now,
        close=candle.close,
        wish_age_ns=now - candle.close_at,
        wish_age_max_ns=terms.interval_ns,
        companions=[_companion(desk, symbol, other, worth_of) for other, worth_of in exposed.items() if other != symbol],
        range=gauge.range if terms.rules.ranges and gauge is not None else None,
        record=guards.record,
        drawdown=guards.drawdown(worth, limits.capital) if worth is not None else Fraction(ZERO),
        recent=guards.entries,
        resting_sale=_lowest_sale(desk, symbol),
        skew_ns=guards.skew_ns,
        strategy=terms.strategy_name,
        open_orders=len(flying),
        lost=guards.stage_loss.lost(worth_if_sold(desk)) if counts_losses else None,
        at_risk=at_risk(desk) if counts_losses and worth is not None else ZERO,
        others=desk.totals.of_others(terms.account) if has_totals else NO_OTHERS,
        orders_beside=orders_beside,
        stops_beside=stops_beside,
        locked_short=locked(desk, symbol) - desk.ledger.balances.of(instrument.base).value,
    )


def _is_busy(desk: AccountState, symbol: str, now: int) -> bool:
    """Also while fills are missing, or one may be of an order that was denied: that is a position which is not counted yet."""
    is_held = symbol in desk.ledger.positions or any(True for _ in desk.blotter.of(symbol))
    return is_held or desk.lacks_fills(symbol) or desk.is_doubted(now, symbol)


def _companion(desk: AccountState, symbol: str, other: str, exposure: Decimal) -> Companion:
    is_asked = desk.terms.rules.correlated_max is not None
    correlation = desk.board.gauges.correlation(symbol, other) if is_asked else None
    return Companion(desk.terms.instruments[other].base, exposure, correlation)


def _lowest_sale(desk: AccountState, symbol: str) -> Decimal | None:
    sales = (order for order in desk.blotter.of(symbol) if order.side is Side.SELL and order.price is not None)
    return min((order.price.value for order in sales if order.price is not None), default=None)


def draft(desk: AccountState, symbol: str, role: Role, side: Side, kind: OrderType, quantity: Amount, now: int) -> Order:
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
