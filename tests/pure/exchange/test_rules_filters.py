"""Each filter and each refusal at its boundary: just inside passes, just outside is refused in the exchange's words."""

import pytest
from tests.pure.exchange.small_backend import START, SYMBOL, Floor, ask, done, u

from fairway.exchange.answers import ExchangeRefusal, OrderSnapshot
from fairway.exchange.market_data import MarketUpdate, Print
from fairway.exchange.terms import OrderRef
from fairway.world.clock import MINUTE


def filtered(name: str) -> tuple[int, str]:
    return -1013, f"Filter failure: {name}"


@pytest.mark.parametrize("price", ["0.01", "99.99", "100000"])
def test_prices_on_the_ticks_and_within_bounds_pass(price: str) -> None:
    """The bounds themselves included."""
    floor = Floor(notional_min=0)
    assert isinstance(floor.try_("ann", "SELL", "LIMIT", "1", price), OrderSnapshot)


@pytest.mark.parametrize("price", ["0", "0.001", "0.009", "99.991", "100000.01", "100001"])
def test_other_prices_fail_price_filter(price: str) -> None:
    """No price at all is one of them."""
    assert Floor(notional_min=0).refusal("ann", "SELL", "LIMIT", "1", price) == filtered("PRICE_FILTER")


def test_stop_prices_are_filtered_like_prices() -> None:
    """For stops with and without a limit."""
    floor = Floor()
    assert floor.refusal("ann", "SELL", "STOP_LOSS", "1", stop="90.001") == filtered("PRICE_FILTER")
    assert floor.refusal("ann", "SELL", "STOP_LOSS_LIMIT", "1", "90", stop="100000.01") == filtered("PRICE_FILTER")
    assert floor.refusal("ann", "SELL", "STOP_LOSS_LIMIT", "1", "90.001", stop="90") == filtered("PRICE_FILTER")


@pytest.mark.parametrize("quantity", ["0.001", "1.234", "9000"])
def test_quantities_on_the_lots_and_within_bounds_pass(quantity: str) -> None:
    """The bounds themselves included."""
    floor = Floor(notional_min=0)
    floor.exchange.accounts.deposit("ann", "BTC", u("9000"))
    assert isinstance(floor.try_("ann", "SELL", "LIMIT", quantity, "100"), OrderSnapshot)


@pytest.mark.parametrize("quantity", ["0", "0.0009", "1.2345", "9000.001"])
def test_other_quantities_fail_lot_size(quantity: str) -> None:
    """Before anybody asks for the balance."""
    assert Floor(notional_min=0).refusal("ann", "SELL", "LIMIT", quantity, "100") == filtered("LOT_SIZE")


def test_market_lot_size_bounds_orders_that_take_any_price() -> None:
    """A hundred and no lot more; limit orders may be larger."""
    floor = Floor()
    floor.crowd(bids=[("100", "500")])
    assert floor.refusal("ann", "SELL", "MARKET", "100.001") == filtered("MARKET_LOT_SIZE")
    assert floor.place("ann", "SELL", "MARKET", "100").executed == u("100")
    assert floor.place("ann", "SELL", "LIMIT", "100.001", "100").executed == u("100.001")


def test_notional_bounds_price_times_quantity() -> None:
    """From 5 to 900,000, both included."""
    floor = Floor()
    floor.exchange.accounts.deposit("ann", "BTC", u("9000"))
    assert floor.refusal("ann", "SELL", "LIMIT", "0.5", "9.99") == filtered("NOTIONAL")
    assert isinstance(floor.try_("ann", "SELL", "LIMIT", "0.5", "10"), OrderSnapshot)
    assert isinstance(floor.try_("ann", "SELL", "LIMIT", "9000", "100"), OrderSnapshot)
    assert floor.refusal("ann", "SELL", "LIMIT", "9000", "100.01") == filtered("NOTIONAL")


def test_market_orders_are_valued_at_the_average_price() -> None:
    """By quantity at the average, by quote at the amount itself; a stop without limit like the market order it will be."""
    floor = Floor()
    floor.crowd([("200", "5")], [("201", "5")], [("90", "1", "BUY"), ("110", "1", "BUY")])
    assert floor.exchange.market.average_price(SYMBOL) == u("100")
    assert floor.refusal("ann", "SELL", "MARKET", "0.049") == filtered("NOTIONAL")
    assert floor.refusal("ann", "SELL", "STOP_LOSS", "0.049", stop="90") == filtered("NOTIONAL")
    assert floor.refusal("ann", "SELL", "MARKET", quote="4.99") == filtered("NOTIONAL")
    assert isinstance(floor.try_("ann", "SELL", "MARKET", quote="5"), OrderSnapshot)
    assert isinstance(floor.try_("ann", "SELL", "MARKET", "0.05"), OrderSnapshot)


