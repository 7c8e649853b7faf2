"""A stop that follows the price or goes to break even, and a position whose time is up."""

import pytest
from msgspec.structs import replace
from tests.pure.trading.planned import LADDER, bought, cancelled, candle_at, close_at, held, price, protected, usdt
from tests.pure.trading.test_step import ENTER, SYMBOL, Scene, caught, filled, kinds, report

from fairway.journal.kinds import CapRaised, ExitWanted, Protected, StopMoved
from fairway.money.amount import Price
from fairway.orders.plan import ExitPlan, Trailing
from fairway.risk.caps import held as held_cap
from fairway.risk.limits import Limits, TradingState
from fairway.trading.inputs import OrdersAcknowledged, PlaceFailed, Tick
from fairway.trading.step import StepOutcome
from fairway.trading.venue_requests import PlacePair
from fairway.venues.port import Rejected, ReportStatus
from fairway.world.clock import MINUTE, SECOND

TRAIL = ExitPlan(trailing=Trailing(starts=price("102.4"), distance=usdt("2")))


def moves(outcome: StepOutcome) -> list[Price]:
    return [event.stop for event in outcome.events if isinstance(event, StopMoved)]


@pytest.mark.parametrize(
    ("closes", "stops"),
    [
        (("102.39",), []),
        (("102.4",), ["100.4"]),
        (("102.4", "102.59"), ["100.4"]),
        (("102.4", "102.6"), ["100.4", "100.6"]),
        (("103", "102.5"), ["101"]),
    ],
    ids=["not yet", "from 1.2 R on", "less than a step", "a step", "never down"],
)
def test_a_trailing_stop_follows_the_close_upwards(closes: tuple[str, ...], stops: list[str]) -> None:
    """From its start on, by steps of a tenth of its distance, and never down."""
    scene, [pair] = protected(TRAIL)
    found: list[Price] = []
    for close in closes:
        outcome = close_at(scene, close)
        found += moves(outcome)
        if moves(outcome):
            [new] = cancelled(scene, pair.stop, pair.target).commands
            assert isinstance(new, PlacePair)
            scene.news(OrdersAcknowledged([report(new.stop), report(new.target)]))
            assert new.stop.stop_price == found[-1]
            pair = new
    assert found == [price(stop) for stop in stops]


def test_the_gap_of_a_move_is_measured() -> None:
    """From the wish to cancel until the new stop rests, under new ids; and added up for the position."""
    scene, [pair] = protected(TRAIL)
    before = scene.state.protection.naked_ns[SYMBOL]
    assert kinds(close_at(scene, "103").commands) == ["Cancel"]
    scene.now += SECOND
    [new] = cancelled(scene, pair.stop, pair.target).commands
    assert isinstance(new, PlacePair)
    assert new.stop.id != pair.stop.id
    outcome = scene.news(OrdersAcknowledged([report(new.stop), report(new.target)]), after=SECOND)
    [event] = [event for event in outcome.events if isinstance(event, Protected)]
    assert (event.naked_ns, event.total_ns) == (2 * SECOND, before + 2 * SECOND)


FLAWED = {
    "stale": ("103", "103.02", 11 * SECOND, 0),
    "far": ("120", "121", 0, 0),
    "crossed": ("104", "103", 0, 0),
    "there already": ("101", "101.02", 0, 0),
    "late": ("103", "103.02", 0, MINUTE),
}


@pytest.mark.parametrize(("bid", "ask", "age", "late"), FLAWED.values(), ids=FLAWED)
def test_a_stop_is_not_moved_on_data_that_is_not_sound(bid: str, ask: str, age: int, late: int) -> None:
    """An old, absurd or crossed quote, one that is there already, or a candle from before."""
    scene, _ = protected(TRAIL)
    scene.now = (scene.bars + 2) * MINUTE + late
    scene.quote(bid, ask)
    scene.now += age
    assert moves(candle_at(scene, "103")) == []


def test_only_a_position_that_is_whole_and_at_rest_is_touched() -> None:
    """Not while its pair is on the way, and not while a target has lost its stop."""
    scene, [pair] = bought(TRAIL)
    assert moves(close_at(scene, "103")) == []
    scene.news(OrdersAcknowledged([report(pair.stop), report(pair.target)]))
    scene.news(report(pair.stop, ReportStatus.EXPIRED))
    assert moves(close_at(scene, "103.1")) == []


