"""From what the venue said to what happened: each input becomes the events it proves, and nothing that was known before.

Only a venue's answer moves an order to an end. A transport failure never does: it makes the order UNKNOWN.
"""

from collections.abc import Iterable, Iterator

from msgspec.structs import replace

from fairway.journal.kinds import CapRaised, CaughtUp, Event, StreamLost, StreamRestored
from fairway.ledger.reconcile import CLOCKS_APART_NS, ReportedFill, owner_of
from fairway.orders.lifecycle import (
    CancelRefused,
    OrderAccepted,
    OrderAdopted,
    OrderCancelled,
    OrderExpired,
    OrderFilled,
    OrderLost,
    OrderRejected,
    OrderResized,
    OrderUnsent,
)
from fairway.orders.order import Order, OrderState
from fairway.risk import cap_kinds
from fairway.risk.caps import Cap, held
from fairway.risk.disposal import Disposal
from fairway.risk.limits import Limits, TradingState
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import CancelFailed, KillLatchRead, OrderQueried, PlaceFailed
from fairway.trading.latch import Killed
from fairway.venues.port import (
    Ambiguous,
    Duplicate,
    FillReport,
    KeyRefused,
    OrderReport,
    Rejected,
    ReportStatus,
    StreamChannel,
    StreamDown,
    StreamUp,
    Unreachable,
    VenueError,
)
from fairway.world.clock import SECOND

FOUND_GRACE_NS = 60_000_000_000
"""How long "no such order" may be the venue's own lag (30 s have been seen) before it is believed; from the last doubt on."""
NEWS_LATE_NS = 5_000_000_000
"""What happened so long ago the account's stream should have told by now."""


def of_report(state: AccountState, report: OrderReport, now: int) -> Iterator[Event]:
    """What an order report proves. Fills are not booked from it: they come with ids and fees of their own."""
    order = state.orders.blotter.get(report.client_id)
    if order is None:
        return  # an order of another trader, or of a life long past
    if difference := what_differs(order, report):
        yield from _hold_other_order(state, order, difference, now)
        return
    _keep_last_word(state, order, report)
    if report.status is ReportStatus.REJECTED:
        if order.state in (OrderState.SENT, OrderState.UNKNOWN):
            yield OrderRejected(order.id, report.reason or "rejected by the venue")
        return
    if not order.venue_id or order.state in (OrderState.SENT, OrderState.UNKNOWN, OrderState.REJECTED):
        yield OrderAccepted(order.id, venue_id=report.venue_id)
    if not state.orders.blotter[order.id].is_live:
        return  # it ended; that the venue names its end otherwise now changes nothing
    if report.quantity != order.quantity:
        yield OrderResized(order.id, f"the venue made it {report.quantity}", quantity=report.quantity)
    if report.status is ReportStatus.CANCELLED and state.orders.blotter[order.id].is_live:
        yield OrderCancelled(order.id, report.reason or "cancelled at the venue")
    elif report.status is ReportStatus.EXPIRED and state.orders.blotter[order.id].is_live:
        yield OrderExpired(order.id, report.reason or "expired at the venue")


def what_differs(order: Order, report: OrderReport) -> str:
    """What shows that a report under the id of an order of ours is of another order; "" where nothing does.

    An order that the venue has numbered may be resized there by a person. One that it has not numbered yet must be what we sent.
    """
    if (report.symbol, report.side) != (order.symbol, order.side):
        return f"it is to {report.side.value} {report.symbol}"
    if order.venue_id and order.venue_id == report.venue_id:
        return ""
    if report.created_at and report.created_at < order.created_at - CLOCKS_APART_NS:
        return f"it is {(order.created_at - report.created_at) // SECOND} s older"
    if report.quantity != order.quantity:
        return f"it is of {report.quantity}"
    for ours, theirs, name in ((order.price, report.price, "price"), (order.stop_price, report.stop_price, "stop price")):
        if ours is not None and theirs is not None and ours != theirs:
            return f"its {name} is {theirs}"
    return ""


def _hold_other_order(state: AccountState, order: Order, difference: str, now: int) -> Iterator[Event]:
    """The answer moves nothing. Another trader or another life of this journal may have used the id."""
    why = f"the venue answers for our order {order.id} ({order.side.value} {order.quantity}) with another one: {difference}"
    yield from hold(state, order.symbol, why, now)


