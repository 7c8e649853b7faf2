"""When a position is too little for any order, and what becomes of a ladder that the venue refuses."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.pure.trading.planned import rung
from tests.pure.trading.test_reconciliation import of
from tests.pure.trading.test_step import ENTER, SYMBOL, Scene, filled, report

from fairway.journal.kinds import DustLeft, Event, LadderDropped
from fairway.money.amount import Amount
from fairway.orders.order import Order
from fairway.orders.plan import ExitPlan
from fairway.trading.commands import Answered, Place, PlaceFailed, PlacePair, Tick
from fairway.venues.port import Rejected, ReportStatus
from fairway.world.clock import SECOND


def bought(quantity: str, *, is_over: bool) -> tuple[Scene, Order, list[Event]]:
    """An entry that filled so much, and is over or still open; 5 USDT are the least that the venue sells."""
    scene = Scene()
    entry = scene.enter()
    status = ReportStatus.CANCELLED if is_over else ReportStatus.PARTLY
    events = scene.news(filled(entry, "1", quantity)).events
    events += scene.news(Answered([report(entry, status, filled=Decimal(quantity))])).events
    return scene, entry, events


def test_what_is_too_little_to_sell_is_written_off_once_nothing_more_is_bought() -> None:
    """While the entry is open the position may still grow."""
    *_, events = bought("0.04", is_over=False)
    assert of(events, DustLeft) == []
    *_, events = bought("0.04", is_over=True)
    assert len(of(events, DustLeft)) == 1


@pytest.mark.parametrize("quantity", ["0.049", "0.06"])
def test_no_position_is_written_off_while_no_price_is_sound(quantity: str) -> None:
    """0.049 are less than 5 USDT at 100.02, and more at their target of 104."""
    scene = Scene()
    entry = scene.enter()
    scene.news(Answered([report(entry)]))
    scene.now += 11 * SECOND
    events = scene.news(filled(entry, "1", quantity)).events
    events += scene.news(Answered([report(entry, ReportStatus.CANCELLED, filled=Decimal(quantity))])).events
    events += scene.news(Tick(), after=SECOND).events
    assert of(events, DustLeft) == []
    assert SYMBOL in scene.desk.ledger.positions


def refused(scene: Scene, pairs: list[PlacePair]) -> list[Event]:
    events: list[Event] = []
    for pair in pairs:
        events += scene.news(PlaceFailed([pair.stop, pair.target], Rejected("no"))).events
    return events


@pytest.mark.parametrize("prices", [("102",), ("102", "103")])
def test_a_ladder_that_the_venue_refuses_twice_is_dropped(prices: tuple[str, ...]) -> None:
    """One rung and the target are a ladder already: one pair over all of it is less to ask for."""
    scene = Scene()
    plan = ExitPlan(rungs=tuple(rung("30 %", price) for price in prices))
    [place] = scene.wish(replace(ENTER, exit_plan=plan)).commands
    assert isinstance(place, Place)
    entry = place.order
    scene.news(Answered([report(entry, ReportStatus.FILLED, filled=entry.quantity.value)]))
    commands = scene.news(filled(entry, "1", entry.quantity.value)).commands
    events: list[Event] = []
    for _ in range(4):
        pairs = [each for each in commands if isinstance(each, PlacePair)]
        events += refused(scene, pairs)
        outcome = scene.news(Tick(), after=20 * SECOND)
        commands, events = list(outcome.commands), events + list(outcome.events)
    assert len(of(events, LadderDropped)) == 1
    assert Amount.of("0", "BTC") < scene.desk.ledger.positions[SYMBOL].quantity
