"""Decides which two types of orders make a pair of which one cancels the other (OCO), and which of them may be above.

Asked twice, by the reader of requests and by the lists of the matching, in the same order and with the same words.
"""

from fairway.exchange import refusals
from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.order_types import ALGO, STOP_LOSS, TAKE_PROFIT
from fairway.exchange.terms import OrderType, Side


def unfit(kind: OrderType) -> ExchangeRefusal | None:
    """The refusal for a type that no leg may have."""
    return None if kind is OrderType.LIMIT_MAKER or kind in ALGO else refusals.OCO_TYPE_REJECTED


def misplaced(side: Side, above: OrderType, below: OrderType) -> ExchangeRefusal | None:
    """The refusal for two fit types of which one is on the wrong side of the other. Above is the leg with the higher price."""
    if above is OrderType.LIMIT_MAKER and below is OrderType.LIMIT_MAKER:
        return refusals.BOTH_CANNOT_BE_LIMIT
    if side is Side.BUY:
        if above is OrderType.LIMIT_MAKER:
            return refusals.BUY_LIMIT_MUST_BE_BELOW
        if below in STOP_LOSS:
            return refusals.BUY_STOP_LOSS_MUST_BE_ABOVE
        return refusals.BUY_TAKE_PROFIT_MUST_BE_BELOW if above in TAKE_PROFIT else None
    if below is OrderType.LIMIT_MAKER:
        return refusals.SELL_LIMIT_MUST_BE_ABOVE
    if above in STOP_LOSS:
        return refusals.SELL_STOP_LOSS_MUST_BE_BELOW
    return refusals.SELL_TAKE_PROFIT_MUST_BE_ABOVE if below in TAKE_PROFIT else None
