"""What a venue of ours asks of a ccxt client, in the words of one protocol.

`binance` speaks to exchanges of Binance's own protocol, `unified` to any other that ccxt knows. Dialects raise whatever
happens; the venue sorts it.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from fairway.market.candles import Candle, Quote
from fairway.market.instrument import Instrument
from fairway.money.fees import Fees
from fairway.venues.ccxt.errors import FailureKind
from fairway.venues.ccxt.reading import Instruments
from fairway.venues.port import BalanceReport, FillReport, KeyRights, NewOrder, NewPair, OrderReport, Sink, VenueFeatures

Up = Callable[[], None]
"""Called when a stream is subscribed and acknowledged."""
Heard = Callable[[], object]
"""Called when a connection shows that it lives."""


def ignore_news() -> None:
    """Hears nothing: of the market each symbol is watched by itself, for that its connection lives proves nothing."""


class StreamConnectionLost(Exception):
    """A stream's connection ended, fell silent or was refused; the text says which. The venue asked for wait_s of rest.

    is_planned: the venue announced the end, and it was not waited for. was_reached: the venue had taken the connection.
    """

    def __init__(self, why: str, *, wait_s: float = 0.0, is_planned: bool = False, was_reached: bool = True) -> None:
        super().__init__(why)
        self.wait_s, self.was_reached = wait_s, was_reached
        self.is_planned = is_planned


class Dialect(Protocol):
    promises: VenueFeatures
    codes: Mapping[int, FailureKind]
    fills_page: int
    """A page of fills that is shorter than this is the last."""
    instruments: Instruments
    """What is listed: as `open` said, to this dialect or to another of the same exchange."""

    async def open(self) -> Instruments: ...

    async def place(self, order: NewOrder) -> OrderReport: ...
    async def place_pair(self, pair: NewPair) -> tuple[OrderReport, OrderReport]: ...
    async def cancel(self, listed: Instrument, client_id: str) -> OrderReport: ...
    async def find(self, listed: Instrument, client_id: str) -> OrderReport | None: ...
    async def order_of(self, listed: Instrument, venue_id: str) -> OrderReport | None: ...
    async def open_orders(self, listed: Instrument | None) -> Sequence[OrderReport]:
        """Of one symbol, or of all."""
        ...

    async def newest_orders(self, listed: Instrument) -> Sequence[OrderReport]:
        """Of one symbol, whatever became of them; asked only where `promises.order_history` says so."""
        ...

    async def fills_after(self, listed: Instrument, trade_id: str, since: int) -> Sequence[FillReport]:
        """One page of fills, oldest first: after the trade id, or from the instant on (or before) where it is `""`."""
        ...

    async def candles(self, listed: Instrument, interval: str, since: int, limit: int) -> Sequence[Candle]:
        """Oldest first from since (ns) on, the newest where since is 0. The last may still be forming, no other may."""
        ...

    async def balances(self) -> BalanceReport: ...
    async def second_balances(self) -> BalanceReport: ...
    async def fees(self, listed: Instrument) -> Fees: ...
    async def server_time(self) -> int: ...
    async def quote(self, listed: Instrument) -> Quote: ...
    async def key_rights(self) -> KeyRights: ...

    async def market_session(self, symbols: Sequence[str], sink: Sink, up: Up) -> None:
        """One connection's life: subscribes, says up, sends quotes and perhaps trades. Raises StreamLost at its end."""
        ...

    async def account_session(self, sink: Sink, up: Up, heard: Heard) -> None:
        """One connection's life: subscribes, says up, sends order, fill and balance reports. Raises StreamLost at its end.

        heard is called whenever the connection shows that it lives, be it by an echo.
        """
        ...
