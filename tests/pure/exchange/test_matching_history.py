"""What the exchange remembers of orders and fills, how it is asked for, and where memory ends."""

from tests.pure.exchange.small_backend import SYMBOL, Floor, ask, done, u

from fairway.exchange.account_symbol import CLOSED_KEPT, FILLS_KEPT, LISTS_KEPT
from fairway.exchange.answers import OrderSnapshot
from fairway.exchange.events import BookChanged, OrderReport
from fairway.exchange.log import VALUES_KEPT
from fairway.exchange.terms import OrderRef


def ids(orders: object) -> list[int]:
    assert isinstance(orders, list)
    return [order.order_id for order in orders]


def test_orders_are_listed_by_id_by_time_and_newest_first_to_go() -> None:
    """Open and closed together, oldest first."""
    floor = Floor()
    for step in range(6):
        floor.clock.at += 10
        floor.place("ann", "BUY", "LIMIT", "1", str(100 - step))
    floor.cancel("ann", 2)
    floor.cancel("ann", 1)
    start = floor.clock.at - 60
    ask_all = floor.exchange.all_orders
    assert ids(done(ask_all("ann", SYMBOL))) == [1, 2, 3, 4, 5, 6]
    assert ids(done(ask_all("ann", SYMBOL, limit=2))) == [5, 6]
    assert ids(done(ask_all("ann", SYMBOL, from_id=2, limit=2))) == [2, 3]
    assert ids(done(ask_all("ann", SYMBOL, since=start + 20, until=start + 40))) == [2, 3, 4]
    assert ids(done(floor.exchange.open_orders("ann", None))) == [3, 4, 5, 6]
    assert ids(done(floor.exchange.open_orders("bob", SYMBOL))) == []


def test_fills_are_listed_by_order_by_trade_and_by_time() -> None:
    """Without any of them, the newest."""
    floor = Floor()
    floor.crowd(bids=[("100", "50")])
    for _ in range(4):
        floor.clock.at += 10
        floor.place("ann", "SELL", "MARKET", "1")

    def trades(**which: int) -> list[int]:
        return [fill.trade_id for fill in done(floor.exchange.fills("ann", SYMBOL, **which))]

    assert trades() == [1, 2, 3, 4]
    assert trades(limit=2) == [3, 4]
    assert trades(order_id=2) == [2]
    assert trades(from_id=2, limit=2) == [2, 3]
    assert trades(since=floor.clock.at - 10) == [3, 4]
    assert trades(until=floor.clock.at - 30) == [1]


def test_an_order_answers_with_the_fills_of_its_placing_only_then() -> None:
    """Queries and events do not repeat them."""
    floor = Floor()
    floor.crowd(asks=[("100", "1")])
    placed = floor.place("ann", "BUY", "LIMIT", "3", "100")
    assert [fill.quantity for fill in placed.fills] == [u("1")]
    assert floor.order("ann", placed.order_id).fills == ()
    assert all(event.order.fills == () for event in floor.events() if isinstance(event, OrderReport))


def test_the_oldest_closed_order_is_forgotten_at_the_bound() -> None:
    """Its client id with it, unless a newer order uses that id; open orders are never forgotten."""
    floor = Floor()
    kept = floor.place("ann", "BUY", "LIMIT", "1", "50", client="kept")
    for number in range(CLOSED_KEPT + 2):
        name = "twice" if number in (1, CLOSED_KEPT) else f"order {number}"
        order = floor.place("ann", "BUY", "LIMIT", "1", "100", client=name)
        floor.cancel("ann", order.order_id)
    assert len(done(floor.exchange.all_orders("ann", SYMBOL, limit=20_000))) == CLOSED_KEPT + 1
    assert floor.order("ann", kept.order_id).client_id == "kept"

    def found(name: str) -> bool:
        return isinstance(done(floor.exchange.order("ann", SYMBOL, OrderRef(0, name))), OrderSnapshot)

    assert not found("order 0")
    assert found("twice")
    assert found("order 2")


def test_fills_and_lists_have_their_bounds() -> None:
    """The oldest go first."""
    floor = Floor()
    floor.last("100")
    floor.crowd([("99", "9000")], [("101", "9000")])
    for _ in range(FILLS_KEPT // 2 + 1):
        floor.place("ann", "BUY", "MARKET", "0.1")
        floor.place("ann", "SELL", "MARKET", "0.1")
    fills = done(floor.exchange.fills("ann", SYMBOL, limit=20_000))
    assert (len(fills), fills[0].trade_id) == (FILLS_KEPT, 4)
    above, below = ask("SELL", "LIMIT_MAKER", "1", "110"), ask("SELL", "STOP_LOSS", "1", stop="90")
    for _ in range(LISTS_KEPT + 1):
        floor.cancel("ann", floor.pair("ann", above, below).orders[0].order_id)
    lists = done(floor.exchange.order_lists("ann", only_open=False, limit=5_000))
    assert (len(lists), lists[0].list_id, lists[-1].list_id) == (LISTS_KEPT, 2, LISTS_KEPT + 1)
    assert [each.list_id for each in done(floor.exchange.order_lists("ann", only_open=False, limit=2))] == [1000, 1001]


def test_events_that_nobody_drains_are_lost_at_the_bound_and_counted() -> None:
    """The log never grows without end, whatever happens; the oldest are lost, whole ones, and the rest is told."""
    floor, twin = Floor(), Floor()
    told = []
    for _ in range(VALUES_KEPT // 20 + 1):
        for each in (floor, twin):
            each.cancel("ann", each.place("ann", "BUY", "LIMIT", "1", "100").order_id)
        told += twin.events()
    assert len(floor.exchange.engine.log.values) < VALUES_KEPT
    assert len(told) // 3 < floor.exchange.lost_events < len(told) * 2 // 3
    assert twin.exchange.lost_events == 0
    assert floor.events() == told[floor.exchange.lost_events :]
    floor.crowd(bids=[("99", "1")])
    assert floor.events() == [BookChanged(SYMBOL, floor.clock.at)]


def test_a_cancel_is_told_under_its_own_name_and_the_orders() -> None:
    """The report carries the cancel's id; the order keeps its own; without a name the exchange gives one."""
    floor = Floor()
    named = floor.place("ann", "BUY", "LIMIT", "1", "100", client="mine")
    unnamed = floor.place("ann", "BUY", "LIMIT", "1", "100")
    assert len(unnamed.client_id) == 22
    floor.events()
    assert floor.cancel("ann", named.order_id, "stop it").client_id == "mine"
    floor.cancel("ann", unnamed.order_id)
    first, second = (event for event in floor.events() if isinstance(event, OrderReport))
    assert (first.order.client_id, first.original_client_id) == ("stop it", "mine")
    assert second.original_client_id == unnamed.client_id
    assert second.order.client_id not in ("", unnamed.client_id)
