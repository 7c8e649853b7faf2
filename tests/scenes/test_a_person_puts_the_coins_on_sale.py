"""A person cancels the stop by hand and puts the coins on sale: the trader does not fight it, and protects again when it can."""

import asyncio
from collections.abc import Callable

from tests.scenes.harness import ACCOUNT, Scene
from tests.scenes.script import enter

from fairway.exchange.terms import NewOrder, OrderRef, OrderType, Side
from fairway.exchange.units import ONE
from fairway.orders.lifecycle import OrderRejected, OrderSent

Acts = dict[float, Callable[[Scene], object]]


def by_hand(stage: Scene) -> object:
    return asyncio.ensure_future(_put_on_sale(stage))


async def _put_on_sale(stage: Scene) -> None:
    """Both in one breath, as the exchange's own page does it for whoever changes an order."""
    backend = stage.exchange.backend
    pair = await backend.open_orders(ACCOUNT, "BTCUSDT")
    await backend.cancel(ACCOUNT, "BTCUSDT", OrderRef(pair[0].order_id))
    await backend.place(
        ACCOUNT, NewOrder("BTCUSDT", Side.SELL, OrderType.LIMIT, pair[0].quantity, price=120 * ONE, client_id="web_1")
    )


def taken_back(stage: Scene) -> object:
    return asyncio.ensure_future(stage.exchange.backend.cancel(ACCOUNT, "BTCUSDT", OrderRef(client_id="web_1")))


def test_it_is_told_and_left_alone_until_the_person_is_done() -> None:
    """No loop of refused pairs; when the coins are free again, a new pair rests within five seconds."""
    stage = Scene(enter(0), acts={90: by_hand, 150: taken_back})
    stage.run(minutes=4)
    assert "are locked by an order of another party" in stage.account_state.limits.caps["held BTC/USDT"].reason
    assert len(stage.events(OrderRejected)) <= 2
    assert len(stage.events(OrderSent)) <= 7
    [theirs] = stage.by_hand
    resting = [order for order in stage.orders if order.created_at > stage.second(80)]
    assert [order.client_id[-1] for order in resting] == ["s", "t"]
    assert stage.second(150) <= resting[0].created_at < stage.second(155)
    assert resting[0].quantity == theirs.quantity
