"""Whether each entry of a play was within the limits in force when it was sent, by the journal alone."""

from collections.abc import Iterator
from decimal import Decimal

from fairway.journal.kinds import EntryPlanned
from fairway.money.amount import ZERO, text_of
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderSent
from fairway.orders.order import Order
from fairway.proving.run_result import RunResult
from fairway.risk.limits import Limits
from fairway.trading.account_state import AccountState


def entries_are_within_limits(left: RunResult) -> Iterator[str]:
    """Replays the journal into an account state, and checks its limits before each entry. Later prices bound nothing here."""
    account_state, values = AccountState(left.account_state.config), dict[str, Decimal]()
    for event, at, *_ in left.journal:
        match event:
            case EntryPlanned(price=price) if price is not None:
                values[event.order_id] = price.value
            case OrderSent(order=Order(role=Role.ENTRY) as entry):
                value = entry.quantity.value * values.get(entry.id, ZERO)
                for breach in _breaches(account_state, account_state.limits.of(entry.symbol), entry, value, at):
                    yield f"entry {entry.id} was sent, and {breach}"
        account_state.apply(event, at)


def _breaches(account_state: AccountState, limits: Limits, entry: Order, value: Decimal, at: int) -> Iterator[str]:
    """value: what it was sized to cost, in quote; at: by the trader's clock."""
    if limits.symbols is not None and entry.symbol not in limits.symbols:
        yield f"its symbol {entry.symbol} may not be opened"
    if limits.hours is not None and not limits.hours.allow(at):
        yield f"it was not within {limits.hours}"
    flying = [order.symbol for order in account_state.orders.blotter.live.values() if order.role is Role.ENTRY]
    symbols = {*account_state.money.ledger.positions, *flying}
    for name, count in (("positions", len(symbols - {entry.symbol})), ("open_orders", len(flying))):
        most = getattr(limits, name)
        if most is not None and count >= most:
            yield f"there were {count} of {name}, of at most {most}"
    held = sum((position.cost.value for position in account_state.money.ledger.positions.values()), ZERO)
    for name, worth in (("order_value", value), ("exposure_value", held + value), ("capital", held + value)):
        bound = getattr(limits, name)
        if bound is not None and worth > bound.value:
            yield f"its {name} was {text_of(worth)}, of at most {bound}"
