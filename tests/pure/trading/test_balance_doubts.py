"""What one answer about the account's balances may do to the books, and what needs a second source."""

import msgspec
import pytest
from msgspec import structs
from tests.pure.kinds_of_caps import other
from tests.pure.trading.test_reconciliation import of, state, totals
from tests.pure.trading.test_step import SYMBOL, Scene, caught, report

from fairway.journal.commands import LiftCap
from fairway.journal.kinds import CapLifted, CapRaised, Unexplained
from fairway.orders.lifecycle import CancelSent
from fairway.orders.order import Order
from fairway.risk import caps
from fairway.risk.cap_kinds import BALANCE_DOUBT, JOURNAL, Lifting
from fairway.risk.caps import Cap, reduce_only
from fairway.risk.limits import TradingState
from fairway.trading.inputs import CommandReceived
from fairway.world.clock import MINUTE, SECOND


def asked(scene: Scene, answer: dict[str, str], *orders: Order, is_confirmed: bool = True, times: int = 3) -> list[object]:
    """The same answer so many times, half a minute apart, with these orders listed; what it led to."""
    events: list[object] = []
    for _ in range(times):
        told = caught(answer, scene.now, *map(report, orders), is_confirmed=is_confirmed)
        events += scene.news(told, after=MINUTE // 2).events
    return events


@pytest.mark.parametrize("told", ["0", "1", "40", None])
def test_coins_that_an_order_locks_are_there(told: str | None) -> None:
    """However often two endpoints deny it: no source is believed against the venue's own list of orders."""
    scene = Scene()
    pair = scene.protected()
    answer = {asset: value for asset, value in totals(scene).items() if asset != "BTC"} | ({} if told is None else {"BTC": told})
    events = asked(scene, answer, pair.stop, pair.target)
    assert not any(isinstance(event, Unexplained | CancelSent) for event in events)
    [raised] = [event.cap for event in events if isinstance(event, CapRaised)]
    assert (raised.id, raised.symbol) == (f"unexplained balance {SYMBOL}", SYMBOL)
    assert "open orders lock" in raised.reason
    assert state(scene) is TradingState.REDUCE_ONLY


def test_a_list_of_orders_that_lacks_ours_ends_none_of_them() -> None:
    """Until it was asked for by its id, an order that the books hold for open locks its coins."""
    scene = Scene()
    scene.protected()
    answer = {asset: value for asset, value in totals(scene).items() if asset != "BTC"}
    assert not any(isinstance(event, Unexplained | CancelSent) for event in asked(scene, answer))


@pytest.mark.parametrize(("moved", "is_booked"), [("-200", True), ("-201", False), ("200", True), ("201", False)])
def test_one_endpoint_alone_moves_no_more_than_two_percent(moved: str, is_booked: bool) -> None:
    """Of 10,000; to repeat it makes no second source."""
    scene = Scene()
    events = asked(scene, totals(scene, USDT=moved), is_confirmed=False)
    assert any(isinstance(event, Unexplained) for event in events) is is_booked
    assert [event.cap.id for event in events if isinstance(event, CapRaised)] == [
        "unexplained USDT" if is_booked else "unexplained balance"
    ]


def test_a_lot_of_a_position_is_no_small_change() -> None:
    """Though it is less than two percent of the coins: nothing of what a stop should cover is given away on one word."""
    scene = Scene()
    scene.holding()
    scene.state.orders.blotter.live.clear()
    scene.state.orders.blotter.__post_init__()
    events = asked(scene, totals(scene, BTC="-0.002"), is_confirmed=False)
    assert not any(isinstance(event, Unexplained) for event in events)


def test_two_endpoints_that_differ_are_no_two_sources() -> None:
    """What the other one says is told."""
    scene = Scene()
    for _ in range(3):
        outcome = scene.news(caught({"USDT": "4000"}, scene.now, second={"USDT": "10000"}), after=MINUTE)
        assert of(outcome.events, Unexplained) == []
    assert "another answer of the venue says 10000 USDT" in scene.state.limits.caps["unexplained balance"].reason


def test_the_hold_ends_by_itself_when_the_answers_agree() -> None:
    """Whoever was told reads that it is over; a restart in between does not forget it."""
    scene = Scene()
    asked(scene, {"USDT": "4000"}, is_confirmed=False)
    assert "unexplained balance" in scene.replayed().limits.caps
    events = asked(scene, {"USDT": "10000"}, times=1)
    assert [event.cap_id for event in events if isinstance(event, CapLifted)] == ["unexplained balance"]
    assert state(scene) is TradingState.ACTIVE


def test_a_hold_that_a_release_of_before_wrote_ends_by_itself_too() -> None:
    """Its record describes the kind in other words; the trader starts again with it."""
    scene = Scene()
    asked(scene, {"USDT": "4000"}, is_confirmed=False)
    raised = next(event for event, _ in scene.journal if isinstance(event, CapRaised))
    body = msgspec.to_builtins(raised.cap)
    assert body["kind"].pop("clears")
    old = msgspec.convert(body, Cap)
    assert old.kind != BALANCE_DOUBT
    scene.state.apply(CapRaised(cap=old), scene.now)
    events = asked(scene, {"USDT": "10000"}, times=1)
    assert [event.cap_id for event in events if isinstance(event, CapLifted)] == ["unexplained balance"]


def test_what_a_cap_is_about_ends_it_and_not_what_it_is_called() -> None:
    """One that is called like a doubt, the trader's own blindness, and a doubt by another name."""
    scene = Scene()
    for cap in (
        reduce_only(other("unexplained balance of old", lifting=Lifting.ITSELF), "an auditor wishes it", scene.now),
        reduce_only(JOURNAL, "the disk is full", scene.now),
        structs.replace(reduce_only(BALANCE_DOUBT, "nothing confirms it", scene.now), id="money"),
    ):
        scene.state.apply(CapRaised(cap=cap), scene.now)
    events = asked(scene, totals(scene), times=1)
    assert [event.cap_id for event in events if isinstance(event, CapLifted)] == ["money"]


def test_an_answer_that_is_older_than_our_own_fill_raises_nothing() -> None:
    """It was asked for before the entry filled; the stream was faster than the answer."""
    scene = Scene()
    before, began_at = totals(scene), scene.now
    scene.now += SECOND
    scene.protected()
    assert of(scene.news(caught(before, began_at, is_confirmed=False)).events, CapRaised) == []


def test_a_stop_outlives_a_position_that_balances_took_away() -> None:
    """A journal of an earlier release may say so while the pair rests: no fill has closed the position, so the pair stays until a
    person has looked and lifts the hold."""
    scene = Scene()
    pair = scene.protected()
    held = scene.state.money.ledger.positions[SYMBOL].quantity
    for event in (
        Unexplained(amount=-held, asked_at=scene.now),
        CapRaised(cap=caps.held(SYMBOL, "less than is explained", scene.now)),
    ):
        scene.state.apply(event, scene.now)
        scene.journal.append((event, scene.now))
    assert SYMBOL not in scene.state.money.ledger.positions
    assert scene.replayed().protection.taken == {SYMBOL: None}
    events = asked(scene, totals(scene), pair.stop, pair.target)
    assert not any(isinstance(event, CancelSent) for event in events)
    lifted = scene.news(
        CommandReceived(1, "ann", LiftCap(reason="sold them at the exchange", account="main", cap_id=f"held {SYMBOL}"))
    )
    assert of(lifted.events, CancelSent) != []
