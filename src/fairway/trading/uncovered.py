"""How much was bought just now and is covered by no stop, as the venue's newest orders and fills tell: a kill finds it so alone.

Never more than that: what was sold meanwhile is subtracted, also where it was bought before, so that a kill sells no coin that
this account's orders did not buy.
"""

from collections.abc import Iterable
from decimal import Decimal
from typing import Final

from fairway.money.amount import ZERO
from fairway.orders.ids import ClientId, Role
from fairway.orders.order import Fill
from fairway.venues.port import FillReport, OrderReport
from fairway.world.clock import HOUR

BOUGHT_WITHIN_NS: Final = HOUR
"""Purchases of this time before a kill are looked at; a trader that runs places the stop of one within seconds."""


def bought_uncovered(
    orders: Iterable[OrderReport], fills: Iterable[FillReport], stops: Iterable[tuple[OrderReport, Decimal]], since: int
) -> Decimal:
    """In base. orders: of one account in one symbol, read after all of them were ended; fills: of all orders; since: ns.

    stops: those that were open before, with what each of them and its target had sold.
    """
    recent = [order for order in orders if _created(order) >= since]
    entries = {order.venue_id: order for order in recent if _is_entry(order)}
    bought = sum((order.filled.value for order in entries.values()), ZERO)
    fees = sum((_fee_in_base(each.fill) for each in fills if each.venue_id in entries), ZERO)
    sold = sum((order.filled.value for order in recent if not _is_entry(order)), ZERO)
    covered = sum((stop.quantity.value - filled for stop, filled in stops if _created(stop) >= since), ZERO)
    return max(bought - fees - sold - covered, ZERO)


def _fee_in_base(fill: Fill) -> Decimal:
    """A purchase's fee is often taken from what was bought."""
    return fill.fee.value if fill.fee.asset == fill.quantity.asset else ZERO


def _created(order: OrderReport) -> int:
    return order.created_at or order.at


def _is_entry(order: OrderReport) -> bool:
    own = ClientId.parse(order.client_id)
    return own is not None and own.role is Role.ENTRY
