"""The venue lists orders with our own ids that the journal does not know: a journal was lost, or another trader is at work."""

import pytest
from tests.scenes import by_hand
from tests.scenes.harness import Scene
from tests.scenes.script import enter

from fairway.exchange.terms import Side
from fairway.journal.kinds import AccountFailed, TraderStarted
from fairway.orders.lifecycle import OrderAdopted, OrderCancelled, OrderSent
from fairway.risk.limits import TradingState
from fairway.trading.other_writers import Fenced


def test_an_entry_of_an_older_life_is_taken_over_and_cancelled() -> None:
    """Nobody wished for it any more, and a person looks at where it came from."""
    stage = Scene(enter(1), acts={50: by_hand.own_order("e", 7, Side.BUY, "2", "90", epoch=0)})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.events(OrderAdopted)) == len(stage.events(OrderCancelled)) == 1
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.REDUCE_ONLY


def test_a_stop_beside_a_position_is_taken_over_and_makes_way() -> None:
    """The position has its own pair: more than it needs would rest."""
    old = by_hand.own_order("t", 7, Side.SELL, "2", "120", epoch=0)
    stage = Scene(enter(0), acts={90: old}, balances={"USDT": "10000", "BTC": "2"})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.events(OrderAdopted)) == 1
    assert len(stage.open_at_exchange()) == 2


def test_what_sells_coins_of_a_lost_journal_is_left_alone() -> None:
    """It may be all that protects them: it is told, nothing new is opened, and a person decides."""
    old = by_hand.own_order("t", 7, Side.SELL, "2", "120", epoch=0)
    stage = Scene(enter(2), acts={50: old}, balances={"USDT": "10000", "BTC": "2"})
    stage.run(minutes=4)
    assert stage.events(OrderSent, OrderAdopted) == []
    assert list(stage.open_at_exchange()) == [stage.own_id("t", 7, epoch=0)]
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]


@pytest.mark.parametrize("start", [1, 2])
def test_an_order_of_a_later_start_fences_this_trader(start: int) -> None:
    """Or of the same start, which this one did not send: it stops at once, sends nothing more, and its stops stay."""
    rival = by_hand.own_order("e", 999, Side.BUY, "1", "50", epoch=start)
    stage = Scene(enter(0), enter(3), acts={90: rival})
    with pytest.raises(BaseExceptionGroup) as ended:
        stage.run(minutes=5)
    assert ended.group_contains(Fenced, match="another trader is at work on account main", depth=1)
    assert len(stage.events(TraderStarted)) == len(stage.events(AccountFailed)) == 1
    assert len(stage.events(OrderSent)) == 3
