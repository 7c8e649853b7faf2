"""Who trades first: better prices, then earlier orders, with the crowd in its place; and what the crowd does to orders."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pure.exchange.small_backend import SYMBOL, Floor, done, levels, u

from fairway.exchange.answers import OrderStatus
from fairway.exchange.events import BookChanged, TradePrinted
from fairway.exchange.market_data import BookLevel, MarketUpdate, Print


def test_at_one_price_the_earlier_order_trades_first() -> None:
    """And a cancelled one loses its place."""
    floor = Floor()
    first = floor.place("ann", "SELL", "LIMIT", "1", "100")
    second = floor.place("bob", "SELL", "LIMIT", "1", "100")
    third = floor.place("ann", "SELL", "LIMIT", "1", "100")
    floor.cancel("ann", first.order_id)
    floor.place("eve", "BUY", "LIMIT", "1.5", "100")
    assert floor.order("bob", second.order_id).status is OrderStatus.FILLED
    assert floor.order("ann", third.order_id).executed == u("0.5")


@given(
    st.lists(st.tuples(st.sampled_from(["100", "101", "102"]), st.integers(1, 5)), min_size=1, max_size=12), st.integers(1, 40)
)
def test_fills_follow_price_and_then_time(resting: list[tuple[str, int]], wanted: int) -> None:
    """Whatever rests, a taker meets it sorted by price, then by arrival, and stops within its quantity."""
    floor = Floor()
    for price, quantity in resting:
        floor.place("bob", "SELL", "LIMIT", str(quantity), price)
    taker = floor.place("ann", "BUY", "LIMIT", str(wanted), "102")
    expected, left = [], wanted
    for price, quantity in sorted(resting, key=lambda order: order[0]):
        if left:
            expected.append((u(price), u(str(min(left, quantity)))))
            left -= min(left, quantity)
    assert [(fill.price, fill.quantity) for fill in taker.fills] == expected


def test_the_crowd_is_ahead_at_its_price() -> None:
    """An order that came to the crowd's price trades after it; one that was there first, before it."""
    floor = Floor()
    first = floor.place("bob", "SELL", "LIMIT", "1", "100")
    floor.crowd(asks=[("100", "2")])
    last = floor.place("bob", "SELL", "LIMIT", "1", "100")
    floor.place("ann", "BUY", "LIMIT", "2", "100")
    assert floor.order("bob", first.order_id).status is OrderStatus.FILLED
    assert floor.order("bob", last.order_id).executed == 0
    floor.place("ann", "BUY", "LIMIT", "1.5", "100")
    assert floor.order("bob", last.order_id).executed == u("0.5")


def test_an_order_is_first_once_the_crowd_has_left_its_price() -> None:
    """When the crowd comes back it queues behind."""
    floor = Floor()
    floor.crowd(asks=[("100", "2")])
    order = floor.place("bob", "SELL", "LIMIT", "1", "100")
    floor.crowd(asks=[("101", "2")])
    floor.crowd(asks=[("100", "2")])
    floor.place("ann", "BUY", "LIMIT", "1", "100")
    assert floor.order("bob", order.order_id).status is OrderStatus.FILLED


def test_a_taker_that_empties_the_crowd_at_a_price_puts_the_orders_there_first() -> None:
    """The queue in front of them is gone, also when the crowd shows new quantity."""
    floor = Floor()
    floor.crowd(asks=[("100", "2")])
    order = floor.place("bob", "SELL", "LIMIT", "1", "100")
    floor.place("ann", "BUY", "LIMIT", "2", "100")
    floor.crowd(asks=[("100", "2")])
    floor.place("ann", "BUY", "LIMIT", "1", "100")
    assert floor.order("bob", order.order_id).status is OrderStatus.FILLED


def test_crowd_depth_that_was_eaten_is_gone_until_the_next_update() -> None:
    """A large order moves the price; the crowd heals it when it speaks again, side by side."""
    floor = Floor()
    floor.crowd([("99", "1")], [("100", "1"), ("101", "2")])
    floor.place("ann", "BUY", "MARKET", "1.5")
    assert floor.depth()[1] == levels(("101", "1.5"))
    floor.crowd(bids=[("98", "1")])
    assert floor.depth() == (levels(("98", "1")), levels(("101", "1.5")))
    floor.crowd(asks=[("100", "1")])
    assert floor.depth()[1] == levels(("100", "1"))


def test_depth_shows_accounts_and_crowd_together() -> None:
    """Quantities at one price add up; the best come first, as many as asked for."""
    floor = Floor()
    floor.crowd([("99", "1"), ("97", "1")], [("101", "1")])
    floor.place("ann", "BUY", "LIMIT", "2", "99")
    floor.place("ann", "BUY", "LIMIT", "2", "98")
    assert floor.depth()[0] == levels(("99", "3"), ("98", "2"), ("97", "1"))
    assert [tuple(level) for level in floor.exchange.market.book(SYMBOL, 2).bids] == levels(("99", "3"), ("98", "2"))


def test_a_print_trades_through_better_orders_up_to_its_quantity() -> None:
    """At the accounts' prices, best first; the crowd gets what is left of the print."""
    floor = Floor()
    best = floor.place("ann", "BUY", "LIMIT", "1", "100")
    next_best = floor.place("bob", "BUY", "LIMIT", "5", "99")
    floor.events()
    floor.crowd(prints=[("98", "4", "SELL")])
    assert floor.order("ann", best.order_id).executed_quote == u("100")
    assert floor.order("bob", next_best.order_id).executed == u("3")
    trades = [(event.trade.price, event.trade.quantity) for event in floor.events() if isinstance(event, TradePrinted)]
    assert trades == levels(("100", "1"), ("99", "3"))
    floor.crowd(prints=[("98", "4", "SELL")])
    trades = [(event.trade.price, event.trade.quantity) for event in floor.events() if isinstance(event, TradePrinted)]
    assert trades == levels(("99", "2"), ("98", "2"))


