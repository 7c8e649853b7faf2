"""When a position is too little for any order, and what becomes of a ladder that the venue refuses."""

from decimal import Decimal

import pytest
from msgspec.structs import replace
from tests.pure.trading.planned import LADDER, cancelled, price, protected, rung
from tests.pure.trading.test_reconciliation import of
from tests.pure.trading.test_step import ENTER, SYMBOL, Scene, filled, report

from fairway.journal.kinds import DustLeft, Event, ExitWanted, LadderDropped
from fairway.money.amount import Amount
from fairway.orders.plan import ExitPlan
from fairway.trading.inputs import OrdersAcknowledged, PlaceFailed, Tick
from fairway.trading.venue_requests import Place, PlacePair
from fairway.venues.port import Rejected, ReportStatus
from fairway.world.clock import SECOND


def after_a_part(quantity: str, status: ReportStatus, *, last_bid: str = "100.00", age_s: int = 0) -> list[Event]:
    """All that follows in eight seconds when an entry has filled so much. age_s: of the last quote; 0 where quotes go on."""
    scene = Scene()
    entry = scene.enter()
    scene.news(OrdersAcknowledged([report(entry)]))
    scene.quote(last_bid, str(Decimal(last_bid) + 1))
    scene.now += age_s * SECOND
    events = list(scene.news(filled(entry, "1", quantity)).events)
    events += scene.news(OrdersAcknowledged([report(entry, status, filled=Decimal(quantity))])).events
    for _ in range(8):
        scene.now += SECOND
        if not age_s:
            scene.quote(last_bid, str(Decimal(last_bid) + 1))
        events += scene.news(Tick()).events
    return events


@pytest.mark.parametrize(("status", "written_off"), [(ReportStatus.PARTLY, 0), (ReportStatus.CANCELLED, 1)])
def test_what_is_too_little_to_sell_is_written_off_once_nothing_more_is_bought(status: ReportStatus, written_off: int) -> None:
    """5 USDT are the least that the venue sells. While the entry is open the position may still grow."""
    assert len(of(after_a_part("0.04", status), DustLeft)) == written_off


@pytest.mark.parametrize(
    ("last_bid", "quantity", "is_sold"),
    [("99.50", "0.049", False), ("99.50", "0.05", True), ("105", "0.048", False), ("105", "0.049", True)],
)
def test_without_a_sound_price_a_position_is_judged_by_the_best_that_is_known(
    last_bid: str, quantity: str, is_sold: bool
) -> None:
    """The last bid, or its target of 104: on lots, after the fee, 0.049 or 0.048 are worth 5 USDT there. One that is too high
    costs a sale that is refused, one that is too low would give the position away; nothing is written off meanwhile."""
    events = after_a_part(quantity, ReportStatus.CANCELLED, last_bid=last_bid, age_s=11)
    assert of(events, DustLeft) == []
    told = [event.why for event in of(events, ExitWanted) if isinstance(event, ExitWanted)]
    assert told == (["what is left of it is too little for a stop"] if is_sold else [])


@pytest.mark.parametrize(
    ("bid", "target"), [("102", "103"), ("102.99", "103"), ("103", "104"), ("103.5", "104"), ("103.99", "104")]
)
def test_a_rung_that_a_thin_book_did_not_take_gets_a_pair_at_the_next_price_above_the_bid(bid: str, target: str) -> None:
    """The venue would refuse a target that fills at once: at a rung's own price that is the next one's, or the target's."""
    scene, pairs = protected(LADDER)
    first = pairs[0]
    scene.news(filled(first.target, "2", "1", "102"))
    scene.quote("102.01", "102.03")
    [sale] = cancelled(scene, first.stop, first.target).commands
    assert isinstance(sale, Place)
    scene.news(OrdersAcknowledged([report(sale.order, ReportStatus.EXPIRED, filled=Decimal(1))]))
    scene.news(filled(sale.order, "3", "1", "102"))
    scene.now += 2 * SECOND
    scene.quote(bid, str(Decimal(bid) + Decimal("0.02")))
    [pair] = scene.news(Tick()).commands
    assert isinstance(pair, PlacePair)
    assert pair.target.price == price(target)


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
    scene.news(OrdersAcknowledged([report(entry, ReportStatus.FILLED, filled=entry.quantity.value)]))
    commands = scene.news(filled(entry, "1", entry.quantity.value)).commands
    events: list[Event] = []
    for _ in range(4):
        pairs = [each for each in commands if isinstance(each, PlacePair)]
        events += refused(scene, pairs)
        outcome = scene.news(Tick(), after=20 * SECOND)
        commands, events = list(outcome.commands), events + list(outcome.events)
    assert len(of(events, LadderDropped)) == 1
    assert Amount.of("0", "BTC") < scene.state.money.ledger.positions[SYMBOL].quantity