def _keep_last_word(state: AccountState, order: Order, report: OrderReport) -> None:
    """News overtake each other: what tells of less filled is older, whenever it comes."""
    known = state.orders.reports.get(order.id)
    is_newer = known is None or report.filled >= known.filled
    if is_newer and (order.is_live or report.filled > order.filled):
        state.orders.reports[order.id] = report


def of_fill(state: AccountState, report: ReportedFill, order_id: str = "") -> Iterator[Event]:
    """A fill of an order of ours, once, however often and by whichever way it is told. order_id: whose it is, where known."""
    order = owner_of(state.orders.blotter, report, order_id)
    if order is None or report.fill.trade_id in order.trade_ids:
        return
    if not order.venue_id:
        yield OrderAccepted(order.id, venue_id=report.venue_id)
    yield OrderFilled(order.id, fill=report.fill)


def suspects(state: AccountState, fills: Iterable[FillReport]) -> list[Order]:
    """Orders that the venue denied, refused or has yet to answer for, and that a fill without an owner may be of: newest last."""
    strangers = [fill for fill in fills if has_no_owner(state, fill)]
    orders = (*state.orders.blotter.ended.values(), *state.orders.blotter.live.values()) if strangers else ()
    return [order for order in orders if any(_may_be_of(order, stranger) for stranger in strangers)]


def has_no_owner(state: AccountState, fill: FillReport) -> bool:
    """Whether our books have neither the fill nor an order that it is of."""
    return owner_of(state.orders.blotter, fill) is None and not state.money.ledger.knows(fill.symbol, fill.fill)


def _may_be_of(order: Order, stranger: FillReport) -> bool:
    """Not a fill of which the venue names another order."""
    if stranger.client_id not in ("", order.id):
        return False
    if order.venue_id or not (order.is_live or order.state is OrderState.REJECTED):
        return False
    is_alike = (order.symbol, order.side) == (stranger.symbol, stranger.side)
    return is_alike and stranger.fill.at >= order.created_at - CLOCKS_APART_NS


def of_place_failure(state: AccountState, failed: PlaceFailed, now: int) -> Iterator[Event]:
    """A failure says nothing against what the stream has told meanwhile: an order that the venue showed is there."""
    for sent in failed.orders:
        order = state.orders.blotter[sent.id]
        if order.state in (OrderState.SENT, OrderState.UNKNOWN) and not order.venue_id:
            yield _after_failure(order, failed.error)
    if isinstance(failed.error, KeyRefused):
        yield from hold(state, failed.orders[0].symbol, f"the venue refuses the key: {failed.error}", now)


def hold(state: AccountState, symbol: str, why: str, now: int) -> Iterator[Event]:
    """No more entries in this symbol until a person has looked; the first reason stays."""
    cap = held(symbol, why, now)
    if cap.id not in state.limits.caps:
        yield CapRaised(cap=cap)


def _after_failure(order: Order, error: VenueError) -> Event:
    match error:
        case Duplicate():
            return OrderLost(order.id, "the venue holds it already")
        case Rejected():
            return OrderRejected(order.id, str(error))
        case Unreachable() if order.attempts == 1 and order.state is OrderState.SENT:
            return OrderUnsent(order.id, str(error))
        case _:  # an earlier attempt may have arrived, or this one
            return OrderLost(order.id, str(error))


def is_news(state: AccountState, killed: Killed) -> bool:
    """Whether a kill says something that is not in force or not known yet."""
    return _is_tighter(state, killed) or _has_ended(state, killed) or any(_is_unbooked(state, sale) for sale in killed.sales)


def _is_tighter(state: AccountState, killed: Killed) -> bool:
    """Whether nothing like it is in force; a position that may stay may still be told to go, and not the other way round.

    Who kills again to sell is left alone again; who kills again because nothing may be sold is heard.
    """
    cap = state.limits.caps.get(killed.cap_id)
    if cap is None or (killed.cause.forbids_selling and not cap.must_stay):
        return True
    return killed.disposal is Disposal.FLATTEN and (not cap.limits.hands_off or killed.at != cap.said_at)


def _has_ended(state: AccountState, killed: Killed) -> bool:
    """Whether the latch newly says that the kill has finished its sales. A latch that is lost or was not written says nothing."""
    cap = state.limits.caps.get(killed.cap_id)
    return cap is not None and killed.is_over and cap.limits.hands_off and not cap.is_over and killed.at == cap.said_at


def _is_unbooked(state: AccountState, sale: Order) -> bool:
    """Whether the ledger lacks this sale of a kill. The balances with which a new journal begins hold the sales of a lost one."""
    is_ours_to_book = state.money.opening is not None and sale.created_at >= state.money.opened_at
    return is_ours_to_book and state.orders.blotter.get(sale.id) is None


