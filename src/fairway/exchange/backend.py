"""Our own matching as a back end of the practice exchange: answers as values, histories, market data, and its upkeep."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from heapq import nsmallest
from typing import TypeVar

from msgspec.structs import replace

from fairway.exchange import amending, background_liquidity, contingent, lists, matching, refusals
from fairway.exchange.account_symbol import AccountSymbol
from fairway.exchange.accounts import ExchangeAccount
from fairway.exchange.answers import (
    AccountAnswer,
    Amended,
    Amendment,
    ExchangeRefusal,
    Fill,
    KeyPermissions,
    ListState,
    Movement,
    OrderSnapshot,
    PreventedMatch,
    TradingStatus,
)
from fairway.exchange.engine_state import EngineState
from fairway.exchange.events import ExchangeEvent
from fairway.exchange.market_data import Candle, Depth, MarketUpdate, Print
from fairway.exchange.orders import Order, OrderList
from fairway.exchange.rules import SymbolRules
from fairway.exchange.tape import DayFigures, Tape
from fairway.exchange.terms import NewContingent, NewOrder, NewPair, OrderRef
from fairway.world.clock import Clock, Instant

_Found = TypeVar("_Found")


class MatchingBackend:
    """Implements `port.Backend`; no coroutine ever waits, so each operation is done before another begins.

    Account names are the session's to know: an unknown one raises KeyError. An unknown symbol is refused where an answer can
    be a refusal, and raises KeyError elsewhere.
    """

    def __init__(self, rules: Iterable[SymbolRules], clock: Clock) -> None:
        self.floor = EngineState(rules, clock)

    # Accounts.

    def open_account(
        self,
        name: str,
        balances: Mapping[str, int],
        *,
        maker_fee: int = 0,
        taker_fee: int = 0,
        rights: KeyPermissions | None = None,
    ) -> AccountAnswer:
        """A new account. Fees are fractions in 10⁻⁸. Raises ValueError for a name in use or an impossible number."""
        account = self.floor.accounts.open(name, balances, maker_fee=maker_fee, taker_fee=taker_fee, rights=rights)
        account.updated_at = self.floor.clock.now()
        return account.state()

    def set_rights(self, name: str, rights: KeyPermissions) -> None:
        """What the account's key may do from now on. The back end keeps it; the session obeys it."""
        self.floor.accounts[name].rights = rights

    def set_standing(self, name: str, standing: TradingStatus) -> None:
        """How the account stands from now on. One that may not trade can still cancel, and what rests stays."""
        self.floor.accounts[name].standing = standing

    def set_fee_asset(self, name: str, asset: str) -> None:
        """What the account pays its fees in from now on; "" for what it receives."""
        self.floor.accounts[name].fee_asset = asset

    def deposit(self, account: str, asset: str, delta: int, at: Instant | None = None) -> ExchangeRefusal | None:
        """Brings something in, or takes it out where delta is negative; refused where that much is not free."""
        return self._move(account, asset, delta, self.floor.clock.now() if at is None else at)

    def transfer(self, sender: str, receiver: str, asset: str, units: int, at: Instant) -> ExchangeRefusal | None:
        """Brings something from one account to another; refused where that much is not free. KeyError for an unknown account."""
        self.floor.accounts[receiver]  # before anything is moved
        if refusal := self._move(sender, asset, -units, at, receiver):
            return refusal
        return self._move(receiver, asset, units, at, sender)

    def _move(self, account: str, asset: str, delta: int, at: Instant, other: str = "") -> ExchangeRefusal | None:
        owner = self.floor.accounts[account]
        purse = owner.purse(asset)
        if purse.free + delta < 0:
            return refusals.INSUFFICIENT_BALANCE
        purse.free += delta
        owner.updated_at = at
        owner.moves.append(Movement(next(self.floor.move_ids), asset, delta, at, other))
        self.floor.log.moved(owner, purse, delta, at)
        return None

    def apply(self, update: MarketUpdate) -> None:
        """The rest of the market acts. Raises ValueError for depth that crosses itself, KeyError for an unknown symbol."""
        background_liquidity.apply(self.floor, update)
        if self.floor.filled_lists:
            contingent.start_waiting(self.floor)

    # Orders.

    async def place(self, account: str, order: NewOrder) -> OrderSnapshot | ExchangeRefusal:
        """The order as it stands after it did what it could, with the fills it made; or why it was refused."""
        if not self.floor.accounts[account].standing.can_trade:
            return refusals.ACCOUNT_DISABLED
        placed = matching.place(self.floor, account, order)
        if isinstance(placed, ExchangeRefusal):
            return placed
        state = placed.state(placed.seat.fills_of(placed) if placed.executed else ())
        if self.floor.filled_lists:
            contingent.start_waiting(self.floor)
        return state

    async def test(self, account: str, order: NewOrder) -> ExchangeRefusal | None:
        """Why the filters would refuse the order; balances are not asked."""
        return matching.test(self.floor, account, order)

    async def place_pair(self, account: str, pair: NewPair) -> ListState | ExchangeRefusal:
        """Both orders or none."""
        if not self.floor.accounts[account].standing.can_trade:
            return refusals.ACCOUNT_DISABLED
        placed = lists.place_pair(self.floor, account, pair)
        return placed if isinstance(placed, ExchangeRefusal) else placed.state()

    async def place_contingent(self, account: str, wish: NewContingent) -> ListState | ExchangeRefusal:
        """A working order and what it triggers, as they stand before it has triggered anything, as at the exchange."""
        if not self.floor.accounts[account].standing.can_trade:
            return refusals.ACCOUNT_DISABLED
        placed = contingent.place_contingent(self.floor, account, wish)
        if isinstance(placed, ExchangeRefusal):
            return placed
        working, *waiting = placed.legs
        fills = placed.seat.fills_of(working) if working.executed else ()
        state = replace(placed.state(), orders=(working.state(fills), *(it.state() for it in waiting)))
        contingent.start_waiting(self.floor)
        return state

    async def cancel(self, account: str, symbol: str, ref: OrderRef, cancel_id: str = "") -> OrderSnapshot | ExchangeRefusal:
        """The cancelled order, under its own client id. A leg of a list takes the other with it.

        Simplification: the answer is the order all the same, where the exchange answers with the list.
        """
        order = matching.cancel(self.floor, account, symbol, ref.order_id, ref.client_id, cancel_id)
        return order if isinstance(order, ExchangeRefusal) else order.state()

    async def amend(
        self, account: str, symbol: str, ref: OrderRef, quantity: int, client_id: str = ""
    ) -> Amended | ExchangeRefusal:
        """The order with this smaller quantity; it keeps its place in the book."""
        if not self.floor.accounts[account].standing.can_trade:
            return refusals.ACCOUNT_DISABLED
        order = amending.amend(self.floor, account, symbol, ref.order_id, ref.client_id, quantity, client_id)
        if isinstance(order, ExchangeRefusal):
            return order
        return Amended(order.state(), order.amendments[-1], None if order.list is None else order.list.state())

    async def amendments(self, account: str, symbol: str, order_id: int) -> Sequence[Amendment] | ExchangeRefusal:
        """All amendments of an order, oldest first."""
        if symbol not in self.floor.listings:
            return refusals.INVALID_SYMBOL
        found = self._seat(account, symbol).find(order_id, "")
        return refusals.NO_SUCH_ORDER if found is None else found.amendments

    async def cancel_all(self, account: str, symbol: str) -> Sequence[OrderSnapshot | ListState] | ExchangeRefusal:
        """All that was cancelled, oldest first; refused where nothing was open."""
        ended = lists.cancel_all(self.floor, account, symbol)
        return ended if isinstance(ended, ExchangeRefusal) else [each.state() for each in ended]

    async def cancel_list(self, account: str, symbol: str, ref: OrderRef) -> ListState | ExchangeRefusal:
        """The cancelled list."""
        pair = lists.cancel_list(self.floor, account, symbol, ref.order_id, ref.client_id)
        return pair if isinstance(pair, ExchangeRefusal) else pair.state()

    async def order(self, account: str, symbol: str, ref: OrderRef) -> OrderSnapshot | ExchangeRefusal:
        """An order, open or remembered; of a client id used again, the newest."""
        if symbol not in self.floor.listings:
            return refusals.INVALID_SYMBOL
        found = self._seat(account, symbol).find(ref.order_id, ref.client_id)
        return refusals.NO_SUCH_ORDER if found is None else found.state()

    async def open_orders(self, account: str, symbol: str | None) -> Sequence[OrderSnapshot]:
        """Open orders of a symbol, or of all, oldest first."""
        found = [order for seat in self._seats(account, symbol) for order in seat.open.values()]
        return [order.state() for order in sorted(found, key=_order_id)]

    async def all_orders(
        self, account: str, symbol: str, *, from_id: int = 0, since: int = 0, until: int = 0, limit: int = 500
    ) -> Sequence[OrderSnapshot]:
        """Orders open or remembered, oldest first: from an id on, or made within [since, until]; else the newest."""
        seat = self._seat(account, symbol)
        found = [
            order
            for kept in (seat.open, seat.closed)
            for order in kept.values()
            if order.order_id >= from_id and since <= order.created_at and (not until or order.created_at <= until)
        ]
        found.sort(key=_order_id)
        return [order.state() for order in _page(found, limit, forwards=bool(from_id or since))]

    async def order_list(self, account: str, ref: OrderRef) -> ListState | ExchangeRefusal:
        """An order list by its id or its client id, at whichever symbol."""
        for seat in self._seats(account, None):
            pair = seat.list_of(ref.order_id, ref.client_id)
            if pair is not None:
                return pair.state()
        return refusals.NO_SUCH_LIST

    async def order_lists(self, account: str, *, only_open: bool, limit: int = 500) -> Sequence[ListState]:
        """The newest order lists, oldest of them first."""
        found: list[OrderList] = []
        for seat in self._seats(account, None):
            found += seat.lists.values()
            found += () if only_open else seat.done_lists.values()
        newest = nsmallest(limit, found, key=lambda pair: -pair.list_id)
        return [pair.state() for pair in reversed(newest)]

    async def fills(
        self,
        account: str,
        symbol: str,
        *,
        order_id: int = 0,
        from_id: int = -1,
        since: int = 0,
        until: int = 0,
        limit: int = 500,
    ) -> Sequence[Fill]:
        """Remembered fills, oldest first: of an order, from a trade id on, or made within [since, until]; else the newest."""
        found = [
            fill
            for fill in self._seat(account, symbol).fills
            if (not order_id or fill.order_id == order_id)
            and fill.trade_id >= from_id
            and since <= fill.at
            and (not until or fill.at <= until)
        ]
        return _page(found, limit, forwards=bool(from_id >= 0 or since))

    async def prevented(
        self, account: str, symbol: str, *, match_id: int = -1, order_id: int = 0, from_id: int = -1, limit: int = 500
    ) -> Sequence[PreventedMatch]:
        """Remembered trades with itself that were prevented, oldest first: one, or those of an order."""
        found = [
            match
            for match in self._seat(account, symbol).prevented
            if match.match_id >= from_id and (match_id < 0 or match.match_id == match_id)
            if not order_id or order_id in (match.taker_id, match.maker_id)
        ]
        return found[:limit]

    async def moves(self, account: str) -> Sequence[Movement]:
        """Remembered deposits, withdrawals and transfers, oldest first."""
        return tuple(self.floor.accounts[account].moves)

    async def account(self, account: str) -> AccountAnswer:
        """Balances, fees and rights."""
        return self.floor.accounts[account].state()

    # The market.

    async def depth(self, symbol: str, limit: int) -> Depth:
        """The best levels of each side."""
        return self.book(symbol, limit)

    async def trades(self, symbol: str, *, from_id: int = -1, limit: int = 500) -> Sequence[Print]:
        """Remembered prints, oldest first: the newest, or from a trade id on."""
        return self.tape(symbol).recent(from_id, limit)

    async def candles(
        self, symbol: str, interval: str, *, since: int = 0, until: int = 0, limit: int = 500, zone_ns: int = 0
    ) -> Sequence[Candle]:
        """Candles, oldest first, the forming one last. Raises ValueError for an interval that the wire does not have."""
        return self.tape(symbol).candles(interval, since, until, limit, self.floor.clock.now(), zone_ns)

    def book(self, symbol: str, limit: int) -> Depth:
        """The depth, without waiting for a loop."""
        listing = self.floor[symbol]
        return Depth(symbol, listing.update_id, listing.bids.depth(limit), listing.asks.depth(limit))

    def tape(self, symbol: str) -> Tape:
        """The symbol's tape: its prints and candles, last price, average price, figures of the day."""
        return self.floor[symbol].tape

    def day(self, symbol: str) -> DayFigures:
        """Figures of the last 24 hours."""
        return self.tape(symbol).day(self.floor.clock.now())

    def since(self, symbol: str, opened: Instant) -> Candle | None:
        """All that was traded since this minute opened, as one candle; None before the first trade."""
        return self.tape(symbol).since(opened)

    def average_price(self, symbol: str) -> int:
        """The average price that the filters use now; 0 before the first trade."""
        return self.tape(symbol).average(self.floor.clock.now())

    @property
    def lost_events(self) -> int:
        """Events that were not drained in time and so were never sent."""
        return self.floor.log.lost

    def drain(self) -> list[ExchangeEvent]:
        """All events since the last call, in the order they happened."""
        return self.floor.log.drain()

    def _seat(self, account: str, symbol: str) -> AccountSymbol:
        return self.floor.seat(self.floor[symbol], account)

    def _seats(self, account: str, symbol: str | None) -> list[AccountSymbol]:
        """Seats that the account has taken."""
        owner: ExchangeAccount = self.floor.accounts[account]
        listings = self.floor.listings.values() if symbol is None else (self.floor[symbol],)
        return [seat for listing in listings if (seat := listing.seats.get(owner.name)) is not None]


def _order_id(order: Order) -> int:
    return order.order_id


def _page(found: list[_Found], limit: int, *, forwards: bool) -> list[_Found]:
    """At most `limit`: the first where a beginning was named, else the last."""
    return found[:limit] if forwards else found[max(0, len(found) - limit) :]
