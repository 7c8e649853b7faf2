"""Each order type with each time in force: what it does, what its owner is told, what is left of it."""

from tests.pure.exchange.small_backend import Floor, levels, u

from fairway.exchange.answers import OrderStatus


def test_a_limit_order_that_meets_nothing_rests_at_its_price() -> None:
    """It is NEW, in the depth, and its funds are locked."""
    floor = Floor()
    placed = floor.place("ann", "BUY", "LIMIT", "2", "100")
    assert (placed.status, placed.is_working, placed.fills) == (OrderStatus.NEW, True, ())
    assert floor.depth() == (levels(("100", "2")), [])
    assert floor.balance("ann", "USDT") == (u("999800"), u("200"))
    assert floor.reports("ann") == [("NEW", "NEW")]


def test_a_limit_order_takes_what_fits_and_rests_with_the_remainder() -> None:
    """Better prices first, at the resting orders' prices; the rest waits."""
    floor = Floor()
    floor.place("bob", "SELL", "LIMIT", "1", "101")
    floor.place("bob", "SELL", "LIMIT", "1", "100")
    floor.place("bob", "SELL", "LIMIT", "1", "103")
    placed = floor.place("ann", "BUY", "LIMIT", "5", "102")
    assert [(fill.price, fill.quantity) for fill in placed.fills] == levels(("100", "1"), ("101", "1"))
    assert (placed.status, placed.executed, placed.executed_quote) == (OrderStatus.PARTIALLY_FILLED, u("2"), u("201"))
    assert floor.depth() == (levels(("102", "3")), levels(("103", "1")))
    assert floor.balance("ann", "USDT") == (u("999493"), u("306"))
    assert floor.reports("ann") == [("NEW", "NEW"), ("TRADE", "PARTIALLY_FILLED"), ("TRADE", "PARTIALLY_FILLED")]


def test_a_resting_order_is_filled_by_later_ones_bit_by_bit() -> None:
    """Partly, then whole; the maker's fills say so."""
    floor = Floor()
    resting = floor.place("ann", "SELL", "LIMIT", "3", "100")
    floor.events()
    floor.place("bob", "BUY", "LIMIT", "1", "100")
    floor.place("bob", "BUY", "LIMIT", "2", "105")
    assert floor.reports("ann") == [("TRADE", "PARTIALLY_FILLED"), ("TRADE", "FILLED")]
    assert floor.order("ann", resting.order_id).status is OrderStatus.FILLED
    assert floor.balance("ann", "USDT") == (u("1000300"), 0)
    assert floor.depth() == ([], [])


def test_an_ioc_order_lets_go_of_what_it_cannot_trade_at_once() -> None:
    """It expires with what it traded, and nothing stays locked."""
    floor = Floor()
    floor.place("bob", "SELL", "LIMIT", "1", "100")
    placed = floor.place("ann", "BUY", "LIMIT", "3", "100", force="IOC")
    assert (placed.status, placed.executed, len(placed.fills)) == (OrderStatus.EXPIRED, u("1"), 1)
    assert floor.balance("ann", "USDT") == (u("999900"), 0)
    assert floor.depth() == ([], [])
    assert floor.reports("ann") == [("NEW", "NEW"), ("TRADE", "PARTIALLY_FILLED"), ("EXPIRED", "EXPIRED")]


def test_an_ioc_order_that_meets_nothing_expires_untraded() -> None:
    """There is nothing in the book of it."""
    floor = Floor()
    assert floor.place("ann", "SELL", "LIMIT", "3", "100", force="IOC").status is OrderStatus.EXPIRED
    assert floor.balance("ann", "BTC") == (u("1000"), 0)


def test_a_fok_order_is_filled_whole_or_not_at_all() -> None:
    """One lot too much and nothing trades; just enough and all does."""
    floor = Floor()
    floor.place("bob", "SELL", "LIMIT", "1", "100")
    floor.crowd(asks=[("101", "1")])
    short = floor.place("ann", "BUY", "LIMIT", "2.001", "101", force="FOK")
    assert (short.status, short.executed) == (OrderStatus.EXPIRED, 0)
    whole = floor.place("ann", "BUY", "LIMIT", "2", "101", force="FOK")
    assert (whole.status, whole.executed_quote) == (OrderStatus.FILLED, u("201"))
    assert floor.reports("ann") == [
        ("NEW", "NEW"),
        ("EXPIRED", "EXPIRED"),
        ("NEW", "NEW"),
        ("TRADE", "PARTIALLY_FILLED"),
        ("TRADE", "FILLED"),
    ]


def test_a_fok_order_does_not_count_liquidity_beyond_its_price() -> None:
    """What is one tick too dear is not there."""
    floor = Floor()
    floor.crowd(asks=[("100", "1"), ("101.01", "9")])
    assert floor.place("ann", "BUY", "LIMIT", "2", "101", force="FOK").executed == 0