def of_latch(state: AccountState, latched: KillLatchRead, now: int) -> Iterator[Event]:
    """A kill is in force once it is read. That its file has gone lifts nothing: a person resumes."""
    for killed in latched.kills:
        if _has_ended(state, killed):
            yield CapRaised(cap=replace(state.limits.caps[killed.cap_id], is_over=True))
        elif _is_tighter(state, killed):
            yield CapRaised(
                cap=Cap(
                    id=killed.cap_id,
                    kind=cap_kinds.KILL,
                    limits=Limits(state=TradingState.KILLED, hands_off=killed.disposal is Disposal.FLATTEN),
                    reason=f"{killed.reason} ({killed.by}, {killed.disposal.value})",
                    since=now,
                    said_at=killed.at,
                    is_over=killed.is_over,
                    must_stay=killed.cause.forbids_selling,
                    symbol=killed.symbol,
                )
            )
        for sale in killed.sales:
            if _is_unbooked(state, sale):
                yield OrderAdopted(sale.id, "sent by the kill", order=replace(sale, state=OrderState.UNKNOWN, updated_at=now))


def of_cancel_failure(state: AccountState, failed: CancelFailed) -> Iterator[Event]:
    order = state.orders.blotter.get(failed.order.id)
    if order is None or order.state is not OrderState.CANCELLING:
        return
    if isinstance(failed.error, Ambiguous):
        yield OrderLost(order.id, str(failed.error))
    else:
        yield CancelRefused(order.id, str(failed.error))


def of_find(state: AccountState, found: OrderQueried, now: int) -> Iterator[Event]:
    """A found order is reported, even one that was refused; a missing one is believed missing only after the grace time.
    Where the venue answers with another order, ours is missing."""
    order = state.orders.blotter.get(found.order.id)
    if order is None or not (order.is_live or order.state is OrderState.REJECTED):
        return
    difference = what_differs(order, found.report) if found.report is not None else ""
    if difference:
        yield from _hold_other_order(state, order, difference, now)
    elif found.report is not None:
        if order.is_live and found.report.status not in (ReportStatus.OPEN, ReportStatus.PARTLY):
            yield from mute(state, f"order {order.id} was {found.report.status.value}", found.report.at, found.asked_at)
        yield from of_report(state, found.report, now)
        if order.state is OrderState.CANCELLING and found.report.status in (ReportStatus.OPEN, ReportStatus.PARTLY):
            yield CancelRefused(order.id, "still open at the venue")
        return
    if not order.is_live:
        return
    state.orders.denied[order.id] = found.asked_at
    if order.state is OrderState.UNKNOWN and not order.venue_id and _is_past_doubt(state, order, found.asked_at):
        yield OrderRejected(order.id, "the venue knows no such order, and no fill of it")


def _is_past_doubt(state: AccountState, order: Order, asked_at: int) -> bool:
    """Denied, and in no list of open orders and of fills, all of them asked for after the grace time."""
    return min(asked_at, state.transient.asked_at) - order.updated_at >= FOUND_GRACE_NS


def of_stream(state: AccountState, news: StreamUp | StreamDown) -> Iterator[Event]:
    if isinstance(news, StreamDown):
        if news.channel not in state.access.down or news.channel in state.access.restored:
            yield StreamLost(channel=news.channel.value, why=news.why, is_planned=news.is_planned)
    elif news.channel in state.access.down:
        yield StreamRestored(channel=news.channel.value)


def whole_again(state: AccountState) -> Iterator[Event]:
    """Channels that were subscribed before all that was then booked was asked for. Not before it is known what the key may do."""
    whole = [channel for channel, at in state.access.restored.items() if at <= state.transient.booked_at]
    if whole and state.access.rights_at:
        yield CaughtUp(channels=tuple(channel.value for channel in whole))


def mute(state: AccountState, what: str, at: int, now: int) -> Iterator[Event]:
    """The account's stream counts as up and has not told what happened at an instant (ns): it is no stream any more."""
    up_at = state.access.up_at.get(StreamChannel.ACCOUNT)
    if StreamChannel.ACCOUNT not in state.access.down and up_at is not None and up_at <= at <= now - NEWS_LATE_NS:
        late_s = (now - at) // 1_000_000_000
        yield StreamLost(channel=StreamChannel.ACCOUNT.value, why=f"it did not tell that {what} {late_s} s ago", is_mute=True)
