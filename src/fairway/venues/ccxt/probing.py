"""Probes a venue's first address while another one is used, within the request budget that all of its addresses share."""

import asyncio
from dataclasses import replace

from fairway.venues.addresses import PROBE_EVERY_S
from fairway.venues.allowance import Lane
from fairway.venues.ccxt.address import VenueAddress
from fairway.venues.ccxt.dialects import dialect_of
from fairway.venues.ccxt.reading import UNREADABLE
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.port import Throttled
from fairway.world.clock import Clock


class FirstAddressProbe:
    """Asks the exchange for its time, without a key, and tells the venue's addresses whether it answered."""

    def __init__(self, address: VenueAddress, settings: CcxtSettings, clock: Clock) -> None:
        self._address, self._settings, self._clock = address, replace(settings, key="", secret=""), clock

    async def run(self) -> None:
        """Until cancelled; ends at once where the venue has one address only."""
        addresses = self._address.addresses
        while len(addresses.all) > 1:
            await asyncio.sleep(PROBE_EVERY_S)
            if not addresses.is_at_first and (is_good := await self._answers()) is not None:
                addresses.probed(is_good=is_good)

    async def _answers(self) -> bool | None:
        """None where our own budget let no question leave."""
        from ccxt.base.errors import BaseError

        gate = self._address.new_gate()
        client = self._address.new_probe(self._settings, gate)
        dialect = dialect_of(client, self._settings, self._clock)
        try:
            async with gate.call(Lane.DATA, self._settings.timeout_s, effect=False):
                await dialect.server_time()
        except Throttled:
            return None
        except (BaseError, OSError, TimeoutError, *UNREADABLE):
            return False
        finally:
            client.session = None  # it belongs to all accounts
        return True
