"""What shows that another trader works on the same account, and what a start does where its journal is not the newest."""

from dataclasses import replace

from msgspec.structs import replace as changed
from tests.ids import RUN, own_id
from tests.pure.trading.test_reconciliation import by_hand, of, state, stranger, totals
from tests.pure.trading.test_safety_checks import STARTED
from tests.pure.trading.test_step import SYMBOL, Scene, caught, report

from fairway.journal.kinds import EpochRaised, ExternalFill, OtherBotSeen
from fairway.orders.ids import EPOCH_MAX, Role
from fairway.orders.order import Side
from fairway.risk.limits import TradingState
from fairway.trading.account_query import _symbols_to_ask
from fairway.trading.inputs import OrdersAcknowledged
from fairway.trading.other_writers import RECENT_NS, RIVAL_CAP, of_orders, telling
from fairway.trading.recovery import restart
from fairway.venues.port import ReportStatus, StreamChannel, StreamUp
from fairway.world.clock import MINUTE, SECOND


def test_another_bots_order_in_another_symbol_is_told_once_and_holds_nothing() -> None:
    scene = Scene()
    other = replace(stranger(own_id("e", account="swing")), symbol="ETH/USDT")
    for told in (1, 0):
        outcome = scene.news(caught(totals(scene), scene.now, other), after=SECOND)
        assert len(of(outcome.events, OtherBotSeen)) == told
    assert state(scene) is TradingState.ACTIVE


def test_a_fill_of_another_run_is_its_own_and_nothing_more_is_opened() -> None:
    """It has no open order any more: its fill leads to its order, which bears its id."""
    scene = Scene()
    its_order = replace(stranger(own_id("e", run="other")), status=ReportStatus.FILLED)
    fill = replace(by_hand("9", Side.BUY, "1"), venue_id=its_order.venue_id, client_id=its_order.client_id)
    told = caught(totals(scene, BTC="1", USDT="-100.1"), scene.now, fills=[fill])
    outcome = scene.news(changed(told, owners=[its_order]), after=SECOND)
    assert len(of(outcome.events, ExternalFill)) == 1
    assert scene.state.money.ledger.positions == {}
    assert RIVAL_CAP in scene.state.limits.caps


def test_an_order_of_another_run_in_another_symbol_is_found_while_balances_differ() -> None:
    """Its stream was not heard, and it locks nothing that is asked for: then all symbols are asked."""
    scene = Scene()
    scene.news(caught(totals(scene, USDT="-50"), scene.now), after=SECOND)
    assert _symbols_to_ask(scene.state) == ()
    scene.news(caught(totals(scene), scene.now), after=SECOND)
    assert _symbols_to_ask(scene.state) == [SYMBOL]


def test_a_history_tells_of_others_for_a_day_and_of_our_own_runs_whenever() -> None:
    day_old = MINUTE - RECENT_NS
    scene = Scene()
    for own, at, is_told in ((own_id("e", run="other"), day_old - 1, False), (own_id("e", run="other"), day_old, True)):
        assert [*telling(scene.state, [replace(stranger(own), at=at)], MINUTE)] == [replace(stranger(own), at=at)] * is_told
    ours = replace(stranger(own_id("e", 99)), at=0)
    assert [*telling(scene.state, [ours], RECENT_NS * 9)] == [ours]


def test_orders_of_a_whole_journal_that_are_over_and_long_forgotten_are_known_by_their_numbers() -> None:
    scene = Scene()
    entry = scene.enter()
    scene.news(OrdersAcknowledged([report(entry, ReportStatus.FILLED, filled=entry.quantity.value)]))
    again = scene.replayed()
    for event in restart(again, release="test", venue="test", strategy="told", run="spare"):
        again.apply(event, scene.now)
    again.orders.blotter.live.clear()
    again.orders.blotter.ended.clear()
    known, beyond = (stranger(own_id("e", sequence)) for sequence in (1, 2))
    assert [*of_orders(again, [known], scene.now)] == []
    raised, _ = of_orders(again, [beyond], scene.now)
    assert raised == EpochRaised(epoch=3, run="spare")


def test_a_journal_from_before_runs_were_drawn_draws_one_at_its_next_start() -> None:
    """Its orders are known by their ids without one."""
    scene = Scene()
    state = scene._state()
    for event in restart(state, release="test", venue="test", strategy="told", run=""):
        state.apply(event, scene.now)
    assert state.starts.next_id(Role.ENTRY) == own_id("e", run="")
    for event in restart(state, release="test", venue="test", strategy="told", run="drawn"):
        state.apply(event, scene.now)
    assert state.starts.next_id(Role.ENTRY) == own_id("e", epoch=2, run="drawn")
    assert [*of_orders(state, [stranger(own_id("e", 0, run=""))], scene.now)] == []


def test_after_the_last_number_of_a_start_another_run_is_drawn() -> None:
    scene = Scene()
    scene.state.starts._begin_epoch(RUN, EPOCH_MAX)
    for event in restart(scene.state, release="test", venue="test", strategy="told", run="drawn"):
        scene.state.apply(event, scene.now)
    assert scene.state.starts.next_id(Role.ENTRY) == own_id("e", run="drawn")


def test_while_the_venue_does_not_tell_of_other_traders_nothing_is_opened_and_all_else_is_done() -> None:
    scene = Scene()
    scene.news(STARTED)
    scene.state.transient.asked_at, scene.state.transient.knows_others = 0, False
    for channel in StreamChannel:
        scene.news(StreamUp(channel), after=SECOND)
    for history, is_whole in ((None, False), ((), True), (None, True)):
        scene.news(changed(caught(totals(scene), scene.now), history=history), after=SECOND)
        assert (scene.state.access.down == {}) is is_whole
        assert scene.state.transient.asked_at > 0
