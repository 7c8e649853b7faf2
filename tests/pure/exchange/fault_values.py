"""Values for the tests of faults: an order, its events, a request, and any fault by its name."""

from typing import Any

from msgspec.structs import replace

from fairway.exchange.answers import Balance, ListState, OrderSnapshot, OrderStatus
from fairway.exchange.events import BalancesChanged, Execution, ListReport, OrderReport
from fairway.exchange.faults.port import FaultScope, RequestView
from fairway.exchange.faults.registry import make
from fairway.exchange.terms import OrderType, SelfTrade, Side, TimeInForce
from fairway.exchange.units import ONE
from fairway.world.chance import Chance

AT = 1_640_995_200_000_000_000
SECOND = 1_000_000_000
EVERYTHING = FaultScope()


def fault(kind: str, scope: FaultScope = EVERYTHING, **options: object) -> Any:
    """A fault by its name. Each test calls the hooks of its kind, so the type is open."""
    return make(kind, scope, options, Chance(1))


def act(endpoint: str = "order.place", *, at: int = AT, account: str = "alice", symbol: str = "BTCUSDT") -> RequestView:
    return RequestView(endpoint, account, symbol, {"symbol": symbol}, "10.0.0.1", at)


ORDER = OrderSnapshot(
    account="alice",
    symbol="BTCUSDT",
    order_id=7,
    list_id=-1,
    client_id="mine",
    side=Side.BUY,
    type=OrderType.LIMIT,
    time_in_force=TimeInForce.GTC,
    self_trade=SelfTrade.EXPIRE_MAKER,
    price=100 * ONE,
    stop_price=0,
    quantity=ONE,
    quote_quantity=0,
    executed=0,
    executed_quote=0,
    status=OrderStatus.NEW,
    is_working=True,
    created_at=AT,
    updated_at=AT,
    working_at=AT,
)
NEW = OrderReport(Execution.NEW, ORDER, AT)
TRADE = OrderReport(Execution.TRADE, replace(ORDER, status=OrderStatus.FILLED, executed=ONE), AT)
BALANCES = BalancesChanged("alice", (Balance("USDT", ONE, 0),), AT)
LIST = ListReport(ListState("alice", "BTCUSDT", 3, "pair", "EXEC_STARTED", "EXECUTING", AT, (ORDER,)))
