"""Says what accounts hold and what protects it, by the trader's own last knowledge, while its journal cannot say it."""

from collections.abc import Iterable

from fairway.orders.ids import Role
from fairway.trading.desk import Desk


def held_in_words(desks: Iterable[Desk]) -> str:
    """One sentence for each account that holds something; one for all of them where nothing is held."""
    told = [sentence for desk in desks for sentence in _of(desk)]
    return " ".join(told) or "No position is open."


def _of(desk: Desk) -> Iterable[str]:
    for symbol, position in sorted(desk.ledger.positions.items()):
        stops = [order for order in desk.blotter.of(symbol) if order.role is Role.STOP and order.is_resting]
        covered = sum((order.remaining.value for order in stops), position.quantity.value * 0)
        under = "under a stop at the venue" if covered >= position.quantity.value else "NOT wholly under a stop at the venue"
        selling = ", and is being sold" if symbol in desk.exits else ""
        yield f"{desk.terms.account} holds {position.quantity} {under}{selling}."