def test_a_limit_maker_order_rests_one_tick_away_and_is_refused_at_the_touch() -> None:
    """It never takes."""
    floor = Floor()
    floor.place("bob", "SELL", "LIMIT", "1", "100")
    assert floor.refusal("ann", "BUY", "LIMIT_MAKER", "1", "100") == (-2010, "Order would immediately match and take.")
    assert floor.place("ann", "BUY", "LIMIT_MAKER", "1", "99.99").status is OrderStatus.NEW
    assert floor.refusal("bob", "SELL", "LIMIT_MAKER", "1", "99.99")[0] == -2010


def test_a_market_buy_takes_the_best_of_accounts_and_crowd() -> None:
    """Whoever is cheaper sells first."""
    floor = Floor()
    floor.crowd(asks=[("100", "1"), ("102", "5")])
    floor.place("bob", "SELL", "LIMIT", "1", "101")
    placed = floor.place("ann", "BUY", "MARKET", "2.5")
    assert [(fill.price, fill.quantity) for fill in placed.fills] == levels(("100", "1"), ("101", "1"), ("102", "0.5"))
    assert (placed.status, placed.executed_quote) == (OrderStatus.FILLED, u("252"))
    assert floor.depth() == ([], levels(("102", "4.5")))


def test_a_market_order_expires_with_what_the_book_had() -> None:
    """The rest of a market order never waits."""
    floor = Floor()
    floor.crowd(bids=[("100", "1")])
    placed = floor.place("ann", "SELL", "MARKET", "3")
    assert (placed.status, placed.executed, placed.quantity) == (OrderStatus.EXPIRED, u("1"), u("3"))
    assert floor.balance("ann", "BTC") == (u("999"), 0)
    assert floor.reports("ann") == [("NEW", "NEW"), ("TRADE", "PARTIALLY_FILLED"), ("EXPIRED", "EXPIRED")]


def test_a_market_buy_by_quote_spends_down_to_the_lot() -> None:
    """The quantity is what the money buys, rounded down to lots; the change stays free."""
    floor = Floor()
    floor.crowd(asks=[("100", "1"), ("101", "5")])
    placed = floor.place("ann", "BUY", "MARKET", quote="150")
    assert (placed.status, placed.executed, placed.quantity) == (OrderStatus.FILLED, u("1.495"), u("1.495"))
    assert placed.executed_quote == u("149.995")
    assert placed.quote_quantity == u("150")
    assert floor.balance("ann", "USDT") == (u("1000000") - u("149.995"), 0)
    assert floor.reports("ann")[-1] == ("TRADE", "FILLED")


def test_a_market_sell_by_quote_sells_no_more_than_it_must() -> None:
    """It sells what brings the amount, rounded down to lots."""
    floor = Floor()
    floor.crowd(bids=[("100", "1"), ("99", "5")])
    placed = floor.place("ann", "SELL", "MARKET", quote="199")
    assert (placed.status, placed.executed, placed.executed_quote) == (OrderStatus.FILLED, u("2"), u("199"))
    assert floor.balance("ann", "BTC") == (u("998"), 0)


def test_a_market_order_by_quote_expires_when_the_book_ends_first() -> None:
    """Half the money was spent; the rest is free again."""
    floor = Floor()
    floor.crowd(asks=[("100", "1")])
    placed = floor.place("ann", "BUY", "MARKET", quote="200")
    assert (placed.status, placed.executed_quote) == (OrderStatus.EXPIRED, u("100"))
    assert floor.balance("ann", "USDT") == (u("999900"), 0)


def test_a_market_order_by_quote_needs_a_book_that_sells_a_lot() -> None:
    """An empty book and a price that the money does not reach are refused."""
    floor = Floor(notional_min=0)
    assert floor.refusal("ann", "BUY", "MARKET", quote="100")[0] == -2010
    floor.crowd(asks=[("50000", "1")])
    assert floor.refusal("ann", "BUY", "MARKET", quote="49.99") == (-1013, "Filter failure: LOT_SIZE")
    assert floor.place("ann", "BUY", "MARKET", quote="50").executed == u("0.001")


def test_a_buy_stop_waits_for_a_rise_and_a_sell_stop_for_a_fall() -> None:
    """At the stop exactly it is triggered, one tick short it is not; then it trades as a market order."""
    for side, short, reached in (("BUY", "104.99", "105"), ("SELL", "95.01", "95")):
        floor = Floor()
        floor.crowd([("90", "5")], [("110", "5")], [("100", "1", "BUY")])
        waiting = floor.place("ann", side, "STOP_LOSS", "1", stop=reached)
        assert (waiting.status, waiting.is_working) == (OrderStatus.NEW, False)
        floor.last(short)
        assert not floor.order("ann", waiting.order_id).is_working
        floor.last(reached)
        assert floor.order("ann", waiting.order_id).status is OrderStatus.FILLED
        assert floor.reports("ann") == [("NEW", "NEW"), ("NEW", "NEW"), ("TRADE", "FILLED")]


