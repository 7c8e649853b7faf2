"""The disk of the journal is full for two minutes, in the middle of a trade: nothing is opened, lost or naked."""

from decimal import Decimal

import pytest
from tests.scenes.harness import Scene
from tests.scenes.script import ScriptedSignal, enter

from fairway.journal.kinds import CapLifted, CapRaised
from fairway.orders.lifecycle import OrderAdopted, OrderFilled
from fairway.orders.order import OrderState
from fairway.risk.limits import TradingState
from fairway.world.clock import SECOND

pytestmark = pytest.mark.in_memory

FULL_FROM_S, FULL_UNTIL_S = 60.503, 180.0
"""Between the moment an entry leaves and the moment its answer comes back."""


OWN = Decimal(50)
"""Coins of the account's owner."""


def fill_disk(stage: Scene) -> None:
    stage.file.records_max = len(stage.file.records)


def make_room(stage: Scene) -> None:
    stage.file.records_max = None


def died_on_a_full_disk(*, prices: dict[int, str], killed_at: float = 60.5055) -> Scene:
    """The entry was journaled; what filled, and the pair that protects it, were not, and then the trader died."""

    def come_back(stage: Scene) -> None:
        make_room(stage)
        stage.come_back()

    return Scene(
        enter(),
        prices={"BTC/USDT": prices},
        balances={"USDT": "10000", "BTC": "50"},
        acts={60.5025: fill_disk, killed_at: Scene.kill_trader, 120.5045: come_back},
    )


def test_a_pair_that_could_not_be_journaled_is_taken_over_and_gets_no_twin() -> None:
    """At the start it sells beside no position, and is left alone; then the entry is found, and the pair protects it."""
    stage = died_on_a_full_disk(prices={0: "100"})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert [order.client_id for order in stage.orders] == [stage.own_id("e", 1), stage.own_id("s", 2), stage.own_id("t", 2)]
    assert len(stage.events(OrderAdopted)) == len(stage.open_at_exchange()) == 2
    assert stage.account_state.limits.of("BTC/USDT").state is TradingState.REDUCE_ONLY


def test_a_stop_that_could_not_be_journaled_has_sold_the_position_and_not_its_owners_coins() -> None:
    """It filled while the trader was dead: the venue is asked whose fill that is."""
    stage = died_on_a_full_disk(prices={0: "100", 90: "94"})
    stage.run(minutes=4)
    stage.assert_belief_is_truth()
    assert (stage.account_state.money.ledger.positions, stage.open_at_exchange()) == ({}, {})
    assert len(stage.account_state.money.trips) == 1
    assert stage.account_state.orders.blotter[stage.own_id("s", 2)].state is OrderState.FILLED
    assert OWN <= stage.held_at_exchange()["BTC"] < OWN + Decimal("0.001")


def played(*wishes: ScriptedSignal, full_from: float) -> Scene:
    stage = Scene(
        *wishes,
        prices={"BTC/USDT": {0: "100", 200: "96", 215: "94", 230: "100"}},
        acts={full_from: fill_disk, FULL_UNTIL_S: make_room},
    )
    stage.run(minutes=5)
    return stage


def test_a_fill_that_could_not_be_journaled_is_not_lost_and_is_protected() -> None:
    """It fills while the disk is full: the stop rests at the venue meanwhile, and the journal holds it all afterwards."""
    stage = played(enter(), full_from=FULL_FROM_S)
    stage.assert_ties_out()
    stops = [order for order in stage.orders if order.client_id.endswith("-s")]
    assert stage.events(OrderFilled)
    assert stage.seconds_of(CapRaised) != []
    assert min(stop.created_at for stop in stops) - stage.second(FULL_FROM_S) < 5 * SECOND


def test_nothing_is_opened_that_could_not_be_remembered() -> None:
    """Entries are refused with the reason, and allowed again when the journal has been sound for a while."""
    stage = played(enter(1), enter(2), enter(3), full_from=70.0)
    assert stage.refusals() == ["STATE_REDUCE_ONLY"]
    assert len(stage.bought()) == 1
    stage.assert_ties_out()


def test_an_order_that_could_not_be_journaled_never_left() -> None:
    """Intent is durable before the wire: at the first write that fails, the entry is held back and told as unsent."""
    stage = played(enter(1), full_from=70.0)
    assert stage.bought() == []
    [entry] = stage.account_state.orders.blotter.ended.values()
    assert entry.state is OrderState.REJECTED
    assert "journaled" in entry.reason
    caps = [event.cap.id for event in stage.events(CapRaised) if isinstance(event, CapRaised)]
    assert caps == ["journal"]
    assert [event.cap_id for event in stage.events(CapLifted) if isinstance(event, CapLifted)] == ["journal"]
    stage.assert_ties_out()


def test_whoever_watches_is_told_at_once_and_once() -> None:
    """No event can tell it while the disk is full, and the operator looks at a terminal that seems well."""
    cried: list[str] = []

    def watch(stage: Scene) -> None:
        stage.trader.alerts.append(cried.append)

    acts = {10: watch, 70.0: fill_disk, FULL_UNTIL_S: make_room}
    Scene(enter(1), prices={"BTC/USDT": {0: "100"}}, acts=acts).run(minutes=4)
    [cry] = cried
    assert cry.startswith("Nothing is opened, for what happens cannot be written down: ")


def test_what_is_told_meanwhile_is_what_is_held() -> None:
    """A stop sells while the disk is full: the terminal does not go on saying that it stays."""
    cried: list[str] = []

    def watch(stage: Scene) -> None:
        stage.trader.alerts.append(cried.append)

    acts = {10: watch, 100.0: fill_disk, FULL_UNTIL_S: make_room}
    stage = Scene(enter(0), prices={"BTC/USDT": {0: "100", 130: "96", 140: "94"}}, acts=acts)
    stage.run(minutes=4)
    stage.assert_ties_out()
    assert stage.account_state.money.ledger.positions == {}
    assert "BTC under a stop at the venue" in cried[0]
    assert cried[-1].endswith("No position is open.")
    assert len(cried) == len(set(cried))
