"""The events that an account is told, as JSON values with the exchange's one-letter names."""

from fairway.exchange.answers import ListState, OrderSnapshot, PreventedMatch
from fairway.exchange.events import BalanceMoved, BalancesChanged, ExchangeEvent, Execution, ListReport, OrderReport
from fairway.exchange.units import quote_of, text
from fairway.exchange.wire.order_shapes import NO_GROUP
from fairway.world.clock import MILLISECOND

Json = dict[str, object]


def account_of(event: ExchangeEvent) -> str:
    """The account that an event is told to, "" for what everybody may see."""
    match event:
        case OrderReport():
            return event.order.account
        case BalancesChanged() | BalanceMoved():
            return event.account
        case ListReport():
            return event.state.account
    return ""


def name_of(event: ExchangeEvent) -> str:
    """What the wire calls the event."""
    match event:
        case OrderReport():
            return "executionReport"
        case BalancesChanged():
            return "outboundAccountPosition"
        case BalanceMoved():
            return "balanceUpdate"
        case ListReport():
            return "listStatus"
    return ""


def symbol_of(event: ExchangeEvent) -> str:
    """The symbol that an account's event is about, "" where it is about balances."""
    match event:
        case OrderReport():
            return event.order.symbol
        case ListReport():
            return event.state.symbol
    return ""


def shape_of(event: ExchangeEvent, now: int) -> Json:
    """The event's JSON; `now` is when it is sent."""
    match event:
        case OrderReport():
            return execution_report(event, now)
        case BalancesChanged():
            return account_position(event, now)
        case BalanceMoved():
            return balance_update(event, now)
        case ListReport():
            return list_status(event.state, now)
    raise TypeError(f"not an event of an account: {event!r}")


def execution_report(event: OrderReport, now: int) -> Json:
    order, fill = event.order, event.fill if event.execution is Execution.TRADE else None
    shape: Json = {
        "e": "executionReport",
        "E": now // MILLISECOND,
        "s": order.symbol,
        "c": order.client_id,
        "S": order.side.value,
        "o": order.type.value,
        "f": order.time_in_force.value,
        "q": text(order.quantity),
        "p": text(order.price),
        "P": text(order.stop_price),
        "F": "0.00000000",
        "g": order.list_id,
        "C": event.original_client_id,
        "x": event.execution.value,
        "X": order.status.value,
        "r": event.reject_code,
        "i": order.order_id,
        "l": text(fill.quantity if fill else 0),
        "z": text(order.executed),
        "L": text(fill.price if fill else 0),
        "n": text(fill.commission) if fill else "0",
        "N": fill.commission_asset if fill else None,
        "T": event.at // MILLISECOND,
        "t": fill.trade_id if fill else -1,
        "I": order.order_id * 2 + (1 if fill else 0),
        "w": order.is_working,
        "m": fill.is_maker if fill else False,
        "M": fill is not None,
        "O": order.created_at // MILLISECOND,
        "Z": text(order.executed_quote),
        "Y": text(fill.quote if fill else 0),
        "Q": text(order.quote_quantity),
        "V": order.self_trade.value,
    }
    if order.working_at > 0:
        shape["W"] = order.working_at // MILLISECOND
    if event.match is not None:
        shape |= _prevention(event.match, order)
    return shape


def _prevention(match: PreventedMatch, order: OrderSnapshot) -> Json:
    is_taker = order.order_id == match.taker_id
    return {
        "v": match.match_id,
        "A": text(order.prevented),
        "B": text(match.taker_prevented if is_taker else match.maker_prevented),
        "u": NO_GROUP,
        "U": match.maker_id if is_taker else match.taker_id,
        "Cs": match.symbol,
        "pl": text(match.quantity),
        "pL": text(match.price),
        "pY": text(quote_of(match.price, match.quantity)),
    }


def account_position(event: BalancesChanged, now: int) -> Json:
    return {
        "e": "outboundAccountPosition",
        "E": now // MILLISECOND,
        "u": event.at // MILLISECOND,
        "B": [{"a": it.asset, "f": text(it.free), "l": text(it.locked)} for it in event.balances],
    }


def balance_update(event: BalanceMoved, now: int) -> Json:
    return {
        "e": "balanceUpdate",
        "E": now // MILLISECOND,
        "a": event.asset,
        "d": text(event.delta),
        "T": event.at // MILLISECOND,
    }


def list_status(state: ListState, now: int) -> Json:
    return {
        "e": "listStatus",
        "E": now // MILLISECOND,
        "s": state.symbol,
        "g": state.list_id,
        "c": state.contingency,
        "l": state.status,
        "L": state.order_status,
        "r": "NONE",
        "C": state.client_id,
        "T": state.at // MILLISECOND,
        "O": [{"s": it.symbol, "i": it.order_id, "c": it.client_id} for it in state.orders],
    }


def terminated(now: int) -> Json:
    """The last event of a subscription."""
    return {"e": "eventStreamTerminated", "E": now // MILLISECOND}


def wrapped(subscription: int, event: bytes) -> bytes:
    """An event as the WebSocket API sends it."""
    return b'{"subscriptionId":%d,"event":%b}' % (subscription, event)
