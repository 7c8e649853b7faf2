"""The journal's file is gone, or shorter than it was: ids of the second life are not those of the first, and the venue tells."""

import pytest
from tests.scenes.by_hand import Act
from tests.scenes.harness import Scene
from tests.scenes.script import enter, exchange_fault

from fairway.journal.commands import LiftCap
from fairway.journal.kinds import CapRaised, EpochRaised, Protected, TraderStarted
from fairway.orders.ids import Role
from fairway.orders.lifecycle import OrderExpired, OrderRejected
from fairway.risk.limits import TradingState
from fairway.trading.inputs import CommandReceived
from fairway.trading.other_writers import RIVAL_CAP

STOPPED_OUT = {"BTC/USDT": {0: "100", 155: "94", 170: "100"}}
"""What was bought at second 60 is sold by its stop."""
LOST_S = 300.0


def lose_journal(stage: Scene) -> None:
    stage.kill_trader()
    stage.begin_anew()
    stage.come_back()


def go_on(stage: Scene) -> None:
    """A person has looked, and no other trader has the key."""
    for number, cap_id in enumerate((RIVAL_CAP, "held BTC/USDT"), start=1):
        stage.trader.take(None, CommandReceived(number, "ann", LiftCap(reason="the disk was replaced", cap_id=cap_id)))


def lose_all_but_the_start(stage: Scene) -> None:
    """As with a write-ahead log that was deleted, or a copy from before the first order that was put back."""
    stage.kill_trader()
    first_order = next(number for number, record in enumerate(stage.file.records) if record.kind == "EntryPlanned")
    del stage.file.records[first_order:]
    stage.come_back()


def caps(stage: Scene) -> list[str]:
    return [event.cap.id for event in stage.events(CapRaised) if isinstance(event, CapRaised)]


def test_a_lost_request_is_not_answered_by_an_order_of_the_first_life() -> None:
    """The account is flat, the journal is lost, and the first pair of the second life never arrives: it is sent again."""
    acts: dict[float, Act] = {LOST_S: lose_journal, 330.0: go_on}
    lost = exchange_fault("reset_before", "orderList.place.oco", since=400, times=1)
    stage = Scene(enter(0), enter(6), acts=acts, prices=STOPPED_OUT, faults=[lost])
    stage.run(minutes=9)
    assert len({order.client_id for order in stage.orders}) == len(stage.orders) == 6
    assert [order.client_id[-1] for order in stage.open_at_exchange().values()] == ["s", "t"]
    assert len(stage.events(Protected)) == 1


def test_a_second_life_opens_nothing_until_a_person_has_looked() -> None:
    """The first life has no open order and no position left: the venue's history of the last day shows it."""
    stage = Scene(enter(0), enter(6), acts={LOST_S: lose_journal}, prices=STOPPED_OUT)
    stage.run(minutes=9)
    assert caps(stage) == [RIVAL_CAP]
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.bought()) == 1


@pytest.mark.in_memory
def test_a_journal_that_lost_its_newest_records_takes_another_run() -> None:
    """The venue has orders of its own run that it does not know: ids would be repeated, so they are not; nothing is opened."""
    stage = Scene(enter(0), enter(6), prices=STOPPED_OUT, acts={LOST_S: lose_all_but_the_start})
    stage.run(minutes=9)
    [raised] = stage.events(EpochRaised)
    starts = stage.events(TraderStarted)
    assert isinstance(raised, EpochRaised)
    assert {event.run for event in starts if isinstance(event, TraderStarted)} == {stage.run_id} != {raised.run}
    assert caps(stage) == [RIVAL_CAP, "held BTC/USDT"]
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]


@pytest.mark.in_memory
def test_a_journal_that_lost_its_newest_records_trades_on_when_a_person_lifts_it() -> None:
    """With ids of the other run, also after another restart, which finds nothing new."""
    acts: dict[float, Act] = {LOST_S: lose_all_but_the_start, 330.0: go_on, 350.0: Scene.kill_and_restart_trader}
    stage = Scene(enter(0), enter(6), prices=STOPPED_OUT, acts=acts)
    stage.run(minutes=9)
    assert len(stage.events(EpochRaised)) == 1
    assert len(stage.bought()) == 2
    assert len({order.client_id for order in stage.orders}) == len(stage.orders) == 6
    assert stage.account_state.limits.of("").state is TradingState.ACTIVE


@pytest.mark.in_memory
def test_orders_that_were_lost_with_records_end_as_the_venue_says() -> None:
    """The pair had rested for a minute and a half when its stop sold; its target is adopted as the order that it is."""

    def lose_all_after_the_entry(stage: Scene) -> None:
        stage.kill_trader()
        sent = next(number for number, record in enumerate(stage.file.records) if record.kind == "OrderSent")
        del stage.file.records[sent + 1 :]
        stage.come_back()

    stage = Scene(enter(0), prices=STOPPED_OUT, acts={LOST_S: lose_all_after_the_entry})
    stage.run(minutes=9)
    assert stage.events(OrderRejected) == []
    [ended] = stage.events(OrderExpired)
    assert isinstance(ended, OrderExpired)
    assert ended.order_id == stage.own_id(Role.TARGET.value, 2)
    assert len(stage.account_state.money.trips) == 1


def test_a_restart_with_a_whole_journal_takes_no_other_run() -> None:
    """Orders that are over are known by their numbers."""
    stage = Scene(enter(0), enter(6), prices=STOPPED_OUT, acts={LOST_S: Scene.kill_and_restart_trader})
    stage.run(minutes=9)
    stage.assert_belief_is_truth()
    assert stage.events(EpochRaised) == []
    assert caps(stage) == []
    assert len(stage.bought()) == 2
