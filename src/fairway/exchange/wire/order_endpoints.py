"""The endpoints that place, cancel and show orders and order lists."""

from collections.abc import Awaitable, Callable, Mapping
from enum import StrEnum
from typing import Final

from fairway.exchange import refusals
from fairway.exchange.answers import OrderState, Refusal, Status
from fairway.exchange.terms import NewOrder, OrderRef, OrderType
from fairway.exchange.wire import account_shapes, errors, order_shapes
from fairway.exchange.wire.desk import Call, Desk, Endpoint, Failure
from fairway.exchange.wire.errors import Refused
from fairway.exchange.wire.keys import Security
from fairway.exchange.wire.order_form import ORDER_NAMES, PAIR_NAMES, read_order, read_pair, read_ref
from fairway.exchange.wire.parameters import Parameters, known
from fairway.world.clock import HOUR, MILLISECOND

DAY_HOURS: Final = 24


class Answer(StrEnum):
    """How much the answer to a new order says."""

    ACK = "ACK"
    RESULT = "RESULT"
    FULL = "FULL"


class Mode(StrEnum):
    """What cancel-and-replace does where the cancel fails."""

    STOP_ON_FAILURE = "STOP_ON_FAILURE"
    ALLOW_FAILURE = "ALLOW_FAILURE"


class Restriction(StrEnum):
    """A condition of a cancel."""

    ONLY_NEW = "ONLY_NEW"
    ONLY_PARTIALLY_FILLED = "ONLY_PARTIALLY_FILLED"


_SHAPES: Final[Mapping[Answer, Callable[[OrderState], object]]] = {
    Answer.ACK: order_shapes.acknowledged,
    Answer.RESULT: order_shapes.placed,
    Answer.FULL: order_shapes.placed_with_fills,
}


async def place(desk: Desk, call: Call) -> object:
    order = read_order(call.parameters)
    shape = _shape_of_answer(call.parameters, order.type)
    return await _place(desk, call, order, shape)


async def test(desk: Desk, call: Call) -> object:
    order = read_order(call.parameters)
    _shape_of_answer(call.parameters, order.type)
    wants_rates = call.parameters.flag("computeCommissionRates", False)
    if refusal := _refuse_closed(desk, order.symbol, call.now) or await desk.backend.test(call.account, order):
        return refusal
    if not wants_rates:
        return {}
    return account_shapes.commission_of_order(await desk.backend.account(call.account))


async def query(desk: Desk, call: Call) -> object:
    symbol = desk.rules_of(call.parameters.symbol(), call.now).symbol
    state = await desk.backend.order(call.account, symbol, read_ref(call.parameters))
    if isinstance(state, Refusal):
        return state
    return order_shapes.queried(state) if desk.sees(call.account, state, call.now) else refusals.NO_SUCH_ORDER


async def cancel(desk: Desk, call: Call) -> object:
    return await _cancel(desk, call, read_ref(call.parameters), call.parameters.client_id("newClientOrderId"))


async def cancel_replace(desk: Desk, call: Call) -> object:
    """Cancel an order, then place another. Not one act: between the two the market may move, as at the exchange."""
    parameters = call.parameters
    parameters.needed("cancelReplaceMode")
    mode = parameters.choice("cancelReplaceMode", Mode)
    order, ref = read_order(parameters), read_ref(parameters, "cancelOrderId", "cancelOrigClientOrderId")
    shape = _shape_of_answer(parameters, order.type)
    gone = await _cancel(desk, call, ref, parameters.client_id("cancelNewClientOrderId"))
    failed = isinstance(gone, Refusal)
    if failed and mode is Mode.STOP_ON_FAILURE:
        return _failure(gone, None)
    new = await _place(desk, call, order, shape)
    if failed or isinstance(new, Refusal):
        return _failure(gone, new)
    return {"cancelResult": "SUCCESS", "newOrderResult": "SUCCESS", "cancelResponse": gone, "newOrderResponse": new}


