"""A stage whose exchange is served at two addresses: two hosts of the network, one market, one count of requests by address."""

import asyncio
from collections.abc import Callable
from typing import Any

from tests.scenes.harness import HOST, PORT, Scene

from fairway.exchange.practice_exchange import Credentials
from fairway.exchange.server import Server
from fairway.journal.kinds import AddressSwitched
from fairway.proving.delayed_inbox import DelayedInbox
from fairway.proving.exchange_recorder import WitnessedVenue
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.venue import CcxtVenue
from fairway.world.clock import Clock
from fairway.world.loop import SimLoop, running

BACKUP = "backup"
FIRST_URL, BACKUP_URL = (f"http://{host}:{PORT}" for host in (HOST, BACKUP))


class TwoAddresses(Scene):
    """The exchange itself never stops: what it has, it keeps, whichever of its addresses is reached."""

    venue_kind: type[WitnessedVenue] = WitnessedVenue
    fallbacks: tuple[str, ...] = (BACKUP_URL,)

    def __init__(self, *signals: Any, **settings: Any) -> None:
        super().__init__(*signals, **settings)
        self.delayed_inbox = DelayedInbox()
        self.first_is_closed = asyncio.Event()

    async def _serve(self, loop: SimLoop, serving: asyncio.Event) -> None:
        server = Server(self.exchange, loop.chance.child("server"))
        async with server.listening("inside", PORT), server.also_listening(BACKUP, PORT):
            async with server.also_listening(HOST, PORT):
                serving.set()
                await self.first_is_closed.wait()
            await asyncio.get_running_loop().create_future()

    def _client(self, credentials: Credentials, loop: SimLoop, name: str, clock: Clock) -> CcxtVenue:
        settings = CcxtSettings(
            exchange="binance", key=credentials.key, secret=credentials.secret, url=FIRST_URL, fallbacks=self.fallbacks
        )
        return self.venue_kind(settings, clock, loop.chance.child(name)).witnessed(self._left_at, loop)

    def switches(self) -> list[tuple[float, str]]:
        """When the trader switched, in seconds of the play, and to which address."""
        seconds = self.seconds_of(AddressSwitched)
        events = [event for event in self.events(AddressSwitched) if isinstance(event, AddressSwitched)]
        return [(second, event.to_address) for second, event in zip(seconds, events, strict=True)]

    def times_asked(self, endpoint: str) -> int:
        """How often the exchange was asked this in all of the play, at whichever address."""
        return self.asked().count(endpoint)


def close_first(stage: Scene) -> None:
    """From then on the first address takes no connection, and those that it had end."""
    assert isinstance(stage, TwoAddresses)
    stage.first_is_closed.set()
    running().network.cut("trader", HOST)


def lose(host: str) -> Callable[[Scene], None]:
    """From then on nothing passes between the trader and an address: requests to it are swallowed."""
    return lambda _stage: running().network.partition("trader", host)


def give_back(host: str) -> Callable[[Scene], None]:
    return lambda _stage: running().network.heal("trader", host)
