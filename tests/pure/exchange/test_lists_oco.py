"""Order lists: one cancels the other, on each of its ways, with the funds of both held once."""

import pytest
from tests.pure.exchange.small_backend import SYMBOL, Floor, ask, done, levels, u

from fairway.exchange.answers import ExchangeRefusal, ListState, OrderSnapshot, OrderStatus
from fairway.exchange.events import BalancesChanged, BookChanged, ListReport, OrderReport, TradePrinted
from fairway.exchange.terms import NewOrder, OrderRef


def market() -> Floor:
    """Last price 100, and depth around it."""
    floor = Floor()
    floor.crowd([("99", "5"), ("80", "50")], [("101", "5"), ("120", "50")], [("100", "1", "BUY")])
    floor.events()
    return floor


def target(price: str = "110", quantity: str = "2", side: str = "SELL", **more: str) -> NewOrder:
    return ask(side, "LIMIT_MAKER", quantity, price, **more)


def stop(price: str = "90", limit: str = "89", quantity: str = "2", side: str = "SELL", **more: str) -> NewOrder:
    return ask(side, "STOP_LOSS_LIMIT", quantity, limit, stop=price, **more)


def statuses(floor: Floor, pair: ListState) -> list[OrderStatus]:
    return [floor.order("ann", leg.order_id).status for leg in pair.orders]


def told(floor: Floor) -> list[str]:
    """What ann is told, in short."""
    short = []
    for event in floor.events():
        if isinstance(event, OrderReport):
            short.append(f"{event.order.type.value} {event.execution.value}")
        elif isinstance(event, ListReport):
            short.append(f"list {event.state.status} {event.state.order_status}")
        elif isinstance(event, BalancesChanged):
            short.append("balances")
        elif isinstance(event, TradePrinted | BookChanged):
            pass
    return short


def test_a_sell_pair_holds_its_coins_once() -> None:
    """Target and stop are open, the stop waiting; one quantity is locked."""
    floor = market()
    pair = floor.pair("ann", target(), stop(), client="my list")
    assert [(leg.type.value, leg.is_working, leg.list_id) for leg in pair.orders] == [
        ("STOP_LOSS_LIMIT", False, pair.list_id),
        ("LIMIT_MAKER", True, pair.list_id),
    ]
    assert (pair.status, pair.order_status, pair.client_id) == ("EXEC_STARTED", "EXECUTING", "my list")
    assert floor.balance("ann", "BTC") == (u("998"), u("2"))
    assert told(floor) == ["STOP_LOSS_LIMIT NEW", "LIMIT_MAKER NEW", "list EXEC_STARTED EXECUTING", "balances"]


def test_a_buy_pair_holds_the_dearer_of_the_two() -> None:
    """The stop above needs more than the target below."""
    floor = market()
    floor.pair("ann", stop("110", "111", side="BUY"), target("95", side="BUY"))
    assert floor.balance("ann", "USDT") == (u("1000000") - u("222"), u("222"))


def test_a_filled_target_ends_the_stop() -> None:
    """The stop expires before the fill is told, then the list is done, then the balances."""
    floor = market()
    pair = floor.pair("ann", target(), stop())
    floor.events()
    floor.crowd(prints=[("111", "9", "BUY")])
    assert statuses(floor, pair) == [OrderStatus.EXPIRED, OrderStatus.FILLED]
    assert told(floor) == ["STOP_LOSS_LIMIT EXPIRED", "LIMIT_MAKER TRADE", "list ALL_DONE ALL_DONE", "balances"]
    assert floor.balance("ann", "BTC") == (u("998"), 0)
    assert floor.balance("ann", "USDT") == (u("1000220"), 0)


def test_a_partly_filled_target_ends_the_stop_and_keeps_working() -> None:
    """From the first fill on it is an order alone, holding its remainder; the list ends with it."""
    floor = market()
    pair = floor.pair("ann", target(), stop())
    floor.crowd(prints=[("110", "0.5", "BUY")])
    assert statuses(floor, pair) == [OrderStatus.EXPIRED, OrderStatus.PARTIALLY_FILLED]
    assert floor.balance("ann", "BTC") == (u("998"), u("1.5"))
    assert len(done(floor.exchange.order_lists("ann", only_open=True))) == 1
    floor.events()
    floor.crowd(prints=[("110", "5", "BUY")])
    assert told(floor) == ["LIMIT_MAKER TRADE", "list ALL_DONE ALL_DONE", "balances"]
    assert done(floor.exchange.order_lists("ann", only_open=True)) == []


