"""How much history the exchange keeps for what can be asked; older things are forgotten, where the real exchange has them all."""

from collections.abc import Mapping
from typing import Final

from fairway.exchange.account_symbol import CLOSED_KEPT, FILLS_KEPT, LISTS_KEPT, PREVENTED_KEPT
from fairway.exchange.accounts import MOVES_KEPT
from fairway.exchange.tape import MINUTES_KEPT, PRINTS_KEPT, SECONDS_KEPT
from fairway.world.clock import DAY, HOUR, MINUTE, SECOND

_TRADES: Final = f"the last {PRINTS_KEPT} trades of a symbol"
_CANDLES: Final = f"{MINUTES_KEPT * MINUTE // DAY} days; of seconds {SECONDS_KEPT * SECOND // HOUR} hour"
_ORDERS: Final = f"all open, and the last {CLOSED_KEPT} closed orders of an account and symbol"
_MOVES: Final = f"the last {MOVES_KEPT} deposits, withdrawals and transfers of an account"
_LISTS: Final = f"all open, and the last {LISTS_KEPT} finished lists of an account and symbol"

KEPT: Final[Mapping[str, str]] = {
    "trades.recent": _TRADES,
    "trades.historical": _TRADES,
    "trades.aggregate": _TRADES,
    "klines": _CANDLES,
    "uiKlines": _CANDLES,
    "order.status": _ORDERS,
    "allOrders": _ORDERS,
    "orderList.status": _LISTS,
    "allOrderLists": _LISTS,
    "myPreventedMatches": f"the last {PREVENTED_KEPT} of an account and symbol",
    "sapi.deposits": _MOVES,
    "sapi.withdrawals": _MOVES,
    "myTrades": f"the last {FILLS_KEPT} fills of an account and symbol",
}
"""By endpoint, as the WebSocket API calls it. REST answers tell it in the header `x-fairway-kept`."""