async def open_orders(desk: Desk, call: Call) -> object:
    symbol = call.parameters.symbol_if_sent()
    if symbol is not None:
        desk.rules_of(symbol, call.now)
    found = await desk.backend.open_orders(call.account, symbol)
    return [order_shapes.queried(it) for it in found if desk.sees(call.account, it, call.now)]


async def cancel_all(desk: Desk, call: Call) -> object:
    symbol = desk.rules_of(call.parameters.symbol(), call.now).symbol
    gone = await desk.backend.cancel_all(call.account, symbol)
    if isinstance(gone, Refusal):
        return gone
    cancel_id = desk.new_id()
    return [
        order_shapes.cancelled(it, cancel_id) if isinstance(it, OrderState) else order_shapes.cancelled_list(it, cancel_id)
        for it in gone
    ]


async def all_orders(desk: Desk, call: Call) -> object:
    parameters = call.parameters
    symbol = desk.rules_of(parameters.symbol(), call.now).symbol
    since, until = read_span(parameters)
    found = await desk.backend.all_orders(
        call.account,
        symbol,
        from_id=parameters.whole("orderId"),
        since=since,
        until=until,
        limit=parameters.limit(500, 1000),
    )
    return [order_shapes.queried(it) for it in found if desk.sees(call.account, it, call.now)]


async def place_pair(desk: Desk, call: Call) -> object:
    pair = read_pair(call.parameters)
    answer = call.parameters.choice("newOrderRespType", Answer) or Answer.RESULT
    if refusal := _refuse_closed(desk, pair.above.symbol, call.now):
        return refusal
    state = await desk.backend.place_pair(call.account, pair)
    if isinstance(state, Refusal):
        return state
    return order_shapes.placed_list(state, _SHAPES[answer])


async def cancel_list(desk: Desk, call: Call) -> object:
    symbol = desk.rules_of(call.parameters.symbol(), call.now).symbol
    ref = read_ref(call.parameters, "orderListId", "listClientOrderId")
    cancel_id = call.parameters.client_id("newClientOrderId") or desk.new_id()
    state = await desk.backend.cancel_list(call.account, symbol, ref)
    return state if isinstance(state, Refusal) else order_shapes.cancelled_list(state, cancel_id)


async def query_list(desk: Desk, call: Call) -> object:
    state = await desk.backend.order_list(call.account, read_ref(call.parameters, "orderListId", "origClientOrderId"))
    return state if isinstance(state, Refusal) else order_shapes.order_list(state)


async def open_lists(desk: Desk, call: Call) -> object:
    return [order_shapes.order_list(it) for it in await desk.backend.order_lists(call.account, only_open=True)]


async def all_lists(desk: Desk, call: Call) -> object:
    parameters = call.parameters
    since, until = read_span(parameters)
    from_id, limit = parameters.whole("fromId", -1), parameters.limit(500, 1000)
    if from_id >= 0 and (since or until):
        raise Refused(errors.BAD_COMBINATION)
    found = [
        it
        for it in await desk.backend.order_lists(call.account, only_open=False, limit=1000)
        if it.list_id >= from_id and it.at >= since and (not until or it.at <= until)
    ]
    return [order_shapes.order_list(it) for it in (found[:limit] if from_id >= 0 or since else found[-limit:])]


def read_span(parameters: Parameters) -> tuple[int, int]:
    """startTime and the last nanosecond of endTime; at most 24 hours apart where both are sent (-1127)."""
    since, until = parameters.instant("startTime"), parameters.instant("endTime")
    if since and until and until < since:
        raise Refused(errors.bad_data("endTime"))
    if since and until and until - since > DAY_HOURS * HOUR:
        raise Refused(errors.too_long(DAY_HOURS))
    return since, until + MILLISECOND - 1 if until else 0


async def _place(desk: Desk, call: Call, order: NewOrder, shape: Callable[[OrderState], object]) -> object:
    if refusal := _refuse_closed(desk, order.symbol, call.now):
        return refusal
    state = await desk.backend.place(call.account, order)
    return state if isinstance(state, Refusal) else shape(state)


