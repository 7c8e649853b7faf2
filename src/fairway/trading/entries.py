"""From a closed candle or a signal to an entry or an exit: the strategy proposes, risk reviews, an order is drafted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Final

from msgspec.structs import replace

from fairway.journal.kinds import EntryPlanned, EntryRefused, Event, ExitWanted
from fairway.market.candles import Candle
from fairway.money.amount import ZERO, Amount
from fairway.money.fraction import Fraction
from fairway.money.grid import Round
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

TRIAL_STOP: Final = Decimal("0.98")
TRIAL_TARGET: Final = Decimal("1.04")
"""Of the last close: where a trial entry has its stop and its target."""


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentBasis:
    """What led to an intent, by its age. close: of the newest closed candle, in quote per base."""

    close: Decimal
    age_ns: int
    age_max_ns: int


def of_candle(state: AccountState, candle: Candle, now: int) -> Iterator[Event]:
    """What a closed candle leads to. A flawed or repeated candle leads to nothing."""
    if candle.flaw() is not None or not state.take_candle(candle):
        return
    candles = state.market.candles[candle.symbol]
    if len(candles) < state.config.strategy.warm_up:
        return
    basis = IntentBasis(close=candle.close, age_ns=now - candle.close_at, age_max_ns=state.config.interval_ns)
    for intent in decided(state.config.strategy, state.config.strategy_name, view_of(state, candle)):
        yield from _exit(state, intent) if isinstance(intent, Exit) else enter(state, intent, basis, now)


def view_of(state: AccountState, candle: Candle) -> View:
    """What the strategy may know when this candle is the newest that has closed."""
    position = state.money.ledger.positions.get(candle.symbol)
    held_ns = candle.close_at - position.opened_at if position is not None else 0
    return View(
        symbol=candle.symbol,
        instrument=state.config.instruments[candle.symbol],
        candles=list(state.market.candles[candle.symbol])[-state.config.strategy.warm_up :],
        in_position=position is not None,
        bars_held=held_ns // state.config.interval_ns,
    )


def _exit(state: AccountState, intent: Exit) -> Sequence[Event]:
    return leave(state, intent.symbol, intent.reason) if intent.symbol in state.money.ledger.positions else []


def leave(state: AccountState, symbol: str, why: str) -> Sequence[Event]:
    """Closes what is held, or what an entry in flight buys, where it is not being closed already and may be sold."""
    may_sell = state.limits.of(symbol).state >= TradingState.REDUCE_ONLY
    return [ExitWanted(symbol=symbol, why=why)] if may_sell and symbol not in state.protection.exits else []


def enter(state: AccountState, intent: Enter, basis: IntentBasis, now: int) -> Sequence[Event]:
    """The order for an intent, or the refusal of it by risk."""
    entry = _entry(state, intent, basis, now)
    verdict = review(entry)
    if isinstance(verdict, EntryRefusal):
        refused = EntryRefused(symbol=intent.symbol, code=verdict.code, intent=intent.reason, intent_age_ns=entry.intent_age_ns)
        return [refused]
    quote = state.market.quotes[intent.symbol]
    order = draft(state, intent.symbol, Role.ENTRY, Side.BUY, OrderType.MARKET, verdict.quantity, now)
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
        intent_age_ns=entry.intent_age_ns,
    )
    return [plan, OrderSent(order.id, intent.reason, order)]


def trial(state: AccountState, symbol: str, now: int) -> str:
    """What risk says now to an entry that no strategy wants: the code of its refusal, "" where it would approve it.

    No order is drafted for it. Its stop and target lie where those of a plain entry could.
    """
    instrument, candles = state.config.instruments.get(symbol), state.market.candles.get(symbol)
    if instrument is None or not candles:
        return f"TRIAL_WITHOUT_PRICE: symbol={symbol}"
    close = candles[-1].close
    stop, target = (instrument.price(close * each, Round.DOWN) for each in (TRIAL_STOP, TRIAL_TARGET))
    intent = Enter(symbol=symbol, stop=stop, target=target, reason="a trial entry")
    basis = IntentBasis(close=close, age_ns=0, age_max_ns=state.config.interval_ns)
    verdict = review(_entry(state, intent, basis, now))
    return verdict.code if isinstance(verdict, EntryRefusal) else ""


def timed(events: Sequence[Event], took_ns: int) -> Sequence[Event]:
    """The events of one input; what risk decided says how long that took, from the input's arrival on (ns)."""
    is_decision = (EntryPlanned, EntryRefused)
    return [replace(event, decision_ns=took_ns) if isinstance(event, is_decision) else event for event in events]


