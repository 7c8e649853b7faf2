"""A trader of a slower pace asks and looks less often, and is as quick as ever when something is unfinished."""

from tests.scenes.script import enter, leave
from tests.scenes.test_many_accounts_share_a_trader import NAMES, Crowd

from fairway.exchange.faults.port import FaultScope
from fairway.exchange.faults.registry import make
from fairway.trading.schedule import RECONCILE_MAX_NS, Schedule
from fairway.world.clock import SECOND
from fairway.world.loop import running

SLOW = Schedule(idle_ns=10 * SECOND, reconcile_ns=RECONCILE_MAX_NS)


class Slow(Crowd):
    pace = SLOW


def test_it_asks_for_everything_far_less_often_and_ties_out() -> None:
    slow, quick = Slow(enter(), leave(2)), Crowd(enter(), leave(2))
    for stage in (slow, quick):
        stage.run(minutes=8)
        for name in NAMES:
            stage.assert_ties_out_for(name)
            assert len(stage.account_state_of(name).money.trips) == 1
    assert len(slow.asked()) * 2 < len(quick.asked())


def test_an_order_of_unknown_fate_is_asked_for_within_two_seconds_all_the_same() -> None:
    """Its answer is lost, and the stream says nothing of it."""

    def lose_word(stage: Crowd) -> None:
        for kind, endpoint in (("reset_after", "order.place"), ("missing_events", "executionReport")):
            scope = FaultScope(account="bob", endpoints=(endpoint,))
            stage.exchange.context.faults.add(make(kind, scope, {}, running().chance.child(kind)))

    stage = Slow(enter(), acts={30: lose_word})
    stage.run(minutes=1.1)
    assert "order.status" in stage.asked(since=60, until=63)
    assert stage.account_state_of("bob").money.ledger.positions
