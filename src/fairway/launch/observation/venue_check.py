"""Compares an account in the trader's journal with the venue's answer. Where they differ the venue is right.

What is on its way in this instant differs for this instant; so only a difference that two checks in a row show is reported.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from fairway.launch.control.launch_events import VenueChecked
from fairway.launch.observation.observation import ObservedPosition
from fairway.money.amount import ZERO, text_of
from fairway.orders.ids import ClientId, Role
from fairway.venues.port import BalanceReport, OrderReport


@dataclass(frozen=True, slots=True)
class VenueAnswer:
    """What the venue said of one account. asked_at: ns, before the first question."""

    asked_at: int
    orders: Sequence[OrderReport]
    balances: BalanceReport


def seen(
    account: str, held: Mapping[str, ObservedPosition], answer: VenueAnswer, before: "CheckDoubts | None"
) -> tuple[VenueChecked, "CheckDoubts"]:
    """The check's event, and the doubts that the next check is compared with."""
    doubts = CheckDoubts(tuple(_naked(account, held, answer.orders)), tuple(_troubles(held, answer)))
    naked = tuple(each for each in doubts.naked if before is not None and each in before.naked)
    trouble = "; ".join(each for each in doubts.troubles if before is not None and each in before.troubles)
    roles = [_role(order, account) for order in answer.orders]
    check = VenueChecked(
        account=account,
        asked_at=answer.asked_at,
        entries=roles.count(Role.ENTRY),
        naked=naked,
        trouble=trouble,
        held=tuple(_held(held, answer)),
        protective=roles.count(Role.STOP) + roles.count(Role.TARGET),
    )
    return check, doubts


@dataclass(frozen=True, slots=True)
class CheckDoubts:
    """What one check alone shows."""

    naked: tuple[str, ...] = ()
    troubles: tuple[str, ...] = ()


def _naked(account: str, held: Mapping[str, ObservedPosition], orders: Iterable[OrderReport]) -> Iterator[str]:
    """Symbols of which more is held than stops at the venue would sell, by more than a lot."""
    covered: dict[str, Decimal] = {}
    for order in orders:
        if _role(order, account) is Role.STOP:
            covered[order.symbol] = covered.get(order.symbol, ZERO) + order.quantity.value - order.filled.value
    for symbol, position in held.items():
        if position.quantity - covered.get(symbol, ZERO) >= (position.lot or ZERO) and position.quantity > covered.get(
            symbol, ZERO
        ):
            yield symbol


def _troubles(held: Mapping[str, ObservedPosition], answer: VenueAnswer) -> Iterator[str]:
    """In words that do not change while the trouble lasts."""
    if not answer.balances.can_trade:
        yield "the account may not trade"
    for symbol, position in held.items():
        there = _there(position, answer)
        if position.quantity - there >= (position.lot or ZERO) and position.quantity > there:
            yield f"the books hold {text_of(position.quantity)} {position.asset} of {symbol}, and the venue has less"


def _held(held: Mapping[str, ObservedPosition], answer: VenueAnswer) -> Iterator[str]:
    """Symbols of which the books hold what can be sold, and the venue has so much."""
    for symbol, position in held.items():
        quantity = min(position.quantity, _there(position, answer))
        if quantity > ZERO and quantity >= (position.lot or ZERO):
            yield symbol


def _there(position: ObservedPosition, answer: VenueAnswer) -> Decimal:
    free, locked = answer.balances.balances.get(position.asset, (None, None))
    return (free.value if free else ZERO) + (locked.value if locked else ZERO)


def _role(order: OrderReport, account: str) -> Role | None:
    own = ClientId.parse(order.client_id)
    return own.role if own is not None and own.account == account else None
