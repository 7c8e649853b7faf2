"""What the venue must be asked, and when: orders of unknown fate, fills that a report told of, whatever contradicts itself."""

from collections.abc import Iterator

from fairway.ledger.reconcile import CLOCKS_APART_NS, gone_orders
from fairway.orders.order import Order, OrderState, OrderType, Side
from fairway.trading.account_state import AccountState
from fairway.trading.event_mapping import FOUND_GRACE_NS, suspects
from fairway.trading.prices import ASK_AGAIN_NS, lacks_quote
from fairway.trading.venue_requests import (
    AskQuote,
    AskRights,
    CancelFailed,
    CatchUp,
    Caught,
    Command,
    Find,
    Found,
    Input,
    PlaceFailed,
    Tick,
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


def questions(desk: AccountState, news: Input, now: int) -> Iterator[Command]:
    """What an input leaves open, once the desk has been moved by it."""
    match news:
        case Tick():
            yield from _overdue(desk, now)
        case StreamUp():
            yield CatchUp()
            yield from _rights(desk, now)
        case PlaceFailed(error=Rejected()) if not isinstance(news.error, NOT_ABOUT_THE_ORDER):
            yield CatchUp()  # a no that is not true has been seen, and so have coins that are locked by an order unknown to us
        case CancelFailed(error=Rejected()) if not isinstance(news.error, NOT_ABOUT_THE_ORDER):
            yield from _find_if_live(desk, news.order)  # it is not there to be cancelled: then what has become of it?
        case Found() if desk.lacks_fills(news.order.symbol) or _is_denied_unasked(desk, news):
            yield CatchUp()
        case Caught():
            yield from _contradictions(desk, news)
            yield from _rights(desk, now)
        case _:
            return


def _overdue(desk: AccountState, now: int) -> Iterator[Command]:
    for symbol in desk.seen.restless:
        for order in desk.blotter.of(symbol):
            if now - order.updated_at >= _asked_after_ns(order):
                yield Find(order)
    restless = desk.seen.restless
    lacks = any(now - order.updated_at >= ASK_AFTER_NS for symbol in restless for order in desk.lacking(symbol))
    if lacks or any(desk.meets_orphans(symbol) for symbol in restless):
        yield CatchUp()
    yield from _quotes(desk, now)


def _quotes(desk: AccountState, now: int) -> Iterator[Command]:
    """Of positions that are to be sold below their stop, where the stream shows no price for that."""
    for symbol in desk.ledger.positions:
        if now - desk.board.asked_at.get(symbol, 0) >= ASK_AGAIN_NS and lacks_quote(desk, symbol, now):
            desk.board.asked_at[symbol] = now
            yield AskQuote(symbol)


def _asked_after_ns(order: Order) -> int:
    """How long an order may go without news. Those that rest are looked for in the venue's list, at each catch-up."""
    if order.state in (OrderState.UNKNOWN, OrderState.SENT, OrderState.CANCELLING):
        return ASK_AFTER_NS
    return POLL_AFTER_NS if order.type is OrderType.MARKET else NEVER_NS


def _rights(desk: AccountState, now: int) -> Iterator[Command]:
    if not desk.seen.rights_at or now - desk.seen.rights_at >= RIGHTS_EVERY_NS:
        yield AskRights()


def _find_if_live(desk: AccountState, order: Order) -> Iterator[Command]:
    if order.id in desk.blotter.live:
        yield Find(order)


def _is_denied_unasked(desk: AccountState, found: Found) -> bool:
    """Before a denial is believed, the venue's list and its fills are asked for. For a pair or
    a sale that it denies another may be sent sooner; but it may be over already, so its fills are asked for first."""
    order = desk.blotter.live.get(found.order.id)
    if found.report is not None or order is None or order.state is not OrderState.UNKNOWN:
        return False
    doubted_to = order.updated_at + FOUND_GRACE_NS
    is_next = desk.seen.asked_at < doubted_to <= found.asked_at
    return is_next or (order.side is Side.SELL and desk.seen.asked_at < order.updated_at)


def _contradictions(desk: AccountState, caught: Caught) -> Iterator[Command]:
    """Orders that we hold for open and the venue does not list, and those that a fill without an owner may be of."""
    for order in gone_orders(desk.blotter, caught.orders, caught.began_at):
        yield Find(order)
    for order in suspects(desk, caught.fills)[-SUSPECTS_MAX:]:
        yield Find(order)


def fills_wanted(desk: AccountState, symbol: str) -> tuple[str, int]:
    """Which fills of a symbol to ask for: after this trade id, or where it is "" from this instant on (ns).

    Fills are asked for from the last one booked on. If that did not explain the balances, or a report told of more, one before
    it is missing: then from the instant on when all was last explained. What was booked once is never asked for again, however
    old a position is.
    """
    last = desk.ledger.last_trade.get(symbol, "")
    if last and not desk.seen.unexplained and not desk.lacks_fills(symbol):
        return last, 0
    return "", desk.tied_at - CLOCKS_APART_NS