def test_a_refused_move_falls_back_at_once() -> None:
    """The old level is where the venue held it: without a pause, and the position is not sold."""
    scene, [pair] = protected(TRAIL)
    close_at(scene, "103")
    [new] = cancelled(scene, pair.stop, pair.target).commands
    assert isinstance(new, PlacePair)
    outcome = scene.news(PlaceFailed([new.stop, new.target], Rejected("would trigger immediately", "-2010")))
    assert moves(outcome) == [price("98")]
    [back] = [command for command in outcome.commands if isinstance(command, PlacePair)]
    assert (back.stop.stop_price, back.stop.quantity.value) == (price("98"), held(scene))
    scene.news(PlaceFailed([back.stop, back.target], Rejected("no", "-2010")))
    assert exits(scene.news(Tick(), after=SECOND)) == ["the venue refused its stop and target"]


def test_a_halted_account_keeps_its_stops_where_they_are() -> None:
    """Nothing but protection is sent, and a move would open a gap."""
    scene, _ = protected(TRAIL)
    cap = replace(held_cap(SYMBOL, "test", scene.now), limits=Limits(state=TradingState.HALTED))
    scene.state.apply(CapRaised(cap=cap), scene.now)
    assert moves(close_at(scene, "103")) == []


def test_reduce_only_goes_on_moving_stops() -> None:
    """Only entries are forbidden."""
    scene, _ = protected(TRAIL)
    scene.state.apply(CapRaised(cap=held_cap(SYMBOL, "test", scene.now)), scene.now)
    assert moves(close_at(scene, "103")) == [price("101")]


def test_break_even_waits_for_the_first_rung_and_for_a_price_above() -> None:
    """Then the rest rests under the price of the entry, rounded up."""
    scene, pairs = protected(replace(LADDER, break_even=True))
    scene.quote("102.10", "102.12")
    half = pairs[0].target.quantity.value
    outcome = scene.news(filled(pairs[0].target, "2", half, "102"))
    assert moves(outcome) == []
    outcome = scene.news(report(pairs[0].stop, ReportStatus.EXPIRED))
    assert moves(outcome) == [price("100.02")]
    cancelled(scene, pairs[1].stop, pairs[1].target, pairs[2].stop)
    new = [command for command in cancelled(scene, pairs[2].target).commands if isinstance(command, PlacePair)]
    assert [pair.target.price for pair in new] == [price("103"), price("104")]
    assert {pair.stop.stop_price for pair in new} == {price("100.02")}
    assert sum(pair.stop.quantity.value for pair in new) == held(scene)


def exits(outcome: StepOutcome) -> list[str]:
    return [event.why for event in outcome.events if isinstance(event, ExitWanted)]


def test_time_closes_a_position_once() -> None:
    """After three bars, by the candles: it was opened while the first one was forming. Then the wish stands."""
    scene, [pair] = protected(ExitPlan(bars_max=3))
    told = [exits(close_at(scene, "100.5")) for _ in range(5)]
    assert told == [[], ["held for 3 bars"], [], [], []]
    assert kinds(cancelled(scene, pair.stop, pair.target).commands) == ["Place"]


def test_time_goes_on_without_candles() -> None:
    """A dead market stream does not keep a position open: the venue's full answer, which is asked for anyway, is enough."""
    scene, _ = protected(ExitPlan(bars_max=3))
    totals = {asset: str(total) for asset, total in scene.state.money.ledger.balances.totals.items()}
    orders = [report(order) for order in scene.state.orders.blotter.of(SYMBOL)]
    told = [exits(scene.news(caught(totals, scene.now, *orders), after=MINUTE)) for _ in range(5)]
    assert [len(each) for each in told] == [0, 0, 0, 1, 0]


def test_a_plain_plan_moves_nothing() -> None:
    """Whatever the price does between stop and target."""
    scene = Scene()
    scene.protected()
    for close in ("101", "102", "103", "103.9"):
        assert close_at(scene, close).events == []
    assert ENTER.exit_plan == ExitPlan()
