"""A small trading floor for scenes: one symbol, three accounts, numbers as text."""

from __future__ import annotations

from collections.abc import Coroutine, Sequence
from dataclasses import replace
from typing import Any, TypeVar

from tests.pure.exchange.hand_clock import HandClock
from tests.pure.exchange.pair_rules import rules_of

from fairway.exchange import units
from fairway.exchange.answers import ExchangeRefusal, ListState, OrderSnapshot
from fairway.exchange.backend import MatchingBackend
from fairway.exchange.events import ExchangeEvent, OrderReport
from fairway.exchange.market_data import BookLevel, MarketUpdate, Print
from fairway.exchange.terms import NewOrder, NewPair, OrderRef, OrderType, SelfTrade, Side, TimeInForce
from fairway.world.clock import SECOND

SYMBOL = "BTCUSDT"
START = 1_700_000_040 * SECOND
"""The beginning of a minute."""

_Answer = TypeVar("_Answer")


def u(number: str) -> int:
    """The number in 10⁻⁸, below zero too."""
    counted = units.parse(number.removeprefix("-"))
    assert counted is not None, number
    return -counted if number.startswith("-") else counted


RULES = rules_of(price_max=u("100000"), lot=u("0.001"), quantity_min=u("0.001"), notional_max=u("900000"))


def ask(
    side: str,
    kind: str,
    quantity: str = "0",
    price: str = "0",
    *,
    stop: str = "0",
    quote: str = "0",
    force: str = "GTC",
    client: str = "",
    mode: str = "EXPIRE_MAKER",
    symbol: str = SYMBOL,
) -> NewOrder:
    """An order as asked for."""
    return NewOrder(
        symbol,
        Side(side),
        OrderType(kind),
        quantity=u(quantity),
        quote_quantity=u(quote),
        price=u(price),
        stop_price=u(stop),
        time_in_force=TimeInForce(force),
        client_id=client,
        self_trade=SelfTrade(mode),
    )


def done(answer: Coroutine[Any, Any, _Answer]) -> _Answer:
    """The answer of a coroutine that never waits."""
    try:
        answer.send(None)
    except StopIteration as end:
        return end.value  # type: ignore[no-any-return]  # what the coroutine returned
    raise AssertionError("the matching waited")


class Floor:
    """The back end with its scene: accounts ann, bob and eve with 1,000 BTC and 1,000,000 USDT each, no fees unless told."""

    def __init__(self, *, maker_fee: int = 0, taker_fee: int = 0, **rules: Any) -> None:
        self.clock = HandClock(START)
        self.exchange = MatchingBackend([replace(RULES, **rules)], self.clock)
        for name in ("ann", "bob", "eve"):
            balances = {"BTC": u("1000"), "USDT": u("1000000")}
            self.exchange.accounts.open(name, balances, maker_fee=maker_fee, taker_fee=taker_fee)

    def try_(self, account: str, *asked: Any, **more: Any) -> OrderSnapshot | ExchangeRefusal:
        return done(self.exchange.place(account, ask(*asked, **more)))

    def place(self, account: str, *asked: Any, **more: Any) -> OrderSnapshot:
        placed = self.try_(account, *asked, **more)
        assert isinstance(placed, OrderSnapshot), placed
        return placed

    def refusal(self, account: str, *asked: Any, **more: Any) -> tuple[int, str]:
        """The refusal of an order, which must have changed nothing."""
        before = self.everything()
        refused = self.try_(account, *asked, **more)
        assert isinstance(refused, ExchangeRefusal), refused
        assert self.everything() == before
        return refused.code, refused.message

    def try_pair(self, account: str, above: NewOrder, below: NewOrder, client: str = "") -> ListState | ExchangeRefusal:
        return done(self.exchange.place_pair(account, NewPair(above, below, client)))

    def pair(self, account: str, above: NewOrder, below: NewOrder, client: str = "") -> ListState:
        placed = self.try_pair(account, above, below, client)
        assert isinstance(placed, ListState), placed
        return placed

    def cancel(self, account: str, order_id: int, cancel_id: str = "") -> OrderSnapshot:
        ended = done(self.exchange.cancel(account, SYMBOL, OrderRef(order_id), cancel_id))
        assert isinstance(ended, OrderSnapshot), ended
        return ended

    def order(self, account: str, order_id: int) -> OrderSnapshot:
        found = done(self.exchange.order(account, SYMBOL, OrderRef(order_id)))
        assert isinstance(found, OrderSnapshot), found
        return found

    def crowd(
        self,
        bids: Sequence[tuple[str, str]] | None = None,
        asks: Sequence[tuple[str, str]] | None = None,
        prints: Sequence[tuple[str, str, str]] = (),
    ) -> None:
        """The crowd prints (price, quantity, side of who took), then shows this depth."""
        at = self.clock.at
        self.exchange.apply(
            MarketUpdate(
                SYMBOL,
                at,
                [Print(SYMBOL, 0, u(price), u(quantity), 0, at, taker == "SELL") for price, quantity, taker in prints],
                None if bids is None else [BookLevel(u(price), u(quantity)) for price, quantity in bids],
                None if asks is None else [BookLevel(u(price), u(quantity)) for price, quantity in asks],
            )
        )

    def last(self, price: str) -> None:
        """The crowd trades a little at this price."""
        self.crowd(prints=[(price, "0.001", "BUY")])

    def balance(self, account: str, asset: str) -> tuple[int, int]:
        """Free and locked."""
        state = done(self.exchange.account(account))
        return next(((each.free, each.locked) for each in state.balances if each.asset == asset), (0, 0))

    def depth(self) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
        shown = done(self.exchange.depth(SYMBOL, 100))
        return [(each.price, each.quantity) for each in shown.bids], [(each.price, each.quantity) for each in shown.asks]

    def events(self) -> list[ExchangeEvent]:
        return self.exchange.drain()

    def reports(self, account: str) -> list[tuple[str, str]]:
        """Executions and statuses told to an account since the last time anybody looked."""
        return [
            (event.execution.value, event.order.status.value)
            for event in self.events()
            if isinstance(event, OrderReport) and event.order.account == account
        ]

    def house(self) -> tuple[dict[str, int], dict[str, int]]:
        """What the crowd has, or owes, and what was taken as commission."""
        accounts = self.exchange.engine.accounts
        crowd, fees = (
            {each.asset: each.free for each in house.balances.values()} for house in (accounts.background, accounts.fees)
        )
        return crowd, fees

    def totals(self) -> dict[str, int]:
        """Sum of each asset over everybody, the house included: only deposits and withdrawals may change it."""
        accounts, sums = self.exchange.engine.accounts, dict[str, int]()
        for account in (*accounts.by_name.values(), accounts.background, accounts.fees):
            for asset, purse in account.balances.items():
                sums[asset] = sums.get(asset, 0) + purse.free + purse.locked
        return sums

    def everything(self) -> object:
        """All that a refused request must leave as it is."""
        names = list(self.exchange.engine.accounts.by_name)
        return (
            [replace(done(self.exchange.account(name)), updated_at=0) for name in names],
            [done(self.exchange.open_orders(name, None)) for name in names],
            [done(self.exchange.order_lists(name, only_open=True)) for name in names],
            done(self.exchange.depth(SYMBOL, 100)),
            self.totals(),
        )


def levels(*pairs: tuple[str, str]) -> list[tuple[int, int]]:
    """Depth as numbers."""
    return [(u(price), u(quantity)) for price, quantity in pairs]
