"""The order is in, and the line is cut before anybody hears of it: exactly one order may exist in the end."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import ExchangeFault, enter, exchange_fault, leave

from fairway.orders.lifecycle import OrderLost

MUTE = exchange_fault("muted_stream", since=1, until=170, market=False)
"""The account's stream says nothing, so that only asking helps."""


@pytest.mark.parametrize("others", [(), (MUTE,)], ids=["told by the stream", "told by nobody"])
def test_exactly_one_entry_exists(others: tuple[ExchangeFault, ...]) -> None:
    """It filled, it is found, and it is protected within five seconds."""
    stage = Scene(enter(0), faults=[exchange_fault("reset_after", "order.place", times=1), *others])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert len(stage.events(OrderLost)) == 1
    assert len(stage.open_at_exchange()) == 2
    entry, stop, _ = stage.orders
    assert stop.created_at - entry.created_at < 5_000_000_000


@pytest.mark.parametrize("others", [(), (MUTE,)], ids=["told by the stream", "told by nobody"])
def test_exactly_one_pair_exists(others: tuple[ExchangeFault, ...]) -> None:
    """It is found, or refused as a duplicate when it is sent again: never placed twice."""
    stage = Scene(enter(0), faults=[exchange_fault("reset_after", "orderList.place.oco", times=1), *others])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    assert len(stage.orders) == 3
    assert len(stage.open_at_exchange()) == 2


@pytest.mark.parametrize("others", [(), (MUTE,)], ids=["told by the stream", "told by nobody"])
def test_a_cancel_was_done_although_nobody_said_so(others: tuple[ExchangeFault, ...]) -> None:
    """The position is sold once, for what it holds."""
    stage = Scene(enter(0), leave(1), faults=[exchange_fault("reset_after", "order.cancel", times=1), *others])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.open_at_exchange() == {}
    assert len(stage.account_state.money.trips) == 1


@pytest.mark.parametrize("others", [(), (MUTE,)], ids=["told by the stream", "told by nobody"])
def test_a_closing_sale_is_not_repeated(others: tuple[ExchangeFault, ...]) -> None:
    """Selling twice would open the opposite of the position, where the venue allows it."""
    stage = Scene(enter(0), leave(1), faults=[exchange_fault("reset_after", "order.place", since=110, times=1), *others])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len([order for order in stage.orders if order.client_id.endswith("x")]) == 1
    assert len(stage.account_state.money.trips) == 1
