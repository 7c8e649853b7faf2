"""Reads an order out of a request, and refuses what cannot be one. `list_form` reads order lists."""

from typing import Final

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.order_types import ALGO, LIMITED, TIMED
from fairway.exchange.terms import NewOrder, OrderRef, OrderType, SelfTrade, Side, TimeInForce
from fairway.exchange.wire import errors
from fairway.exchange.wire.errors import RequestRefused
from fairway.exchange.wire.parameters import Parameters, known

ORDER_NAMES: Final = known(
    "symbol side type timeInForce quantity quoteOrderQty price newClientOrderId strategyId strategyType stopPrice "
    "trailingDelta icebergQty newOrderRespType selfTradePreventionMode"
)
_BAD_SIDE: Final = ExchangeRefusal(-1117, "Invalid side.")
BAD_TYPE: Final = ExchangeRefusal(-1116, "Invalid orderType.")
_BAD_TIME_IN_FORCE: Final = ExchangeRefusal(-1115, "Invalid timeInForce.")
BAD_QUANTITY: Final = ExchangeRefusal(-1013, "Invalid quantity.")
BAD_PRICE: Final = ExchangeRefusal(-1013, "Invalid price.")
BAD_STOP: Final = ExchangeRefusal(-1013, "Invalid stopPrice.")


def read_order(parameters: Parameters, *, type_name: str = "type") -> NewOrder:
    """The order that a request asks for."""
    side = read_side(parameters)
    parameters.needed(type_name)
    kind = parameters.choice(type_name, OrderType, BAD_TYPE)
    assert kind is not None
    refuse_extras(parameters)
    quantity, quote_quantity = _quantities(parameters, kind)
    return NewOrder(
        parameters.symbol(),
        side,
        kind,
        quantity,
        quote_quantity,
        read_price(parameters, "price", needed=kind in LIMITED, zero=BAD_PRICE),
        read_price(parameters, "stopPrice", needed=kind in ALGO, zero=BAD_STOP),
        read_time_in_force(parameters, "timeInForce", kind),
        parameters.client_id("newClientOrderId"),
        read_self_trade(parameters),
    )


def read_ref(parameters: Parameters, id_name: str = "orderId", client_name: str = "origClientOrderId") -> OrderRef:
    """Which order a request speaks of: by the exchange's id, or else by the client's."""
    order_id = parameters.whole(id_name, -1)
    client_id = parameters.client_id(client_name)
    if order_id < 0 and not client_id:
        raise RequestRefused(errors.missing_both(client_name, id_name))
    return OrderRef(max(order_id, 0), client_id)


def read_side(parameters: Parameters, name: str = "side") -> Side:
    parameters.needed(name)
    side = parameters.choice(name, Side, _BAD_SIDE)
    assert side is not None
    return side


def _quantities(parameters: Parameters, kind: OrderType) -> tuple[int, int]:
    quantity, quote_quantity = parameters.has("quantity"), parameters.has("quoteOrderQty")
    if kind is OrderType.MARKET and not quantity:
        if not quote_quantity:
            raise RequestRefused(errors.missing_both("quantity", "quoteOrderQty"))
        return 0, positive(parameters.amount("quoteOrderQty"), ExchangeRefusal(-1013, "Invalid quoteOrderQty."))
    if quote_quantity:
        raise RequestRefused(errors.BAD_COMBINATION if kind is OrderType.MARKET else errors.not_required("quoteOrderQty"))
    return positive(parameters.amount_needed("quantity"), BAD_QUANTITY), 0


def read_price(parameters: Parameters, name: str, *, needed: bool, zero: ExchangeRefusal) -> int:
    if not needed:
        if parameters.has(name):
            raise RequestRefused(errors.not_required(name))
        return 0
    return positive(parameters.amount_needed(name), zero)


def read_time_in_force(parameters: Parameters, name: str, kind: OrderType) -> TimeInForce:
    if kind not in TIMED:
        if parameters.has(name):
            raise RequestRefused(errors.not_required(name))
        return TimeInForce.GTC
    parameters.needed(name)
    return parameters.choice(name, TimeInForce, _BAD_TIME_IN_FORCE) or TimeInForce.GTC


def read_self_trade(parameters: Parameters) -> SelfTrade:
    return parameters.choice("selfTradePreventionMode", SelfTrade) or SelfTrade.EXPIRE_MAKER


def refuse_extras(parameters: Parameters, prefix: str = "") -> None:
    # Icebergs and trailing stops are switched off in exchangeInfo; a client that sends them anyway must not get a plain order.
    for name in ("icebergQty", "trailingDelta"):
        if parameters.has(f"{prefix}{name[0].upper()}{name[1:]}" if prefix else name):
            raise RequestRefused(errors.UNSUPPORTED)


def positive(units: int, otherwise: ExchangeRefusal) -> int:
    if units <= 0:
        raise RequestRefused(otherwise)
    return units
