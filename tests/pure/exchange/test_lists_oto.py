"""Order lists in which a working order triggers one more order (OTO) or a pair (OTOCO), on each of their ways."""

import pytest
from tests.pure.exchange.small_backend import SYMBOL, Floor, ask, done, u

from fairway.exchange.answers import ExchangeRefusal, ListState, OrderStatus
from fairway.exchange.events import ListReport, OrderReport
from fairway.exchange.terms import NewContingent, NewOrder, OrderRef

ENTRY = ask("BUY", "LIMIT", "2", "95")
TARGET, STOP = ask("SELL", "LIMIT_MAKER", "2", "110"), ask("SELL", "STOP_LOSS_LIMIT", "2", "89", stop="90")
WAITS, OPEN, GONE, ENDED = OrderStatus.PENDING_NEW, OrderStatus.NEW, OrderStatus.EXPIRED, OrderStatus.CANCELED


def market() -> Floor:
    """Last price 100, and depth around it."""
    floor = Floor()
    floor.crowd([("99", "5"), ("80", "50")], [("101", "5"), ("120", "50")], [("100", "1", "BUY")])
    floor.events()
    return floor


def try_(floor: Floor, working: NewOrder, *pending: NewOrder, client: str = "") -> ListState | ExchangeRefusal:
    return done(floor.exchange.place_contingent("ann", NewContingent(working, pending, client)))


def place(floor: Floor, working: NewOrder, *pending: NewOrder) -> ListState:
    placed = try_(floor, working, *pending)
    assert isinstance(placed, ListState), placed
    return placed


def statuses(floor: Floor, placed: ListState) -> list[OrderStatus]:
    return [floor.order("ann", order.order_id).status for order in placed.orders]


def fill_entry(floor: Floor) -> None:
    """Somebody sells down to 94, and the crowd quotes around 97 afterwards."""
    floor.crowd([("96", "5")], [("98", "5")], [("94", "9", "SELL"), ("97", "1", "BUY")])


def told(floor: Floor) -> list[str]:
    """What ann is told of orders and lists, in short."""
    short = []
    for event in floor.events():
        if isinstance(event, OrderReport):
            short.append(f"{event.order.type.value} {event.execution.value} {event.order.status.value}")
        elif isinstance(event, ListReport):
            short.append(f"list {event.state.contingency} {event.state.status}")
    return short


def test_what_waits_is_nowhere_and_holds_nothing() -> None:
    """It is open and has an id; the working order alone is in the book, and alone is paid for."""
    floor = market()
    placed = place(floor, ENTRY, TARGET, STOP)
    assert [(it.type.value, it.status, it.working_at, it.list_id) for it in placed.orders] == [
        ("LIMIT", OPEN, placed.at, placed.list_id),
        ("STOP_LOSS_LIMIT", WAITS, 0, placed.list_id),
        ("LIMIT_MAKER", WAITS, 0, placed.list_id),
    ]
    assert (placed.contingency, placed.status) == ("OTO", "EXEC_STARTED")
    assert (floor.balance("ann", "USDT"), floor.balance("ann", "BTC")) == ((u("999810"), u("190")), (u("1000"), 0))
    assert len(done(floor.exchange.open_orders("ann", None))) == 3
    assert told(floor) == [
        "LIMIT NEW NEW",
        "STOP_LOSS_LIMIT NEW PENDING_NEW",
        "LIMIT_MAKER NEW PENDING_NEW",
        "list OTO EXEC_STARTED",
    ]


def test_a_filled_working_order_places_the_pair() -> None:
    """From then on it is a pair like others: held once, and one ends the other; then the list is done."""
    floor = market()
    placed = place(floor, ENTRY, TARGET, STOP)
    floor.events()
    fill_entry(floor)
    assert statuses(floor, placed) == [OrderStatus.FILLED, OPEN, OPEN]
    assert floor.balance("ann", "BTC") == (u("1000"), u("2"))
    assert told(floor) == ["LIMIT TRADE FILLED", "STOP_LOSS_LIMIT NEW NEW", "LIMIT_MAKER NEW NEW"]
    floor.crowd(prints=[("111", "9", "BUY")])
    assert statuses(floor, placed) == [OrderStatus.FILLED, GONE, OrderStatus.FILLED]
    assert told(floor) == ["STOP_LOSS_LIMIT EXPIRED EXPIRED", "LIMIT_MAKER TRADE FILLED", "list OTO ALL_DONE"]
    assert floor.balance("ann", "BTC") == (u("1000"), 0)
    assert floor.balance("ann", "USDT") == (u("1000030"), 0)


