"""Measures how many orders a second the practice exchange's matching carries out, balances and events included.

Time is the process's own, so that neighbours on the machine do not count. The garbage collector runs as it always does; what is
made beforehand is frozen, as it is no part of the exchange.
"""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Callable
from random import Random
from typing import NamedTuple

from fairway.exchange import matching
from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.backend import MatchingBackend
from fairway.exchange.market_data import BookLevel, MarketUpdate, Print
from fairway.exchange.orders import Order
from fairway.exchange.rules import SymbolRules
from fairway.exchange.terms import NewOrder, OrderRef, OrderType, Side
from fairway.exchange.units import ONE

ACCOUNTS = 20
SYMBOL = "BTCUSDT"
RULES = SymbolRules(
    symbol=SYMBOL, base="BTC", quote="USDT", tick=ONE // 100, price_min=ONE // 100, price_max=10**6 * ONE, lot=1_000,
    quantity_min=1_000, quantity_max=9_000 * ONE, market_quantity_max=100 * ONE, notional_min=5 * ONE, notional_max=0,
    orders_max=1_000_000,
)  # fmt: skip
MIDDLE = 30_000 * ONE
FORGET_EVERY = 100
ROUNDS = 5
OPERATIONS = 200_000
UPDATES = 20_000
BOUND = 150_000


class Act(NamedTuple):
    """One operation: an order to place, or (None) an open order of the account to cancel."""

    account: str
    order: NewOrder | None


class StillClock:
    """Time that stands still, so that no clock is measured."""

    def now(self) -> int:
        return 1_700_000_000 * 10**9

    def monotonic(self) -> int:
        return 0


def acts(count: int, seed: int) -> list[Act]:
    """60 % limit orders that rest, 20 % cancels, 20 % limit orders a third as large that match what rests."""
    chance = Random(seed)
    made = []
    for _ in range(count):
        account = f"trader {chance.randrange(ACCOUNTS)}"
        draw = chance.random()
        if draw < 0.2:
            made.append(Act(account, None))
            continue
        buys = chance.random() < 0.5
        rests = draw < 0.8
        offset = chance.randrange(1, 2_000) * RULES.tick
        price = MIDDLE - offset if buys is rests else MIDDLE + offset
        quantity = chance.randrange(1, 100 if rests else 34) * 100_000
        side = Side.BUY if buys else Side.SELL
        if not rests:
            price = MIDDLE + (100 if buys else -100) * ONE
        client_id = f"bench{len(made):017d}"
        order = NewOrder(SYMBOL, side, OrderType.LIMIT, quantity=quantity, price=price, client_id=client_id)
        made.append(Act(account, order))
    return made


def backend() -> MatchingBackend:
    made = MatchingBackend([RULES], StillClock())
    for number in range(ACCOUNTS):
        made.accounts.open(f"trader {number}", {"BTC": 10**6 * ONE, "USDT": 10**10 * ONE}, maker_fee=100_000, taker_fee=100_000)
    made.apply(MarketUpdate(SYMBOL, StillClock().now(), [Print(SYMBOL, 0, MIDDLE, ONE, 0, 0, False)]))
    return made


def run_engine(exchange: MatchingBackend, work: list[Act], drains: bool) -> dict[str, int]:
    """The operations without a loop; what became of them."""
    floor = exchange.engine
    open_orders: dict[str, list[int]] = {f"trader {number}": [] for number in range(ACCOUNTS)}
    rested = filled = cancelled = refused = 0
    place, cancel = matching.place, matching.cancel
    for count, (account, order) in enumerate(work):
        mine = open_orders[account]
        if order is None:
            ended = cancel(floor, account, SYMBOL, mine.pop(), "", "") if mine else None
            if type(ended) is Order:
                cancelled += 1
            else:
                refused += 1
        else:
            placed = place(floor, account, order)
            if type(placed) is not Order:
                refused += 1
            elif placed.executed:
                filled += 1
            else:
                mine.append(placed.order_id)
                rested += 1
        if drains:
            exchange.drain()
        elif not count % FORGET_EVERY:
            floor.log.values.clear()
    return {"rested": rested, "matched": filled, "cancelled": cancelled, "refused": refused}


async def run_backend(exchange: MatchingBackend, work: list[Act]) -> None:
    """The same through the coroutines that a session calls, which also make the answers."""
    open_orders: dict[str, list[int]] = {f"trader {number}": [] for number in range(ACCOUNTS)}
    for account, order in work:
        mine = open_orders[account]
        if order is None:
            if mine:
                await exchange.cancel(account, SYMBOL, OrderRef(mine.pop()))
        else:
            placed = await exchange.place(account, order)
            if not isinstance(placed, ExchangeRefusal) and not placed.executed:
                mine.append(placed.order_id)
        exchange.drain()


def crowd_updates() -> list[MarketUpdate]:
    """One a second: 2 prints and 10 new levels a side, no account order near."""
    at = StillClock().now()
    made = []
    for turn in range(UPDATES):
        price = MIDDLE + turn % 50 * ONE
        at += 10**9
        prints = [Print(SYMBOL, 0, price + step * ONE, ONE, 0, at, bool(step)) for step in range(2)]
        bids = [BookLevel(price - step * ONE, ONE) for step in range(1, 11)]
        asks = [BookLevel(price + step * ONE, ONE) for step in range(2, 12)]
        made.append(MarketUpdate(SYMBOL, at, prints, bids, asks))
    return made


def run_crowd(exchange: MatchingBackend, updates: list[MarketUpdate]) -> None:
    for update in updates:
        exchange.apply(update)
        exchange.drain()


def seconds(run: Callable[[MatchingBackend], object]) -> float:
    """The process's time for one run on a fresh exchange: the best of a few, as the others were disturbed."""
    best = float("inf")
    for _ in range(ROUNDS):
        exchange = backend()
        gc.collect()
        gc.freeze()
        began = time.process_time()
        run(exchange)
        best = min(best, time.process_time() - began)
        gc.unfreeze()
    return best


def rows() -> list[tuple[str, str, str]]:
    """What was measured, the figure, and what it stands beside."""
    work, updates = acts(OPERATIONS, seed=7), crowd_updates()
    engine = seconds(lambda exchange: run_engine(exchange, work, drains=False))
    written = seconds(lambda exchange: run_engine(exchange, work, drains=True))
    wrapped = seconds(lambda exchange: asyncio.run(run_backend(exchange, work)))
    crowd = seconds(lambda exchange: run_crowd(exchange, updates))
    added = (wrapped - written) / OPERATIONS * 1e6
    return [
        ("place, cancel, match with balances", per_second(engine), f"bound: {BOUND:,} operations/s"),
        ("the same, each event written out", per_second(written), "what a session listening to everything pays"),
        ("the same through the back end's coroutines", per_second(wrapped), f"answers as values: {added:.1f} µs each"),
        ("crowd update: 2 prints, 10 levels a side", f"{crowd / UPDATES * 1e6:.1f} µs", "bound: 15 µs"),
    ]


def per_second(took: float) -> str:
    return f"{OPERATIONS / took:,.0f} operations/s"


if __name__ == "__main__":
    print(run_engine(backend(), acts(OPERATIONS, seed=7), drains=False))
    for what, figure, beside in rows():
        print(f"{what:<44} {figure:>24}   {beside}")
