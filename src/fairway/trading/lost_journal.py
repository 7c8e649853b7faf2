"""Finds coins that orders of this trader bought and its journal does not know: that journal was lost, or is not the newest."""

from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Final

from fairway.journal.kinds import Event
from fairway.market.instrument import Instrument
from fairway.money.amount import ZERO, Amount
from fairway.orders.ids import ClientId
from fairway.orders.order import Side
from fairway.trading.account_state import AccountState
from fairway.trading.event_mapping import hold
from fairway.trading.inputs import AccountSnapshot
from fairway.venues.port import OrderReport

TO_DO: Final = "no stop is sent for them; protect or sell them at the exchange, then lift this"


def why_not_opened(caught: AccountSnapshot) -> str:
    """Why the books cannot begin, in words; "" where they can."""
    return "the venue did not tell the newest orders" if caught.history is None else ""


def of_opening(state: AccountState, caught: AccountSnapshot, now: int) -> Iterator[Event]:
    """Holds each symbol of which such coins are in the account that the books are opened with, and that no stop of ours covers.

    What the account held without any order of ours belongs to its owner, and holds nothing.
    """
    for symbol, orders in (caught.history or {}).items():
        instrument = state.config.instruments[symbol]
        held = state.money.ledger.balances.of(instrument.base)
        covered = _covered(state, symbol, caught.orders)
        if held.value - covered >= instrument.lot:
            why = _why(state, instrument, held, covered, orders)
            if why:
                yield from hold(state, symbol, why, now)


def _why(
    state: AccountState, instrument: Instrument, held: Amount, covered: Decimal, orders: Sequence[OrderReport] | None
) -> str:
    if orders is None:
        return f"the venue does not tell whether orders of this trader bought the {held} of the account; if so, {TO_DO}"
    ours = [order for order in orders if _is_ours(state, order) and order.filled]
    left = _left(ours, state.config.fees[instrument.symbol].highest, instrument.lot)
    naked = Amount(min(held.value, left) - covered, instrument.base)
    if not ours or naked.value < instrument.lot:
        return ""
    return (
        f"{naked} of the account were bought by orders such as {ours[-1].client_id}, which the journal does not know, and have "
        f"no stop: the journal was lost or is not the newest; {TO_DO}"
    )


def _is_ours(state: AccountState, order: OrderReport) -> bool:
    own = ClientId.parse(order.client_id)
    return own is not None and own.account == state.config.account


def _covered(state: AccountState, symbol: str, orders: Iterable[OrderReport]) -> Decimal:
    """What stops of an earlier start cover."""
    stops = (order for order in orders if order.symbol == symbol and order.stop_price is not None and order.side is Side.SELL)
    return sum(((stop.quantity - stop.filled).value for stop in stops if _is_ours(state, stop)), ZERO)


def _left(ours: Sequence[OrderReport], fee: Decimal, lot: Decimal) -> Decimal:
    """What these orders, oldest first, bought and did not sell again. One position follows another: what a sale leaves is nothing
    where it is no more than the fees of what was bought since the last time, or less than a lot."""
    left = bought = ZERO
    for order in ours:
        if order.side is Side.BUY:
            left, bought = left + order.filled.value, bought + order.filled.value
            continue
        left -= order.filled.value
        if left < bought * fee + lot:
            left = bought = ZERO
    return left
