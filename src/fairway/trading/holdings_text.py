"""Says what accounts hold and what protects it, by the trader's own last knowledge, while its journal cannot say it.

The sentences are in `texts/messages/holdings_messages.py`.
"""

from collections.abc import Iterable

from fairway.money.amount import ZERO
from fairway.orders.ids import Role
from fairway.texts.messages.catalogue import line
from fairway.texts.messages.holdings_messages import HoldingsMessage
from fairway.texts.messages.message import KeyedMessage, message
from fairway.trading.account_state import AccountState


def held_in_words(states: Iterable[AccountState]) -> str:
    """One sentence for each account that holds something; one for all of them where nothing is held."""
    holdings = [each for state in states for each in _of(state)]
    return " ".join(map(line, holdings or [message(HoldingsMessage.NOTHING_HELD)]))


def _of(state: AccountState) -> Iterable[KeyedMessage]:
    """Less than a lot is under no stop, for the venue takes no order of it."""
    for symbol, position in sorted(state.money.ledger.positions.items()):
        stops = [order for order in state.orders.blotter.of(symbol) if order.role is Role.STOP and order.is_resting]
        bare = position.quantity.value - sum((order.remaining.value for order in stops), ZERO)
        is_covered = bare <= ZERO or bare < state.config.instruments[symbol].lot
        yield message(
            HoldingsMessage.HELD,
            account=state.config.account,
            quantity=str(position.quantity),
            is_covered=is_covered,
            is_selling=symbol in state.protection.exits,
        )
