"""What the exchange's session asks of the back end that carries orders out.

Our own matching is one back end; a real venue behind limits can be another.
"""

from collections.abc import Sequence
from typing import Protocol

from fairway.exchange.answers import (
    AccountAnswer,
    Amended,
    Amendment,
    ExchangeRefusal,
    Fill,
    ListState,
    Movement,
    OrderSnapshot,
    PreventedMatch,
)
from fairway.exchange.events import ExchangeEvent
from fairway.exchange.market_data import Candle, Depth, Print
from fairway.exchange.terms import NewContingent, NewOrder, NewPair, OrderRef


class Backend(Protocol):
    """Carries out what the session was asked. A refusal is a value; an exception is a bug or, behind a real venue, an outage.

    Every coroutine of the matching back end ends without ever waiting; a remote one may wait.
    """

    async def place(self, account: str, order: NewOrder) -> OrderSnapshot | ExchangeRefusal: ...
    async def test(self, account: str, order: NewOrder) -> ExchangeRefusal | None: ...
    async def place_pair(self, account: str, pair: NewPair) -> ListState | ExchangeRefusal: ...
    async def place_contingent(self, account: str, wanted: NewContingent) -> ListState | ExchangeRefusal: ...
    async def cancel(self, account: str, symbol: str, ref: OrderRef, cancel_id: str = "") -> OrderSnapshot | ExchangeRefusal: ...
    async def amend(
        self, account: str, symbol: str, ref: OrderRef, quantity: int, client_id: str = ""
    ) -> Amended | ExchangeRefusal: ...
    async def amendments(self, account: str, symbol: str, order_id: int) -> Sequence[Amendment] | ExchangeRefusal: ...
    async def cancel_all(self, account: str, symbol: str) -> Sequence[OrderSnapshot | ListState] | ExchangeRefusal: ...
    async def cancel_list(self, account: str, symbol: str, ref: OrderRef) -> ListState | ExchangeRefusal: ...
    async def order(self, account: str, symbol: str, ref: OrderRef) -> OrderSnapshot | ExchangeRefusal: ...
    async def open_orders(self, account: str, symbol: str | None) -> Sequence[OrderSnapshot]: ...
    async def all_orders(
        self, account: str, symbol: str, *, from_id: int = 0, since: int = 0, until: int = 0, limit: int = 500
    ) -> Sequence[OrderSnapshot]: ...
    async def order_list(self, account: str, ref: OrderRef) -> ListState | ExchangeRefusal: ...
    async def order_lists(self, account: str, *, only_open: bool, limit: int = 500) -> Sequence[ListState]: ...
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
    ) -> Sequence[Fill]: ...
    async def prevented(
        self, account: str, symbol: str, *, match_id: int = -1, order_id: int = 0, from_id: int = -1, limit: int = 500
    ) -> Sequence[PreventedMatch]: ...
    async def moves(self, account: str) -> Sequence[Movement]: ...
    async def account(self, account: str) -> AccountAnswer: ...

    async def depth(self, symbol: str, limit: int) -> Depth: ...
    async def trades(self, symbol: str, *, from_id: int = -1, limit: int = 500) -> Sequence[Print]: ...
    async def candles(
        self, symbol: str, interval: str, *, since: int = 0, until: int = 0, limit: int = 500, zone_ns: int = 0
    ) -> Sequence[Candle]:
        """Oldest first, the forming one last; without `since` the newest. They open by a time zone so far ahead of UTC."""
        ...

    def drain(self) -> list[ExchangeEvent]:
        """All events since the last call, in the order they happened."""
        ...
