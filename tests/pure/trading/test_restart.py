"""What a start adds to the journal: who the trader is, and doubt about all that was in flight when its last life ended."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from tests.ids import RUN
from tests.pure.trading.test_step import PAIR, SYMBOL, Scene, report

from fairway.journal.kinds import Event, TraderStarted
from fairway.money.amount import Amount
from fairway.money.fraction import Fraction
from fairway.orders.lifecycle import OrderLost
from fairway.orders.order import Order, OrderState
from fairway.risk.guards.roster import Roster
from fairway.risk.guards.rules import GuardRules
from fairway.trading.account_state import AccountState
from fairway.trading.inputs import OrdersAcknowledged, PlaceFailed
from fairway.trading.recovery import restart
from fairway.venues.port import Ambiguous, ReportStatus


def started(state: AccountState, run: str = "fresh") -> list[Event]:
    return list(restart(state, release="r2", venue="binance", strategy="trend", run=run))


def told(scene: Scene) -> list[tuple[str, str]]:
    """Orders that are doubted, each with why."""
    again = scene.replayed()
    return [(event.order_id, event.why) for event in started(again) if isinstance(event, OrderLost)]


def test_a_start_tells_who_the_trader_is() -> None:
    """Evidence is about the bot; a pilot lets in nobody whose guards or lease it does not know."""
    scene = Scene(needs_lease=True)
    state = scene._state()
    state.config = replace(state.config, bot="d1ge57")
    state.guards = Roster(GuardRules(drawdown=Fraction.parse("15 %")), "USDT")
    assert started(state) == [
        TraderStarted(
            account="main",
            epoch=1,
            release="r2",
            venue="binance",
            strategy="trend",
            symbols=(SYMBOL,),
            lots={SYMBOL: PAIR.lot},
            bot="d1ge57",
            guards=state.guards.bounds(),
            leased=True,
            run="fresh",
        )
    ]
    assert "drawdown" in state.guards.bounds()


def test_a_run_is_kept_from_start_to_start_and_the_drawn_one_is_spare() -> None:
    """It is for the case in which no number of a start is left."""
    state = Scene().replayed()
    [event] = started(state)
    assert isinstance(event, TraderStarted)
    assert (event.run, event.epoch, event.leased, event.guards) == (RUN, 2, False, {})
    assert state.transient.spare_run == "fresh"
    fresh = Scene()._state()
    started(fresh)
    assert fresh.transient.spare_run == ""


def sent(scene: Scene) -> Order:
    return scene.enter()


def unknown(scene: Scene) -> Order:
    entry = scene.enter()
    scene.news(PlaceFailed([entry], Ambiguous("reset")))
    return entry


def resting(scene: Scene) -> Order:
    entry = scene.enter()
    scene.news(OrdersAcknowledged([report(entry)]))
    return entry


def ended(scene: Scene) -> Order:
    entry = scene.enter()
    scene.news(OrdersAcknowledged([report(entry, ReportStatus.REJECTED)]))
    return entry


@pytest.mark.parametrize(
    ("live", "state", "why"),
    [
        (sent, OrderState.SENT, "the trader stopped before the venue answered"),
        (unknown, OrderState.UNKNOWN, "the trader stopped before the venue said what became of it"),
        (resting, OrderState.OPEN, ""),
        (ended, OrderState.REJECTED, ""),
    ],
)
def test_what_was_in_flight_is_doubted_and_what_rests_or_has_ended_is_not(
    live: Callable[[Scene], Order], state: OrderState, why: str
) -> None:
    """An order that was unknown is so from the start on: no clock tells how long it has been."""
    scene = Scene()
    order = live(scene)
    assert scene.state.orders.blotter[order.id].state is state
    assert told(scene) == ([(order.id, why)] if why else [])


def test_an_order_that_was_being_cancelled_is_doubted() -> None:
    """One leg of a pair is gone; the trader stopped while the other one was cancelled for another size."""
    scene = Scene()
    pair = scene.protected()
    scene.news(replace(report(pair.target), quantity=Amount.of("1", "BTC")))
    doubted = {order.id for order in scene.state.orders.blotter.live.values() if order.state is OrderState.CANCELLING}
    assert doubted
    assert {order_id for order_id, _ in told(scene)} == doubted
