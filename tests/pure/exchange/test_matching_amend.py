"""An order is made smaller and keeps its place; what it no longer needs is free, and each change can be read later."""

import pytest
from tests.pure.exchange.small_backend import SYMBOL, Floor, ask, done, u

from fairway.exchange.answers import Amended, ExchangeRefusal, OrderStatus
from fairway.exchange.events import Execution, ListReport, OrderReport
from fairway.exchange.terms import NewContingent, OrderRef


def amend(floor: Floor, order_id: int, quantity: str, client: str = "") -> Amended | ExchangeRefusal:
    return done(floor.exchange.amend("ann", SYMBOL, OrderRef(order_id), u(quantity), client))


def amended(floor: Floor, order_id: int, quantity: str, client: str = "") -> Amended:
    made = amend(floor, order_id, quantity, client)
    assert isinstance(made, Amended), made
    return made


def test_it_keeps_its_place_before_a_later_order() -> None:
    """The same id; bob, who came later at the price, is served after it."""
    floor = Floor()
    mine = floor.place("ann", "BUY", "LIMIT", "5.5", "100", client="mine")
    bobs = floor.place("bob", "BUY", "LIMIT", "4", "100")
    made = amended(floor, mine.order_id, "5")
    assert (made.order.order_id, made.order.quantity, made.order.status) == (mine.order_id, u("5"), OrderStatus.NEW)
    assert floor.balance("ann", "USDT") == (u("999500"), u("500"))
    floor.place("eve", "SELL", "LIMIT", "5.5", "100")
    assert floor.order("ann", mine.order_id).status is OrderStatus.FILLED
    assert floor.order("bob", bobs.order_id).executed == u("0.5")
    assert floor.balance("ann", "USDT") == (u("999500"), 0)


def test_it_gets_a_new_name_or_the_one_that_is_wanted() -> None:
    """Without a name it gets one of the exchange's; the old one finds it no more and can be used again."""
    floor = Floor()
    mine = floor.place("ann", "BUY", "LIMIT", "5", "100", client="mine")
    floor.events()
    first = amended(floor, mine.order_id, "4").order.client_id
    assert first not in ("", "mine")
    assert isinstance(done(floor.exchange.order("ann", SYMBOL, OrderRef(0, "mine"))), ExchangeRefusal)
    assert amended(floor, mine.order_id, "3", first).order.client_id == first
    other = floor.place("ann", "BUY", "LIMIT", "1", "90", client="mine")
    refused = amend(floor, other.order_id, "0.5", first)
    assert refused == ExchangeRefusal(-2038, "Duplicate order sent.")
    reports = [it for it in floor.events() if isinstance(it, OrderReport) and it.execution is Execution.REPLACED]
    assert [(it.original_client_id, it.order.client_id, it.order.quantity) for it in reports] == [
        ("mine", first, u("4")),
        (first, first, u("3")),
    ]


def test_each_amendment_is_remembered() -> None:
    """Names and quantities before and after; ten of them at most."""
    floor = Floor()
    mine = floor.place("ann", "BUY", "LIMIT", "50", "100")
    for number in range(10):
        amended(floor, mine.order_id, str(49 - number))
    assert amend(floor, mine.order_id, "1") == ExchangeRefusal(-2038, "Filter failure: MAX_NUM_ORDER_AMENDS")
    made = done(floor.exchange.amendments("ann", SYMBOL, mine.order_id))
    assert not isinstance(made, ExchangeRefusal)
    assert [(it.quantity_before, it.quantity) for it in made[:2]] == [(u("50"), u("49")), (u("49"), u("48"))]
    assert made[0].client_id == made[1].client_id_before
    assert [it.execution_id for it in made] == sorted({it.execution_id for it in made})


def test_a_partly_filled_order_keeps_what_it_traded() -> None:
    """It can be made as small as a lot more than that; its hold is for the rest."""
    floor = Floor()
    mine = floor.place("ann", "SELL", "LIMIT", "5", "100")
    floor.place("bob", "BUY", "LIMIT", "2", "100")
    assert amend(floor, mine.order_id, "2") == ExchangeRefusal(-1013, "Filter failure: LOT_SIZE")
    assert amended(floor, mine.order_id, "3").order.status is OrderStatus.PARTIALLY_FILLED
    assert floor.balance("ann", "BTC") == (u("997"), u("1"))


@pytest.mark.parametrize(
    ("quantity", "refusal"),
    [
        ("6", ExchangeRefusal(-2038, "Order amend (quantity increase) is not supported.")),
        ("5", ExchangeRefusal(-2038, "The requested action would change no state; rejecting.")),
        ("0.000001", ExchangeRefusal(-1013, "Filter failure: LOT_SIZE")),
        ("0.01", ExchangeRefusal(-1013, "Filter failure: NOTIONAL")),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(quantity: str, refusal: ExchangeRefusal) -> None:
    """Only smaller, on the grid, and not too small; an unknown order is refused too."""
    floor = Floor()
    mine = floor.place("ann", "BUY", "LIMIT", "5", "100")
    before = floor.everything()
    assert amend(floor, mine.order_id, quantity) == refusal
    assert amend(floor, 999, "1") == ExchangeRefusal(-2038, "Unknown order sent.")
    assert floor.everything() == before


def test_a_waiting_stop_is_amended() -> None:
    """It waits on, for less."""
    floor = Floor()
    floor.last("100")
    mine = floor.place("ann", "SELL", "STOP_LOSS", "5", stop="90")
    amended(floor, mine.order_id, "2")
    assert floor.balance("ann", "BTC") == (u("998"), u("2"))
    floor.crowd([("89", "9")], None, [("90", "1", "SELL")])
    assert floor.order("ann", mine.order_id).executed == u("2")


def test_both_legs_of_a_pair_are_amended() -> None:
    """Only one of them can ever be executed; one quantity is held for both, and the list is told of the new name."""
    floor = Floor()
    floor.last("100")
    pair = floor.pair("ann", ask("SELL", "LIMIT_MAKER", "2", "110"), ask("SELL", "STOP_LOSS_LIMIT", "2", "89", stop="90"))
    floor.events()
    made = amended(floor, pair.orders[1].order_id, "1.5")
    assert [it.quantity for it in (floor.order("ann", leg.order_id) for leg in pair.orders)] == [u("1.5"), u("1.5")]
    assert floor.balance("ann", "BTC") == (u("998.5"), u("1.5"))
    assert made.list is not None
    (updated,) = (it.state for it in floor.events() if isinstance(it, ListReport))
    assert (updated.status, updated.orders[1].client_id) == ("UPDATED", made.order.client_id)
    floor.crowd(prints=[("111", "9", "BUY")])
    assert floor.balance("ann", "BTC") == (u("998.5"), 0)


def test_orders_that_trigger_others_are_amended_one_by_one() -> None:
    """The working order without the other, and the other while it waits."""
    floor = Floor()
    floor.last("100")
    wish = NewContingent(ask("BUY", "LIMIT", "2", "95"), (ask("SELL", "LIMIT", "2", "110"),))
    placed = done(floor.exchange.place_contingent("ann", wish))
    assert not isinstance(placed, ExchangeRefusal)
    working, waiting = placed.orders
    amended(floor, working.order_id, "1.5")
    assert amended(floor, waiting.order_id, "1").order.status is OrderStatus.PENDING_NEW
    assert floor.balance("ann", "USDT") == (u("999857.5"), u("142.5"))
    floor.crowd(prints=[("94", "9", "SELL")])
    assert floor.order("ann", working.order_id).executed == u("1.5")
    assert floor.balance("ann", "BTC") == (u("1000.5"), u("1"))