async def _cancel(desk: Desk, call: Call, ref: OrderRef, cancel_id: str) -> object:
    parameters = call.parameters
    symbol = desk.rules_of(parameters.symbol(), call.now).symbol
    cancel_id = cancel_id or desk.new_id()
    restriction = parameters.choice(
        "cancelRestrictions",
        Restriction,
        Refusal(-1145, "cancelRestrictions has to be either ONLY_NEW or ONLY_PARTIALLY_FILLED."),
    )
    if restriction is not None:
        before = await desk.backend.order(call.account, symbol, ref)
        wanted = Status.NEW if restriction is Restriction.ONLY_NEW else Status.PARTIALLY_FILLED
        if isinstance(before, OrderState) and before.status is not wanted:
            return Refusal(-2011, "Order was not canceled due to cancel restrictions.")
    state = await desk.backend.cancel(call.account, symbol, ref, cancel_id)
    if isinstance(state, Refusal):
        return state
    return order_shapes.cancelled(state, cancel_id)


def _refuse_closed(desk: Desk, symbol: str, now: int) -> Refusal | None:
    rules = desk.rules_of(symbol, now)
    return None if desk.status_of(rules, now) == "TRADING" else refusals.MARKET_CLOSED


def _shape_of_answer(parameters: Parameters, kind: OrderType) -> Callable[[OrderState], object]:
    short = kind not in (OrderType.MARKET, OrderType.LIMIT)
    answer = parameters.choice("newOrderRespType", Answer) or (Answer.ACK if short else Answer.FULL)
    return _SHAPES[answer]


def _failure(gone: object, new: object) -> Failure:
    both = isinstance(gone, Refusal) and (new is None or isinstance(new, Refusal))
    data = {
        "cancelResult": "FAILURE" if isinstance(gone, Refusal) else "SUCCESS",
        "newOrderResult": "NOT_ATTEMPTED" if new is None else "FAILURE" if isinstance(new, Refusal) else "SUCCESS",
        "cancelResponse": _shape_of_part(gone),
        "newOrderResponse": _shape_of_part(new),
    }
    if both:
        return Failure(Refusal(-2022, "Order cancel-replace failed."), data)
    return Failure(Refusal(-2021, "Order cancel-replace partially failed.", 409), data)


def _shape_of_part(part: object) -> object:
    return {"code": part.code, "msg": part.message} if isinstance(part, Refusal) else part


def _trade(
    name: str, run: Callable[[Desk, Call], Awaitable[object]], names: frozenset[str], orders: int = 0, weight: int = 1
) -> Endpoint:
    return Endpoint(name, run, names, weight, Security.TRADE, orders)


def _read(
    name: str, run: Callable[[Desk, Call], Awaitable[object]], names: str, weight: int | Callable[[Mapping[str, str]], int]
) -> Endpoint:
    return Endpoint(name, run, known(names), weight, Security.READ)


_REF: Final = "symbol orderId origClientOrderId"
ORDER_ENDPOINTS: Final = (
    _trade("order.place", place, ORDER_NAMES, orders=1),
    _trade("order.test", test, known("computeCommissionRates", ORDER_NAMES)),
    _trade("order.cancel", cancel, known(f"{_REF} newClientOrderId cancelRestrictions")),
    _trade(
        "order.cancelReplace",
        cancel_replace,
        known(
            "cancelReplaceMode cancelNewClientOrderId cancelOrigClientOrderId cancelOrderId cancelRestrictions "
            "orderRateLimitExceededMode",
            ORDER_NAMES,
        ),
        orders=1,
    ),
    _trade("openOrders.cancelAll", cancel_all, known("symbol")),
    _trade("orderList.place.oco", place_pair, PAIR_NAMES, orders=2),
    _trade("orderList.cancel", cancel_list, known("symbol orderListId listClientOrderId newClientOrderId")),
    _read("order.status", query, _REF, 4),
    _read("openOrders.status", open_orders, "symbol", lambda values: 6 if "symbol" in values else 80),
    _read("allOrders", all_orders, "symbol orderId startTime endTime limit", 20),
    _read("orderList.status", query_list, "orderListId origClientOrderId", 4),
    _read("openOrderLists.status", open_lists, "", 6),
    _read("allOrderLists", all_lists, "fromId startTime endTime limit", 20),
)
