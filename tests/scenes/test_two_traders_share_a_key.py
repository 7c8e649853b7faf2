"""A second container is started beside the first: one key and two journals, so no lock keeps them apart, but their orders do."""

import pytest
from tests.scenes.script import Wish, enter
from tests.scenes.stage import Stage

from fairway.orders.ids import ClientId
from fairway.orders.lifecycle import OrderSent
from fairway.trading.reconciliation import Fenced
from fairway.world.loop import running

PRICES = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}}


class Second(Stage):
    """A trader on another machine, of the same account, with a journal of its own, until the scene is over."""

    def begin_beside(self, first: Stage) -> None:
        self.exchange, self.latch = first.exchange, first.latch
        running().spawn("second", self._trade(first._credentials))


def played(wish_of_second: Wish) -> tuple[Stage, Second]:
    second = Second(wish_of_second, prices=PRICES)
    acts = {90.0: second.begin_beside, 350.0: lambda _: running().kill("second")}
    return Stage(enter(0), enter(4, symbol="ETH/USDT"), acts=acts, prices=PRICES), second


def test_a_second_one_that_meets_a_position_of_the_first_opens_nothing_in_it() -> None:
    """Its stop and target are somebody's whom the second does not know: left alone, and a person is called."""
    stage, second = played(enter(2))
    stage.run(minutes=6)
    assert second.events(OrderSent) == []
    assert second.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.bought()) == 2
    assert len(stage.open_at_exchange()) == 4


def test_a_first_one_that_meets_an_order_of_the_second_stops() -> None:
    """The second begins above all numbers that it finds, so its first order fences the first, which sends nothing any more."""
    stage, second = played(enter(2, symbol="ETH/USDT"))
    with pytest.raises(BaseExceptionGroup) as ended:
        stage.run(minutes=6)
    assert ended.group_contains(Fenced, match="another trader is at work on account main", depth=1)
    assert epochs(stage) == {1}
    assert epochs(second) == {2}
    assert max(stage.seconds_of(OrderSent)) < 180 < min(second.seconds_of(OrderSent))


def epochs(stage: Stage) -> set[int]:
    """The numbers of the starts that sent the orders of a journal."""
    ids = [ClientId.parse(event.order_id) for event in stage.events(OrderSent) if isinstance(event, OrderSent)]
    return {id.epoch for id in ids if id is not None}
