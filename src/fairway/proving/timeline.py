"""What the bot held of one symbol over time, by the exchange's own log of orders."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import NamedTuple

from fairway.exchange.answers import OrderSnapshot
from fairway.exchange.events import OrderReport
from fairway.exchange.terms import Side
from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO
from fairway.proving.coins import LIVE
from fairway.proving.run_result import decimal


class HoldingChange(NamedTuple):
    """From an instant (ns) on, in base. Dust that no order can sell counts no more once no order rests.

    held: what was bought and not sold since, less fees.
    """

    at: int
    held: Decimal


def moments(reports: Sequence[OrderReport], instrument: Instrument) -> Iterator[HoldingChange]:
    """Oldest first, one for each instant in which something happened; all that happens in one instant is over at its end."""
    held, price, live = ZERO, ZERO, dict[int, OrderSnapshot]()
    mine = (report for report in reports if report.order.symbol == instrument.venue_symbol)
    for at, together in groupby(mine, key=lambda report: report.at):
        for report in together:
            held = _after(held, report, instrument.base)
            price = decimal(report.fill.price) if report.fill is not None else price
            live.pop(report.order.order_id, None)
            if report.order.status in LIVE:
                live[report.order.order_id] = report.order
        if not live and _is_dust(held, price, instrument):
            held = ZERO
        yield HoldingChange(at, held)


def _after(held: Decimal, report: OrderReport, base: str) -> Decimal:
    fill = report.fill
    if fill is None:
        return held
    fee = decimal(fill.commission) if fill.commission_asset == base else ZERO
    if report.order.side is Side.BUY:
        return held + decimal(fill.quantity) - fee
    return held - decimal(fill.quantity) - fee


def _is_dust(held: Decimal, price: Decimal, instrument: Instrument) -> bool:
    least = max(instrument.lot, instrument.quantity_min)
    return held >= ZERO and (held < least or held * price < instrument.notional_min)
