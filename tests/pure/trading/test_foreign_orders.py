"""What is counted of open orders that are not the trader's own, before an entry and beside a position."""

import dataclasses

from tests.pure.trading.planned import protected
from tests.pure.trading.test_protection_that_fails import locked_at_venue, stranger
from tests.pure.trading.test_step import ENTER, SYMBOL, Scene, report

from fairway.journal.kinds import EntryRefused
from fairway.orders.order import Side
from fairway.orders.plan import PLAIN
from fairway.trading.foreign_orders import beside, locked
from fairway.venues.port import ReportStatus


def test_orders_that_rest_are_counted_and_stops_among_them() -> None:
    """Purchases too; what an earlier life left is not foreign, and not in the books either."""
    scene = Scene()
    sale, bid = stranger("3"), dataclasses.replace(stranger("2"), venue_id="v-bid", side=Side.BUY)
    stop = dataclasses.replace(stranger("1"), venue_id="v-stop", stop_price=ENTER.stop)
    for told in (sale, bid, stop):
        scene.news(told)
    scene.state.transient.orphans = {"fw-main-9-1-s": SYMBOL, "fw-main-9-1-t": SYMBOL, "fw-main-9-2-s": "ETH/USDT"}
    assert beside(scene.state, SYMBOL) == (5, 2)
    assert locked(scene.state, SYMBOL) == 4
    for told in (sale, bid, stop):
        scene.news(dataclasses.replace(told, status=ReportStatus.CANCELLED))
    assert beside(scene.state, SYMBOL) == (2, 1)
    assert locked(scene.state, SYMBOL) == 0


def test_what_a_sale_has_filled_it_locks_no_more() -> None:
    scene = Scene()
    sale = stranger("3", ReportStatus.PARTLY)
    scene.news(dataclasses.replace(sale, filled=sale.quantity - dataclasses.replace(stranger("1")).quantity))
    assert locked(scene.state, SYMBOL) == 1


def test_no_entry_is_made_while_more_is_locked_than_there_is() -> None:
    """By our books, which have no coins at all: they or the count are wrong, and the stop might find none."""
    scene = Scene()
    scene.news(stranger("3"))
    [refused] = scene.wish(ENTER).events
    assert isinstance(refused, EntryRefused)
    assert refused.code.startswith("EXIT_LOCKED: quantity=")


def test_what_the_venue_locks_besides_is_dropped_once_a_foreign_order_moves() -> None:
    """It may be this very order, which the stream tells later: it must not count twice. What was listed too much stays known."""
    for at_venue in ("3", "0"):
        scene, [pair] = protected(PLAIN)
        scene.now += 10**9
        own = pair.stop.quantity.value
        told = (report(pair.stop), report(pair.target))
        sales = () if at_venue == "3" else (stranger("3"),)
        scene.news(locked_at_venue(scene, str(own + int(at_venue)), *told, *sales))
        assert locked(scene.state, SYMBOL) == int(at_venue)
        scene.news(dataclasses.replace(stranger("1"), venue_id="v-later"))
        assert locked(scene.state, SYMBOL) == 1


def test_while_an_order_of_ours_moves_the_venues_figure_says_nothing() -> None:
    """Orders and balances are asked for one after the other."""
    scene, [pair] = protected(PLAIN)
    own = pair.stop.quantity.value
    scene.news(locked_at_venue(scene, str(own + 3), report(pair.stop), report(pair.target)))
    assert locked(scene.state, SYMBOL) == 0
