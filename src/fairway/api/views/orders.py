"""ShownOrders, and one order's whole life."""

from typing import Annotated, Final

from fastapi import APIRouter, Path, Query
from pydantic import BaseModel, Field

from fairway.api.context import Asking, Context
from fairway.api.problems import documented
from fairway.api.views.portfolio import Account, Limit
from fairway.api.views.shown import instant
from fairway.journal.models import OrderRow
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.orders import LIST_ORDERS, SHOW_ORDER, OrderRequest, OrdersRequest

router: Final = APIRouter(prefix="/api/v1/orders", tags=["trading"])
Symbol = Annotated[str, Query(max_length=41, examples=["BTC/USDT"])]


class ShownOrder(BaseModel):
    """An order as its last event left it. Numbers are exact; "" is what has not happened or was not given."""

    id: str = Field(examples=["fw-me-k3x9q-1-4-t"])
    account: str
    symbol: str
    side: str
    type: str
    role: str
    state: str
    reason: str
    venue_id: str
    quantity: str
    price: str
    stop_price: str
    filled: str
    cost: str
    base: str
    quote: str
    created_at: str
    updated_at: str


class Moment(BaseModel):
    """One event of an order's life. record: its number in the trader's journal."""

    record: int
    at: str
    kind: str
    sentence: str


class OrderTimeline(BaseModel):
    """All that happened to an order, oldest first: intent, send, reports, fills, protection."""

    order: ShownOrder
    timeline: list[Moment]


class ShownOrders(BaseModel):
    """The newest first. is_cut: whether there are older ones."""

    orders: list[ShownOrder]
    is_cut: bool


@router.get("", responses=documented(401, 403, 422, 429, 503))
def orders(
    caller: Asking, context: Context, account: Account = "", symbol: Symbol = "", is_open: bool = False, limit: Limit = 100
) -> ShownOrders:
    """ShownOrders, the newest first."""
    request = OrdersRequest(config=context.config, account=account, symbol=symbol, is_open=is_open, limit=limit)
    found = perform(LIST_ORDERS, Call(actor=caller.actor, request=request))
    return ShownOrders(orders=[_order(each) for each in found.orders], is_cut=found.is_cut)


@router.get("/{order_id}", responses=documented(401, 403, 422, 429, 503))
def order(caller: Asking, context: Context, order_id: Annotated[str, Path(max_length=64)]) -> OrderTimeline:
    """An order with its whole timeline."""
    found = perform(SHOW_ORDER, Call(actor=caller.actor, request=OrderRequest(config=context.config, order=order_id)))
    timeline = [Moment(record=each.seq, at=instant(each.at), kind=each.kind, sentence=each.sentence) for each in found.moments]
    return OrderTimeline(order=_order(found.order), timeline=timeline)


def _order(row: OrderRow) -> ShownOrder:
    return ShownOrder(
        id=row.order_id,
        account=row.account,
        symbol=row.symbol,
        side=row.side,
        type=row.type,
        role=row.role,
        state=row.state,
        reason=row.reason,
        venue_id=row.venue_id,
        quantity=row.quantity,
        price=row.price,
        stop_price=row.stop_price,
        filled=row.filled,
        cost=row.cost,
        base=row.base,
        quote=row.quote,
        created_at=instant(row.created_at),
        updated_at=instant(row.updated_at),
    )
