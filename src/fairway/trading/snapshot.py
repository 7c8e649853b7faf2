"""A snapshot of the desk for screens: plain values, cheap to take, safe to keep."""

from dataclasses import dataclass
from decimal import Decimal

from fairway.ledger.result import RoundTrip
from fairway.money.amount import Amount, Price
from fairway.orders.order import Order
from fairway.risk.caps import Cap
from fairway.trading.account_state import AccountState
from fairway.trading.watchdog import is_protected, naked_ns


@dataclass(frozen=True, slots=True, kw_only=True)
class PositionLine:
    """result: what closing at the mark would bring, with what was taken already; None without a price.

    naked_ns: how long it was without its whole protection since it was opened.
    """

    symbol: str
    quantity: Amount
    entry: Decimal
    mark: Decimal | None
    result: Amount | None
    stop: Price | None
    target: Price | None
    is_protected: bool
    naked_ns: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """The account at an instant (ns)."""

    at: int
    quote: str
    worth: Amount | None
    balances: dict[str, Decimal]
    prices: dict[str, Decimal]
    positions: tuple[PositionLine, ...]
    orders: tuple[Order, ...]
    trips: tuple[RoundTrip, ...]
    down: tuple[str, ...]
    caps: tuple[Cap, ...]


def snapshot(desk: AccountState, at: int) -> Snapshot:
    marks = desk.marks()
    return Snapshot(
        at=at,
        quote=desk.terms.quote,
        worth=desk.worth(),
        balances=dict(desk.ledger.balances.totals),
        prices=marks,
        positions=tuple(_line(desk, symbol, marks.get(symbol), at) for symbol in desk.ledger.positions),
        orders=tuple(desk.blotter.live.values()),
        trips=tuple(desk.trips),
        down=tuple(f"{channel.value}: {why}" for channel, why in desk.seen.down.items()),
        caps=tuple(desk.caps.values()),
    )


def _line(desk: AccountState, symbol: str, mark: Decimal | None, at: int) -> PositionLine:
    position, plan = desk.ledger.positions[symbol], desk.plans.get(symbol)
    result = None
    if mark is not None:
        result = position.result + Amount(mark * position.quantity.value, desk.terms.quote) - position.cost
    return PositionLine(
        symbol=symbol,
        quantity=position.quantity,
        entry=position.average_entry,
        mark=mark,
        result=result,
        stop=plan.stop if plan else None,
        target=plan.target if plan else None,
        is_protected=is_protected(desk, symbol),
        naked_ns=naked_ns(desk, symbol, at),
    )
