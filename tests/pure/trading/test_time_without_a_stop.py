"""The watchdog: how long a position was without its stop is told, and too long takes no more entries."""

import pytest
from msgspec.structs import replace
from tests.ids import own_id
from tests.pure.trading.planned import protected
from tests.pure.trading.test_protection_that_fails import GAPPED, NO, happened
from tests.pure.trading.test_step import SYMBOL, Scene, filled, kinds, report

from fairway.journal.kinds import CapLifted, CapRaised, NakedTooLong, Protected
from fairway.orders.lifecycle import OrderAdopted
from fairway.orders.order import OrderState
from fairway.risk.caps import held as held_cap
from fairway.risk.limits import Limits, TradingState
from fairway.trading.inputs import (
    OrdersAcknowledged,
    PlaceFailed,
    Tick,
)
from fairway.trading.recovery import replay
from fairway.trading.snapshot import snapshot
from fairway.venues.port import ReportStatus
from fairway.world.clock import SECOND


def test_protection_is_told_with_the_time_it_took() -> None:
    """From the first fill until the stop rests."""
    scene = Scene()
    pair = scene.holding()
    outcome = scene.news(OrdersAcknowledged([report(pair.stop), report(pair.target)]), after=SECOND)
    [event] = [event for event in outcome.events if isinstance(event, Protected)]
    assert (event.naked_ns, event.total_ns) == (SECOND, SECOND)
    [line] = snapshot(scene.state, scene.now + SECOND).positions
    assert (line.is_protected, line.naked_ns) == (True, SECOND)


def test_more_than_five_seconds_without_a_stop_is_told_once_and_takes_no_more_entries() -> None:
    """Until the position is protected; then the cap goes by itself."""
    scene = Scene()
    pair = scene.holding()
    assert scene.news(Tick(), after=5 * SECOND).events == []
    outcome = scene.news(Tick(), after=1)
    assert happened(outcome, NakedTooLong, CapRaised) == [NakedTooLong, CapRaised]
    assert scene.state.limits.of(SYMBOL).state is TradingState.REDUCE_ONLY
    assert scene.news(Tick(), after=SECOND).events == []
    assert snapshot(scene.state, scene.now).positions[0].naked_ns == 6 * SECOND + 1
    outcome = scene.news(OrdersAcknowledged([report(pair.stop), report(pair.target)]))
    assert happened(outcome, Protected, CapLifted) == [Protected, CapLifted]
    assert scene.state.limits.of(SYMBOL).state is TradingState.ACTIVE


def test_a_position_that_kill_sells_is_not_watched() -> None:
    """Whoever flattens it has cancelled its stops."""
    scene = Scene()
    scene.holding()
    cap = replace(held_cap(SYMBOL, "test", scene.now), limits=Limits(hands_off=True))
    scene.state.apply(CapRaised(cap=cap), scene.now)
    assert scene.news(Tick(), after=10 * SECOND).events == []


def test_a_position_that_is_closed_ends_the_alarm() -> None:
    """There is nothing left to protect."""
    scene = Scene()
    pair = scene.holding()
    scene.news(Tick(), after=6 * SECOND)
    outcome = scene.news(filled(pair.stop, "2", pair.stop.quantity.value, "98"))
    assert happened(outcome, CapLifted) == [CapLifted]


def test_a_restart_remembers_since_when_a_position_is_naked() -> None:
    """And what its plan is, and how far its stop had moved."""
    scene, [pair] = protected(GAPPED)
    scene.news(report(pair.stop, ReportStatus.CANCELLED), after=SECOND)
    again = scene._state()
    replay(again, scene.journal)  # type: ignore[arg-type]
    assert again.protection.naked_since == scene.state.protection.naked_since == {SYMBOL: scene.now}
    assert (again.protection.plans, again.protection.naked_ns) == (scene.state.protection.plans, scene.state.protection.naked_ns)


@pytest.mark.parametrize("epoch", [0, 1])
def test_an_entry_of_an_earlier_life_is_cancelled(epoch: int) -> None:
    """One that rests was found at the venue; nobody plans for what it would buy."""
    scene = Scene()
    entry = scene.enter()
    scene.news(PlaceFailed([entry], NO))
    left = replace(entry, id=own_id("e", 5, epoch=epoch), state=OrderState.OPEN, venue_id="v", updated_at=scene.now)
    scene.state.apply(OrderAdopted(left.id, "found", order=left), scene.now)
    scene.state.transient.restless[SYMBOL] = None
    outcome = scene.news(Tick(), after=5 * SECOND)
    assert ("Cancel" in kinds(outcome.commands)) is (epoch < scene.state.starts.epoch)
