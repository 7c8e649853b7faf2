"""What the state does not do while it cannot know: flawed candles, unfinished entries, duplicates, fills without an owner."""

from dataclasses import replace
from decimal import Decimal

import pytest
from msgspec import structs
from tests.pure.trading.test_step import ENTER, SYMBOL, Scene, caught, filled, kinds, report

from fairway.journal.kinds import CapRaised, CaughtUp, ExternalFill, Marked, Unexplained
from fairway.market.candles import Candle
from fairway.orders.lifecycle import CancelSent, OrderFilled
from fairway.orders.order import OrderState
from fairway.trading.inputs import OrderQueried, OrdersAcknowledged, PlaceFailed, Tick
from fairway.trading.venue_requests import Place, PlacePair
from fairway.venues.port import Ambiguous, Duplicate, FillReport, Rejected, ReportStatus
from fairway.world.clock import MINUTE, SECOND


def unnamed(fill: FillReport) -> FillReport:
    """As the venue's history tells a fill: whose order it is of is known by the venue's own id only."""
    return replace(fill, client_id="")


@pytest.mark.parametrize("low", ["0", "100.5"])
def test_a_flawed_candle_leads_to_nothing_and_is_not_kept(low: str) -> None:
    """A price of zero, or a low above the close; whatever the strategy would have made of it."""
    scene = Scene()
    scene.strategy.wish = (ENTER,)
    price = Decimal(100)
    flawed = Candle(
        symbol=SYMBOL,
        open_at=MINUTE,
        close_at=2 * MINUTE,
        open=price,
        high=Decimal(101),
        low=Decimal(low),
        close=price,
        volume=price,
    )
    outcome = scene.news(flawed)
    assert (outcome.events, outcome.commands) == ([], [])
    assert not scene.state.market.candles.get(SYMBOL)
    assert kinds(scene.wish(ENTER).commands) == ["Place"]


def test_an_entry_that_fills_in_parts_is_protected_once_it_is_quiet() -> None:
    """A second without another part: not one pair for each of them."""
    scene = Scene()
    entry = scene.enter()
    scene.news(report(entry, ReportStatus.PARTLY, filled=Decimal(1)))
    assert scene.news(filled(entry, "1", "1")).commands == []
    scene.news(report(entry, ReportStatus.PARTLY, filled=Decimal(3)), after=SECOND // 2)
    assert scene.news(filled(entry, "2", "2")).commands == []
    assert scene.news(Tick(), after=SECOND // 2).commands == []
    [pair] = scene.news(Tick(), after=SECOND // 2).commands
    assert isinstance(pair, PlacePair)
    assert pair.stop.quantity.value == Decimal("2.997")


def test_a_pair_that_covers_too_little_makes_way_for_one_that_covers_all() -> None:
    """A fill of the entry came after the pair rested."""
    scene = Scene()
    entry = scene.enter()
    scene.news(OrdersAcknowledged([report(entry, ReportStatus.PARTLY, filled=Decimal(1))]))
    scene.news(filled(entry, "1", "1"))
    [pair] = scene.news(Tick(), after=SECOND).commands
    assert isinstance(pair, PlacePair)
    scene.news(OrdersAcknowledged([report(pair.stop), report(pair.target)]))
    scene.news(report(entry, ReportStatus.EXPIRED, filled=Decimal(2)))
    outcome = scene.news(filled(entry, "2", "1"))
    assert [event.order_id for event in outcome.events if isinstance(event, CancelSent)] == [pair.stop.id, pair.target.id]
    [new] = scene.news(OrdersAcknowledged([report(leg, ReportStatus.CANCELLED) for leg in (pair.stop, pair.target)])).commands
    assert isinstance(new, PlacePair)
    assert new.stop.quantity.value == Decimal("1.998")


def test_an_older_report_of_a_live_order_makes_no_missing_fill_superfluous() -> None:
    """Eight are filled; that it were two is old, and six are still to be told."""
    scene = Scene()
    entry = scene.enter()
    scene.news(report(entry, ReportStatus.PARTLY, filled=Decimal(8)))
    scene.news(filled(entry, "1", "2"))
    scene.news(report(entry, ReportStatus.PARTLY, filled=Decimal(2)))
    assert scene.state.orders.lacks_fills(SYMBOL)
    assert kinds(scene.news(Tick(), after=2 * SECOND).commands) == ["QueryAccount"]


def test_a_duplicate_is_no_refusal() -> None:
    """The venue holds the pair already: it stays unknown until it is found, and nothing is sold in its stead."""
    scene = Scene()
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], Duplicate("Duplicate order sent.")))
    assert {scene.order(leg).state for leg in (pair.stop, pair.target)} == {OrderState.UNKNOWN}
    assert kinds(scene.news(Tick(), after=SECOND).commands) == ["QueryOrder", "QueryOrder"]


