"""Reads order lists out of a request, and refuses what cannot be one."""

from typing import Final

from fairway.exchange.order_types import ALGO, LIMITED
from fairway.exchange.pairs import misplaced, unfit
from fairway.exchange.terms import NewContingent, NewOrder, NewPair, OrderType, Side
from fairway.exchange.wire import errors
from fairway.exchange.wire.errors import RequestRefused
from fairway.exchange.wire.order_form import (
    BAD_PRICE,
    BAD_QUANTITY,
    BAD_STOP,
    BAD_TYPE,
    positive,
    read_price,
    read_self_trade,
    read_side,
    read_time_in_force,
    refuse_extras,
)
from fairway.exchange.wire.parameters import Parameters, known

_OF_A_LEG: Final = "Type ClientOrderId Price StopPrice TimeInForce IcebergQty TrailingDelta StrategyId StrategyType"
_COMMON: Final = "symbol listClientOrderId newOrderRespType selfTradePreventionMode"


def _names(*legs: str) -> list[str]:
    return [f"{leg}{name}" for leg in legs for name in _OF_A_LEG.split()]


PAIR_NAMES: Final = known(f"{_COMMON} side quantity", _names("above", "below"))
OLD_PAIR_NAMES: Final = known(
    f"{_COMMON} side quantity "
    "limitClientOrderId price limitStrategyId limitStrategyType limitIcebergQty trailingDelta "
    "stopClientOrderId stopPrice stopStrategyId stopStrategyType stopLimitPrice stopIcebergQty stopLimitTimeInForce"
)
_WORKING_NAMES: Final = known(
    f"{_COMMON} workingType workingSide workingClientOrderId workingPrice workingQuantity workingIcebergQty workingTimeInForce "
    "workingStrategyId workingStrategyType pendingSide pendingQuantity"
)
TRIGGERS_OTHER_NAMES: Final = _WORKING_NAMES | known("", _names("pending"))
TRIGGERS_PAIR_NAMES: Final = _WORKING_NAMES | known("", _names("pendingAbove", "pendingBelow"))


def read_pair(parameters: Parameters) -> NewPair:
    """The order pair (OCO) that a request asks for."""
    symbol, side = parameters.symbol(), read_side(parameters)
    quantity = positive(parameters.amount_needed("quantity"), BAD_QUANTITY)
    above, below = _pair(parameters, "above", "below", symbol, side, quantity)
    return NewPair(above, below, parameters.client_id("listClientOrderId"))


def read_old_pair(parameters: Parameters) -> NewPair:
    """The same in its older form: a limit maker at `price`, and a stop that has a limit where `stopLimitPrice` was sent."""
    symbol, side = parameters.symbol(), read_side(parameters)
    for name in ("limitIcebergQty", "stopIcebergQty", "trailingDelta"):
        if parameters.has(name):
            raise RequestRefused(errors.UNSUPPORTED)
    quantity = positive(parameters.amount_needed("quantity"), BAD_QUANTITY)
    kind = OrderType.STOP_LOSS_LIMIT if parameters.has("stopLimitPrice") else OrderType.STOP_LOSS
    prevention = read_self_trade(parameters)
    limit = NewOrder(
        symbol,
        side,
        OrderType.LIMIT_MAKER,
        quantity,
        price=read_price(parameters, "price", needed=True, zero=BAD_PRICE),
        client_id=parameters.client_id("limitClientOrderId"),
        self_trade=prevention,
    )
    stop = NewOrder(
        symbol,
        side,
        kind,
        quantity,
        price=read_price(parameters, "stopLimitPrice", needed=kind in LIMITED, zero=BAD_PRICE),
        stop_price=read_price(parameters, "stopPrice", needed=True, zero=BAD_STOP),
        time_in_force=read_time_in_force(parameters, "stopLimitTimeInForce", kind),
        client_id=parameters.client_id("stopClientOrderId"),
        self_trade=prevention,
    )
    above, below = (limit, stop) if side is Side.SELL else (stop, limit)
    return NewPair(above, below, parameters.client_id("listClientOrderId"))


def read_one_triggers_other(parameters: Parameters) -> NewContingent:
    """The working order and the one that it triggers (OTO)."""
    working, side = _working(parameters), read_side(parameters, "pendingSide")
    quantity = positive(parameters.amount_needed("pendingQuantity"), BAD_QUANTITY)
    pending = _leg(parameters, "pending", working.symbol, side, quantity)
    return NewContingent(working, (pending,), parameters.client_id("listClientOrderId"))


def read_one_triggers_pair(parameters: Parameters) -> NewContingent:
    """The working order and the pair that it triggers (OTOCO)."""
    working, side = _working(parameters), read_side(parameters, "pendingSide")
    quantity = positive(parameters.amount_needed("pendingQuantity"), BAD_QUANTITY)
    pending = _pair(parameters, "pendingAbove", "pendingBelow", working.symbol, side, quantity)
    return NewContingent(working, pending, parameters.client_id("listClientOrderId"))


def _working(parameters: Parameters) -> NewOrder:
    symbol, side = parameters.symbol(), read_side(parameters, "workingSide")
    quantity = positive(parameters.amount_needed("workingQuantity"), BAD_QUANTITY)
    working = _leg(parameters, "working", symbol, side, quantity)
    if working.type not in (OrderType.LIMIT, OrderType.LIMIT_MAKER):
        raise RequestRefused(BAD_TYPE)
    return working


def _pair(parameters: Parameters, above: str, below: str, symbol: str, side: Side, quantity: int) -> tuple[NewOrder, NewOrder]:
    first, second = (_leg(parameters, name, symbol, side, quantity, of_pair=True) for name in (above, below))
    if refusal := misplaced(side, first.type, second.type):
        raise RequestRefused(refusal)
    return first, second


def _leg(parameters: Parameters, leg: str, symbol: str, side: Side, quantity: int, *, of_pair: bool = False) -> NewOrder:
    parameters.needed(f"{leg}Type")
    kind = parameters.choice(f"{leg}Type", OrderType, BAD_TYPE)
    assert kind is not None
    if of_pair and (refusal := unfit(kind)):
        raise RequestRefused(refusal)
    refuse_extras(parameters, leg)
    return NewOrder(
        symbol,
        side,
        kind,
        quantity,
        0,
        read_price(parameters, f"{leg}Price", needed=kind in LIMITED, zero=BAD_PRICE),
        read_price(parameters, f"{leg}StopPrice", needed=kind in ALGO, zero=BAD_STOP),
        read_time_in_force(parameters, f"{leg}TimeInForce", kind),
        parameters.client_id(f"{leg}ClientOrderId"),
        read_self_trade(parameters),
    )