def test_a_take_profit_waits_the_other_way() -> None:
    """A sell for a rise, a buy for a fall."""
    for side, short, reached in (("SELL", "104.99", "105"), ("BUY", "95.01", "95")):
        floor = Floor()
        floor.crowd([("90", "5")], [("110", "5")], [("100", "1", "BUY")])
        waiting = floor.place("ann", side, "TAKE_PROFIT", "1", stop=reached)
        floor.last(short)
        assert floor.order("ann", waiting.order_id).status is OrderStatus.NEW
        floor.last(reached)
        assert floor.order("ann", waiting.order_id).status is OrderStatus.FILLED


def test_a_stop_limit_rests_at_its_limit_once_triggered() -> None:
    """It is in the book from then on, and not before."""
    floor = Floor()
    floor.crowd([("90", "5")], [("110", "5")], [("100", "1", "BUY")])
    waiting = floor.place("ann", "SELL", "STOP_LOSS_LIMIT", "1", "94", stop="95")
    assert floor.depth()[1] == levels(("110", "5"))
    floor.clock.at += 5
    floor.last("95")
    now = floor.order("ann", waiting.order_id)
    assert (now.status, now.is_working, now.working_at) == (OrderStatus.NEW, True, floor.clock.at)
    assert floor.depth()[1] == levels(("94", "1"), ("110", "5"))


def test_a_triggered_stop_limit_obeys_its_time_in_force() -> None:
    """IOC and FOK end at once when nothing fits."""
    for force in ("IOC", "FOK"):
        floor = Floor()
        floor.crowd([("90", "5")], [("110", "5")], [("100", "1", "BUY")])
        waiting = floor.place("ann", "SELL", "TAKE_PROFIT_LIMIT", "6", "90", stop="101", force=force)
        floor.last("101")
        ended = floor.order("ann", waiting.order_id)
        assert (ended.status, ended.executed) == (OrderStatus.EXPIRED, u("5") if force == "IOC" else 0)
        assert floor.balance("ann", "BTC")[1] == 0


def test_a_stop_that_would_trigger_at_once_is_refused() -> None:
    """At the last price exactly it would; one tick away it waits."""
    floor = Floor()
    floor.last("100")
    for side, kind, at_once, waits in (
        ("SELL", "STOP_LOSS", "100", "99.99"),
        ("BUY", "STOP_LOSS", "100", "100.01"),
        ("SELL", "TAKE_PROFIT", "100", "100.01"),
        ("BUY", "TAKE_PROFIT", "100", "99.99"),
    ):
        refused = floor.refusal("ann", side, kind, "1", stop=at_once)
        assert refused == (-2010, "Stop price would trigger immediately.")
        assert floor.place("ann", side, kind, "1", stop=waits).status is OrderStatus.NEW


def test_one_triggered_stop_can_trigger_the_next() -> None:
    """The first one's trade is the second one's price."""
    floor = Floor()
    floor.crowd([("96", "1"), ("90", "5")], [("110", "5")], [("100", "1", "BUY")])
    floor.place("ann", "SELL", "STOP_LOSS", "2", stop="97")
    second = floor.place("bob", "SELL", "STOP_LOSS", "1", stop="91")
    floor.last("97")
    assert floor.order("bob", second.order_id).executed_quote == u("90")


def test_a_sweep_triggers_stops_at_every_price_it_passes() -> None:
    """A stop between the first and the last price of one market order is reached."""
    floor = Floor()
    floor.crowd([("90", "5")], [("101", "1"), ("105", "1"), ("110", "5")], [("100", "1", "BUY")])
    stop = floor.place("bob", "BUY", "STOP_LOSS", "1", stop="103")
    floor.place("ann", "BUY", "MARKET", "2")
    assert floor.order("bob", stop.order_id).executed_quote == u("110")


def test_a_stop_buy_that_costs_more_than_it_held_takes_from_the_free_balance_and_no_further() -> None:
    """The gap was larger than the account: what it cannot pay expires."""
    floor = Floor()
    floor.crowd([("90", "5")], [("3000", "5")], [("100", "1", "BUY")])
    assert isinstance(floor.exchange.accounts.deposit("ann", "USDT", -u("998000"), 0), type(None))
    stop = floor.place("ann", "BUY", "STOP_LOSS", "1", stop="105")
    floor.last("105")
    ended = floor.order("ann", stop.order_id)
    assert (ended.status, ended.executed) == (OrderStatus.EXPIRED, u("0.666"))
    assert floor.balance("ann", "USDT") == (u("2"), 0)


def test_a_cancelled_order_gives_everything_back() -> None:
    """Waiting, resting or partly filled."""
    floor = Floor()
    floor.last("100")
    resting = floor.place("ann", "BUY", "LIMIT", "3", "99.99")
    waiting = floor.place("ann", "SELL", "STOP_LOSS_LIMIT", "2", "90", stop="95")
    floor.place("bob", "SELL", "LIMIT", "1", "99.99")
    for order in (resting, waiting):
        assert floor.cancel("ann", order.order_id).status is OrderStatus.CANCELED
    assert floor.balance("ann", "USDT") == (u("1000000") - u("99.99"), 0)
    assert floor.balance("ann", "BTC") == (u("1001"), 0)
    assert floor.depth() == ([], [])
