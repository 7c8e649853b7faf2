"""Round trips, as the journal's fills make them: what each brought in multiples of what it risked, what it cost, how it slipped.

The arithmetic of positions is the ledger's. A result is net of all fees; one in an asset without a known price counts as a
tenth of a percent of its fill, for unknown is not free.
"""

from decimal import Decimal, localcontext
from typing import Final

from fairway.journal.kinds import DustLeft, EntryPlanned, ExternalFill
from fairway.ledger.positions import Position, after_fill
from fairway.ledger.trades import split
from fairway.money.amount import CONTEXT, ZERO, Amount
from fairway.orders.order import Fill, Side
from fairway.watch.account import MeasuredAccount, MeasuredOrder, MeasuredTrip, Note
from fairway.watch.streams import of_wish

UNKNOWN_FEE: Final = Decimal("0.001")
TEN_THOUSAND: Final = 10_000


def of_fill(account: MeasuredAccount, life: MeasuredOrder, fill: Fill, at: int, note: Note) -> None:
    """Books a fill of an order of ours."""
    with localcontext(CONTEXT):
        fee = _fee(account, fill)
        note("fees", at, float(fee), account.name)
        if life.named:
            worse = fill.price.value - life.named if life.side is Side.BUY else life.named - fill.price.value
            note("slippage_bps", at, float(worse * TEN_THOUSAND / life.named), account.name)
        _book(account, life.symbol, life.side, fill, fee, at, note)


def of_external(account: MeasuredAccount, event: ExternalFill, at: int, note: Note) -> None:
    """A sale outside the bot reduces the bot's position, as far as there is one; a purchase outside it changes nothing."""
    trip = account.trips.get(event.symbol)
    if trip is None or event.side is Side.BUY:
        return
    with localcontext(CONTEXT):
        ours, _ = split(event.fill, min(trip.position.quantity, event.fill.quantity))
        if ours is not None:
            _book(account, event.symbol, event.side, ours, _fee(account, ours), at, note)


def of_plan(account: MeasuredAccount, event: EntryPlanned, at: int, note: Note) -> None:
    """Entries are planned for symbols of which nothing is held: a position that is open still has been ended by others."""
    if event.symbol in account.trips:
        _close(account, event.symbol, at, note)
    of_wish(event, at, note)
    account.plans[event.symbol] = (event.stop.value, event.price.value if event.price is not None else None)


def of_dust(account: MeasuredAccount, event: DustLeft, at: int, note: Note) -> None:
    if event.symbol in account.trips:
        _close(account, event.symbol, at, note)


def _book(account: MeasuredAccount, symbol: str, side: Side, fill: Fill, fee: Decimal, at: int, note: Note) -> None:
    trip = account.trips.get(symbol)
    if trip is None:
        if side is Side.SELL:
            return  # it ended before
        plan = account.plans.get(symbol)
        trip = account.trips[symbol] = MeasuredTrip(_flat(symbol, fill), plan[0] if plan is not None else None)
        note("order_paths", at, 1, "open")
    trip.position = after_fill(trip.position, side, fill)
    if fill.fee.asset not in (fill.quantity.asset, fill.quote.asset):
        trip.other_fees += fee
    if side is Side.SELL and _is_sold(account, symbol, trip.position):
        _close(account, symbol, at, note)


def _is_sold(account: MeasuredAccount, symbol: str, position: Position) -> bool:
    left = position.quantity.value
    return left <= 0 or left < account.lots.get(symbol, ZERO)


def _close(account: MeasuredAccount, symbol: str, at: int, note: Note) -> None:
    """What is left of it is dust, and its cost belongs to the result."""
    trip = account.trips.pop(symbol)
    position = trip.position
    note("order_paths", at, 1, "close")
    note("round_trips", at, 1, account.name)
    with localcontext(CONTEXT):
        result = position.result.value - position.cost.value - trip.other_fees
        note("trade_pnl", at, float(result), account.name)
        note("trade_won", at, float(result > 0), account.name)
        if trip.stop is None or trip.stop >= position.average_entry:
            return  # the entry has no planned risk
        risk = (position.average_entry - trip.stop) * position.bought.value
        note("trade_pnl_r", at, float(result / risk), account.name)


def _fee(account: MeasuredAccount, fill: Fill) -> Decimal:
    """In quote."""
    if fill.fee.asset == fill.quote.asset:
        return fill.fee.value
    if fill.fee.asset == fill.quantity.asset:
        return fill.fee.value * fill.price.value
    price = account.prices.get(f"{fill.fee.asset}/{fill.quote.asset}")
    return fill.fee.value * price if price is not None else fill.quote.value * UNKNOWN_FEE


def _flat(symbol: str, fill: Fill) -> Position:
    none, nothing = Amount(ZERO, fill.quantity.asset), Amount(ZERO, fill.quote.asset)
    return Position(
        symbol=symbol, quantity=none, cost=nothing, result=nothing, bought=none, paid=nothing, sold=none, received=nothing
    )
