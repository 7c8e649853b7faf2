"""Compares what the trader believes with what the practice exchange knows: balances by asset, and open orders."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from fairway.money.amount import ZERO
from fairway.operations.practice.show import PracticeAccount, PracticeOrder
from fairway.orders.ids import ClientId, Role
from fairway.orders.order import Order


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedBalance:
    """One asset. believed: by the trader's ledger, None where it has read no balances yet. known: by the exchange."""

    asset: str
    believed: Decimal | None
    known: Decimal

    @property
    def agrees(self) -> bool:
        return self.believed == self.known


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedOrder:
    """An order that one of them counts as open. believed: its state by the trader, "" where it knows of none. known: what the
    exchange has, "" for nothing. is_asked: whether the trader knows that it does not know, and asks."""

    id: str
    symbol: str
    what: str
    believed: str
    known: str
    agrees: bool
    is_asked: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedAccount:
    """One account, both sides."""

    name: str
    balances: tuple[ComparedBalance, ...]
    orders: tuple[ComparedOrder, ...]

    @property
    def differences(self) -> int:
        return sum(not each.agrees for each in self.balances) + sum(not each.agrees for each in self.orders)


def compare(known: PracticeAccount, believed: Mapping[str, Decimal] | None, live: Iterable[Order]) -> ComparedAccount:
    """believed: the ledger's balances by asset, None where the trader has read none yet. live: its orders that have not ended."""
    return ComparedAccount(
        name=known.name, balances=tuple(_balances(known, believed)), orders=tuple(_orders(known.orders, tuple(live)))
    )


def _balances(known: PracticeAccount, believed: Mapping[str, Decimal] | None) -> Iterator[ComparedBalance]:
    at_exchange = {asset: free + locked for asset, free, locked in known.balances}
    for asset in sorted({*at_exchange, *(asset for asset, value in (believed or {}).items() if value)}):
        ours = believed.get(asset, ZERO) if believed is not None else None
        yield ComparedBalance(asset=asset, believed=ours, known=at_exchange.get(asset, ZERO))


def _orders(known: Iterable[PracticeOrder], live: tuple[Order, ...]) -> Iterator[ComparedOrder]:
    at_exchange = {each.client_id: each for each in known}
    for order in live:
        found = at_exchange.pop(order.id, None)
        agrees = found is not None and order.is_resting and found.executed == order.filled.value
        yield ComparedOrder(
            id=order.id,
            symbol=order.symbol,
            what=f"{order.role.name.lower()}, {order.side.value}",
            believed=_part(order.state.value, order.filled.value),
            known=_part("open", found.executed) if found is not None else "",
            agrees=agrees,
            is_asked=not order.is_resting,
        )
    for each in at_exchange.values():
        yield ComparedOrder(
            id=each.client_id,
            symbol=each.symbol,
            what=f"{_role(each.client_id)}, {each.side}",
            believed="",
            known=_part("open", each.executed),
            agrees=False,
            is_asked=False,
        )


def _part(state: str, filled: Decimal) -> str:
    return f"{state}, {filled.normalize():f} filled" if filled else state


def _role(client_id: str) -> str:
    parsed = ClientId.parse(client_id)
    return Role(parsed.role).name.lower() if parsed is not None else "not Fairway's"
