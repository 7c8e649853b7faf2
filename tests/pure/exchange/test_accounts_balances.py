"""Balances: what is held for each order, what a fill moves, who pays which commission, and what comes from outside."""

import pytest
from tests.pure.exchange.small_backend import SYMBOL, Floor, done, u

from fairway.exchange.answers import Balance, ExchangeRefusal, KeyPermissions
from fairway.exchange.events import BalanceMoved, BalancesChanged


def test_a_limit_order_needs_its_funds_to_the_last_unit() -> None:
    """Exactly enough passes, one lot more does not."""
    floor = Floor()
    assert floor.refusal("ann", "BUY", "LIMIT", "1000.001", "1000")[1] == "Filter failure: NOTIONAL"
    floor = Floor(notional_max=0)
    short = (-2010, "Account has insufficient balance for requested action.")
    assert floor.refusal("ann", "BUY", "LIMIT", "1000.001", "1000") == short
    floor.place("ann", "BUY", "LIMIT", "1000", "1000")
    assert floor.balance("ann", "USDT") == (0, u("1000000"))
    assert floor.refusal("ann", "SELL", "LIMIT", "1000.001", "2000") == short
    floor.place("ann", "SELL", "LIMIT", "1000", "2000")
    assert floor.balance("ann", "BTC") == (0, u("1000"))


def test_a_market_buy_needs_what_the_book_will_ask() -> None:
    """Not what the best price would be."""
    floor = Floor()
    floor.crowd(asks=[("9999", "50"), ("10001", "60")])
    assert floor.place("ann", "BUY", "MARKET", "100").executed_quote == u("1000000")


def test_a_market_buy_one_unit_short_is_refused() -> None:
    """Nothing is traded, not even the part that could be paid."""
    floor = Floor()
    floor.crowd(asks=[("9999", "50"), ("10001.01", "60")])
    assert floor.refusal("ann", "BUY", "MARKET", "100") == (-2010, "Account has insufficient balance for requested action.")


def test_a_hold_is_rounded_up_and_its_change_comes_back() -> None:
    """A third of a unit is held as one; fills are cut down; nothing is lost or left."""
    floor = Floor(tick=1, price_min=1, lot=1, quantity_min=1, notional_min=0)
    order = floor.place("ann", "BUY", "LIMIT", "0.00000003", "0.33333333")
    assert floor.balance("ann", "USDT")[1] == 1
    floor.place("bob", "SELL", "LIMIT", "0.00000002", "0.33333333")
    assert floor.balance("ann", "USDT") == (u("1000000") - 1, 1)
    floor.cancel("ann", order.order_id)
    assert floor.balance("ann", "USDT") == (u("1000000"), 0)
    assert floor.balance("ann", "BTC") == (u("1000") + 2, 0)


def test_a_buyer_gets_back_what_a_better_price_saved() -> None:
    """The hold was at the limit, the trade at the maker's price."""
    floor = Floor()
    floor.place("bob", "SELL", "LIMIT", "1", "90")
    floor.place("ann", "BUY", "LIMIT", "2", "100")
    assert floor.balance("ann", "USDT") == (u("999810"), u("100"))


def test_commissions_are_taken_from_what_is_received_rounded_up() -> None:
    """The buyer pays in coins, the seller in money, each by its own rate, to the last unit in favour of the house."""
    floor = Floor(maker_fee=75_000, taker_fee=100_000, tick=1, lot=1, quantity_min=1, notional_min=0)
    floor.place("bob", "SELL", "LIMIT", "0.00123457", "100.00000001")
    taker = floor.place("ann", "BUY", "LIMIT", "0.00123457", "100.00000001")
    (fill,) = taker.fills
    assert (fill.commission, fill.commission_asset, fill.is_maker) == (124, "BTC", False)
    (made,) = done(floor.exchange.fills("bob", SYMBOL))
    assert (made.quote, made.commission, made.commission_asset, made.is_maker) == (12_345_700, 9_260, "USDT", True)
    crowd, fees = floor.house()
    assert fees == {"BTC": 124, "USDT": 9_260}
    assert not any(crowd.values())
    assert floor.balance("bob", "USDT")[0] == u("1000000") + 12_345_700 - 9_260