def test_a_part_of_a_fill_triggers_nothing() -> None:
    """Only the whole fill does."""
    floor = market()
    placed = place(floor, ENTRY, TARGET, STOP)
    floor.crowd(prints=[("95", "0.5", "SELL")])
    assert statuses(floor, placed) == [OrderStatus.PARTIALLY_FILLED, WAITS, WAITS]


@pytest.mark.parametrize(
    ("pending", "status"),
    [
        (ask("SELL", "LIMIT", "1", "105"), OPEN),
        (ask("SELL", "LIMIT", "1", "94"), OrderStatus.FILLED),
        (ask("SELL", "MARKET", "1"), OrderStatus.FILLED),
        (ask("BUY", "MARKET", "1"), OrderStatus.FILLED),
        (ask("SELL", "STOP_LOSS", "1", stop="90"), OPEN),
        (ask("SELL", "STOP_LOSS", "1", stop="97"), GONE),
        (ask("SELL", "LIMIT_MAKER", "1", "94"), GONE),
        (ask("SELL", "LIMIT", "1", "94", force="IOC"), OrderStatus.FILLED),
        (ask("SELL", "LIMIT", "1", "105", force="FOK"), GONE),
    ],
    ids=lambda it: f"{it.side} {it.type} {it.quantity // 10**8}" if isinstance(it, NewOrder) else "",
)
def test_each_type_waits_and_is_placed(pending: NewOrder, status: OrderStatus) -> None:
    """It does then what it would have done if it had been sent then; what it lacks then, funds or a price, ends it."""
    floor = market()
    placed = place(floor, ENTRY, pending)
    assert placed.orders[1].status is WAITS
    fill_entry(floor)
    assert statuses(floor, placed) == [OrderStatus.FILLED, status]
    for order in done(floor.exchange.open_orders("ann", None)):
        floor.cancel("ann", order.order_id)
    assert [floor.balance("ann", asset)[1] for asset in ("BTC", "USDT")] == [0, 0]


@pytest.mark.parametrize(
    "pending",
    [
        ask("SELL", "LIMIT", "3", "105"),
        ask("SELL", "MARKET", "3"),
        ask("BUY", "MARKET", "1"),
        ask("SELL", "STOP_LOSS", "3", stop="90"),
    ],
    ids=lambda it: f"{it.side} {it.type}",
)
def test_what_cannot_be_paid_for_when_it_is_placed_expires(pending: NewOrder) -> None:
    """Nothing was held for it; what the fill brought is not enough."""
    floor = market()
    floor.exchange.accounts.deposit("ann", "BTC", -u("1000"))
    floor.exchange.accounts.deposit("ann", "USDT", -u("999810"))
    placed = place(floor, ENTRY, pending)
    fill_entry(floor)
    assert statuses(floor, placed) == [OrderStatus.FILLED, GONE]
    assert (floor.balance("ann", "BTC"), floor.balance("ann", "USDT")) == ((u("2"), 0), (0, 0))


def test_an_order_that_is_filled_at_once_is_answered_before_it_triggers() -> None:
    """As at the exchange: the answer shows PENDING_NEW, a query later shows what became of it."""
    floor = market()
    placed = place(floor, ask("BUY", "LIMIT", "2", "101"), TARGET, STOP)
    assert [it.status for it in placed.orders] == [OrderStatus.FILLED, WAITS, WAITS]
    assert placed.orders[0].fills
    assert statuses(floor, placed) == [OrderStatus.FILLED, OPEN, OPEN]


