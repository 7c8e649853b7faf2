"""Exchanges that ccxt knows, behind the venue port.

Importing ccxt takes a second, so this module does it only when a venue is made.
"""

from functools import cache
from importlib.util import find_spec
from pathlib import Path

from fairway.venues.allowance import Lane
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.port import Venue
from fairway.venues.registry import VenueAccount, VenuePlugin
from fairway.world.chance import Chance
from fairway.world.clock import Clock


def _make(account: VenueAccount, clock: Clock, chance: Chance, *, like: Venue | None, looks: Lane) -> Venue:
    from fairway.venues.ccxt.venue import CcxtVenue

    if like is not None and not isinstance(like, CcxtVenue):
        raise ValueError(f"like: {like.name} is not reached through ccxt, so it shares no connections with {account.exchange}")
    settings = CcxtSettings(
        exchange=account.exchange,
        key=account.key,
        secret=account.secret,
        sandbox=account.sandbox,
        url=account.url,
        fallbacks=account.fallbacks,
    )
    return CcxtVenue(settings, clock, chance, like=like, looks=looks)


@cache
def _exchanges() -> frozenset[str]:
    """Exchanges with streams in the installed ccxt, by the names of its files."""
    found = find_spec("ccxt")
    folders = found.submodule_search_locations if found else None
    files = [file for folder in folders or () for file in (Path(folder) / "pro").glob("[a-z]*.py")]
    return frozenset(file.stem for file in files)


VENUE = VenuePlugin(name="ccxt", make=_make, exchanges=_exchanges, known_as="no exchange with streams in ccxt")