def test_the_crowd_owes_what_it_sold_and_pays_no_fee() -> None:
    """So the sum of everything stays."""
    floor = Floor(taker_fee=100_000)
    before = floor.totals()
    floor.crowd(asks=[("100", "5")])
    floor.place("ann", "BUY", "MARKET", "5")
    crowd, _ = floor.house()
    assert crowd == {"BTC": -u("5"), "USDT": u("500")}
    assert floor.totals() == before


def test_deposits_come_and_withdrawals_go_and_are_told() -> None:
    """What is locked cannot be taken out."""
    floor = Floor()
    floor.place("ann", "SELL", "LIMIT", "400", "100")
    floor.events()
    assert floor.exchange.accounts.deposit("ann", "BTC", -u("600.00000001"), 7) == ExchangeRefusal(
        -2010, "Account has insufficient balance for requested action."
    )
    assert floor.exchange.accounts.deposit("ann", "BTC", -u("600"), 7) is None
    assert floor.exchange.accounts.deposit("ann", "EUR", u("3"), 8) is None
    moved, changed, other, _ = floor.events()
    assert moved == BalanceMoved("ann", "BTC", -u("600"), 7)
    assert isinstance(changed, BalancesChanged)
    assert changed.balances == (Balance("BTC", 0, u("400")),)
    assert other == BalanceMoved("ann", "EUR", u("3"), 8)
    assert floor.totals()["EUR"] == u("3")


def test_accounts_have_their_own_names_and_honest_numbers() -> None:
    """The house's names are taken, balances begin at zero or above, a fee is a fraction."""
    floor = Floor()
    for name in ("ann", "crowd", "fees"):
        with pytest.raises(ValueError, match="choose another name"):
            floor.exchange.accounts.open(name, {})
    with pytest.raises(ValueError, match="below zero"):
        floor.exchange.accounts.open("new", {"BTC": -1})
    with pytest.raises(ValueError, match="100000 for"):
        floor.exchange.accounts.open("new", {}, taker_fee=u("1"))
    with pytest.raises(KeyError, match="nobody"):
        floor.try_("nobody", "BUY", "LIMIT", "1", "100")
    assert list(floor.exchange.engine.accounts.by_name) == ["ann", "bob", "eve"]


def test_an_account_tells_its_fees_and_rights() -> None:
    """And when it last changed."""
    floor = Floor(maker_fee=1, taker_fee=2)
    floor.exchange.accounts.set_rights("ann", KeyPermissions(spot_trading=False))
    floor.clock.at += 5
    floor.place("ann", "BUY", "LIMIT", "1", "100")
    state = done(floor.exchange.account("ann"))
    assert (state.maker_fee, state.taker_fee, state.rights.spot_trading) == (1, 2, False)
    assert state.updated_at == floor.clock.at


def test_balances_are_told_once_for_each_account_after_its_reports() -> None:
    """Maker and taker, however many fills there were."""
    floor = Floor()
    floor.place("bob", "SELL", "LIMIT", "1", "100")
    floor.place("bob", "SELL", "LIMIT", "1", "101")
    floor.events()
    floor.place("ann", "BUY", "LIMIT", "2", "101")
    kinds = [(type(event).__name__, getattr(event, "account", "")) for event in floor.events()]
    assert [kind for kind, _ in kinds] == [
        "OrderReport",
        *["OrderReport", "OrderReport", "TradePrinted"] * 2,
        "BalancesChanged",
        "BalancesChanged",
        "BookChanged",
    ]
    assert sorted(account for kind, account in kinds if kind == "BalancesChanged") == ["ann", "bob"]