def test_percent_price_by_side_bounds_prices_by_the_average() -> None:
    """Each side has its own two multipliers; the bounds themselves pass."""
    floor = Floor(bid_up=u("1.1"), bid_down=u("0.5"), ask_up=u("3"), ask_down=u("0.9"))
    floor.last("100")
    for side, inside, outside in (
        ("BUY", "110", "110.01"),
        ("BUY", "50", "49.99"),
        ("SELL", "300", "300.01"),
        ("SELL", "90", "89.99"),
    ):
        assert floor.refusal("ann", side, "LIMIT", "1", outside) == filtered("PERCENT_PRICE_BY_SIDE")
        placed = floor.place("ann", side, "LIMIT", "1", inside)
        assert floor.refusal("ann", side, "LIMIT_MAKER", "1", outside) == filtered("PERCENT_PRICE_BY_SIDE")
        floor.cancel("ann", placed.order_id)


def test_the_average_is_that_of_the_last_minutes() -> None:
    """Weighted by volume over five minutes; older trades drop out minute by minute, and with none left the last price counts."""
    floor = Floor()
    for minute, (price, quantity) in enumerate((("100", "1"), ("200", "3"))):
        floor.clock.at = START + minute * MINUTE
        floor.crowd(prints=[(price, quantity, "BUY")])
    assert floor.exchange.market.average_price(SYMBOL) == u("175")
    floor.clock.at = START + 5 * MINUTE - 1
    assert floor.exchange.market.average_price(SYMBOL) == u("175")
    floor.clock.at = START + 5 * MINUTE
    assert floor.exchange.market.average_price(SYMBOL) == u("200")
    floor.crowd(prints=[("100", "1", "BUY")])
    assert floor.exchange.market.average_price(SYMBOL) == u("175")
    floor.clock.at = START + 60 * MINUTE
    assert floor.exchange.market.average_price(SYMBOL) == u("100")


def test_an_average_over_no_minutes_is_the_last_price() -> None:
    """As the filter has it."""
    floor = Floor(average_minutes=0)
    floor.crowd(prints=[("100", "5", "BUY"), ("200", "1", "BUY")])
    assert floor.exchange.market.average_price(SYMBOL) == u("200")


def test_the_number_of_open_orders_is_bounded() -> None:
    """The last that fits passes; a market order, which never is open, always does; a cancel makes room."""
    floor = Floor(orders_max=2)
    floor.crowd(asks=[("200", "5")])
    first = floor.place("ann", "BUY", "LIMIT", "1", "100")
    floor.place("ann", "BUY", "LIMIT", "1", "100")
    assert floor.refusal("ann", "BUY", "LIMIT", "1", "100") == filtered("MAX_NUM_ORDERS")
    assert isinstance(floor.try_("bob", "BUY", "LIMIT", "1", "100"), OrderSnapshot)
    assert isinstance(floor.try_("ann", "BUY", "MARKET", "1"), OrderSnapshot)
    floor.cancel("ann", first.order_id)
    assert isinstance(floor.try_("ann", "BUY", "LIMIT", "1", "100"), OrderSnapshot)


def test_the_number_of_waiting_orders_is_bounded_by_itself() -> None:
    """A triggered or cancelled stop makes room; limit orders do not count."""
    floor = Floor(algo_orders_max=2)
    floor.crowd([("89", "5")], [("300", "5")], [("100", "1", "BUY")])
    floor.place("ann", "SELL", "STOP_LOSS_LIMIT", "1", "95", stop="90")
    second = floor.place("ann", "SELL", "TAKE_PROFIT_LIMIT", "1", "200", stop="110")
    assert floor.refusal("ann", "SELL", "STOP_LOSS", "1", stop="80") == filtered("MAX_NUM_ALGO_ORDERS")
    assert isinstance(floor.try_("ann", "SELL", "LIMIT", "1", "200"), OrderSnapshot)
    floor.cancel("ann", second.order_id)
    assert isinstance(floor.try_("ann", "SELL", "STOP_LOSS", "1", stop="80"), OrderSnapshot)
    floor.last("90")
    assert isinstance(floor.try_("ann", "SELL", "STOP_LOSS", "1", stop="70"), OrderSnapshot)


def test_zero_maxima_bound_nothing() -> None:
    """A zero in a maximum means that there is none."""
    floor = Floor(
        price_max=0, quantity_max=0, market_quantity_max=0, notional_max=0, orders_max=0, algo_orders_max=0, average_minutes=5
    )
    floor.exchange.accounts.deposit("ann", "BTC", u("1000000"))
    floor.crowd(bids=[("1000000", "99999")])
    assert isinstance(floor.try_("ann", "SELL", "MARKET", "50000"), OrderSnapshot)
    assert isinstance(floor.try_("ann", "SELL", "LIMIT", "50000", "2000000"), OrderSnapshot)


