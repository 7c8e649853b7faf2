"""The endpoints that place, change, cancel and show orders."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Final

from fairway.exchange import refusals
from fairway.exchange.answers import ExchangeRefusal, OrderSnapshot, OrderStatus
from fairway.exchange.terms import NewOrder, OrderRef, OrderType
from fairway.exchange.wire import account_shapes, errors, order_shapes
from fairway.exchange.wire.endpoint_context import DetailedRefusal, Endpoint, EndpointCall, EndpointContext
from fairway.exchange.wire.errors import RequestRefused
from fairway.exchange.wire.keys import Security
from fairway.exchange.wire.order_form import (
    ORDER_NAMES,
    read_order,
    read_ref,
)
from fairway.exchange.wire.parameters import Parameters, known
from fairway.world.clock import HOUR, MILLISECOND

DAY_HOURS: Final = 24


class ResponseType(StrEnum):
    """How much the answer to a new order says."""

    ACK = "ACK"
    RESULT = "RESULT"
    FULL = "FULL"


class CancelReplaceMode(StrEnum):
    """What cancel-and-replace does where the cancel fails."""

    STOP_ON_FAILURE = "STOP_ON_FAILURE"
    ALLOW_FAILURE = "ALLOW_FAILURE"


class CancelRestriction(StrEnum):
    """A condition of a cancel."""

    ONLY_NEW = "ONLY_NEW"
    ONLY_PARTIALLY_FILLED = "ONLY_PARTIALLY_FILLED"


SHAPES: Final[Mapping[ResponseType, Callable[[OrderSnapshot], object]]] = {
    ResponseType.ACK: order_shapes.acknowledged,
    ResponseType.RESULT: order_shapes.placed,
    ResponseType.FULL: order_shapes.placed_with_fills,
}


async def place(context: EndpointContext, call: EndpointCall) -> object:
    order = read_order(call.parameters)
    shape = _shape_of_answer(call.parameters, order.type)
    return await _place(context, call, order, shape)


async def test(context: EndpointContext, call: EndpointCall) -> object:
    order = read_order(call.parameters)
    _shape_of_answer(call.parameters, order.type)
    wants_rates = call.parameters.flag("computeCommissionRates", False)
    if refusal := refuse_closed(context, order.symbol, call.now) or await context.backend.test(call.account, order):
        return refusal
    if not wants_rates:
        return {}
    return account_shapes.commission_of_order(await context.backend.account(call.account))


async def query(context: EndpointContext, call: EndpointCall) -> object:
    symbol = context.rules_of(call.parameters.symbol(), call.now).symbol
    state = await context.backend.order(call.account, symbol, read_ref(call.parameters))
    if isinstance(state, ExchangeRefusal):
        return state
    return order_shapes.queried(state) if context.sees(call.account, state, call.now) else refusals.NO_SUCH_ORDER


async def cancel(context: EndpointContext, call: EndpointCall) -> object:
    return await _cancel(context, call, read_ref(call.parameters), call.parameters.client_id("newClientOrderId"))


async def cancel_replace(context: EndpointContext, call: EndpointCall) -> object:
    """Cancel an order, then place another. Not one act: between the two the market may move, as at the exchange."""
    parameters = call.parameters
    parameters.needed("cancelReplaceMode")
    mode = parameters.choice("cancelReplaceMode", CancelReplaceMode)
    order, ref = read_order(parameters), read_ref(parameters, "cancelOrderId", "cancelOrigClientOrderId")
    shape = _shape_of_answer(parameters, order.type)
    gone = await _cancel(context, call, ref, parameters.client_id("cancelNewClientOrderId"))
    failed = isinstance(gone, ExchangeRefusal)
    if failed and mode is CancelReplaceMode.STOP_ON_FAILURE:
        return _failure(gone, None)
    new = await _place(context, call, order, shape)
    if failed or isinstance(new, ExchangeRefusal):
        return _failure(gone, new)
    return {"cancelResult": "SUCCESS", "newOrderResult": "SUCCESS", "cancelResponse": gone, "newOrderResponse": new}


async def amend(context: EndpointContext, call: EndpointCall) -> object:
    parameters = call.parameters
    symbol, ref = parameters.symbol(), read_ref(parameters)
    quantity, client_id = parameters.amount_needed("newQty"), parameters.client_id("newClientOrderId")
    if quantity <= 0:
        raise RequestRefused(ExchangeRefusal(-1013, "Invalid quantity."))
    if refusal := refuse_closed(context, symbol, call.now):
        return refusal
    made = await context.backend.amend(call.account, symbol, ref, quantity, client_id)
    return made if isinstance(made, ExchangeRefusal) else order_shapes.amended(made)


async def amendments(context: EndpointContext, call: EndpointCall) -> object:
    parameters = call.parameters
    symbol = context.rules_of(parameters.symbol(), call.now).symbol
    parameters.needed("orderId")
    found = await context.backend.amendments(call.account, symbol, parameters.whole("orderId"))
    if isinstance(found, ExchangeRefusal):
        return found
    from_id, limit = parameters.whole("fromExecutionId"), parameters.limit(500, 1000)
    return [order_shapes.amendment(it) for it in found if it.execution_id >= from_id][:limit]


async def open_orders(context: EndpointContext, call: EndpointCall) -> object:
    symbol = call.parameters.symbol_if_sent()
    if symbol is not None:
        context.rules_of(symbol, call.now)
    found = await context.backend.open_orders(call.account, symbol)
    return [order_shapes.queried(it) for it in found if context.sees(call.account, it, call.now)]


async def cancel_all(context: EndpointContext, call: EndpointCall) -> object:
    symbol = context.rules_of(call.parameters.symbol(), call.now).symbol
    gone = await context.backend.cancel_all(call.account, symbol)
    if isinstance(gone, ExchangeRefusal):
        return gone
    cancel_id = context.new_id()
    return [
        order_shapes.cancelled(it, cancel_id) if isinstance(it, OrderSnapshot) else order_shapes.cancelled_list(it, cancel_id)
        for it in gone
    ]


async def all_orders(context: EndpointContext, call: EndpointCall) -> object:
    parameters = call.parameters
    symbol = context.rules_of(parameters.symbol(), call.now).symbol
    since, until = read_span(parameters)
    found = await context.backend.all_orders(
        call.account,
        symbol,
        from_id=parameters.whole("orderId"),
        since=since,
        until=until,
        limit=parameters.limit(500, 1000),
    )
    return [order_shapes.queried(it) for it in found if context.sees(call.account, it, call.now)]


def read_span(parameters: Parameters) -> tuple[int, int]:
    """startTime and the last nanosecond of endTime; at most 24 hours apart where both are sent (-1127)."""
    since, until = parameters.instant("startTime"), parameters.instant("endTime")
    if since and until and until < since:
        raise RequestRefused(errors.bad_data("endTime"))
    if since and until and until - since > DAY_HOURS * HOUR:
        raise RequestRefused(errors.too_long(DAY_HOURS))
    return since, until + MILLISECOND - 1 if until else 0


async def _place(
    context: EndpointContext, call: EndpointCall, order: NewOrder, shape: Callable[[OrderSnapshot], object]
) -> object:
    if refusal := refuse_closed(context, order.symbol, call.now):
        return refusal
    state = await context.backend.place(call.account, order)
    return state if isinstance(state, ExchangeRefusal) else shape(state)


async def _cancel(context: EndpointContext, call: EndpointCall, ref: OrderRef, cancel_id: str) -> object:
    parameters = call.parameters
    symbol = context.rules_of(parameters.symbol(), call.now).symbol
    cancel_id = cancel_id or context.new_id()
    restriction = parameters.choice(
        "cancelRestrictions",
        CancelRestriction,
        ExchangeRefusal(-1145, "cancelRestrictions has to be either ONLY_NEW or ONLY_PARTIALLY_FILLED."),
    )
    if restriction is not None:
        before = await context.backend.order(call.account, symbol, ref)
        wanted = OrderStatus.NEW if restriction is CancelRestriction.ONLY_NEW else OrderStatus.PARTIALLY_FILLED
        if isinstance(before, OrderSnapshot) and before.status is not wanted:
            return ExchangeRefusal(-2011, "Order was not canceled due to cancel restrictions.")
    state = await context.backend.cancel(call.account, symbol, ref, cancel_id)
    if isinstance(state, ExchangeRefusal):
        return state
    return order_shapes.cancelled(state, cancel_id)


def refuse_closed(context: EndpointContext, symbol: str, now: int) -> ExchangeRefusal | None:
    rules = context.rules_of(symbol, now)
    return None if context.status_of(rules, now) == "TRADING" else refusals.MARKET_CLOSED


def _shape_of_answer(parameters: Parameters, kind: OrderType) -> Callable[[OrderSnapshot], object]:
    short = kind not in (OrderType.MARKET, OrderType.LIMIT)
    answer = parameters.choice("newOrderRespType", ResponseType) or (ResponseType.ACK if short else ResponseType.FULL)
    return SHAPES[answer]


def _failure(gone: object, new: object) -> DetailedRefusal:
    both = isinstance(gone, ExchangeRefusal) and (new is None or isinstance(new, ExchangeRefusal))
    data = {
        "cancelResult": "FAILURE" if isinstance(gone, ExchangeRefusal) else "SUCCESS",
        "newOrderResult": "NOT_ATTEMPTED" if new is None else "FAILURE" if isinstance(new, ExchangeRefusal) else "SUCCESS",
        "cancelResponse": _shape_of_part(gone),
        "newOrderResponse": _shape_of_part(new),
    }
    if both:
        return DetailedRefusal(ExchangeRefusal(-2022, "Order cancel-replace failed."), data)
    return DetailedRefusal(ExchangeRefusal(-2021, "Order cancel-replace partially failed.", 409), data)


def _shape_of_part(part: object) -> object:
    return {"code": part.code, "msg": part.message} if isinstance(part, ExchangeRefusal) else part


def trading(
    name: str,
    run: Callable[[EndpointContext, EndpointCall], Awaitable[object]],
    names: frozenset[str],
    orders: int = 0,
    weight: int = 1,
) -> Endpoint:
    return Endpoint(name, run, names, weight, Security.TRADE, orders)


def reading(
    name: str,
    run: Callable[[EndpointContext, EndpointCall], Awaitable[object]],
    names: str,
    weight: int | Callable[[Mapping[str, str]], int],
) -> Endpoint:
    return Endpoint(name, run, known(names), weight, Security.READ)


_REF: Final = "symbol orderId origClientOrderId"
ORDER_ENDPOINTS: Final = (
    trading("order.place", place, ORDER_NAMES, orders=1),
    trading("order.test", test, known("computeCommissionRates", ORDER_NAMES)),
    trading("order.cancel", cancel, known(f"{_REF} newClientOrderId cancelRestrictions")),
    trading(
        "order.cancelReplace",
        cancel_replace,
        known(
            "cancelReplaceMode cancelNewClientOrderId cancelOrigClientOrderId cancelOrderId cancelRestrictions "
            "orderRateLimitExceededMode",
            ORDER_NAMES,
        ),
        orders=1,
    ),
    trading("order.amend.keepPriority", amend, known(f"{_REF} newClientOrderId newQty"), weight=4),
    trading("openOrders.cancelAll", cancel_all, known("symbol")),
    reading("order.status", query, _REF, 4),
    reading("order.amendments", amendments, "symbol orderId fromExecutionId limit", 4),
    reading("openOrders.status", open_orders, "symbol", lambda values: 6 if "symbol" in values else 80),
    reading("allOrders", all_orders, "symbol orderId startTime endTime limit", 20),
)
