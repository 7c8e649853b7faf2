"""The requests that an account sends to its venue, once the events behind them are durable."""

from msgspec import Struct

from fairway.orders.order import Order
from fairway.venues.port import StreamChannel


class Place(Struct, frozen=True):
    order: Order


class PlacePair(Struct, frozen=True):
    stop: Order
    target: Order


class Cancel(Struct, frozen=True):
    """Cancels an order; of a pair, naming one cancels both."""

    order: Order


class QueryOrder(Struct, frozen=True):
    """Asks for an order by client id: the only way out of UNKNOWN."""

    order: Order


class QueryAccount(Struct, frozen=True):
    """Asks for open orders, fills since the last ones booked, and balances."""


class QueryKeyRights(Struct, frozen=True):
    """Asks what the key may do."""


class QueryQuote(Struct, frozen=True):
    """Asks for the top of a symbol's book."""

    symbol: str


class ReconnectChannel(Struct, frozen=True):
    """Ends a channel's connection, which delivers no events, and connects again."""

    channel: StreamChannel
    why: str


VenueRequest = Place | PlacePair | Cancel | QueryOrder | QueryAccount | QueryKeyRights | QueryQuote | ReconnectChannel
