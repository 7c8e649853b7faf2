"""Says what an event changes in the read models: from a record, and from the rows that it touches, to those rows afterwards.

The rules are the trader's own: the table of an order's life, and the arithmetic of positions.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

import msgspec
from msgspec import Struct
from msgspec.structs import replace

from fairway.journal.kinds import CapLifted, CapRaised, DustLeft, EntryPlanned, TraderStarted
from fairway.journal.models import CapRow, FillRow, LotRow, ModelRow, OrderRow, RoundTripRow
from fairway.journal.port import Record, ReplayEntry, UnreadableRecord
from fairway.ledger.positions import Position, after_fill
from fairway.money.amount import ZERO, Amount, Price, text_of
from fairway.orders.ids import Role
from fairway.orders.lifecycle import IllegalTransition, OrderAdopted, OrderEvent, OrderFilled, OrderSent, apply
from fairway.orders.order import Fill, Order, OrderState, OrderType, Side
from fairway.risk.caps import Cap


@dataclass(frozen=True, slots=True)
class DeletedRow:
    """A row that was deleted."""

    kind: type[ModelRow]
    key: tuple[str, ...]


class EarlierRows(Protocol):
    """The rows as all records before left them."""

    def order(self, order_id: str) -> OrderRow | None: ...

    def fill(self, order_id: str, trade_id: str) -> FillRow | None: ...

    def open_trip(self, account: str, symbol: str) -> RoundTripRow | None: ...

    def lot(self, account: str, symbol: str) -> LotRow | None: ...


def project(record: Record | ReplayEntry, event: Struct, known: EarlierRows) -> Iterator[ModelRow | DeletedRow]:
    """The rows that a record changes, as they are after it. Raises UnreadableRecord where it follows from none before."""
    match event:
        case TraderStarted():
            for symbol, lot in event.lots.items():
                yield LotRow(account=record.account, symbol=symbol, lot=text_of(lot))
        case OrderSent(order=Order() as order) | OrderAdopted(order=order):
            yield _row(record.account, order)
        case OrderFilled():
            yield from _filled(record, event, known)
        case OrderEvent():
            yield _moved(record, event, known)
        case DustLeft():
            yield _written_off(record, event.symbol, known)
        case EntryPlanned() if known.open_trip(record.account, event.symbol) is not None:
            # Entries are planned only for symbols without a position: this one was ended outside Fairway.
            yield _written_off(record, event.symbol, known)
        case CapRaised():
            yield _cap_row(record.account, event.cap)
        case CapLifted():
            yield DeletedRow(CapRow, (record.account, event.cap_id))


def _row(account: str, order: Order) -> OrderRow:
    return OrderRow(
        order_id=order.id,
        account=account,
        symbol=order.symbol,
        side=order.side.value,
        type=order.type.value,
        role=order.role.value,
        state=order.state.value,
        reason=order.reason,
        venue_id=order.venue_id,
        quantity=text_of(order.quantity.value),
        price=_price(order.price),
        stop_price=_price(order.stop_price),
        filled=text_of(order.filled.value),
        cost=text_of(order.cost.value),
        base=order.quantity.asset,
        quote=order.cost.asset,
        created_at=order.created_at,
        updated_at=order.updated_at,
    )


def _price(price: Price | None) -> str:
    return "" if price is None else text_of(price.value)


def _moved(record: Record | ReplayEntry, event: OrderEvent, known: EarlierRows) -> OrderRow:
    """An order's row after an event of its life. A fill that was counted is recognised by its row, not by the order."""
    row = known.order(event.order_id)
    if row is None:
        raise _does_not_follow(record, f"no order {event.order_id} was sent before it")
    before = Order(
        id=row.order_id,
        symbol=row.symbol,
        side=Side(row.side),
        type=OrderType(row.type),
        role=Role(row.role),
        quantity=Amount.of(row.quantity, row.base),
        state=OrderState(row.state),
        reason=row.reason,
        venue_id=row.venue_id,
        filled=Amount.of(row.filled, row.base),
        cost=Amount.of(row.cost, row.quote),
    )
    try:
        after = apply(before, event, record.at)
    except IllegalTransition as error:
        raise _does_not_follow(record, str(error)) from None
    return replace(
        row,
        state=after.state.value,
        reason=after.reason,
        venue_id=after.venue_id,
        filled=text_of(after.filled.value),
        cost=text_of(after.cost.value),
        updated_at=record.at,
    )


