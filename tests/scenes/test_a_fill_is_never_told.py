"""The stream is in perfect health and leaves events out."""

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault, leave

FALLS = {"BTC/USDT": {0: "100", 150: "94"}}


def test_the_fill_of_an_entry_is_asked_for() -> None:
    """The order's own answer says that it filled; which trades that were is asked at once, and it is protected within 5 s."""
    stage = Scene(enter(0), faults=[exchange_fault("missing_events", executions=["TRADE"])])
    stage.run(minutes=3)
    stage.assert_belief_is_truth()
    entry, stop, _ = stage.orders
    assert stop.created_at - entry.created_at < 5_000_000_000


def test_the_fill_of_a_stop_that_nobody_told_us_of_is_found() -> None:
    """By asking for everything every 30 s: the balances do not tie out, so the fills are asked for."""
    stage = Scene(enter(0), faults=[exchange_fault("missing_events", executions=["TRADE"])], prices=FALLS)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
    assert stage.open_at_exchange() == {}


@pytest.mark.parametrize("every", [1, 2])
def test_any_event_may_be_missing(every: int) -> None:
    """Reports, balances, fills: all, or every second one."""
    stage = Scene(enter(0), faults=[exchange_fault("missing_events", every=every)], prices=FALLS)
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1


def test_the_fill_of_a_sale_is_asked_for() -> None:
    """A sale whose fill is missing is not made again."""
    stage = Scene(enter(0), leave(1), faults=[exchange_fault("missing_events", executions=["TRADE"])])
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert len(stage.account_state.money.trips) == 1