def test_a_client_id_is_taken_while_its_order_is_open() -> None:
    """Then it may be used again, and names the newest order; another account has its own."""
    floor = Floor()
    first = floor.place("ann", "BUY", "LIMIT", "1", "100", client="mine")
    assert floor.refusal("ann", "SELL", "LIMIT", "1", "200", client="mine") == (-2010, "Duplicate order sent.")
    assert isinstance(floor.try_("bob", "BUY", "LIMIT", "1", "100", client="mine"), OrderSnapshot)
    floor.cancel("ann", first.order_id)
    again = floor.place("ann", "BUY", "LIMIT", "1", "100", client="mine")
    assert done(floor.exchange.order("ann", SYMBOL, OrderRef(0, "mine"))) == again
    assert floor.order("ann", first.order_id).client_id == "mine"


def test_an_unknown_symbol_is_invalid_everywhere() -> None:
    """Placing, testing, cancelling, asking."""
    floor = Floor()
    invalid = ExchangeRefusal(-1121, "Invalid symbol.")
    assert done(floor.exchange.place("ann", ask("BUY", "LIMIT", "1", "100", symbol="NOPE"))) == invalid
    assert done(floor.exchange.test("ann", ask("BUY", "LIMIT", "1", "100", symbol="NOPE"))) == invalid
    assert done(floor.exchange.cancel("ann", "NOPE", OrderRef(1))) == invalid
    assert done(floor.exchange.cancel_all("ann", "NOPE")) == invalid
    assert done(floor.exchange.cancel_list("ann", "NOPE", OrderRef(1))) == invalid
    assert done(floor.exchange.order("ann", "NOPE", OrderRef(1))) == invalid


def test_orders_that_are_not_there_are_refused() -> None:
    """Never placed, closed, of another account, or named by two names that do not fit together."""
    floor = Floor()
    order = floor.place("ann", "BUY", "LIMIT", "1", "100", client="mine")
    unknown, missing = ExchangeRefusal(-2011, "Unknown order sent."), ExchangeRefusal(-2013, "Order does not exist.")
    for account, ref in (("ann", OrderRef(99)), ("bob", OrderRef(order.order_id)), ("ann", OrderRef(order.order_id, "other"))):
        assert done(floor.exchange.cancel(account, SYMBOL, ref)) == unknown
        assert done(floor.exchange.order(account, SYMBOL, ref)) == missing
    assert done(floor.exchange.cancel("ann", SYMBOL, OrderRef(0, "nobody's"))) == unknown
    floor.cancel("ann", order.order_id)
    assert done(floor.exchange.cancel("ann", SYMBOL, OrderRef(order.order_id))) == unknown


@pytest.mark.parametrize(
    ("asked", "more", "code"),
    [
        (("BUY", "MARKET", "1", "100"), {}, -1014),
        (("BUY", "MARKET", "1"), {"quote": "100"}, -1014),
        (("BUY", "MARKET"), {}, -1014),
        (("BUY", "LIMIT", "1", "100"), {"stop": "90"}, -1014),
        (("BUY", "LIMIT", "1", "100"), {"quote": "90"}, -1014),
        (("BUY", "STOP_LOSS", "1", "100"), {"stop": "90"}, -1014),
        (("BUY", "STOP_LOSS_LIMIT", "1", "100"), {}, -1102),
        (("BUY", "TAKE_PROFIT", "1"), {}, -1102),
        (("BUY", "STOP_LOSS_LIMIT", "1"), {"stop": "90"}, -1013),
    ],
)
def test_orders_of_the_wrong_shape_are_refused(asked: tuple[str, ...], more: dict[str, str], code: int) -> None:
    """Even where the session should have seen it."""
    assert Floor().refusal("ann", *asked, **more)[0] == code


def test_a_test_order_meets_the_filters_and_not_the_balance() -> None:
    """It changes nothing."""
    floor = Floor()
    before = floor.everything()
    assert done(floor.exchange.test("ann", ask("BUY", "LIMIT", "8999", "100"))) is None
    assert done(floor.exchange.test("ann", ask("BUY", "LIMIT", "0.0001", "100"))) == ExchangeRefusal(*filtered("LOT_SIZE"))
    assert floor.everything() == before


def test_the_crowd_trades_only_what_is_listed() -> None:
    """Prints of a symbol that is not listed have nowhere to go."""
    with pytest.raises(KeyError, match="NOPE"):
        Floor().exchange.apply(MarketUpdate("NOPE", START, [Print("NOPE", 0, 1, 1, 0, 0, False)]))