def test_a_print_at_an_orders_price_serves_the_crowd_that_was_there_first() -> None:
    """Only what the print has after the displayed quantity, counted once over all prints of the update."""
    floor = Floor()
    floor.crowd(bids=[("100", "3")])
    order = floor.place("ann", "BUY", "LIMIT", "5", "100")
    floor.crowd(prints=[("100", "2", "SELL")])
    assert floor.order("ann", order.order_id).executed == 0
    floor.crowd(prints=[("100", "2", "SELL"), ("100", "2", "SELL")])
    assert floor.order("ann", order.order_id).executed == u("1")


def test_a_print_at_an_orders_price_serves_the_order_that_was_there_first() -> None:
    """It gets the print whole."""
    floor = Floor()
    order = floor.place("ann", "BUY", "LIMIT", "5", "100")
    floor.crowd(bids=[("100", "3")])
    floor.crowd(prints=[("100", "2", "SELL")])
    assert floor.order("ann", order.order_id).executed == u("2")


def test_a_print_at_an_orders_price_on_the_other_side_leaves_it_alone() -> None:
    """A buyer who takes at 100 does not fill a bid at 100."""
    floor = Floor()
    order = floor.place("ann", "BUY", "LIMIT", "5", "100")
    floor.crowd(prints=[("100", "2", "BUY")])
    assert floor.order("ann", order.order_id).executed == 0


def test_new_quotes_that_cross_an_order_fill_it_at_its_price() -> None:
    """And the crowd's quantity there is gone with the trade."""
    floor = Floor()
    sell = floor.place("ann", "SELL", "LIMIT", "2", "100")
    floor.crowd(bids=[("102", "1"), ("101", "0.5"), ("99", "1")], asks=[("103", "1")])
    assert (floor.order("ann", sell.order_id).executed, floor.order("ann", sell.order_id).executed_quote) == (u("1.5"), u("150"))
    assert floor.depth() == (levels(("99", "1")), levels(("100", "0.5"), ("103", "1")))
    assert all(fill.is_maker for fill in done(floor.exchange.fills("ann", SYMBOL)))


def test_a_stop_that_a_print_reaches_finds_the_depth_shown_after_it() -> None:
    """The crowd that traded through the stop has left: the stop sells into what is there now."""
    floor = Floor()
    floor.crowd([("99", "5")], [("101", "5")], [("100", "1", "BUY")])
    stop = floor.place("ann", "SELL", "STOP_LOSS", "1", stop="95")
    floor.crowd([("89", "5")], [("91", "5")], [("95", "1", "SELL"), ("96", "1", "BUY")])
    assert floor.order("ann", stop.order_id).executed_quote == u("89")


def test_own_orders_and_crowd_never_leave_the_book_crossed() -> None:
    """Depth that crosses itself is a bug of whoever made it, and says so."""
    floor = Floor()
    with pytest.raises(ValueError, match="not below its best ask"):
        floor.crowd([("101", "1")], [("101", "1")])


def test_an_operation_tells_of_the_book_once_and_an_untouched_book_not_at_all() -> None:
    """BookChanged follows the depth."""
    floor = Floor()
    floor.crowd([("99", "1")], [("101", "1"), ("102", "1")], [("100", "1", "BUY")])
    assert sum(isinstance(event, BookChanged) for event in floor.events()) == 1
    floor.place("ann", "BUY", "MARKET", "2")
    assert sum(isinstance(event, BookChanged) for event in floor.events()) == 1
    floor.crowd(prints=[("100", "1", "BUY")])
    floor.place("ann", "BUY", "LIMIT", "1", "50", force="IOC")
    floor.place("ann", "SELL", "STOP_LOSS", "1", stop="50")
    assert sum(isinstance(event, BookChanged) for event in floor.events()) == 0
    before = floor.exchange.market.book(SYMBOL, 1).update_id
    floor.place("ann", "BUY", "LIMIT", "1", "50")
    assert floor.exchange.market.book(SYMBOL, 1).update_id == before + 1


def test_an_update_leaves_the_makers_levels_as_they_were() -> None:
    """Levels handed in are the market's own: eating them changes nothing there."""
    floor = Floor()
    asks = [BookLevel(u("100"), u("1")), BookLevel(u("101"), u("1"))]
    floor.exchange.apply(MarketUpdate(SYMBOL, floor.clock.at, asks=asks))
    floor.place("ann", "BUY", "MARKET", "1.5")
    assert asks == [BookLevel(u("100"), u("1")), BookLevel(u("101"), u("1"))]


def test_a_print_keeps_its_figures_in_proportion_where_accounts_took_a_part() -> None:
    """The rest of a print that stood for several trades goes to the tape cut down."""
    floor = Floor()
    floor.place("ann", "BUY", "LIMIT", "1", "100")
    floor.events()
    told = Print(SYMBOL, 0, u("99"), u("4"), u("396.00000003"), floor.clock.at, True, 7, u("2"), u("198"))
    floor.exchange.apply(MarketUpdate(SYMBOL, floor.clock.at, [told]))
    rest = next(event.trade for event in reversed(floor.events()) if isinstance(event, TradePrinted))
    assert (rest.quantity, rest.quote, rest.trades) == (u("3"), u("297.00000002"), 7)
    assert (rest.taker_buy_quantity, rest.taker_buy_quote) == (u("1.5"), u("148.5"))
