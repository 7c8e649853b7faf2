"""The endpoints that place, cancel and show order lists: pairs (OCO), and orders that trigger others (OTO, OTOCO)."""

from typing import Final

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.terms import NewContingent, NewPair
from fairway.exchange.wire import errors, order_shapes
from fairway.exchange.wire.endpoint_context import EndpointCall, EndpointContext
from fairway.exchange.wire.errors import RequestRefused
from fairway.exchange.wire.list_form import (
    OLD_PAIR_NAMES,
    PAIR_NAMES,
    TRIGGERS_OTHER_NAMES,
    TRIGGERS_PAIR_NAMES,
    read_old_pair,
    read_one_triggers_other,
    read_one_triggers_pair,
    read_pair,
)
from fairway.exchange.wire.order_endpoints import SHAPES, ResponseType, read_span, reading, refuse_closed, trading
from fairway.exchange.wire.order_form import read_ref
from fairway.exchange.wire.parameters import known


async def place_pair(context: EndpointContext, call: EndpointCall) -> object:
    return await _place_pair(context, call, read_pair(call.parameters))


async def place_old_pair(context: EndpointContext, call: EndpointCall) -> object:
    """A pair as clients named its orders before there were above and below."""
    return await _place_pair(context, call, read_old_pair(call.parameters))


async def place_one_triggers_other(context: EndpointContext, call: EndpointCall) -> object:
    return await _place_contingent(context, call, read_one_triggers_other(call.parameters))


async def place_one_triggers_pair(context: EndpointContext, call: EndpointCall) -> object:
    return await _place_contingent(context, call, read_one_triggers_pair(call.parameters))


async def _place_contingent(context: EndpointContext, call: EndpointCall, wanted: NewContingent) -> object:
    answer = call.parameters.choice("newOrderRespType", ResponseType) or ResponseType.RESULT
    if refusal := refuse_closed(context, wanted.working.symbol, call.now):
        return refusal
    state = await context.backend.place_contingent(call.account, wanted)
    return state if isinstance(state, ExchangeRefusal) else order_shapes.placed_list(state, SHAPES[answer])


async def _place_pair(context: EndpointContext, call: EndpointCall, pair: NewPair) -> object:
    answer = call.parameters.choice("newOrderRespType", ResponseType) or ResponseType.RESULT
    if refusal := refuse_closed(context, pair.above.symbol, call.now):
        return refusal
    state = await context.backend.place_pair(call.account, pair)
    if isinstance(state, ExchangeRefusal):
        return state
    return order_shapes.placed_list(state, SHAPES[answer])


async def cancel_list(context: EndpointContext, call: EndpointCall) -> object:
    symbol = context.rules_of(call.parameters.symbol(), call.now).symbol
    ref = read_ref(call.parameters, "orderListId", "listClientOrderId")
    cancel_id = call.parameters.client_id("newClientOrderId") or context.new_id()
    state = await context.backend.cancel_list(call.account, symbol, ref)
    return state if isinstance(state, ExchangeRefusal) else order_shapes.cancelled_list(state, cancel_id)


async def query_list(context: EndpointContext, call: EndpointCall) -> object:
    state = await context.backend.order_list(call.account, read_ref(call.parameters, "orderListId", "origClientOrderId"))
    return state if isinstance(state, ExchangeRefusal) else order_shapes.order_list(state)


async def open_lists(context: EndpointContext, call: EndpointCall) -> object:
    return [order_shapes.order_list(it) for it in await context.backend.order_lists(call.account, only_open=True)]


async def all_lists(context: EndpointContext, call: EndpointCall) -> object:
    parameters = call.parameters
    since, until = read_span(parameters)
    from_id, limit = parameters.whole("fromId", -1), parameters.limit(500, 1000)
    if from_id >= 0 and (since or until):
        raise RequestRefused(errors.BAD_COMBINATION)
    found = [
        it
        for it in await context.backend.order_lists(call.account, only_open=False, limit=1000)
        if it.list_id >= from_id and it.at >= since and (not until or it.at <= until)
    ]
    return [order_shapes.order_list(it) for it in (found[:limit] if from_id >= 0 or since else found[-limit:])]


LIST_ENDPOINTS: Final = (
    trading("orderList.place", place_old_pair, OLD_PAIR_NAMES, orders=2),
    trading("orderList.place.oco", place_pair, PAIR_NAMES, orders=2),
    trading("orderList.place.oto", place_one_triggers_other, TRIGGERS_OTHER_NAMES, orders=2),
    trading("orderList.place.otoco", place_one_triggers_pair, TRIGGERS_PAIR_NAMES, orders=3),
    trading("orderList.cancel", cancel_list, known("symbol orderListId listClientOrderId newClientOrderId")),
    reading("orderList.status", query_list, "orderListId origClientOrderId", 4),
    reading("openOrderLists.status", open_lists, "", 6),
    reading("allOrderLists", all_lists, "fromId startTime endTime limit", 20),
)
