"""Turns a recorded trade into a print of the exchange."""

from fairway.exchange.market_data import Print
from fairway.exchange.markets.grid import units_of
from fairway.exchange.units import quote_of
from fairway.market.candles import Trade


def print_of(symbol: str, trade: Trade) -> Print:
    """A recorded trade as a print of the exchange (symbol as on the wire)."""
    price, quantity = units_of(trade.price), units_of(trade.quantity)
    quote = quote_of(price, quantity)
    bought = (0, 0) if trade.buyer_is_maker else (quantity, quote)
    return Print(symbol, 0, price, quantity, quote, trade.at, trade.buyer_is_maker, 1, *bought)
