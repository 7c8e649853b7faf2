"""An order of ours that the journal does not know, and that the venue lists: taken over field by field, as the venue has it."""

from dataclasses import replace

import pytest
from tests.ids import own_id
from tests.pure.trading.test_reconciliation import by_hand, of, stranger, totals
from tests.pure.trading.test_step import SYMBOL, Scene, caught, filled, report

from fairway.money.amount import Amount, Price
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderAdopted
from fairway.orders.order import Order, OrderState, OrderType, Side
from fairway.trading.inputs import OrderQueried, PlaceFailed
from fairway.venues.port import Ambiguous, ReportStatus
from fairway.world.clock import MINUTE, SECOND


@pytest.mark.parametrize(
    ("role", "side", "price", "stop_price", "kind", "has_pair"),
    [
        ("e", Side.BUY, "90", None, OrderType.LIMIT, False),
        ("e", Side.BUY, None, None, OrderType.MARKET, False),
        ("x", Side.SELL, None, None, OrderType.MARKET, False),
        ("s", Side.SELL, None, "80", OrderType.STOP, True),
        ("s", Side.SELL, "79", "80", OrderType.STOP_LIMIT, True),
        ("t", Side.SELL, "120", None, OrderType.LIMIT, True),
    ],
)
def test_what_an_orphan_is_comes_from_its_id_and_its_prices(
    role: str, side: Side, price: str | None, stop_price: str | None, kind: OrderType, has_pair: bool
) -> None:
    """Of unknown state, from the instant that the venue tells; a stop and a target belong to the pair of their number."""
    scene = Scene()
    scene.protected()
    level, stop = (Price.of(each, "BTC", "USDT") if each else None for each in (price, stop_price))
    told = replace(stranger(own_id(role, 7, epoch=0), side), price=level, stop_price=stop)
    [event] = of(scene.news(caught(totals(scene), scene.now, told), after=SECOND).events, OrderAdopted)
    assert event == OrderAdopted(
        told.client_id,
        "found at the venue, and is not in the journal",
        order=Order(
            id=told.client_id,
            symbol=SYMBOL,
            side=side,
            type=kind,
            role=Role(role),
            quantity=Amount.of("2", "BTC"),
            price=level,
            stop_price=stop,
            pair=own_id("p", 7, epoch=0) if has_pair else "",
            state=OrderState.UNKNOWN,
            filled=Amount.of("0", "BTC"),
            cost=Amount.of("0", "USDT"),
            created_at=MINUTE,
            updated_at=MINUTE,
        ),
    )


def test_of_an_orphan_that_was_left_alone_only_the_missing_fills_are_asked_for() -> None:
    """What it sold before was booked as somebody else's; what it sells with the position is the position's."""
    scene = Scene()
    entry = scene.enter()
    scene.news(PlaceFailed([entry], Ambiguous("reset")))
    sale = stranger(own_id("t", 7, epoch=0), Side.SELL, filled="0.5")
    assert of(scene.news(caught(totals(scene), scene.now, sale)).events, OrderAdopted) == []
    scene.news(OrderQueried(entry, report(entry, ReportStatus.FILLED, filled=entry.quantity.value), scene.now), after=SECOND)
    scene.news(filled(entry, "1", entry.quantity.value))
    missing = replace(by_hand("9", Side.SELL, "0.2"), client_id=sale.client_id, venue_id=sale.venue_id)
    more = replace(sale, filled=Amount.of("0.7", "BTC"))
    outcome = scene.news(caught(totals(scene, BTC="-0.2", USDT="19.9"), scene.now + 1, more, fills=[missing]), after=1)
    [adopted] = of(outcome.events, OrderAdopted)
    assert isinstance(adopted, OrderAdopted)
    assert adopted.order.filled == Amount.of("0.5", "BTC")
