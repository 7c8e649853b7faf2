"""Exchanges that ccxt knows, behind the venue port."""

from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue

__all__ = ["CcxtSettings", "CcxtVenue"]
