"""A snapshot of the state for screens: plain values, cheap to take, safe to keep."""

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


def snapshot(state: AccountState, at: int) -> Snapshot:
    marks = state.marks()
    return Snapshot(
        at=at,
        quote=state.config.quote,
        worth=state.worth(),
        balances=dict(state.money.ledger.balances.totals),
        prices=marks,
        positions=tuple(_line(state, symbol, marks.get(symbol), at) for symbol in state.money.ledger.positions),
        orders=tuple(state.orders.blotter.live.values()),
        trips=tuple(state.money.trips),
        down=tuple(f"{channel.value}: {why}" for channel, why in state.access.down.items()),
        caps=tuple(state.limits.caps.values()),
    )


def _line(state: AccountState, symbol: str, mark: Decimal | None, at: int) -> PositionLine:
    position, plan = state.money.ledger.positions[symbol], state.protection.plans.get(symbol)
    result = None
    if mark is not None:
        result = position.result + Amount(mark * position.quantity.value, state.config.quote) - position.cost
    return PositionLine(
        symbol=symbol,
        quantity=position.quantity,
        entry=position.average_entry,
        mark=mark,
        result=result,
        stop=plan.stop if plan else None,
        target=plan.target if plan else None,
        is_protected=is_protected(state, symbol),
        naked_ns=naked_ns(state, symbol, at),
    )
