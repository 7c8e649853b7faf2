"""Sorts the types of orders by what they ask for: a price of their own, a stop to wait for, a time to stay."""

from typing import Final

from fairway.exchange.terms import OrderType

STOP_LOSS: Final = frozenset({OrderType.STOP_LOSS, OrderType.STOP_LOSS_LIMIT})
TAKE_PROFIT: Final = frozenset({OrderType.TAKE_PROFIT, OrderType.TAKE_PROFIT_LIMIT})
ALGO: Final = STOP_LOSS | TAKE_PROFIT
"""Orders that wait for a price before they go to the book."""

TIMED: Final = frozenset({OrderType.LIMIT, OrderType.STOP_LOSS_LIMIT, OrderType.TAKE_PROFIT_LIMIT})
"""Orders that say how long they stay in the book."""

LIMITED: Final = TIMED | {OrderType.LIMIT_MAKER}
"""Orders that have a price; the others take any."""
