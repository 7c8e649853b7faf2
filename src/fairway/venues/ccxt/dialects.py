"""Chooses the dialect in which an exchange is asked: Binance's own protocol where it speaks that, else ccxt's unified one."""

from typing import Any

from fairway.venues.ccxt.binance import Binance
from fairway.venues.ccxt.client import speaks_binance
from fairway.venues.ccxt.dialect import Dialect
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.unified import UnifiedVenue
from fairway.world.clock import Clock


def dialect_of(client: Any, settings: CcxtSettings, clock: Clock) -> Dialect:
    if speaks_binance(settings.exchange):
        return Binance(client, settings, clock)
    return UnifiedVenue(client, settings, clock)