def test_a_pair_whose_prices_are_passed_expires() -> None:
    """The last price must lie between them when they are placed."""
    floor = market()
    placed = place(floor, ENTRY, TARGET, STOP)
    floor.crowd([("70", "5")], [("72", "5")], [("94", "9", "SELL"), ("71", "1", "SELL")])
    assert statuses(floor, placed) == [OrderStatus.FILLED, GONE, GONE]
    assert floor.balance("ann", "BTC") == (u("1002"), 0)
    assert done(floor.exchange.order_lists("ann", only_open=True)) == []


def test_a_working_order_that_expires_ends_the_list() -> None:
    """FOK, or its own account in the way."""
    floor = market()
    placed = place(floor, ask("BUY", "LIMIT", "2", "95", force="FOK"), TARGET, STOP)
    assert statuses(floor, placed) == [GONE, GONE, GONE]
    placed = place(floor, ask("BUY", "LIMIT", "2", "99.5"), TARGET, STOP)
    floor.place("ann", "SELL", "LIMIT", "1", "99.5", mode="EXPIRE_MAKER")
    assert statuses(floor, placed) == [OrderStatus.EXPIRED_IN_MATCH, GONE, GONE]
    assert floor.balance("ann", "USDT") == (u("1000000"), 0)


@pytest.mark.parametrize("number", [0, 1, 2])
def test_cancelling_one_cancels_all(number: int) -> None:
    """Whichever of them, before the fill."""
    floor = market()
    placed = place(floor, ENTRY, TARGET, STOP)
    floor.cancel("ann", placed.orders[number].order_id)
    assert statuses(floor, placed) == [ENDED] * 3
    assert floor.balance("ann", "USDT") == (u("1000000"), 0)
    assert done(floor.exchange.order_lists("ann", only_open=True)) == []
    fill_entry(floor)
    assert statuses(floor, placed) == [ENDED] * 3


def test_lists_are_cancelled_whole() -> None:
    """By the list's id, and with all orders of the symbol; also after a part of a fill."""
    floor = market()
    placed = place(floor, ENTRY, TARGET, STOP)
    floor.crowd(prints=[("95", "0.5", "SELL")])
    done(floor.exchange.cancel_list("ann", SYMBOL, OrderRef(placed.list_id)))
    assert statuses(floor, placed) == [ENDED] * 3
    placed = place(floor, ENTRY, TARGET)
    done(floor.exchange.cancel_all("ann", SYMBOL))
    assert statuses(floor, placed) == [ENDED] * 2
    assert floor.balance("ann", "BTC") == (u("1000.5"), 0)


def test_what_is_wrong_is_refused_and_changes_nothing() -> None:
    """Filters of each order, names in use, funds of the working order, and pairs that are none."""
    floor = market()
    floor.place("ann", "BUY", "LIMIT", "1", "50", client="taken")
    floor.exchange.accounts.deposit("ann", "USDT", -u("999750"))
    before = floor.everything()
    wrong: list[tuple[tuple[NewOrder, ...], int]] = [
        ((ask("BUY", "MARKET", "1"), TARGET), -1014),
        ((ENTRY, ask("SELL", "LIMIT", "2", "110.005")), -1013),
        ((ENTRY, ask("SELL", "LIMIT", "0.000001", "110")), -1013),
        ((ENTRY, ask("SELL", "LIMIT", "2", "110", client="taken")), -2010),
        ((ask("BUY", "LIMIT", "2", "95", client="x"), ask("SELL", "LIMIT", "2", "110", client="x")), -2010),
        ((ask("BUY", "LIMIT", "3", "95"), TARGET), -2010),
        ((ask("BUY", "LIMIT_MAKER", "2", "101"), TARGET), -2010),
        ((ENTRY, TARGET, TARGET), -1168),
        ((ENTRY, STOP, TARGET), -1166),
    ]
    for orders, code in wrong:
        refused = try_(floor, *orders)
        assert isinstance(refused, ExchangeRefusal), orders
        assert refused.code == code, orders
        assert floor.everything() == before
