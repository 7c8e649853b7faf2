"""What the venue must be asked, and when: orders of unknown fate, fills that a report told of, whatever contradicts itself."""

from collections.abc import Iterator

from fairway.orders.order import Order, OrderState, Side
from fairway.trading.commands import CancelFailed, CatchUp, Caught, Command, Find, Found, Input, PlaceFailed, Tick
from fairway.trading.desk import Desk
from fairway.trading.facts import suspects
from fairway.venues.port import Duplicate, KeyRefused, Rejected, StreamUp, Throttled

ASK_AFTER_NS = 1_000_000_000
"""An order is asked for when its fate is unknown, or unanswered, for this long; and then again as often."""
SUSPECTS_MAX = 10
"""Refused orders that are asked for, newest first, when a fill shows up that belongs to no order we know."""
MISSED_MAX_NS = 86_400_000_000_000
"""A fill of an order that ended longer ago is not missing any more: it was asked for many times since."""
NOT_ABOUT_THE_ORDER = (Throttled, Duplicate, KeyRefused)
"""Refusals that say nothing about the order itself."""


def questions(desk: Desk, news: Input, now: int) -> Iterator[Command]:
    """What an input leaves open, once the desk has been moved by it."""
    match news:
        case Tick():
            yield from _overdue(desk, now)
        case StreamUp():
            yield CatchUp()
        case PlaceFailed(error=Rejected()) if not isinstance(news.error, NOT_ABOUT_THE_ORDER):
            yield CatchUp()  # a no that is not true has been seen, and so have coins that are locked by an order unknown to us
        case CancelFailed(error=Rejected()) if not isinstance(news.error, NOT_ABOUT_THE_ORDER):
            yield from _find_if_live(desk, news.order)  # it is not there to be cancelled: then what has become of it?
        case Found() if desk.lacks_fills(news.order.symbol) or _is_denied_unasked(desk, news):
            yield CatchUp()
        case Caught():
            yield from _contradictions(desk, news)
        case _:
            return


def _overdue(desk: Desk, now: int) -> Iterator[Command]:
    for symbol in desk.seen.restless:
        for order in desk.blotter.of(symbol):
            is_open_question = order.state in (OrderState.UNKNOWN, OrderState.SENT, OrderState.CANCELLING)
            if is_open_question and now - order.updated_at >= ASK_AFTER_NS:
                yield Find(order)
    if any(now - order.updated_at >= ASK_AFTER_NS for symbol in desk.seen.restless for order in desk.lacking(symbol)):
        yield CatchUp()


def _find_if_live(desk: Desk, order: Order) -> Iterator[Command]:
    if order.id in desk.blotter.live:
        yield Find(order)


def _is_denied_unasked(desk: Desk, found: Found) -> bool:
    """For a pair or a sale that the venue denies another may be sent; but first its fills are asked for: it may be over."""
    order = desk.blotter.live.get(found.order.id)
    is_denied = found.report is None and order is not None and order.state is OrderState.UNKNOWN and order.side is Side.SELL
    return is_denied and order is not None and desk.seen.asked_at < order.updated_at


def _contradictions(desk: Desk, caught: Caught) -> Iterator[Command]:
    """Orders that we hold for open and the venue does not list, and fills of orders that we hold for refused."""
    listed = {report.client_id for report in caught.orders}
    for order in desk.blotter.live.values():
        is_open = order.state in (OrderState.OPEN, OrderState.PARTLY)
        if is_open and order.id not in listed and order.updated_at < caught.began_at:
            yield Find(order)
    for order in suspects(desk, caught.fills)[-SUSPECTS_MAX:]:
        yield Find(order)


def fills_wanted(desk: Desk, symbol: str, now: int) -> tuple[str, int] | None:
    """Which fills of a symbol to ask for: (after this trade id, or where it is "" from this instant on); None for none.

    Fills are asked for from the last one booked on. If that did not explain the balances, or a report told of more, one before
    it is missing: then all fills of the orders that may have one are asked for.
    """
    orders = [order for orders in (desk.blotter.live, desk.blotter.ended) for order in orders.values() if order.symbol == symbol]
    if not orders:
        return None
    last = desk.ledger.last_trade.get(symbol, "")
    if last and not desk.seen.unexplained and not desk.lacks_fills(symbol):
        return last, 0
    recent = [order.created_at for order in orders if order.is_live or order.updated_at >= now - MISSED_MAX_NS]
    return "", min(recent, default=now - MISSED_MAX_NS)
