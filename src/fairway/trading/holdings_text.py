"""Says what accounts hold and what protects it, by the trader's own last knowledge, while its journal cannot say it."""

from collections.abc import Iterable

from fairway.money.amount import ZERO
from fairway.orders.ids import Role
from fairway.trading.account_state import AccountState


def held_in_words(states: Iterable[AccountState]) -> str:
    """One sentence for each account that holds something; one for all of them where nothing is held."""
    told = [sentence for state in states for sentence in _of(state)]
    return " ".join(told) or "No position is open."


def _of(state: AccountState) -> Iterable[str]:
    """Less than a lot is under no stop, for the venue takes no order of it."""
    for symbol, position in sorted(state.money.ledger.positions.items()):
        stops = [order for order in state.orders.blotter.of(symbol) if order.role is Role.STOP and order.is_resting]
        bare = position.quantity.value - sum((order.remaining.value for order in stops), ZERO)
        is_covered = bare <= ZERO or bare < state.config.instruments[symbol].lot
        under = "under a stop at the venue" if is_covered else "NOT wholly under a stop at the venue"
        selling = ", and is being sold" if symbol in state.protection.exits else ""
        yield f"{state.config.account} holds {position.quantity} {under}{selling}."
