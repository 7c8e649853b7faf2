"""A second container is started beside the first: one key and two journals, so no lock keeps them apart, but their orders do."""

from collections.abc import Mapping
from types import MappingProxyType

from tests.scenes.by_hand import Act
from tests.scenes.script import Wish, enter
from tests.scenes.stage import Stage

from fairway.journal.instructions import LiftCap
from fairway.journal.kinds import CapRaised, EntryPlanned, EpochRaised
from fairway.orders.lifecycle import CancelSent, OrderAdopted, OrderSent
from fairway.risk.caps import Cap
from fairway.risk.limits import TradingState
from fairway.trading.commands import Told
from fairway.trading.others import RIVAL_CAP
from fairway.world.loop import running

PRICES = {"BTC/USDT": {0: "100"}, "ETH/USDT": {0: "100"}}


class Second(Stage):
    """A trader on another machine, of the same account, with a journal of its own, until the scene is over."""

    def begin_beside(self, first: Stage) -> None:
        self.exchange, self.latch = first.exchange, first.latch
        running().spawn("second", self._trade(first._credentials))

    def be_told_to_go_on(self, _: Stage) -> None:
        """A person who believes that a journal was lost."""
        self.trader.take(None, Told(1, "ann", LiftCap(reason="the disk was replaced", cap_id=RIVAL_CAP)))


def played(*wishes: Wish, second: Second, acts: Mapping[float, Act] = MappingProxyType({})) -> Stage:
    beside: dict[float, Act] = {90.0: second.begin_beside, 410.0: lambda _: running().kill("second")}
    return Stage(*wishes, acts={**beside, **acts}, prices=PRICES)


def test_a_second_one_opens_nothing_and_the_first_goes_on() -> None:
    """It finds a stop and a target of a run that it knows nothing of, leaves them alone, opens nothing in any symbol, and calls a
    person; the first one sees no order of the second, and trades as if it were alone."""
    second = Second(enter(2), enter(2, symbol="ETH/USDT"), prices=PRICES)
    stage = played(enter(0), enter(4, symbol="ETH/USDT"), second=second)
    stage.run(minutes=7)
    stage.assert_belief_is_truth()
    assert second.events(OrderSent, CancelSent, OrderAdopted) == []
    assert second.refusals() == ["STATE_REDUCE_ONLY", "STATE_REDUCE_ONLY"]
    assert next(cap.id for cap in caps_raised(second)) == RIVAL_CAP
    assert second.events(EpochRaised) == []
    assert len(stage.bought()) == 2
    assert len(stage.open_at_exchange()) == 4
    assert stage.desk.limits("").state is TradingState.ACTIVE


def test_when_a_person_lifts_it_the_second_trades_and_the_first_opens_nothing_more() -> None:
    """The first sees the second's first order at once, in its stream. It protects what it holds, and so does the second."""
    second = Second(enter(2, symbol="ETH/USDT"), enter(4, symbol="ETH/USDT"), prices=PRICES)
    stage = played(enter(0), enter(5), second=second, acts={200.0: second.be_told_to_go_on})
    stage.run(minutes=7)
    assert second.refusals() == ["STATE_REDUCE_ONLY"]
    assert [stage.refusals(), len(stage.bought()) - len(second.events(EntryPlanned))] == [["STATE_REDUCE_ONLY"], 1]
    assert RIVAL_CAP in stage.desk.caps
    assert len(stage.open_at_exchange()) == 4


def test_a_first_one_that_had_no_order_sees_one_of_the_second_and_opens_nothing() -> None:
    """Nothing at the venue told of it when the second came; what the second holds stays protected."""
    second = Second(enter(2), prices=PRICES)
    stage = played(enter(4, symbol="ETH/USDT"), second=second)
    stage.run(minutes=7)
    assert stage.events(OrderSent) == []
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(second.events(OrderSent)) == 3
    assert len(stage.open_at_exchange()) == 2


def caps_raised(stage: Stage) -> list[Cap]:
    return [event.cap for event in stage.events(CapRaised) if isinstance(event, CapRaised)]
