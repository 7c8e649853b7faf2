"""The JSON of orders, order lists and fills, with the exchange's field names, order and number strings."""

from collections.abc import Callable
from typing import Final

from fairway.exchange.answers import Amended, Amendment, Fill, ListState, OrderSnapshot, PreventedMatch
from fairway.exchange.order_types import ALGO
from fairway.exchange.units import text
from fairway.world.clock import MILLISECOND

Json = dict[str, object]
_ZERO: Final = text(0)
NO_GROUP: Final = -1
"""The account belongs to no group whose accounts do not trade with each other."""
_LIST_STATUS: Final = ("orderListId", "contingencyType", "listOrderStatus", "listClientOrderId", "symbol", "orders")
_LAST: Final = ("selfTradePreventionMode", "preventedMatchId", "preventedQuantity")


def acknowledged(state: OrderSnapshot) -> Json:
    """The answer to a new order, short form (ACK)."""
    return {
        "symbol": state.symbol,
        "orderId": state.order_id,
        "orderListId": state.list_id,
        "clientOrderId": state.client_id,
        "transactTime": state.updated_at // MILLISECOND,
    }


def placed(state: OrderSnapshot) -> Json:
    """The answer to a new order (RESULT)."""
    answer = acknowledged(state)
    _add_state(answer, state)
    if state.working_at > 0 or state.list_id >= 0:
        answer["workingTime"] = state.working_at // MILLISECOND if state.working_at > 0 else -1
    answer["selfTradePreventionMode"] = state.self_trade.value
    _add_prevented(answer, state)
    return answer


def placed_with_fills(state: OrderSnapshot) -> Json:
    """The answer to a new order with what it traded at once (FULL)."""
    answer = placed(state)
    after = {name: answer.pop(name) for name in _LAST if name in answer}
    answer["fills"] = [_fill_of_answer(fill) for fill in state.fills]
    return answer | after


def cancelled(state: OrderSnapshot, cancel_id: str) -> Json:
    """The answer to a cancel: clientOrderId names the cancel, origClientOrderId the order."""
    answer: Json = {
        "symbol": state.symbol,
        "origClientOrderId": state.client_id,
        "orderId": state.order_id,
        "orderListId": state.list_id,
        "clientOrderId": cancel_id,
        "transactTime": state.updated_at // MILLISECOND,
    }
    _add_state(answer, state)
    answer["selfTradePreventionMode"] = state.self_trade.value
    _add_prevented(answer, state)
    return answer


def queried(state: OrderSnapshot) -> Json:
    """An order as queries show it."""
    answer: Json = {
        "symbol": state.symbol,
        "orderId": state.order_id,
        "orderListId": state.list_id,
        "clientOrderId": state.client_id,
        "price": text(state.price),
        "origQty": text(state.quantity),
        "executedQty": text(state.executed),
        "cummulativeQuoteQty": text(state.executed_quote),
        "status": state.status.value,
        "timeInForce": state.time_in_force.value,
        "type": state.type.value,
        "side": state.side.value,
        "stopPrice": text(state.stop_price),
        "icebergQty": _ZERO,
        "time": state.created_at // MILLISECOND,
        "updateTime": state.updated_at // MILLISECOND,
        "isWorking": state.is_working,
        "workingTime": state.working_at // MILLISECOND if state.working_at > 0 else -1,
        "origQuoteOrderQty": text(state.quote_quantity),
        "selfTradePreventionMode": state.self_trade.value,
    }
    _add_prevented(answer, state)
    return answer