def test_a_triggered_stop_ends_the_target() -> None:
    """The target expires at once; the stop works, and trades what is there."""
    floor = market()
    pair = floor.pair("ann", target(), stop())
    floor.events()
    floor.crowd([("89.5", "1"), ("89", "0.25")], None, [("90", "1", "SELL")])
    assert statuses(floor, pair) == [OrderStatus.PARTIALLY_FILLED, OrderStatus.EXPIRED]
    assert floor.balance("ann", "BTC") == (u("998"), u("0.75"))
    assert told(floor) == [
        "LIMIT_MAKER EXPIRED",
        "STOP_LOSS_LIMIT NEW",
        "STOP_LOSS_LIMIT TRADE",
        "STOP_LOSS_LIMIT TRADE",
        "balances",
    ]
    assert floor.depth()[1][0] == (u("89"), u("0.75"))


def test_a_triggered_buy_stop_gives_back_what_it_does_not_need() -> None:
    """The hold of the list becomes that of the leg."""
    floor = market()
    floor.pair("ann", ask("BUY", "STOP_LOSS", "1", stop="110"), target("95", "1", side="BUY"))
    assert floor.balance("ann", "USDT")[1] == u("110")
    floor.crowd(asks=[("109", "5")], prints=[("110", "1", "BUY")])
    assert floor.balance("ann", "USDT") == (u("1000000") - u("109"), 0)


def test_cancelling_one_leg_cancels_both() -> None:
    """By either of them, and by the list."""
    for which in (0, 1, 2):
        floor = market()
        pair = floor.pair("ann", target(), stop())
        floor.events()
        if which < 2:
            assert floor.cancel("ann", pair.orders[which].order_id).status is OrderStatus.CANCELED
        else:
            ended = done(floor.exchange.cancel_list("ann", SYMBOL, OrderRef(pair.list_id)))
            assert isinstance(ended, ListState)
            assert (ended.status, ended.order_status) == ("ALL_DONE", "ALL_DONE")
        assert statuses(floor, pair) == [OrderStatus.CANCELED, OrderStatus.CANCELED]
        assert floor.balance("ann", "BTC") == (u("1000"), 0)
        assert told(floor)[-2:] == ["list ALL_DONE ALL_DONE", "balances"]


def test_cancel_all_counts_a_list_once() -> None:
    """Orders and lists, in the order in which they were placed; nothing is left."""
    floor = market()
    floor.place("ann", "BUY", "LIMIT", "1", "50")
    floor.pair("ann", target(), stop())
    floor.place("ann", "BUY", "LIMIT", "1", "51")
    ended = done(floor.exchange.cancel_all("ann", SYMBOL))
    assert not isinstance(ended, ExchangeRefusal)
    assert [type(each) for each in ended] == [OrderSnapshot, ListState, OrderSnapshot]
    assert done(floor.exchange.open_orders("ann", None)) == []
    assert done(floor.exchange.cancel_all("ann", SYMBOL)) == ExchangeRefusal(-2011, "Unknown order sent.")


def test_two_stops_make_a_list_too() -> None:
    """A take profit above and a stop loss below: whichever is reached first."""
    floor = market()
    pair = floor.pair("ann", ask("SELL", "TAKE_PROFIT", "1", stop="110"), ask("SELL", "STOP_LOSS", "1", stop="90"))
    floor.crowd(bids=[("109", "5")], asks=[("120", "1")], prints=[("110", "1", "BUY")])
    assert statuses(floor, pair) == [OrderStatus.FILLED, OrderStatus.EXPIRED]
    assert floor.balance("ann", "BTC") == (u("999"), 0)


def test_a_print_through_both_legs_trades_only_the_first_reached() -> None:
    """One update that swings down and up: the stop was first, and the target is gone."""
    floor = market()
    pair = floor.pair("ann", target(), stop())
    floor.crowd(prints=[("90", "1", "SELL"), ("115", "9", "BUY")])
    assert statuses(floor, pair)[1] is OrderStatus.EXPIRED
    assert floor.order("ann", pair.orders[1].order_id).executed == 0


