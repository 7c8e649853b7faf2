"""Accounts behind one address, on a scripted venue: for tests of what they share."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from tests.conformance.practice_ground import Ground
from tests.pure.venues.scripted_venue import ScriptedVenue, settings

from fairway.market.instrument import Instrument
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.loop import running

ORDER, ACCOUNT_PATH, BOOK = "/api/v3/order", "/api/v3/account", "/api/v3/ticker/bookTicker"


@asynccontextmanager
async def accounts(count: int) -> AsyncIterator[tuple[ScriptedVenue, list[CcxtVenue], Instrument]]:
    """So many open venues at one scripted exchange, all like the first."""
    loop = running()
    async with ScriptedVenue() as exchange:
        first = CcxtVenue(settings(key="key-0"), loop.clock, loop.chance)
        others = (
            CcxtVenue(settings(key=f"key-{number}"), loop.clock, loop.chance.child(f"{number}"), like=first)
            for number in range(1, count)
        )
        venues = [first, *others]
        try:
            listed = (await asyncio.gather(*(venue.open() for venue in venues)))[0]
            yield exchange, venues, listed["BTC/USDT"]
        finally:
            await asyncio.gather(*(venue.close() for venue in venues))


def settings_of(ground: Ground) -> CcxtSettings:
    """How the ground's own venue reaches the exchange."""
    assert isinstance(ground.venue, CcxtVenue)
    return ground.venue._settings
