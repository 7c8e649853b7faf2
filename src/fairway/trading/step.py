"""One step of an account: an input comes in; events come out, already applied, and requests that wait until they are durable.

Pure of clocks, chance and sockets: the same state, input and instant give the same outcome. Everything that a request says has
been journaled before it leaves, and sending it twice is harmless, because its ids are the same.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from fairway.journal.kinds import Event, StreamLost
from fairway.market.candles import Quote
from fairway.orders.ids import Role
from fairway.orders.lifecycle import CancelSent, OrderSent
from fairway.orders.order import Order, OrderState, OrderType
from fairway.trading import exit_orders, guard_evaluation, oco, prices, protection, watchdog
from fairway.trading.account_state import AccountState
from fairway.trading.input_handlers import HANDLERS
from fairway.trading.inputs import Input
from fairway.trading.venue_requests import (
    Cancel,
    Place,
    PlacePair,
    ReconnectChannel,
    VenueRequest,
)
from fairway.venues.port import StreamChannel

CASCADE_MAX = 8
"""Rounds of moves that one input may cause in one symbol; more would be a loop of our own making."""


@dataclass(slots=True)
class StepOutcome:
    events: list[Event] = field(default_factory=list)
    commands: list[VenueRequest] = field(default_factory=list)


def step(state: AccountState, news: Input, now: int) -> StepOutcome:
    """Moves an account by one input at an instant (ns): applies events, evaluates guards, protects symbols.

    Returns the events and the requests to the venue.
    """
    outcome = StepOutcome()
    if isinstance(news, Quote):
        state.market.see_quote(news)
        return outcome
    handler = HANDLERS[type(news)]
    handler.keep(state, news, now)
    _take(state, handler.events(state, news, now), outcome, now)
    _take(state, guard_evaluation.of_news(state, news, now), outcome, now)
    handler.pause(state, news, now)
    for symbol in handler.symbols(state, news):
        _settle(state, symbol, outcome, now)
    outcome.commands.extend(handler.requests(state, news, now))
    return outcome


def _take(state: AccountState, events: Iterable[Event], outcome: StepOutcome, now: int) -> None:
    """Applies events one by one, each before the next is even computed, and turns what was sent into requests."""
    fresh: list[Event] = []
    for event in events:
        state.apply(event, now)
        fresh.append(event)
    if fresh:
        outcome.events += fresh
        outcome.commands += commands_of(state, fresh)


def _settle(state: AccountState, symbol: str, outcome: StepOutcome, now: int) -> None:
    _move(state, symbol, outcome, now)
    _take(state, watchdog.look(state, symbol, now), outcome, now)
    if symbol in state.protection.naked_since:
        state.transient.restless[symbol] = None


def _move(state: AccountState, symbol: str, outcome: StepOutcome, now: int) -> None:
    if OrderState.SENT in [order.state for order in state.orders.blotter.of(symbol)]:
        state.transient.restless[symbol] = None  # an answer is awaited, and nothing else may be done meanwhile
        return
    for _ in range(CASCADE_MAX):
        before = len(outcome.events)
        _take(state, protection.next_moves(state, symbol, now), outcome, now)
        if len(outcome.events) == before:
            _note_restlessness(state, symbol, now)
            return
    raise AssertionError(f"{symbol}: {CASCADE_MAX} rounds of moves did not come to rest")


def _note_restlessness(state: AccountState, symbol: str, now: int) -> None:
    orders = list(state.orders.blotter.of(symbol))
    waits = (
        exit_orders.must_wait(state, symbol, now)
        or state.orders.lacks_fills(symbol)
        or state.orders.is_doubted(now, symbol)
        or state.meets_orphans(symbol)
        or oco.lacks_stop(orders)
        or prices.triggered_at(state, symbol) is not None
    )
    if waits or any(order.state is not OrderState.OPEN or order.type is OrderType.MARKET for order in orders):
        state.transient.restless[symbol] = None
    else:
        state.transient.restless.pop(symbol, None)


def commands_of(state: AccountState, events: Sequence[Event]) -> Iterator[VenueRequest]:
    """The commands that these events announced. The two legs of a pair go out as one, and are cancelled as one."""
    pairs: dict[str, list[Order]] = {}
    cancelled: dict[str, None] = {}
    for event in events:
        if isinstance(event, OrderSent):
            order = state.orders.blotter[event.order_id]
            if not order.pair:
                yield Place(order)
            else:
                pairs.setdefault(order.pair, []).append(order)
        elif isinstance(event, CancelSent):
            order = state.orders.blotter[event.order_id]
            if not order.pair or order.pair not in cancelled:
                yield Cancel(order)
            cancelled[order.pair] = None
        elif isinstance(event, StreamLost) and event.is_mute:
            yield ReconnectChannel(StreamChannel(event.channel), event.why)
    for legs in pairs.values():
        stop, target = sorted(legs, key=lambda leg: leg.role is not Role.STOP)
        yield PlacePair(stop, target)
