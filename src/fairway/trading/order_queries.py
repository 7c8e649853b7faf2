"""What the venue must be asked, and when: orders of unknown fate, fills that a report told of, whatever contradicts itself."""

from collections.abc import Iterator

from fairway.ledger.reconcile import CLOCKS_APART_NS, gone_orders
from fairway.orders.order import Order, OrderState, OrderType, Side
from fairway.trading.account_state import AccountState
from fairway.trading.event_mapping import FOUND_GRACE_NS, suspects
from fairway.trading.inputs import (
    AccountSnapshot,
    CancelFailed,
    OrderQueried,
    PlaceFailed,
    Tick,
)
from fairway.trading.prices import ASK_AGAIN_NS, lacks_quote
from fairway.trading.venue_requests import (
    QueryAccount,
    QueryKeyRights,
    QueryOrder,
    QueryQuote,
    VenueRequest,
)
from fairway.venues.port import Duplicate, KeyRefused, Rejected, StreamUp, Throttled

ASK_AFTER_NS = 1_000_000_000
"""An order is asked for when its fate is unknown, or unanswered, for this long; and then again as often."""
SUSPECTS_MAX = 10
"""Refused orders that are asked for, newest first, when a fill shows up that belongs to no order we know."""
POLL_AFTER_NS = 5_000_000_000
"""A market order does not rest: one that counts as open for so long is asked for, however quiet all else is."""
RIGHTS_EVERY_NS = 300_000_000_000
"""How often the venue is asked what the key may do."""
NEVER_NS = 2**63 - 1
NOT_ABOUT_THE_ORDER = (Throttled, Duplicate, KeyRefused)
"""Refusals that say nothing about the order itself."""


def of_tick(state: AccountState, tick: Tick, now: int) -> Iterator[VenueRequest]:
    """What has gone without an answer for too long."""
    for symbol in state.transient.restless:
        for order in state.orders.blotter.of(symbol):
            if now - order.updated_at >= _asked_after_ns(order):
                yield QueryOrder(order)
    restless = state.transient.restless
    lacks = any(now - order.updated_at >= ASK_AFTER_NS for symbol in restless for order in state.orders.lacking(symbol))
    if lacks or any(state.meets_orphans(symbol) for symbol in restless):
        yield QueryAccount()
    yield from _quotes(state, now)


def of_stream_up(state: AccountState, news: StreamUp, now: int) -> Iterator[VenueRequest]:
    """What a stream has missed while it was down."""
    yield QueryAccount()
    yield from _rights(state, now)


def of_place_failure(state: AccountState, failed: PlaceFailed, now: int) -> Iterator[VenueRequest]:
    """A refusal may be untrue, or for coins that an order locks which the books lack. Both have been seen."""
    if isinstance(failed.error, Rejected) and not isinstance(failed.error, NOT_ABOUT_THE_ORDER):
        yield QueryAccount()


def of_cancel_failure(state: AccountState, failed: CancelFailed, now: int) -> Iterator[VenueRequest]:
    """An order that is not there to be cancelled has become something else."""
    is_about_it = isinstance(failed.error, Rejected) and not isinstance(failed.error, NOT_ABOUT_THE_ORDER)
    if is_about_it and failed.order.id in state.orders.blotter.live:
        yield QueryOrder(failed.order)


def of_find(state: AccountState, found: OrderQueried, now: int) -> Iterator[VenueRequest]:
    """Fills that the order's report counts and the books lack; and what a denial must be checked against."""
    if state.orders.lacks_fills(found.order.symbol) or _is_denied_unasked(state, found):
        yield QueryAccount()


def of_catch_up(state: AccountState, caught: AccountSnapshot, now: int) -> Iterator[VenueRequest]:
    """Orders of which the venue's answer contradicts the books."""
    yield from _contradictions(state, caught)
    yield from _rights(state, now)


def _quotes(state: AccountState, now: int) -> Iterator[VenueRequest]:
    """Of positions that are to be sold below their stop, where the stream shows no price for that."""
    for symbol in state.money.ledger.positions:
        if now - state.market.asked_at.get(symbol, 0) >= ASK_AGAIN_NS and lacks_quote(state, symbol, now):
            state.market.asked_at[symbol] = now
            yield QueryQuote(symbol)


def _asked_after_ns(order: Order) -> int:
    """How long an order may go without news. Those that rest are looked for in the venue's list, at each catch-up."""
    if order.state in (OrderState.UNKNOWN, OrderState.SENT, OrderState.CANCELLING):
        return ASK_AFTER_NS
    return POLL_AFTER_NS if order.type is OrderType.MARKET else NEVER_NS


def _rights(state: AccountState, now: int) -> Iterator[VenueRequest]:
    if not state.access.rights_at or now - state.access.rights_at >= RIGHTS_EVERY_NS:
        yield QueryKeyRights()


def _is_denied_unasked(state: AccountState, found: OrderQueried) -> bool:
    """Before a denial is believed, the venue's list and its fills are asked for. For a pair or
    a sale that it denies another may be sent sooner; but it may be over already, so its fills are asked for first."""
    order = state.orders.blotter.live.get(found.order.id)
    if found.report is not None or order is None or order.state is not OrderState.UNKNOWN:
        return False
    doubted_to = order.updated_at + FOUND_GRACE_NS
    is_next = state.transient.asked_at < doubted_to <= found.asked_at
    return is_next or (order.side is Side.SELL and state.transient.asked_at < order.updated_at)


def _contradictions(state: AccountState, caught: AccountSnapshot) -> Iterator[VenueRequest]:
    """Orders that we hold for open and the venue does not list, and those that a fill without an owner may be of."""
    for order in gone_orders(state.orders.blotter, caught.orders, caught.began_at):
        yield QueryOrder(order)
    for order in suspects(state, caught.fills)[-SUSPECTS_MAX:]:
        yield QueryOrder(order)


def fills_wanted(state: AccountState, symbol: str) -> tuple[str, int]:
    """Which fills of a symbol to ask for: after this trade id, or where it is "" from this instant on (ns).

    Fills are asked for from the last one booked on. If that did not explain the balances, or a report told of more, one before
    it is missing: then from the instant on when all was last explained. What was booked once is never asked for again, however
    old a position is.
    """
    last = state.money.ledger.last_trade.get(symbol, "")
    if last and not state.money.unexplained and not state.orders.lacks_fills(symbol):
        return last, 0
    return "", state.money.tied_at - CLOCKS_APART_NS
