"""The columns of tables of orders and of closed trades."""

from typing import Final
from urllib.parse import quote

from fairway.panel.facts.orders import OrderFacts, TradeFacts
from fairway.panel.guards import MOUNT
from fairway.panel.tables import Column


def order_link(order: str) -> str:
    """Where one order's life is told."""
    return f"{MOUNT}/orders/{quote(order, safe='')}"


ORDER_COLUMNS: Final[tuple[Column[OrderFacts], ...]] = (
    Column(head="Order", words=lambda each: each.id, link=lambda each: order_link(each.id)),
    Column(head="Sent", at=lambda each: each.created_at, by=lambda each: (each.created_at, each.id)),
    Column(head="Pair", words=lambda each: each.symbol),
    Column(head="Account", words=lambda each: each.account),
    Column(head="For", words=lambda each: each.role),
    Column(head="Side", words=lambda each: each.side),
    Column(head="Kind", words=lambda each: each.type),
    Column(head="State", words=lambda each: each.state, mark=lambda each: each.mark),
    Column(head="Quantity", words=lambda each: each.quantity, is_number=True),
    Column(head="Filled", words=lambda each: each.filled, is_number=True),
    Column(head="Price", words=lambda each: each.price, is_number=True),
    Column(head="Stop price", words=lambda each: each.stop_price, is_number=True),
    Column(head="Average fill", words=lambda each: each.average, is_number=True),
    Column(head="Value", words=lambda each: each.value, is_number=True),
    Column(head="Why", words=lambda each: each.reason),
)

TRADE_COLUMNS: Final[tuple[Column[TradeFacts], ...]] = (
    Column(
        head="Trade",
        words=lambda each: str(each.number),
        by=lambda each: each.number,
        link=lambda each: order_link(each.order) if each.order else "",
    ),
    Column(head="Closed", at=lambda each: each.closed_at),
    Column(head="Pair", words=lambda each: each.symbol),
    Column(head="Account", words=lambda each: each.account),
    Column(head="Held for", words=lambda each: each.length, by=lambda each: each.length_ns, is_number=True),
    Column(head="Quantity", words=lambda each: each.quantity, is_number=True),
    Column(head="Entry", words=lambda each: each.entry, is_number=True),
    Column(head="Exit", words=lambda each: each.exit, is_number=True),
    Column(
        head="Result",
        words=lambda each: each.result.words,
        by=lambda each: each.result_value,
        is_number=True,
        tone=lambda each: each.result.tone,
    ),
    Column(head="In risks", words=lambda each: each.r, is_number=True),
    Column(head="Fees", words=lambda each: each.fees, is_number=True),
    Column(head="Entered", words=lambda each: each.entered_why),
    Column(head="Left", words=lambda each: each.left),
    Column(head="Why", words=lambda each: each.left_why),
)
