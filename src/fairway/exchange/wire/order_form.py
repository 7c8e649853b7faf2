"""Reads an order, or a pair of orders, out of a request, and refuses what cannot be one."""

from typing import Final

from fairway.exchange.answers import Refusal
from fairway.exchange.order_types import ALGO, LIMITED, TIMED
from fairway.exchange.pairs import misplaced, unfit
from fairway.exchange.terms import NewOrder, NewPair, OrderRef, OrderType, SelfTrade, Side, TimeInForce
from fairway.exchange.wire import errors
from fairway.exchange.wire.errors import Refused
from fairway.exchange.wire.parameters import Parameters, known

ORDER_NAMES: Final = known(
    "symbol side type timeInForce quantity quoteOrderQty price newClientOrderId strategyId strategyType stopPrice "
    "trailingDelta icebergQty newOrderRespType selfTradePreventionMode"
)
PAIR_NAMES: Final = known(
    "symbol listClientOrderId side quantity newOrderRespType selfTradePreventionMode "
    "aboveType aboveClientOrderId abovePrice aboveStopPrice aboveTimeInForce aboveIcebergQty aboveTrailingDelta "
    "aboveStrategyId aboveStrategyType "
    "belowType belowClientOrderId belowPrice belowStopPrice belowTimeInForce belowIcebergQty belowTrailingDelta "
    "belowStrategyId belowStrategyType"
)

_BAD_SIDE: Final = Refusal(-1117, "Invalid side.")
_BAD_TYPE: Final = Refusal(-1116, "Invalid orderType.")
_BAD_TIME_IN_FORCE: Final = Refusal(-1115, "Invalid timeInForce.")
_BAD_QUANTITY: Final = Refusal(-1013, "Invalid quantity.")
_BAD_PRICE: Final = Refusal(-1013, "Invalid price.")
_BAD_STOP: Final = Refusal(-1013, "Invalid stopPrice.")


def read_order(parameters: Parameters, *, type_name: str = "type") -> NewOrder:
    """The order that a request asks for."""
    side = _side(parameters)
    parameters.needed(type_name)
    kind = parameters.choice(type_name, OrderType, _BAD_TYPE)
    assert kind is not None
    _refuse_extras(parameters)
    quantity, quote_quantity = _quantities(parameters, kind)
    return NewOrder(
        parameters.symbol(),
        side,
        kind,
        quantity,
        quote_quantity,
        _price(parameters, "price", needed=kind in LIMITED, zero=_BAD_PRICE),
        _price(parameters, "stopPrice", needed=kind in ALGO, zero=_BAD_STOP),
        _time_in_force(parameters, "timeInForce", kind),
        parameters.client_id("newClientOrderId"),
        _self_trade(parameters),
    )


def read_pair(parameters: Parameters) -> NewPair:
    """The order pair (OCO) that a request asks for."""
    symbol, side = parameters.symbol(), _side(parameters)
    quantity = _positive(parameters.amount_needed("quantity"), _BAD_QUANTITY)
    above = _leg(parameters, "above", symbol, side, quantity)
    below = _leg(parameters, "below", symbol, side, quantity)
    if refusal := misplaced(side, above.type, below.type):
        raise Refused(refusal)
    return NewPair(above, below, parameters.client_id("listClientOrderId"))


def read_ref(parameters: Parameters, id_name: str = "orderId", client_name: str = "origClientOrderId") -> OrderRef:
    """Which order a request speaks of: by the exchange's id, or else by the client's."""
    order_id = parameters.whole(id_name, -1)
    client_id = parameters.client_id(client_name)
    if order_id < 0 and not client_id:
        raise Refused(errors.missing_both(client_name, id_name))
    return OrderRef(max(order_id, 0), client_id)


def _side(parameters: Parameters) -> Side:
    parameters.needed("side")
    side = parameters.choice("side", Side, _BAD_SIDE)
    assert side is not None
    return side


def _quantities(parameters: Parameters, kind: OrderType) -> tuple[int, int]:
    quantity, quote_quantity = parameters.has("quantity"), parameters.has("quoteOrderQty")
    if kind is OrderType.MARKET and not quantity:
        if not quote_quantity:
            raise Refused(errors.missing_both("quantity", "quoteOrderQty"))
        return 0, _positive(parameters.amount("quoteOrderQty"), Refusal(-1013, "Invalid quoteOrderQty."))
    if quote_quantity:
        raise Refused(errors.BAD_COMBINATION if kind is OrderType.MARKET else errors.not_required("quoteOrderQty"))
    return _positive(parameters.amount_needed("quantity"), _BAD_QUANTITY), 0


def _price(parameters: Parameters, name: str, *, needed: bool, zero: Refusal) -> int:
    if not needed:
        if parameters.has(name):
            raise Refused(errors.not_required(name))
        return 0
    return _positive(parameters.amount_needed(name), zero)


def _time_in_force(parameters: Parameters, name: str, kind: OrderType) -> TimeInForce:
    if kind not in TIMED:
        if parameters.has(name):
            raise Refused(errors.not_required(name))
        return TimeInForce.GTC
    parameters.needed(name)
    return parameters.choice(name, TimeInForce, _BAD_TIME_IN_FORCE) or TimeInForce.GTC


def _self_trade(parameters: Parameters) -> SelfTrade:
    return parameters.choice("selfTradePreventionMode", SelfTrade) or SelfTrade.EXPIRE_MAKER


def _refuse_extras(parameters: Parameters, prefix: str = "") -> None:
    # Icebergs and trailing stops are switched off in exchangeInfo; a client that sends them anyway must not get a plain order.
    for name in ("icebergQty", "trailingDelta"):
        if parameters.has(f"{prefix}{name[0].upper()}{name[1:]}" if prefix else name):
            raise Refused(errors.UNSUPPORTED)


def _leg(parameters: Parameters, leg: str, symbol: str, side: Side, quantity: int) -> NewOrder:
    parameters.needed(f"{leg}Type")
    kind = parameters.choice(f"{leg}Type", OrderType, _BAD_TYPE)
    assert kind is not None
    if refusal := unfit(kind):
        raise Refused(refusal)
    _refuse_extras(parameters, leg)
    return NewOrder(
        symbol,
        side,
        kind,
        quantity,
        0,
        _price(parameters, f"{leg}Price", needed=kind in LIMITED, zero=_BAD_PRICE),
        _price(parameters, f"{leg}StopPrice", needed=kind in ALGO, zero=_BAD_STOP),
        _time_in_force(parameters, f"{leg}TimeInForce", kind),
        parameters.client_id(f"{leg}ClientOrderId"),
        _self_trade(parameters),
    )


def _positive(units: int, otherwise: Refusal) -> int:
    if units <= 0:
        raise Refused(otherwise)
    return units
