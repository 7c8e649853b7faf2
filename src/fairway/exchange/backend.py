"""Our own matching as a back end of the practice exchange: carries orders out, and answers with values."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from fairway.exchange import amending, background_liquidity, contingent, lists, matching, refusals
from fairway.exchange.account_administration import AccountAdministration
from fairway.exchange.answers import Amended, ExchangeRefusal, ListState, OrderSnapshot
from fairway.exchange.engine_state import EngineState
from fairway.exchange.events import ExchangeEvent
from fairway.exchange.market_data import Candle, Depth, MarketUpdate, Print
from fairway.exchange.market_figures import MarketFigures
from fairway.exchange.order_queries import OrderQueries
from fairway.exchange.price_gap import PriceGaps
from fairway.exchange.rules import SymbolRules
from fairway.exchange.terms import NewContingent, NewOrder, NewPair, OrderRef
from fairway.world.clock import Clock


class MatchingBackend(OrderQueries):
    """Implements `port.Backend`; no coroutine ever waits, so each operation is done before another begins.

    Account names are the session's to know: an unknown one raises KeyError. An unknown symbol is refused where an answer can
    be a refusal, and raises KeyError elsewhere.
    """

    def __init__(self, rules: Iterable[SymbolRules], clock: Clock) -> None:
        super().__init__(EngineState(rules, clock))
        self.accounts = AccountAdministration(self.engine)
        self.market = MarketFigures(self.engine)
        self.gaps = PriceGaps()

    def open_gap(self, symbol: str, percent: int) -> None:
        """From the market's next complete update on, the symbol's prices are so much higher or lower. Raises ValueError.

        percent: in counts of 10⁻⁸. It is for `/practice`, so no part of the protocol `port.Backend`.
        """
        self.gaps.open(symbol, percent)

    def apply(self, update: MarketUpdate) -> None:
        """The rest of the market acts. Raises ValueError for depth that crosses itself, KeyError for an unknown symbol."""
        background_liquidity.apply(self.engine, update)
        if self.engine.filled_lists:
            contingent.start_waiting(self.engine)

    # Orders.

    async def place(self, account: str, order: NewOrder) -> OrderSnapshot | ExchangeRefusal:
        """The order as it stands after it did what it could, with the fills it made; or why it was refused."""
        if not self.engine.accounts[account].standing.can_trade:
            return refusals.ACCOUNT_DISABLED
        placed = matching.place(self.engine, account, order)
        if isinstance(placed, ExchangeRefusal):
            return placed
        state = placed.state(placed.account_symbol.fills_of(placed) if placed.executed else ())
        if self.engine.filled_lists:
            contingent.start_waiting(self.engine)
        return state

    async def test(self, account: str, order: NewOrder) -> ExchangeRefusal | None:
        """Why the filters would refuse the order; balances are not asked."""
        return matching.test(self.engine, account, order)

    async def place_pair(self, account: str, pair: NewPair) -> ListState | ExchangeRefusal:
        """Both orders or none."""
        if not self.engine.accounts[account].standing.can_trade:
            return refusals.ACCOUNT_DISABLED
        placed = lists.place_pair(self.engine, account, pair)
        return placed if isinstance(placed, ExchangeRefusal) else placed.state()

    async def place_contingent(self, account: str, wanted: NewContingent) -> ListState | ExchangeRefusal:
        """A working order and what it triggers, as they stand before it has triggered anything, as at the exchange."""
        if not self.engine.accounts[account].standing.can_trade:
            return refusals.ACCOUNT_DISABLED
        placed = contingent.place_contingent(self.engine, account, wanted)
        if isinstance(placed, ExchangeRefusal):
            return placed
        working, *waiting = placed.legs
        fills = placed.account_symbol.fills_of(working) if working.executed else ()
        state = replace(placed.state(), orders=(working.state(fills), *(it.state() for it in waiting)))
        contingent.start_waiting(self.engine)
        return state

    async def cancel(self, account: str, symbol: str, ref: OrderRef, cancel_id: str = "") -> OrderSnapshot | ExchangeRefusal:
        """The cancelled order, under its own client id. A leg of a list takes the other with it.

        Simplification: the answer is the order all the same, where the exchange answers with the list.
        """
        order = matching.cancel(self.engine, account, symbol, ref.order_id, ref.client_id, cancel_id)
        return order if isinstance(order, ExchangeRefusal) else order.state()

    async def amend(
        self, account: str, symbol: str, ref: OrderRef, quantity: int, client_id: str = ""
    ) -> Amended | ExchangeRefusal:
        """The order with this smaller quantity; it keeps its place in the book."""
        if not self.engine.accounts[account].standing.can_trade:
            return refusals.ACCOUNT_DISABLED
        order = amending.amend(self.engine, account, symbol, ref.order_id, ref.client_id, quantity, client_id)
        if isinstance(order, ExchangeRefusal):
            return order
        return Amended(order.state(), order.amendments[-1], None if order.list is None else order.list.state())

    async def cancel_all(self, account: str, symbol: str) -> Sequence[OrderSnapshot | ListState] | ExchangeRefusal:
        """All that was cancelled, oldest first; refused where nothing was open."""
        ended = lists.cancel_all(self.engine, account, symbol)
        return ended if isinstance(ended, ExchangeRefusal) else [each.state() for each in ended]

    async def cancel_list(self, account: str, symbol: str, ref: OrderRef) -> ListState | ExchangeRefusal:
        """The cancelled list."""
        pair = lists.cancel_list(self.engine, account, symbol, ref.order_id, ref.client_id)
        return pair if isinstance(pair, ExchangeRefusal) else pair.state()

    # The market.

    async def depth(self, symbol: str, limit: int) -> Depth:
        """The best levels of each side."""
        return self.market.book(symbol, limit)

    async def trades(self, symbol: str, *, from_id: int = -1, limit: int = 500) -> Sequence[Print]:
        """Remembered prints, oldest first: the newest, or from a trade id on."""
        return self.market.tape(symbol).recent(from_id, limit)

    async def candles(
        self, symbol: str, interval: str, *, since: int = 0, until: int = 0, limit: int = 500, zone_ns: int = 0
    ) -> Sequence[Candle]:
        """Candles, oldest first, the forming one last. Raises ValueError for an interval that the wire does not have."""
        return self.market.tape(symbol).candles(interval, since, until, limit, self.engine.clock.now(), zone_ns)

    @property
    def lost_events(self) -> int:
        """Events that were not drained in time and so were never sent."""
        return self.engine.log.lost

    def drain(self) -> list[ExchangeEvent]:
        """All events since the last call, in the order they happened."""
        return self.engine.log.drain()
