"""Every refusal of the matching, with the wire's code and text (errors page of the public API, read 2026-11-21)."""

from typing import Final

from fairway.exchange.answers import ExchangeRefusal

INVALID_SYMBOL: Final = ExchangeRefusal(-1121, "Invalid symbol.")
ACCOUNT_DISABLED: Final = ExchangeRefusal(-2010, "This action is disabled on this account.")
MARKET_CLOSED: Final = ExchangeRefusal(-2010, "Market is closed.")
INSUFFICIENT_BALANCE: Final = ExchangeRefusal(-2010, "Account has insufficient balance for requested action.")
DUPLICATE_ORDER: Final = ExchangeRefusal(-2010, "Duplicate order sent.")
WOULD_MATCH: Final = ExchangeRefusal(-2010, "Order would immediately match and take.")
WOULD_TRIGGER: Final = ExchangeRefusal(-2010, "Stop price would trigger immediately.")
WRONG_PRICES: Final = ExchangeRefusal(-2010, "The relationship of the prices for the orders is not correct.")
NO_LIQUIDITY: Final = ExchangeRefusal(-2010, "Order book liquidity is less than symbol minimum quantity.")
UNSUPPORTED_COMBINATION: Final = ExchangeRefusal(-1014, "Unsupported order combination.")

UNKNOWN_ORDER: Final = ExchangeRefusal(-2011, "Unknown order sent.")
UNKNOWN_LIST: Final = ExchangeRefusal(-2011, "Unknown order list sent.")
UNKNOWN_ORDER_TO_AMEND: Final = ExchangeRefusal(-2038, "Unknown order sent.")
DUPLICATE_TO_AMEND: Final = ExchangeRefusal(-2038, "Duplicate order sent.")
AMEND_INCREASES: Final = ExchangeRefusal(-2038, "Order amend (quantity increase) is not supported.")
NO_CHANGE: Final = ExchangeRefusal(-2038, "The requested action would change no state; rejecting.")
MAX_NUM_ORDER_AMENDS: Final = ExchangeRefusal(-2038, "Filter failure: MAX_NUM_ORDER_AMENDS")
NO_SUCH_ORDER: Final = ExchangeRefusal(-2013, "Order does not exist.")
NO_SUCH_LIST: Final = ExchangeRefusal(-2018, "Order list does not exist.")

PRICE_FILTER: Final = ExchangeRefusal(-1013, "Filter failure: PRICE_FILTER")
PERCENT_PRICE_BY_SIDE: Final = ExchangeRefusal(-1013, "Filter failure: PERCENT_PRICE_BY_SIDE")
LOT_SIZE: Final = ExchangeRefusal(-1013, "Filter failure: LOT_SIZE")
MARKET_LOT_SIZE: Final = ExchangeRefusal(-1013, "Filter failure: MARKET_LOT_SIZE")
NOTIONAL: Final = ExchangeRefusal(-1013, "Filter failure: NOTIONAL")
MAX_NUM_ORDERS: Final = ExchangeRefusal(-1013, "Filter failure: MAX_NUM_ORDERS")
MAX_NUM_ALGO_ORDERS: Final = ExchangeRefusal(-1013, "Filter failure: MAX_NUM_ALGO_ORDERS")

BUY_LIMIT_MUST_BE_BELOW: Final = ExchangeRefusal(-1165, "A limit order in a buy OCO must be below.")
SELL_LIMIT_MUST_BE_ABOVE: Final = ExchangeRefusal(-1166, "A limit order in a sell OCO must be above.")
BOTH_CANNOT_BE_LIMIT: Final = ExchangeRefusal(-1168, "At least one OCO order must be contingent.")
BUY_STOP_LOSS_MUST_BE_ABOVE: Final = ExchangeRefusal(-1196, "A stop loss order in a buy OCO must be above.")
SELL_STOP_LOSS_MUST_BE_BELOW: Final = ExchangeRefusal(-1197, "A stop loss order in a sell OCO must be below.")
BUY_TAKE_PROFIT_MUST_BE_BELOW: Final = ExchangeRefusal(-1198, "A take profit order in a buy OCO must be below.")
SELL_TAKE_PROFIT_MUST_BE_ABOVE: Final = ExchangeRefusal(-1199, "A take profit order in a sell OCO must be above.")
OCO_TYPE_REJECTED: Final = ExchangeRefusal(-1158, "Order type not supported in OCO.")


def missing(parameter: str) -> ExchangeRefusal:
    """The reader of requests refuses first; the matching refuses where the back end is called directly."""
    return ExchangeRefusal(-1102, f"Mandatory parameter '{parameter}' was not sent, was empty/null, or malformed.")
