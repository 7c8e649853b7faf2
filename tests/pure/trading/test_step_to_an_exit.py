"""Exits, step by step: a position is sold once, and what failed to sell it is tried otherwise."""

from decimal import Decimal

from tests.pure.trading.test_step import SYMBOL, Scene, filled, kinds, report

from fairway.journal.kinds import CapRaised, ExitWanted
from fairway.orders.ids import Role
from fairway.orders.intent import Exit
from fairway.orders.order import Side
from fairway.trading.inputs import CancelFailed, OrderQueried, OrdersAcknowledged, PlaceFailed, Tick
from fairway.trading.venue_requests import Place, PlacePair, QueryOrder
from fairway.venues.port import (
    Ambiguous,
    Duplicate,
    KeyRefused,
    Rejected,
    ReportStatus,
    Unreachable,
    VenueError,
)
from fairway.world.clock import SECOND


def test_a_refused_stop_means_leaving_at_market() -> None:
    """A position that cannot be protected is closed, after a pause, and by one order."""
    scene = Scene()
    pair = scene.holding()
    outcome = scene.news(PlaceFailed([pair.stop, pair.target], Rejected("would trigger immediately", "-2010")))
    assert kinds(outcome.commands) == ["QueryAccount"]  # a no may be untrue: before anything is sold, the venue is asked
    outcome = scene.news(Tick(), after=SECOND)
    [exit_order] = [command for command in outcome.commands if isinstance(command, Place)]
    assert exit_order.order.role is Role.EXIT
    assert any(isinstance(event, ExitWanted) for event in outcome.events)


def test_what_a_target_left_over_is_sold_where_the_price_is_at_the_target() -> None:
    """The venue ends the stop with the target's first part; a new pair would be refused, for its target would fill at once."""
    scene = Scene()
    pair = scene.protected()
    scene.quote("104.00", "104.02")
    assert kinds(scene.news(filled(pair.target, "2", "1", "104")).commands) == ["Cancel"]
    scene.news(report(pair.stop, ReportStatus.EXPIRED))
    [sale] = scene.news(report(pair.target, ReportStatus.CANCELLED, Decimal(1))).commands
    assert isinstance(sale, Place)
    assert sale.order.quantity == scene.order(pair.target).remaining


def test_an_absurd_quote_sells_nothing() -> None:
    """A bid far above the newest candle is no target reached: the rest is protected by a new pair."""
    scene = Scene()
    pair = scene.protected()
    scene.quote("114.00", "114.02")
    scene.news(filled(pair.target, "2", "1", "104"))
    scene.news(report(pair.stop, ReportStatus.EXPIRED))
    outcome = scene.news(report(pair.target, ReportStatus.CANCELLED, Decimal(1)))
    assert kinds(outcome.commands) == ["PlacePair"]


def test_two_refused_closes_call_a_person() -> None:
    """The same failing close is not repeated for ever; what cannot be sold is protected, if that can be done."""
    scene = Scene()
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], Rejected("no")))
    [place] = scene.news(Tick(), after=SECOND).commands
    assert isinstance(place, Place)
    scene.news(PlaceFailed([place.order], Rejected("no")))
    assert scene.news(Tick(), after=SECOND - 1).events == []
    outcome = scene.news(Tick(), after=1)
    assert isinstance(outcome.events[0], CapRaised)
    [again] = outcome.commands
    assert isinstance(again, PlacePair)
    scene.news(OrdersAcknowledged([report(again.stop), report(again.target)]))
    assert scene.news(Tick(), after=SECOND).events == []


def test_a_dead_line_is_no_reason_to_sell() -> None:
    """Unreachable while protecting: tried again with new ids after a pause; the position is not dumped."""
    scene = Scene()
    pair = scene.holding()
    scene.news(PlaceFailed([pair.stop, pair.target], Unreachable("no route")))
    assert kinds(scene.news(Tick(), after=SECOND).commands) == ["PlacePair"]


def test_an_exit_first_cancels_protection_and_then_sells_what_is_held() -> None:
    """Never two sells for one position: the sale waits for the cancel's confirmation."""
    scene = Scene()
    pair = scene.protected()
    outcome = scene.wish(Exit(symbol=SYMBOL, reason="enough"))
    assert kinds(outcome.commands) == ["Cancel"]
    cancelled = [report(leg, ReportStatus.CANCELLED) for leg in (pair.stop, pair.target)]
    assert scene.news(OrdersAcknowledged(cancelled[:1])).commands == []
    [sale] = scene.news(cancelled[1]).commands
    assert isinstance(sale, Place)
    assert sale.order.quantity == pair.stop.quantity


def test_a_stop_that_fills_while_it_is_being_cancelled_ends_the_story() -> None:
    """The cancel lost the race: the fill counts, the trip is closed, and nothing is sold twice."""
    scene = Scene()
    pair = scene.protected()
    scene.wish(Exit(symbol=SYMBOL, reason="enough"))
    scene.news(CancelFailed(pair.stop, Rejected("Unknown order sent.", "-2011")))
    outcome = scene.news(filled(pair.stop, "2", pair.stop.quantity.value, "98"))
    assert outcome.commands == []
    scene.news(report(pair.target, ReportStatus.EXPIRED))
    assert SYMBOL not in scene.state.money.ledger.positions
    assert scene.news(Tick(), after=2 * SECOND).commands == []


def test_a_cancel_that_nobody_answered_is_found_out() -> None:
    """Still open when asked: the cancel did not happen and is tried again."""
    scene = Scene()
    pair = scene.protected()
    scene.wish(Exit(symbol=SYMBOL, reason="enough"))
    asked = [command for command in scene.news(Tick(), after=SECOND).commands if isinstance(command, QueryOrder)]
    assert [find.order.id for find in asked] == [pair.stop.id, pair.target.id]
    scene.news(OrderQueried(pair.stop, report(pair.stop), scene.now))
    outcome = scene.news(OrderQueried(pair.target, report(pair.target), scene.now))
    assert kinds(outcome.commands) == ["Cancel"]


ERRORS: tuple[VenueError, ...] = (Ambiguous("x"), Unreachable("x"), Rejected("x"), Duplicate("x"), KeyRefused("x"))


def test_no_failure_of_an_exit_sells_twice() -> None:
    """Whatever goes wrong with a sale, at most one sale is alive at a time, and none beside a stop."""
    for error in ERRORS:
        scene = Scene()
        pair = scene.holding()
        scene.news(PlaceFailed([pair.stop, pair.target], Rejected("no")))
        [place] = scene.news(Tick(), after=SECOND).commands
        assert isinstance(place, Place)
        scene.news(PlaceFailed([place.order], error))
        for _ in range(5):
            scene.news(Tick(), after=SECOND)
            roles = [order.role for order in scene.state.orders.blotter.of(SYMBOL) if order.side is Side.SELL]
            assert roles in ([], [Role.EXIT], [Role.STOP, Role.TARGET]), error