@pytest.mark.parametrize(
    ("above", "below", "code"),
    [
        (target("100.01"), stop("99.99"), 0),
        (target("100"), stop("99"), -2010),
        (target("110"), stop("100"), -2010),
        (stop("110", "111"), target("90"), -1166),
        (stop("110", "111", side="BUY"), target("90", side="BUY"), 0),
        (target("110", side="BUY"), stop("90", side="BUY"), -1165),
        (target("110"), target("109"), -1168),
        (ask("SELL", "LIMIT", "2", "110"), stop(), -1158),
        (target(), stop(quantity="1"), -1014),
        (stop("110", "111"), stop("90", "89"), -1197),
        (ask("BUY", "STOP_LOSS", "2", stop="110"), ask("BUY", "STOP_LOSS", "2", stop="90"), -1196),
        (ask("BUY", "TAKE_PROFIT", "2", stop="110"), target("90", side="BUY"), -1198),
        (target(), ask("SELL", "TAKE_PROFIT", "2", stop="90"), -1199),
        (target(quantity="1000.001"), stop(quantity="1000.001"), -2010),
        (target(quantity="0.0001"), stop(quantity="0.0001"), -1013),
        (target(), stop("90.001"), -1013),
        (target(client="a"), stop(client="a"), -2010),
        (target("110", symbol="X"), stop(symbol="X"), -1121),
    ],
)
def test_what_makes_a_list_and_what_does_not(above: NewOrder, below: NewOrder, code: int) -> None:
    """The last price lies strictly between; each kind has its place; both orders pass the filters and the balance."""
    floor = Floor()
    floor.last("100")
    before = floor.everything()
    placed = floor.try_pair("ann", above, below)
    assert (placed.code if isinstance(placed, ExchangeRefusal) else 0) == code
    assert not code or floor.everything() == before


def test_the_wrong_prices_are_refused_in_the_exchanges_words() -> None:
    """The message that clients look for."""
    placed = market().try_pair("ann", target("99"), stop())
    assert placed == ExchangeRefusal(-2010, "The relationship of the prices for the orders is not correct.")


def test_a_maker_leg_that_would_take_is_refused() -> None:
    """The book has a better bid than the target."""
    floor = Floor()
    floor.last("100")
    floor.crowd(bids=[("105", "1")])
    placed = floor.try_pair("ann", target("105"), stop())
    assert placed == ExchangeRefusal(-2010, "Order would immediately match and take.")


def test_a_list_counts_as_two_orders() -> None:
    """With room for one order more there is none for a list, and with room for two there is."""
    floor = Floor(orders_max=3)
    floor.last("100")
    floor.place("ann", "BUY", "LIMIT", "1", "50")
    floor.place("ann", "BUY", "LIMIT", "1", "50")
    assert floor.try_pair("ann", target(), stop()) == ExchangeRefusal(-1013, "Filter failure: MAX_NUM_ORDERS")
    floor.cancel("ann", 1)
    assert floor.pair("ann", target(), stop()).order_status == "EXECUTING"


def test_the_client_id_of_an_open_list_is_taken_and_that_of_a_done_one_is_free() -> None:
    """As with orders."""
    floor = market()
    first = floor.pair("ann", target(), stop(), client="mine")
    assert floor.try_pair("ann", target(), stop(), "mine") == ExchangeRefusal(-2010, "Duplicate order sent.")
    floor.cancel("ann", first.orders[0].order_id)
    assert floor.pair("ann", target(), stop(), client="mine").list_id != first.list_id


def test_a_list_is_found_by_id_and_by_client_id_open_or_done() -> None:
    """And what was never placed is not."""
    floor = market()
    pair = floor.pair("ann", target(), stop(), client="mine")
    assert done(floor.exchange.order_list("ann", OrderRef(pair.list_id))) == pair
    floor.cancel("ann", pair.orders[0].order_id)
    found = done(floor.exchange.order_list("ann", OrderRef(0, "mine")))
    assert isinstance(found, ListState)
    assert found.status == "ALL_DONE"
    assert done(floor.exchange.order_list("ann", OrderRef(99))) == ExchangeRefusal(-2018, "Order list does not exist.")
    assert done(floor.exchange.order_list("bob", OrderRef(pair.list_id))) == ExchangeRefusal(-2018, "Order list does not exist.")
    unknown = done(floor.exchange.cancel_list("ann", SYMBOL, OrderRef(pair.list_id)))
    assert unknown == ExchangeRefusal(-2011, "Unknown order list sent.")


def test_the_depth_shows_the_target_and_not_the_stop() -> None:
    """What waits for a price is not in the book."""
    floor = market()
    floor.pair("ann", target(), stop())
    assert floor.depth()[1] == levels(("101", "5"), ("110", "2"), ("120", "50"))