def _entry(state: AccountState, intent: Enter, basis: IntentBasis, now: int) -> ProposedEntry:
    terms, symbol, guards = state.config, intent.symbol, state.guards
    instrument, limits, worth = terms.instruments[symbol], state.limits.of(symbol), state.worth()
    flying = in_flight(state)
    exposed = exposures(state, flying)
    gauge = state.market.gauges.of(symbol)
    counts_losses = limits.loss is not None or limits.loss_total is not None
    has_totals = limits.capital_total is not None or limits.loss_total is not None
    orders_beside, stops_beside = beside(state, symbol)
    return ProposedEntry(
        intent=intent,
        instrument=instrument,
        rules=terms.rules,
        fees=terms.fees[symbol],
        quote=state.market.quotes.get(symbol),
        worth=worth,
        free=state.money.ledger.balances.of(instrument.quote) - Amount(sum(flying.values(), ZERO), instrument.quote),
        exposure=Amount(sum(exposed.values(), ZERO), terms.quote),
        positions=len(exposed),
        symbol_is_busy=_is_busy(state, symbol, now),
        streams_are_up=not state.access.down,
        limits=limits,
        why_limited=state.limits.why_limited(symbol),
        now=now,
        close=basis.close,
        intent_age_ns=basis.age_ns,
        intent_age_max_ns=basis.age_max_ns,
        companions=[_companion(state, symbol, other, worth_of) for other, worth_of in exposed.items() if other != symbol],
        range=gauge.range if terms.rules.ranges and gauge is not None else None,
        record=guards.record,
        drawdown=guards.drawdown(worth, limits.capital) if worth is not None else Fraction(ZERO),
        recent=guards.entries,
        resting_sale=_lowest_sale(state, symbol),
        skew_ns=guards.skew_ns,
        strategy=terms.strategy_name,
        open_orders=len(flying),
        lost=guards.stage_loss.lost(worth_if_sold(state)) if counts_losses else None,
        at_risk=at_risk(state) if counts_losses and worth is not None else ZERO,
        others=state.totals.of_others(terms.account) if has_totals else NO_OTHERS,
        orders_beside=orders_beside,
        stops_beside=stops_beside,
        locked_short=locked(state, symbol) - state.money.ledger.balances.of(instrument.base).value,
    )


def _is_busy(state: AccountState, symbol: str, now: int) -> bool:
    """Also while fills are missing, or one may be of an order that was denied: that is a position which is not counted yet."""
    is_held = symbol in state.money.ledger.positions or any(True for _ in state.orders.blotter.of(symbol))
    return is_held or state.orders.lacks_fills(symbol) or state.orders.is_doubted(now, symbol)


def _companion(state: AccountState, symbol: str, other: str, exposure: Decimal) -> Companion:
    is_asked = state.config.rules.correlated_max is not None
    correlation = state.market.gauges.correlation(symbol, other) if is_asked else None
    return Companion(state.config.instruments[other].base, exposure, correlation)


def _lowest_sale(state: AccountState, symbol: str) -> Decimal | None:
    sales = (order for order in state.orders.blotter.of(symbol) if order.side is Side.SELL and order.price is not None)
    return min((order.price.value for order in sales if order.price is not None), default=None)


def draft(state: AccountState, symbol: str, role: Role, side: Side, kind: OrderType, quantity: Amount, now: int) -> Order:
    """A new order with an id of its own, as it is once it is sent."""
    instrument = state.config.instruments[symbol]
    return Order(
        id=state.starts.next_id(role),
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
