"""What all accounts behind one network address share at one exchange, so that a further one costs little and asks nothing.

The connections, what is listed, the request budget, the line of those who dial, and at which of its addresses the exchange is
asked. All of them share one budget, because the exchange counts what comes from our address, whichever of its own it came to.
"""

import asyncio
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, Final

from fairway.venues.addresses import PendingSwitches, VenueAddresses
from fairway.venues.allowance import BINANCE_SPOT, AddressLimits
from fairway.venues.budget import Budget
from fairway.venues.ccxt.client import client_class, make_client, make_session, speaks_binance
from fairway.venues.ccxt.gate import RequestGate
from fairway.venues.ccxt.pointing import moves_streams, own_host, point
from fairway.venues.ccxt.reading import Instruments
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.venues.ccxt.streams import AccountStream
from fairway.venues.dialling import Dialling
from fairway.venues.port import AddressChanged
from fairway.world.chance import Chance
from fairway.world.clock import Clock

if TYPE_CHECKING:
    from aiohttp import ClientSession

BINANCE_WEIGHT_OF_COST: Final = 5
"""ccxt counts Binance's weights in fifths."""


OF_OTHERS: Final = AddressLimits(in_flight=5)
"""Of other exchanges ccxt keeps the pace, in a line that knows no urgency: few may stand in it."""


class VenueAddress:
    """Of one exchange, as its first account reaches it."""

    def __init__(self, settings: CcxtSettings, clock: Clock, chance: Chance, budget: Budget | None) -> None:
        self.budget = budget or Budget(clock, BINANCE_SPOT if speaks_binance(settings.exchange) else OF_OTHERS)
        self.addresses = VenueAddresses((settings.url, *settings.fallbacks), clock)
        self.addresses.named, self.addresses.on_switch = self._named, self._move
        self.switches = PendingSwitches()
        self.dialling = Dialling(self.budget, clock, chance, self._heed_dial)
        self.opening = asyncio.Lock()
        """Held while what is listed is asked for, so that many who open at once ask once."""
        self._settings, self._clock = settings, clock
        self._kind: Any = None
        self._pace: Any = None
        self._session: ClientSession | None = None
        self._clients: list[Any] = []
        self._streams: list[AccountStream] = []
        self._own_host = ""
        self._moves_streams = False
        self._listed: tuple[Instruments, Any] | None = None

    def serves(self, settings: CcxtSettings) -> bool:
        """Whether an account with these settings is at the same exchange."""
        ours = self._settings
        return (settings.exchange, settings.url, settings.sandbox) == (ours.exchange, ours.url, ours.sandbox)

    def new_gate(self) -> RequestGate:
        """A way out for one account."""
        return RequestGate(self.budget, self._clock, BINANCE_WEIGHT_OF_COST if speaks_binance(self._settings.exchange) else 0)

    def new_client(self, settings: CcxtSettings, gate: RequestGate) -> Any:
        """A client for one account. Must be called inside the running loop; `close` ends it. Raises ValueError."""
        client = self.new_probe(settings, gate)
        self._own_host, self._moves_streams = own_host(client), any(moves_streams(client, each) for each in self._fallbacks)
        point(client, self.addresses.current)
        self._clients.append(client)
        return client

    def new_probe(self, settings: CcxtSettings, gate: RequestGate) -> Any:
        """A client that stays at the first address, with the same connections and budget. Raises ValueError.

        It needs no closing, but lets go of the session at its end.
        """
        self._kind = self._kind or client_class(self._clock, settings.exchange)
        client = make_client(self._kind, settings, gate)
        self._session = self._session or make_session(settings)
        client.session = self._session
        client.throttler = self._pace = self._pace or client.throttler
        return client

    def join(self, streams: Iterable[AccountStream]) -> None:
        """Streams of one account, which connect again when the address is switched."""
        self._streams += streams

    def leave(self, streams: Iterable[AccountStream]) -> None:
        self._streams = [each for each in self._streams if each not in streams]

    async def close(self, client: Any) -> None:
        """Ends one account's client; with the last one the connections, and what was known of the exchange."""
        await client.close()
        self._clients.remove(client)
        if not self._clients and self._session is not None:
            session, self._session, self._listed = self._session, None, None
            await session.close()

    def listed_for(self, client: Any) -> Instruments | None:
        """The instruments, for a further client that also gets the markets; None before the first client has read them."""
        if self._listed is None:
            return None
        instruments, markets = self._listed
        client.set_markets_from_exchange(markets)
        return instruments

    def know(self, instruments: Instruments, client: Any) -> None:
        """A client has learned what is listed."""
        self._listed = instruments, client

    @property
    def _fallbacks(self) -> tuple[str, ...]:
        return self._settings.fallbacks

    def _named(self, address: str) -> str:
        return address or self._own_host or self._settings.exchange

    def _move(self, changed: AddressChanged) -> None:
        """The address is another one: clients ask there from now on, and streams connect there."""
        for client in self._clients:
            point(client, self.addresses.current)
        if self._moves_streams:
            self.dialling.begin_again()
            for stream in self._streams:
                stream.reconnect(f"the venue is asked at {changed.to_address} from now on")
        self.switches.tell(changed)

    def _heed_dial(self, failure: str) -> None:
        """A stream was connected, or was not: where streams move with the address, that says something of the address."""
        if not self._moves_streams:
            return
        if failure:
            self.addresses.failed(self.addresses.turn, failure)
        else:
            self.addresses.answered(self.addresses.turn)
