"""One symbol over time, by the exchange's own log of orders: what was held, what protected it, what was about to sell it."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from itertools import groupby
from typing import Final, NamedTuple

from fairway.exchange.answers import OrderState, Status
from fairway.exchange.events import OrderReport
from fairway.exchange.order_types import STOP_LOSS
from fairway.exchange.terms import Side
from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO
from fairway.proving.aftermath import decimal

LIVE: Final = (Status.NEW, Status.PENDING_NEW, Status.PARTIALLY_FILLED)


class Moment(NamedTuple):
    """How it is from an instant (ns) on. Quantities are in base; those of a pair count once in `closing`."""

    at: int
    held: Decimal
    """What was bought and not sold since, less fees. What no order can sell, while none rests, is dust and counts no more."""
    sellable: Decimal
    """What of it orders can sell, on lots."""
    stopped: Decimal
    """What resting stops would sell."""
    closing: Decimal
    """What all orders that rest would sell together."""
    filled: bool
    """Whether something was bought or sold in this instant."""


def own_id(report: OrderReport) -> str:
    """The order's own client id: a report of a cancel bears the cancel's name in its place."""
    return report.original_client_id or report.order.client_id


def moments(reports: Sequence[OrderReport], instrument: Instrument) -> Iterator[Moment]:
    """Oldest first, one for each instant in which something happened; all that happens in one instant is over at its end."""
    held, price, live = ZERO, ZERO, dict[int, OrderState]()
    mine = (report for report in reports if report.order.symbol == instrument.venue_symbol)
    for at, together in groupby(mine, key=lambda report: report.at):
        before = held
        for report in together:
            held = _after(held, report, instrument.base)
            price = decimal(report.fill.price) if report.fill is not None else price
            live.pop(report.order.order_id, None)
            if report.order.status in LIVE:
                live[report.order.order_id] = report.order
        if not live and _is_dust(held, price, instrument):
            held = ZERO
        sells = [order for order in live.values() if order.side is Side.SELL]
        yield Moment(
            at=at,
            held=held,
            sellable=instrument.quantity(max(held, ZERO)).value,
            stopped=sum((_left(order) for order in sells if order.type in STOP_LOSS), ZERO),
            closing=_closing(sells),
            filled=held != before,
        )


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


def _left(order: OrderState) -> Decimal:
    return decimal(order.quantity - order.executed)


def _closing(sells: Iterable[OrderState]) -> Decimal:
    pairs, total = dict[int, Decimal](), ZERO
    for order in sells:
        if order.list_id > 0:
            pairs[order.list_id] = max(pairs.get(order.list_id, ZERO), _left(order))
        else:
            total += _left(order)
    return total + sum(pairs.values(), ZERO)
