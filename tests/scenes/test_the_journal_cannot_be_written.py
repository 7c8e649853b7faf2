"""The disk of the journal is full for two minutes, in the middle of a trade: nothing is opened, lost or naked."""

import pytest
from tests.scenes.script import Wish, enter
from tests.scenes.stage import Stage

from fairway.journal.kinds import CapLifted, CapRaised
from fairway.orders.lifecycle import OrderFilled
from fairway.orders.order import OrderState
from fairway.world.clock import SECOND

pytestmark = pytest.mark.in_memory

FULL_FROM_S, FULL_UNTIL_S = 60.503, 180.0
"""Between the moment an entry leaves and the moment its answer comes back."""


def fill_disk(stage: Stage) -> None:
    stage.file.records_max = len(stage.file.records)


def make_room(stage: Stage) -> None:
    stage.file.records_max = None


def played(*wishes: Wish, full_from: float) -> Stage:
    stage = Stage(
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
    [entry] = stage.desk.blotter.ended.values()
    assert entry.state is OrderState.REJECTED
    assert "journaled" in entry.reason
    caps = [event.cap.id for event in stage.events(CapRaised) if isinstance(event, CapRaised)]
    assert caps == ["journal"]
    assert [event.cap_id for event in stage.events(CapLifted) if isinstance(event, CapLifted)] == ["journal"]
    stage.assert_ties_out()