def _filled(record: Record | ReplayEntry, event: OrderFilled, known: EarlierRows) -> Iterator[ModelRow]:
    """Nothing, where the same fill was reported before."""
    fill = event.fill
    if known.fill(event.order_id, fill.trade_id) is not None:
        return
    order = _moved(record, event, known)
    yield order
    yield FillRow(
        order_id=event.order_id,
        trade_id=fill.trade_id,
        account=record.account,
        symbol=order.symbol,
        side=order.side,
        price=text_of(fill.price.value),
        quantity=text_of(fill.quantity.value),
        cost=text_of(fill.quote.value),
        fee=text_of(fill.fee.value),
        fee_asset=fill.fee.asset,
        liquidity="maker" if fill.is_maker else "taker",
        base=fill.quantity.asset,
        quote=fill.quote.asset,
        at=fill.at,
    )
    yield _trip(record, order, fill, known)


def _trip(record: Record | ReplayEntry, order: OrderRow, fill: Fill, known: EarlierRows) -> RoundTripRow:
    """The round trip that a fill belongs to, closed where it leaves less than a lot."""
    row = known.open_trip(record.account, order.symbol)
    base, quote = fill.quantity.asset, fill.quote.asset
    after = after_fill(_position(row, order.symbol, base, quote), Side(order.side), fill)
    lot, left = known.lot(record.account, order.symbol), after.quantity.value
    is_closed = order.side == Side.SELL and (left <= 0 or (lot is not None and left < Decimal(lot.lot)))
    return RoundTripRow(
        account=record.account,
        symbol=order.symbol,
        opened_seq=row.opened_seq if row else record.seq,
        opened_at=after.opened_at,
        closed_at=fill.at if is_closed else 0,
        quantity=text_of(after.quantity.value),
        cost=text_of(after.cost.value),
        result=text_of((after.result - after.cost if is_closed else after.result).value),
        bought=text_of(after.bought.value),
        paid=text_of(after.paid.value),
        sold=text_of(after.sold.value),
        received=text_of(after.received.value),
        base=base,
        quote=quote,
    )


def _written_off(record: Record | ReplayEntry, symbol: str, known: EarlierRows) -> RoundTripRow:
    """What is left belongs to the account, and its cost to the result."""
    row = known.open_trip(record.account, symbol)
    if row is None:
        raise _does_not_follow(record, f"no position in {symbol} was open before it")
    return replace(row, closed_at=record.at, result=text_of(Decimal(row.result) - Decimal(row.cost)))


def _position(row: RoundTripRow | None, symbol: str, base: str, quote: str) -> Position:
    if row is None:
        none, nothing = Amount(ZERO, base), Amount(ZERO, quote)
        return Position(
            symbol=symbol, quantity=none, cost=nothing, result=nothing, bought=none, paid=nothing, sold=none, received=nothing
        )
    return Position(
        symbol=symbol,
        quantity=Amount.of(row.quantity, base),
        cost=Amount.of(row.cost, quote),
        result=Amount.of(row.result, quote),
        opened_at=row.opened_at,
        bought=Amount.of(row.bought, base),
        paid=Amount.of(row.paid, quote),
        sold=Amount.of(row.sold, base),
        received=Amount.of(row.received, quote),
    )


def _cap_row(account: str, cap: Cap) -> CapRow:
    return CapRow(
        account=account,
        cap_id=cap.id,
        symbol=cap.symbol,
        source=cap.source.value,
        reason=cap.reason,
        lifting=cap.lifting.value,
        limits=msgspec.json.encode(cap.limits, order="deterministic").decode(),
        since=cap.since,
    )


def _does_not_follow(record: Record | ReplayEntry, why: str) -> UnreadableRecord:
    return UnreadableRecord(record.seq, record.kind, record.version, why)
