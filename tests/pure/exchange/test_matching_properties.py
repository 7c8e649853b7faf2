"""What stays true whatever happens: money, holds, the book, and that events tell the whole story."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace
from tests.pure.exchange.small_backend import SYMBOL, Floor, ask, done

from fairway.exchange.answers import OrderSnapshot, OrderStatus
from fairway.exchange.events import BalanceMoved, BalancesChanged, Execution, ListReport, OrderReport, TradePrinted
from fairway.exchange.market_data import BookLevel, MarketUpdate, Print
from fairway.exchange.terms import NewContingent, OrderRef
from fairway.exchange.units import ONE, quote_hold, text

NAMES = ("ann", "bob")
ENDED = frozenset(
    {OrderStatus.FILLED, OrderStatus.CANCELED, OrderStatus.REJECTED, OrderStatus.EXPIRED, OrderStatus.EXPIRED_IN_MATCH},
)
TICK = 333_333
"""An odd grid, so that amounts are cut and rounded all the time."""

prices = st.integers(295, 305)
amounts = st.integers(1, 40)
names = st.sampled_from(NAMES)
sides = st.sampled_from(["BUY", "SELL"])
modes = st.sampled_from(["NONE", "EXPIRE_TAKER", "EXPIRE_MAKER", "EXPIRE_BOTH", "DECREMENT"])
limits = st.tuples(
    st.just("limit"), names, sides, st.sampled_from(["LIMIT", "LIMIT", "LIMIT_MAKER"]), amounts, prices,
    st.sampled_from(["GTC", "GTC", "IOC", "FOK"]), modes,
)  # fmt: skip
markets = st.tuples(st.just("market"), names, sides, st.booleans(), amounts, modes)
stops = st.tuples(
    st.just("stop"), names, sides, st.sampled_from(["STOP_LOSS", "STOP_LOSS_LIMIT", "TAKE_PROFIT", "TAKE_PROFIT_LIMIT"]),
    amounts, prices, prices, st.sampled_from(["GTC", "IOC", "FOK"]), modes,
)  # fmt: skip
pairs = st.tuples(st.just("pair"), names, sides, amounts, prices, prices, prices, st.integers(0, 2), modes)
cancels = st.tuples(st.just("cancel"), names, st.integers(0, 30))
triggers = st.tuples(st.just("trigger"), names, sides, amounts, prices, sides, amounts, prices, prices, st.integers(0, 6), modes)
amends = st.tuples(st.just("amend"), names, st.integers(0, 29), amounts, st.booleans())
crowds = st.tuples(
    st.just("crowd"), st.lists(st.tuples(prices, amounts, st.booleans()), max_size=3), prices, st.lists(amounts, max_size=4),
    st.lists(amounts, max_size=4), st.integers(1, 4),
)  # fmt: skip
steps = st.lists(
    st.one_of(limits, limits, markets, stops, pairs, triggers, cancels, amends, crowds, crowds), min_size=25, max_size=60
)


def price(ticks: int) -> str:
    return text(ticks * TICK)


def quantity(lots: int) -> str:
    return text(lots * 1_234_567)


def limit(floor: Floor, name: str, side: str, kind: str, lots: int, at: int, force: str, mode: str) -> None:
    force = "GTC" if kind == "LIMIT_MAKER" else force
    floor.try_(name, side, kind, quantity(lots), price(at), force=force, mode=mode)


def market(floor: Floor, name: str, side: str, by_quote: bool, lots: int, mode: str) -> None:
    if by_quote:
        floor.try_(name, side, "MARKET", quote=quantity(lots), mode=mode)
    else:
        floor.try_(name, side, "MARKET", quantity(lots), mode=mode)


def stop(floor: Floor, name: str, side: str, kind: str, lots: int, at: int, trigger: int, force: str, mode: str) -> None:
    limited = price(at) if kind.endswith("LIMIT") else "0"
    floor.try_(name, side, kind, quantity(lots), limited, stop=price(trigger), force=force, mode=mode)


def pair(floor: Floor, name: str, side: str, lots: int, high: int, low: int, at: int, shape: int, mode: str) -> None:
    stop_kind, limited = ("STOP_LOSS", "0") if shape == 1 else ("STOP_LOSS_LIMIT", price(at))
    far, near = (high, low) if side == "SELL" else (low, high)
    target = ask(side, "LIMIT_MAKER", quantity(lots), price(far), mode=mode)
    if shape == 2:
        target = ask(side, "TAKE_PROFIT", quantity(lots), stop=price(far), mode=mode)
    protection = ask(side, stop_kind, quantity(lots), limited, stop=price(near), mode=mode)
    legs = (target, protection) if side == "SELL" else (protection, target)
    floor.try_pair(name, *legs)


def cancel(floor: Floor, name: str, which: int) -> None:
    orders = done(floor.exchange.open_orders(name, SYMBOL))
    if which == 30:
        done(floor.exchange.cancel_all(name, SYMBOL))
    elif orders:
        done(floor.exchange.cancel(name, SYMBOL, OrderRef(orders[which % len(orders)].order_id)))


def trigger(
    floor: Floor, name: str, side: str, lots: int, at: int, then: str, more: int, high: int, low: int, shape: int, mode: str
) -> None:
    """A working order, and one order of each type behind it, or a pair."""
    amount, top, bottom = quantity(more), price(max(high, low)), price(min(high, low))
    pending = [
        (ask(then, "LIMIT", amount, top, mode=mode),),
        (ask(then, "LIMIT_MAKER", amount, top, mode=mode),),
        (ask(then, "MARKET", amount, mode=mode),),
        (ask(then, "STOP_LOSS", amount, stop=bottom, mode=mode),),
        (ask(then, "TAKE_PROFIT_LIMIT", amount, top, stop=bottom, mode=mode),),
        (ask("SELL", "LIMIT_MAKER", amount, top, mode=mode), ask("SELL", "STOP_LOSS", amount, stop=bottom, mode=mode)),
        (ask("BUY", "STOP_LOSS_LIMIT", amount, top, stop=top, mode=mode), ask("BUY", "LIMIT_MAKER", amount, bottom, mode=mode)),
    ][shape]
    working = ask(side, "LIMIT", quantity(lots), price(at), mode=mode)
    done(floor.exchange.place_contingent(name, NewContingent(working, pending)))


def amend(floor: Floor, name: str, which: int, lots: int, keeps_name: bool) -> None:
    orders = done(floor.exchange.open_orders(name, SYMBOL))
    if orders:
        order = orders[which % len(orders)]
        client_id = order.client_id if keeps_name else ""
        done(floor.exchange.amend(name, SYMBOL, OrderRef(order.order_id), lots * 1_234_567, client_id))


def crowd(floor: Floor, told: list[tuple[int, int, bool]], middle: int, bids: list[int], asks: list[int], gap: int) -> None:
    at = floor.clock.at
    prints = [Print(SYMBOL, 0, where * TICK, lots * 700_001, 0, at, sold) for where, lots, sold in told]
    floor.exchange.apply(
        MarketUpdate(
            SYMBOL,
            at,
            prints,
            [BookLevel((middle - step) * TICK, lots * 900_001) for step, lots in enumerate(bids)],
            [BookLevel((middle + gap + step) * TICK, lots * 900_001) for step, lots in enumerate(asks)],
        )
    )


STEPS: dict[str, Callable[..., None]] = {
    "limit": limit, "market": market, "stop": stop, "pair": pair, "trigger": trigger, "cancel": cancel, "amend": amend,
    "crowd": crowd,
}  # fmt: skip


class Listener:
    """Somebody who knows only what the events tell."""

    def __init__(self, floor: Floor) -> None:
        self.orders: dict[int, OrderSnapshot] = {}
        self.balances = {(name, asset): floor.balance(name, asset) for name in NAMES for asset in ("BTC", "USDT")}
        self.printed = 0
        self.done_lists: list[int] = []

    def hear(self, floor: Floor) -> None:
        for event in floor.events():
            if isinstance(event, OrderReport):
                self.hear_order(event)
            elif isinstance(event, BalancesChanged):
                for balance in event.balances:
                    self.balances[event.account, balance.asset] = (balance.free, balance.locked)
            elif isinstance(event, TradePrinted):
                self.printed += event.trade.quantity
            elif isinstance(event, ListReport) and event.state.status == "ALL_DONE":
                self.done_lists.append(event.state.list_id)
            assert not isinstance(event, BalanceMoved)

    def hear_order(self, report: OrderReport) -> None:
        """Executed quantities grow by the fills told, and nothing is told of an order after its end."""
        before = self.orders.get(report.order.order_id)
        executed = 0 if before is None else before.executed
        assert before is None or before.status not in ENDED
        assert report.order.executed == executed + (report.fill.quantity if report.fill else 0)
        was_cancelled = report.execution is Execution.CANCELED
        own_id = (report.original_client_id if was_cancelled else "") or report.order.client_id
        self.orders[report.order.order_id] = replace(report.order, client_id=own_id)


@settings(deadline=None, max_examples=80)
@given(steps, st.sampled_from([0, 75_000, 100_000]))
def test_whatever_happens_the_books_balance(acts: list[tuple[Any, ...]], fee: int) -> None:
    """After each step: money conserved, nobody below zero, holds exact, the book uncrossed, the events complete."""
    floor = Floor(
        tick=TICK, price_min=TICK, price_max=0, lot=1, quantity_min=1, notional_min=0, maker_fee=fee, taker_fee=fee,
        orders_max=12, algo_orders_max=5,
    )  # fmt: skip
    for name in NAMES:  # little enough that balances bind
        floor.exchange.accounts.deposit(name, "BTC", -999 * ONE)
        floor.exchange.accounts.deposit(name, "USDT", -999_999 * ONE)
    floor.events()
    totals, listener = floor.totals(), Listener(floor)
    for kind, *arguments in acts:
        floor.clock.at += 7_000_000_000
        STEPS[kind](floor, *arguments)
        listener.hear(floor)
        assert floor.totals() == totals
        check_holds(floor)
        check_book(floor)
        check_told(floor, listener)


def check_holds(floor: Floor) -> None:
    """What is locked is what the open orders hold, and each holds what it needs."""
    for name in NAMES:
        need = {"BTC": 0, "USDT": 0}
        seat = floor.exchange.engine[SYMBOL].account_symbols.get(name)
        for order in seat.open.values() if seat else ():
            asset = "USDT" if order.is_buy else "BTC"
            if order.status is OrderStatus.PENDING_NEW:
                assert order.held == 0
            elif order.list is None or not order.list.is_pending:
                asked = order.price or order.asked.stop_price
                assert order.held == (quote_hold(asked, order.left) if order.is_buy else order.left)
            else:
                assert order.held == 0
            need[asset] += order.held
        for pending in seat.lists.values() if seat else ():
            need["USDT" if pending.legs[-1].is_buy else "BTC"] += pending.held
            assert pending.held == (max(leg.need() for leg in pending.legs) if pending.is_pending else 0)
        for asset, locked in need.items():
            free, held = floor.balance(name, asset)
            assert free >= 0
            assert held == locked


def check_book(floor: Floor) -> None:
    """Sorted, positive, uncrossed; and a stop never waits beyond the last price."""
    bids, asks = floor.depth()
    assert [level for level, _ in bids] == sorted({level for level, _ in bids}, reverse=True)
    assert [level for level, _ in asks] == sorted({level for level, _ in asks})
    assert all(amount > 0 for _, amount in (*bids, *asks))
    assert not bids or not asks or bids[0][0] < asks[0][0]
    listing = floor.exchange.engine[SYMBOL]
    assert not listing.triggered
    assert not floor.exchange.engine.filled_lists
    assert listing.stops.fall < (listing.tape.last or 1 << 60)
    assert listing.stops.rise > listing.tape.last


def check_told(floor: Floor, listener: Listener) -> None:
    """Orders, balances and lists are as the events said; what was printed is in the candles."""
    for name in NAMES:
        for order in done(floor.exchange.all_orders(name, SYMBOL, limit=1000)):
            assert listener.orders[order.order_id] == order
        for asset in ("BTC", "USDT"):
            assert listener.balances[name, asset] == floor.balance(name, asset)
        fills = done(floor.exchange.fills(name, SYMBOL, limit=10_000))
        executed = sum(order.executed for order in done(floor.exchange.all_orders(name, SYMBOL, limit=1000)))
        assert sum(fill.quantity for fill in fills) == executed
        for state in done(floor.exchange.order_lists(name, only_open=False)):
            assert (state.list_id in listener.done_lists) is (state.order_status == "ALL_DONE")
    candles = done(floor.exchange.candles(SYMBOL, "1m", limit=1000))
    assert sum(candle.volume for candle in candles) == listener.printed
