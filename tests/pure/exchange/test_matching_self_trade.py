"""Self-trade prevention: each mode of the taker, and what becomes of both orders, as the exchange's own examples have it."""

from tests.pure.exchange.small_backend import Floor, ask, levels, u

from fairway.exchange.answers import OrderSnapshot, OrderStatus

GONE = OrderStatus.EXPIRED_IN_MATCH


def scene(mode: str, taken: str = "3") -> tuple[Floor, OrderSnapshot, list[OrderSnapshot]]:
    """Three bids of one account, and its own sell that would match them."""
    floor = Floor()
    bids = [("1.2", "120"), ("1.3", "110"), ("8.1", "100")]
    resting = [floor.place("ann", "BUY", "LIMIT", quantity, price, mode="NONE") for quantity, price in bids]
    floor.events()
    taker = floor.place("ann", "SELL", "LIMIT", taken, "100", mode=mode)
    return floor, taker, [floor.order("ann", order.order_id) for order in resting]


def test_none_lets_the_account_trade_with_itself() -> None:
    """Both sides of the fill are its own, and its balances are what they were."""
    floor, taker, resting = scene("NONE")
    assert taker.status is OrderStatus.FILLED
    assert [order.executed for order in resting] == [u("1.2"), u("1.3"), u("0.5")]
    assert floor.balance("ann", "BTC") == (u("1000"), 0)
    assert floor.balance("ann", "USDT") == (u("999240"), u("760"))


def test_expire_taker_ends_the_newcomer() -> None:
    """The bids stay."""
    floor, taker, resting = scene("EXPIRE_TAKER")
    assert (taker.status, taker.executed) == (GONE, 0)
    assert {order.status for order in resting} == {OrderStatus.NEW}
    assert floor.balance("ann", "BTC") == (u("1000"), 0)
    assert floor.reports("ann") == [("NEW", "NEW"), ("TRADE_PREVENTION", "EXPIRED_IN_MATCH")]


def test_expire_maker_ends_those_in_the_way_and_the_newcomer_rests() -> None:
    """All three bids go, and the sell waits in the book."""
    floor, taker, resting = scene("EXPIRE_MAKER")
    assert taker.status is OrderStatus.NEW
    assert {order.status for order in resting} == {GONE}
    assert floor.depth() == ([], levels(("100", "3")))
    assert floor.balance("ann", "USDT") == (u("1000000"), 0)
    assert floor.reports("ann") == [("NEW", "NEW"), *[("TRADE_PREVENTION", "EXPIRED_IN_MATCH")] * 3]


def test_expire_both_ends_the_first_pair() -> None:
    """The other bids stay."""
    _, taker, resting = scene("EXPIRE_BOTH")
    assert taker.status is GONE
    assert [order.status for order in resting] == [GONE, OrderStatus.NEW, OrderStatus.NEW]


def test_decrement_takes_the_common_quantity_from_both() -> None:
    """The smaller of each pair ends; what is left of the larger goes on."""
    floor, taker, resting = scene("DECREMENT")
    assert taker.status is GONE
    assert [order.status for order in resting] == [GONE, GONE, OrderStatus.NEW]
    assert resting[2].quantity == u("8.1")
    assert floor.depth() == (levels(("100", "7.6")), [])
    assert floor.balance("ann", "USDT") == (u("999240"), u("760"))
    assert floor.balance("ann", "BTC") == (u("1000"), 0)
    assert floor.reports("ann")[-2:] == [("TRADE_PREVENTION", "NEW"), ("TRADE_PREVENTION", "EXPIRED_IN_MATCH")]


def test_decrement_of_equal_quantities_ends_both() -> None:
    """Nothing is left of either."""
    _, taker, resting = scene("DECREMENT", "1.2")
    assert (taker.status, resting[0].status, resting[1].status) == (GONE, GONE, OrderStatus.NEW)


def test_a_taker_trades_with_others_before_it_meets_itself() -> None:
    """Prevention ends what is left, not what was traded."""
    floor = Floor()
    floor.place("bob", "SELL", "LIMIT", "1", "99")
    floor.place("ann", "SELL", "LIMIT", "1", "100")
    taker = floor.place("ann", "BUY", "LIMIT", "2", "100", mode="EXPIRE_TAKER")
    assert (taker.status, taker.executed) == (GONE, u("1"))


def test_a_market_order_skips_its_own_orders() -> None:
    """EXPIRE_MAKER clears them away; the money is asked for what is behind them."""
    floor = Floor()
    own = floor.place("ann", "SELL", "LIMIT", "1", "99")
    floor.crowd(asks=[("100", "5")])
    taker = floor.place("ann", "BUY", "MARKET", "2", mode="EXPIRE_MAKER")
    assert (taker.status, taker.executed_quote) == (OrderStatus.FILLED, u("200"))
    assert floor.order("ann", own.order_id).status is GONE


def test_a_fok_order_does_not_count_its_own_accounts_orders() -> None:
    """They would not fill it."""
    floor = Floor()
    own = floor.place("ann", "SELL", "LIMIT", "1", "99")
    assert floor.place("ann", "BUY", "LIMIT", "1", "100", force="FOK").status is OrderStatus.EXPIRED
    assert floor.order("ann", own.order_id).status is OrderStatus.NEW


def test_a_prevented_leg_takes_its_list_with_it() -> None:
    """The stop behind an expired limit protects nothing any more: it expires, and the hold is free."""
    floor = Floor()
    floor.last("100")
    above = ask("SELL", "LIMIT_MAKER", "1", "110")
    pair = floor.pair("ann", above, ask("SELL", "STOP_LOSS_LIMIT", "1", "89", stop="90"))
    floor.place("ann", "BUY", "LIMIT", "1", "110", mode="EXPIRE_MAKER")
    states = [floor.order("ann", leg.order_id).status for leg in pair.orders]
    assert states == [OrderStatus.EXPIRED, GONE]
    assert floor.balance("ann", "BTC") == (u("1000"), 0)
