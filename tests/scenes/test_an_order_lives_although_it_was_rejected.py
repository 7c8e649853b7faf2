"""The exchange says no and does it all the same."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import ExchangeFault, enter, exchange_fault, leave

MUTE = exchange_fault("muted_stream", since=1, until=140, market=False)


@pytest.mark.parametrize("others", [(), (MUTE,)], ids=["told by the stream", "told by nobody"])
def test_a_rejected_entry_is_found_by_its_fill(others: tuple[ExchangeFault, ...]) -> None:
    """By its event, or at the latest when the balances do not tie out; then it is protected."""
    stage = Scene(enter(0), faults=[exchange_fault("rejected_alive", "order.place", times=1), *others])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.bought()) == 1
    assert len(stage.open_at_exchange()) == 2


@pytest.mark.parametrize("others", [(), (MUTE,)], ids=["told by the stream", "told by nobody"])
def test_a_rejected_pair_that_rests_protects(others: tuple[ExchangeFault, ...]) -> None:
    """Whatever is done about the rejection, the position is never sold twice, and never left naked."""
    stage = Scene(enter(0), faults=[exchange_fault("rejected_alive", "orderList.place.oco", times=1), *others])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()


@pytest.mark.parametrize("others", [(), (MUTE,)], ids=["told by the stream", "told by nobody"])
def test_a_rejected_sale_that_was_done(others: tuple[ExchangeFault, ...]) -> None:
    """The position is gone, and nothing more is sold."""
    stage = Scene(enter(0), leave(1), faults=[exchange_fault("rejected_alive", "order.place", since=110, times=1), *others])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert stage.account_state.money.ledger.positions == {}
    assert stage.open_at_exchange() == {}