def amended(it: Amended) -> Json:
    """The answer to an amendment."""
    order = it.order
    shape: Json = {
        "symbol": order.symbol,
        "orderId": order.order_id,
        "orderListId": order.list_id,
        "origClientOrderId": it.amendment.client_id_before,
        "clientOrderId": order.client_id,
        "price": text(order.price),
        "qty": text(order.quantity),
        "executedQty": text(order.executed),
        "preventedQty": text(order.prevented),
        "quoteOrderQty": text(order.quote_quantity),
        "cumulativeQuoteQty": text(order.executed_quote),
        "status": order.status.value,
        "timeInForce": order.time_in_force.value,
        "type": order.type.value,
        "side": order.side.value,
    }
    if order.type in ALGO:
        shape["stopPrice"] = text(order.stop_price)
    if order.working_at > 0:
        shape["workingTime"] = order.working_at // MILLISECOND
    shape["selfTradePreventionMode"] = order.self_trade.value
    made = it.amendment
    answer: Json = {"transactTime": made.at // MILLISECOND, "executionId": made.execution_id, "amendedOrder": shape}
    if it.list is not None:
        listed = order_list(it.list)
        answer["listStatus"] = {name: listed[name] for name in _LIST_STATUS}
    return answer


def amendment(made: Amendment) -> Json:
    """An amendment as order/amendments shows it."""
    return {
        "symbol": made.symbol,
        "orderId": made.order_id,
        "executionId": made.execution_id,
        "origClientOrderId": made.client_id_before,
        "newClientOrderId": made.client_id,
        "origQty": text(made.quantity_before),
        "newQty": text(made.quantity),
        "time": made.at // MILLISECOND,
    }


def order_list(state: ListState) -> Json:
    """An order list as queries show it."""
    return {
        "orderListId": state.list_id,
        "contingencyType": state.contingency,
        "listStatusType": state.status,
        "listOrderStatus": state.order_status,
        "listClientOrderId": state.client_id,
        "transactionTime": state.at // MILLISECOND,
        "symbol": state.symbol,
        "orders": [
            {"symbol": order.symbol, "orderId": order.order_id, "clientOrderId": order.client_id} for order in state.orders
        ],
    }


def placed_list(state: ListState, shape: Callable[[OrderSnapshot], object]) -> Json:
    """The answer to a new order list, with each order in this shape."""
    answer = order_list(state)
    answer["orderReports"] = [shape(order) for order in state.orders]
    return answer


def cancelled_list(state: ListState, cancel_id: str) -> Json:
    """The answer to the cancel of an order list."""
    answer = order_list(state)
    answer["orderReports"] = [cancelled(order, cancel_id) for order in state.orders]
    return answer


def own_trade(fill: Fill, list_id: int) -> Json:
    """A fill as myTrades shows it."""
    return {
        "symbol": fill.symbol,
        "id": fill.trade_id,
        "orderId": fill.order_id,
        "orderListId": list_id,
        "price": text(fill.price),
        "qty": text(fill.quantity),
        "quoteQty": text(fill.quote),
        "commission": text(fill.commission),
        "commissionAsset": fill.commission_asset,
        "time": fill.at // MILLISECOND,
        "isBuyer": fill.side.value == "BUY",
        "isMaker": fill.is_maker,
        "isBestMatch": True,
    }


def prevented_match(match: PreventedMatch) -> Json:
    """A prevented match as myPreventedMatches shows it."""
    answer: Json = {
        "symbol": match.symbol,
        "preventedMatchId": match.match_id,
        "takerOrderId": match.taker_id,
        "makerSymbol": match.symbol,
        "makerOrderId": match.maker_id,
        "tradeGroupId": NO_GROUP,
        "selfTradePreventionMode": match.mode.value,
        "price": text(match.price),
    }
    if match.taker_prevented:
        answer["takerPreventedQuantity"] = text(match.taker_prevented)
    if match.maker_prevented:
        answer["makerPreventedQuantity"] = text(match.maker_prevented)
    answer["transactTime"] = match.at // MILLISECOND
    return answer


def _add_state(answer: Json, state: OrderSnapshot) -> None:
    answer["price"] = text(state.price)
    answer["origQty"] = text(state.quantity)
    answer["executedQty"] = text(state.executed)
    answer["origQuoteOrderQty"] = text(state.quote_quantity)
    answer["cummulativeQuoteQty"] = text(state.executed_quote)
    answer["status"] = state.status.value
    answer["timeInForce"] = state.time_in_force.value
    answer["type"] = state.type.value
    answer["side"] = state.side.value
    if state.type in ALGO:
        answer["stopPrice"] = text(state.stop_price)


def _add_prevented(answer: Json, state: OrderSnapshot) -> None:
    if state.prevented:
        answer["preventedMatchId"] = state.prevented_match_id
        answer["preventedQuantity"] = text(state.prevented)


def _fill_of_answer(fill: Fill) -> Json:
    return {
        "price": text(fill.price),
        "qty": text(fill.quantity),
        "commission": text(fill.commission),
        "commissionAsset": fill.commission_asset,
        "tradeId": fill.trade_id,
    }
