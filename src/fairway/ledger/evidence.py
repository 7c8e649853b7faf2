"""Whether one answer about the account's balances may be booked: what else the venue says of the same coins.

An account's answer is one source, however often it is repeated. Open orders that lock coins are another, as are the venue's other
endpoint for balances, its fills, and a person who announces a transfer.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Final, Protocol

from msgspec.structs import replace

from fairway.ledger.result import Ledger
from fairway.money.amount import ZERO, Amount, Price
from fairway.orders.ids import ClientId, Role
from fairway.orders.order import Side

SMALL: Final = Decimal("0.02")
"""Of what the books hold of an asset: so much may be booked on the account's answer alone, read twice. A wrong answer of that
size misleads sizing and guards by no more than a bad trade or two, and the tightest profile stops at a daily loss of as much;
what a venue takes as interest or rounds off is far below it."""


class Locking(Protocol):
    """An open order, as the venue lists it or as the books have it. Its id tells whether it is a leg of a pair of ours."""

    @property
    def symbol(self) -> str: ...
    @property
    def side(self) -> Side: ...
    @property
    def quantity(self) -> Amount: ...
    @property
    def filled(self) -> Amount: ...
    @property
    def price(self) -> Price | None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class BalanceEvidence:
    """What speaks beside an account's answer. second: totals by the venue's other endpoint, None where it reported nothing."""

    locked: Mapping[str, Decimal]
    second: Mapping[str, Decimal] | None


def why_not_believed(ledger: Ledger, asset: str, explained: Decimal, reported: Decimal | None, seen: BalanceEvidence) -> str:
    """Why an answer about an asset is not booked, in words; "" where it may be. reported: None where the answer lacks the asset.

    explained: what our books hold once all reported fills are booked. An asset in which nothing is traded is always believed:
    no position, size or guard rests on it.
    """
    held, locked = reported if reported is not None else ZERO, seen.locked.get(asset, ZERO)
    if not _is_traded(ledger, asset):
        return ""
    if held < locked:
        return f"open orders lock {Amount(locked, asset)}, so {_named(asset, reported)} cannot be true"
    change = Amount(held - explained, asset)
    if _is_small(ledger, explained, change) or ledger.transfers.expects(change):
        return ""
    if seen.second is None or asset not in seen.second:
        return f"{_named(asset, reported)}, and no second source confirms it"
    if seen.second[asset] != held:
        return f"{_named(asset, reported)}, and another answer of the venue says {Amount(seen.second[asset], asset)}"
    return ""


def contradictions(assets: Iterable[str], reported: Mapping[str, Decimal], seen: BalanceEvidence) -> Iterator[str]:
    """What in an answer cannot be true by the venue's own other words, for books that begin with it."""
    for asset in assets:
        held, locked = reported.get(asset, ZERO), seen.locked.get(asset, ZERO)
        if held < locked:
            yield f"open orders lock {Amount(locked, asset)}, and {_named(asset, reported.get(asset))}"
        elif seen.second is not None and seen.second.get(asset, ZERO) != held:
            other = Amount(seen.second.get(asset, ZERO), asset)
            yield f"{_named(asset, reported.get(asset))}, and another answer of the venue says {other}"


def locked_by(
    ledger: Ledger, reported: Iterable[tuple[str, Locking]], known: Iterable[tuple[str, Locking]]
) -> dict[str, Decimal]:
    """The least that open orders lock, by asset; both lists hold (client id, order).

    reported: the orders that the venue lists. Of those that our books know, only the ones count that the venue does not list. The
    legs of a pair lock the same coins; the venue does not report pairs of others as such, so of their orders those that are alike
    count once.
    """
    listed = _parts(ledger, reported)
    locked: dict[str, Decimal] = {}
    for asset, value in (_parts(ledger, known) | listed).values():
        locked[asset] = locked.get(asset, ZERO) + value
    return locked


def _parts(ledger: Ledger, orders: Iterable[tuple[str, Locking]]) -> dict[object, tuple[str, Decimal]]:
    """What each order or pair locks."""
    parts: dict[object, tuple[str, Decimal]] = {}
    for client_id, order in orders:
        asset, value = _lock(ledger, order)
        key = _key(client_id, order)
        if value > parts.get(key, ("", ZERO))[1]:
            parts[key] = asset, value
    return parts


def _key(client_id: str, order: Locking) -> object:
    own = ClientId.parse(client_id)
    if own is None:
        return order.symbol, order.side, order.quantity, order.filled
    return replace(own, role=Role.PAIR) if own.other_leg is not None else own


def _lock(ledger: Ledger, order: Locking) -> tuple[str, Decimal]:
    left = order.quantity.value - order.filled.value
    if order.side is Side.SELL:
        return order.quantity.asset, left
    listed = ledger.instruments.get(order.symbol)
    return (listed.quote, left * order.price.value) if listed is not None and order.price is not None else ("", ZERO)


def _is_traded(ledger: Ledger, asset: str) -> bool:
    return any(asset in (listed.base, listed.quote) for listed in ledger.instruments.values())


def _is_small(ledger: Ledger, explained: Decimal, change: Amount) -> bool:
    """Less than a lot; or a small part of an asset, that takes less than a lot from any position."""
    lots = [listed.lot for listed in ledger.instruments.values() if listed.base == change.asset]
    if lots and abs(change.value) < min(lots):
        return True
    return abs(change.value) <= abs(explained) * SMALL and not _costs_a_position(ledger, explained + change.value, change.asset)


def _costs_a_position(ledger: Ledger, left: Decimal, asset: str) -> bool:
    """Whether a position would lose a lot or more."""
    held = ((ledger.instruments[symbol].lot, it.quantity) for symbol, it in ledger.positions.items())
    return any(quantity.asset == asset and quantity.value - left >= lot for lot, quantity in held)


def _named(asset: str, reported: Decimal | None) -> str:
    return f"the account's answer lacks {asset}" if reported is None else f"the account's answer says {Amount(reported, asset)}"