def test_before_a_denied_pair_is_sent_again_its_fills_are_asked_for() -> None:
    """It may have rested, fired and be over; then its ids are free, and the venue would take it once more."""
    scene = Scene()
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], Ambiguous("reset")), after=SECOND)
    scene.now += 2 * SECOND
    for leg in (pair.stop, pair.target):
        assert kinds(scene.news(OrderQueried(leg, None, scene.now)).commands) == ["QueryAccount"]
    told = caught({asset: str(total) for asset, total in scene.state.money.ledger.balances.totals.items()}, scene.now)
    assert "PlacePair" in kinds(scene.news(told).commands)


def test_nothing_is_sold_while_a_fill_without_an_owner_may_be_of_a_refused_stop() -> None:
    """For a minute from the refusal on; nor is the difference taken for moved by hand, nor the account for caught up."""
    scene = Scene()
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], Rejected("Stop price would trigger immediately.", "-2010")))
    stranger = unnamed(filled(pair.stop, "2", pair.stop.quantity.value, "98"))
    for _ in range(3):
        outcome = scene.news(caught({"USDT": "9990"}, scene.now, fills=[stranger]), after=10 * SECOND)
        assert kinds(outcome.commands) == ["QueryOrder", "QueryOrder"]
        assert not any(isinstance(event, Unexplained | CaughtUp) for event in outcome.events)
    assert scene.news(Tick(), after=29 * SECOND).commands == []
    [sale] = scene.news(Tick(), after=SECOND).commands
    assert isinstance(sale, Place)


def test_a_refused_stop_that_is_found_to_have_filled_ends_the_story() -> None:
    """Then the fill has an owner, and the position is closed by it."""
    scene = Scene()
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], Rejected("no", "-2010")))
    stranger = unnamed(filled(pair.stop, "2", pair.stop.quantity.value, "98"))
    scene.news(caught({"USDT": "9990"}, scene.now, fills=[stranger]))
    done = report(pair.stop, ReportStatus.FILLED, filled=pair.stop.quantity.value)
    assert kinds(scene.news(OrderQueried(pair.stop, done, scene.now), after=SECOND).commands) == ["QueryAccount"]
    outcome = scene.news(caught({"USDT": "9990"}, scene.now, fills=[stranger]))
    assert any(isinstance(event, OrderFilled) for event in outcome.events)
    assert scene.state.money.ledger.positions == {}


def test_a_fill_from_before_the_refused_order_was_made_is_somebody_elses() -> None:
    """Such as what a person sold by hand: it is booked as that at once. A minute is allowed for clocks that disagree."""
    scene = Scene()
    scene.now += 10 * MINUTE
    scene.quote("100.00", "100.01")
    scene.bars = 9
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], Rejected("no", "-2010")))
    stranger = unnamed(filled(pair.stop, "2", pair.stop.quantity.value, "98"))
    stranger = replace(stranger, fill=structs.replace(stranger.fill, at=MINUTE))
    outcome = scene.news(caught({"USDT": "9990"}, scene.now, fills=[stranger]))
    assert [type(event) for event in outcome.events] == [ExternalFill, CapRaised, Marked]
    assert "QueryOrder" not in kinds(outcome.commands)
