"""What is done for a position while an order of it is of unknown result: a pair is sent again, a lost sale is shielded."""

from collections.abc import Callable
from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.ids import own_id
from tests.pure.trading.planned import price
from tests.pure.trading.test_step import SYMBOL
from tests.pure.trading.test_what_protection_does import PAIR, Position, check, then

from fairway.money.amount import Amount
from fairway.orders.ids import Role
from fairway.orders.order import OrderState
from fairway.trading.protection import can_fall_back, is_shielding
from fairway.world.clock import MINUTE, SECOND


def doubted(position: Position, *, asked: int, denied: int, since: int) -> None:
    """Both legs are unknown since so long ago; the venue was asked and denied them so long ago."""
    for leg in (position.stop, position.target):
        position.put(replace(leg, state=OrderState.UNKNOWN, venue_id="", updated_at=position.now - since))
        position.state.orders.denied[leg.id] = position.now - denied
    position.state.transient.asked_at = position.now - asked


AGAIN = ("repeat s: again, under the same id", "repeat t: again, under the same id")


@pytest.mark.parametrize(
    ("asked", "denied", "since", "repeated"),
    [
        (0, 0, MINUTE, True),
        (0, 0, SECOND, False),
        (MINUTE, MINUTE, MINUTE, True),
        (MINUTE + 1, 0, MINUTE, False),
        (0, MINUTE + 1, MINUTE, False),
    ],
)
def test_a_pair_that_the_venue_denies_is_sent_again(asked: int, denied: int, since: int, repeated: bool) -> None:
    """Whole, after the venue denied both since, and told all fills since, and not too soon."""
    check(lambda it: doubted(it, asked=asked, denied=denied, since=since), *(AGAIN if repeated else ()))


def test_half_a_pair_is_not_sent_again() -> None:
    def half(position: Position) -> None:
        doubted(position, asked=0, denied=0, since=MINUTE)
        position.put(replace(position.target, venue_id="8"))

    check(half)


def lost(position: Position, **changes: object) -> None:
    """A sale of all that can be sold is unknown, and the venue denies it."""
    position.naked()
    position.put(replace(position.stop, state=OrderState.CANCELLED, created_at=0))
    held = position.stop.quantity
    sale = position.sale(OrderState.UNKNOWN, quantity=held)
    position.put(replace(sale, **changes))
    position.state.orders.denied[sale.id] = position.now
    position.state.transient.asked_at = position.now


def test_a_position_whose_sale_got_lost_is_shielded_once() -> None:
    check(lost, *PAIR)
    check(then(lost, lambda it: it.state.protection.plans.pop(SYMBOL)))
    check(then(lost, lambda it: it.state.orders.denied.clear()))
    check(lambda it: lost(it, quantity=Amount.of("1", "BTC")))
    check(then(lost, lambda it: it.state.money.ledger.balances.move(Amount.of("100", "BTC"))))
    check(then(lost, lambda it: it.state.money.ledger.positions.clear()))
    tried = own_id("s", 78)
    check(then(lost, lambda it: it.put(replace(it.stop, id=tried, state=OrderState.REJECTED, created_at=it.now - MINUTE))))
    check(
        then(lost, lambda it: it.put(replace(it.stop, id=tried, state=OrderState.REJECTED, created_at=it.now - MINUTE - 1))),
        *PAIR,
    )


def test_a_sale_of_unknown_fate_may_have_taken_the_coins() -> None:
    position = Position()
    assert not is_shielding(position.state, SYMBOL)
    lost(position)
    assert is_shielding(position.state, SYMBOL)
    assert not can_fall_back(position.state, SYMBOL)
    position.state.protection.plans[SYMBOL] = replace(position.state.protection.plans[SYMBOL], fallback=price("99"))
    assert can_fall_back(position.state, SYMBOL)
    position.state.protection.plans.clear()
    assert not can_fall_back(position.state, SYMBOL)


@pytest.mark.parametrize(("since", "repeated"), [(2 * SECOND, True), (2 * SECOND - 1, False)])
def test_a_denial_counts_after_two_seconds(since: int, repeated: bool) -> None:
    check(lambda it: doubted(it, asked=0, denied=0, since=since), *(AGAIN if repeated else ()))


@pytest.mark.parametrize(("more", "repeated"), [("0", True), ("0.001", False)])
def test_a_pair_is_sent_again_for_what_no_other_sale_covers(more: str, repeated: bool) -> None:
    """Another pair that rests covers a part: what it leaves must be as much as the first one sells."""

    def change(position: Position) -> None:
        doubted(position, asked=0, denied=0, since=MINUTE)
        held = position.state.money.ledger.position(SYMBOL).quantity.value
        covered = held - position.stop.quantity.value + Decimal(more)
        for leg, role in ((position.stop, "s"), (position.target, "t")):
            rests = replace(leg, id=own_id(role, 55), pair=own_id("p", 55), state=OrderState.OPEN, venue_id="5")
            position.put(replace(rests, quantity=Amount(covered, "BTC")))

    check(change, *(AGAIN if repeated else ()))


def test_shields_of_other_symbols_and_sales_of_other_kinds_are_no_shield() -> None:
    other = own_id("s", 78)
    check(
        then(
            lost, lambda it: it.put(replace(it.stop, id=other, symbol="ETH/USDT", state=OrderState.REJECTED, created_at=it.now))
        ),
        *PAIR,
    )
    check(
        then(lost, lambda it: it.put(replace(it.stop, id=other, role=Role.EXIT, state=OrderState.REJECTED, created_at=it.now))),
        *PAIR,
    )
    position = Position()
    position.put(replace(position.target, state=OrderState.UNKNOWN))
    assert not is_shielding(position.state, SYMBOL), "a target of unknown fate has sold nothing of ours"


def test_a_shield_needs_less_than_twice_the_coins() -> None:
    """With as many again both would be taken: a sale and a stop that sells the same once more."""

    def change(more: str) -> Callable[[Position], None]:
        def of(position: Position) -> None:
            lost(position)
            sold = position.state.orders.blotter[own_id("x", 77)].quantity
            position.state.money.ledger.balances.totals["BTC"] = sold.value * 2 + Decimal(more)

        return of

    check(change("-0.001"), *PAIR)
    check(change("0"))
