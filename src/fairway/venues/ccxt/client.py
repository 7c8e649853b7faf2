"""Builds the unmodified ccxt client with our clock, our gate, a shared session and exact numbers.

The package's name is `fairway.venues.ccxt`, the library's is `ccxt`; imports are absolute, so they do not meet. The
library is imported only when a client is built: that takes a second.
"""

import asyncio
import logging
import socket
import ssl
from typing import TYPE_CHECKING, Any, Final

from fairway.venues.ccxt.gate import RequestGate
from fairway.venues.ccxt.pointing import note_own, point
from fairway.venues.ccxt.settings import CcxtSettings
from fairway.world.clock import MICROSECOND, MILLISECOND, SECOND, Clock

if TYPE_CHECKING:
    from aiohttp import ClientSession

BINANCE_FAMILY: Final = ("binance",)
"""Exchanges that speak Binance's spot protocol."""

UNDERRATED: Final = {"capital/config/getall": 2}
"""Endpoints that weigh more at the venue than ccxt says, with their cost in ccxt's unit."""

IDLE_LONGEST_S: Final = 3_600.0
PROBES: Final = {"TCP_KEEPIDLE": 20, "TCP_KEEPINTVL": 10, "TCP_KEEPCNT": 3}
"""Seconds of idleness before TCP asks whether the other end lives, seconds between its questions, and how many it asks."""

_QUIET: Final = logging.getLogger("fairway.venues.ccxt.client")
_QUIET.setLevel(logging.INFO)
"""ccxt's debug lines show the key of each request, so they are never written, whatever the root logger's level is."""


def speaks_binance(exchange: str) -> bool:
    """Whether the exchange is read by Binance's own protocol instead of ccxt's unified one."""
    return exchange in BINANCE_FAMILY


def make_client(kind: Any, settings: CcxtSettings, gate: RequestGate) -> Any:
    """A ccxt.pro client of a class from `client_class`, whose requests pass the gate. Its session is its maker's to give.

    Raises:
        ValueError: ccxt knows no test network of the exchange, or its address cannot be changed.
    """
    if settings.url and not speaks_binance(settings.exchange):
        raise ValueError(f"url: cannot be changed for {settings.exchange!r}; exchanges that can: {', '.join(BINANCE_FAMILY)}")
    client = kind(_configuration(settings))
    client.gate = gate
    client.timeout_on_exit = 0  # milliseconds; it is for a session of ccxt's own
    client.logger = _QUIET
    client.has["fetchCurrencies"] = False
    if settings.sandbox:
        if not client.urls.get("test"):
            raise ValueError(f"sandbox: ccxt knows no test network of {settings.exchange}; a right value is false")
        client.set_sandbox_mode(True)  # before the addresses are changed: it puts others in their place
    note_own(client)
    point(client, settings.url)
    client.ssl_context = True  # ccxt would make one; the session has its own
    client.own_session = False
    return client


def client_class(clock: Clock, exchange: str) -> Any:
    """ccxt's class with our clock for its own, and with a gate before its requests. Raises ValueError where ccxt has none."""
    import ccxt.pro

    library: Any = ccxt.pro
    if exchange not in library.exchanges:
        raise ValueError(f"exchange: ccxt streams no {exchange!r}; a right one is 'binance'")
    theirs = getattr(library, exchange)

    async def fetch2(self: Any, path: str, api: Any, method: str, params: Any, config: Any) -> Any:
        cost = UNDERRATED.get(path) or self.calculate_rate_limiter_cost(api, method, path, params, config)
        async with self.gate.request(cost):
            return await theirs.fetch2(self, path, api, method, params, config)

    def on_rest_response(self: Any, code: int, reason: str, url: str, method: str, headers: Any, *rest: Any) -> Any:
        self.gate.heard(headers)
        return theirs.on_rest_response(self, code, reason, url, method, headers, *rest)

    readings = {
        "seconds": lambda _self: clock.now() // SECOND,
        "milliseconds": lambda _self: clock.now() // MILLISECOND,
        "microseconds": lambda _self: clock.now() // MICROSECOND,
    }
    return type(exchange, (theirs,), readings | {"fetch2": fetch2, "on_rest_response": on_rest_response})


def _configuration(settings: CcxtSettings) -> dict[str, Any]:
    configuration: dict[str, Any] = {
        "apiKey": settings.key,
        "secret": settings.secret,
        "timeout": round(settings.timeout_s * 1_000),
        "number": str,
        "asyncio_loop": asyncio.get_running_loop(),
        "options": {
            "defaultType": "spot",
            "fetchMarkets": {"types": ["spot"]},
            "fetchMargins": False,
            "fetchCurrencies": False,
            "fetchOpenOrders": {"warnWithoutSymbol": False},
            "warnOnFetchOpenOrdersWithoutSymbol": False,
            "recvWindow": round(settings.receive_window_s * 1_000),
            "maxRetriesOnFailure": 0,  # who repeats, and what, is decided elsewhere
            # What ccxt keeps of past messages, per symbol: memory must stay flat.
            "tradesLimit": 100,
            "ordersLimit": 100,
            "OHLCVLimit": 2,
            # Compressing a frame of a hundred bytes costs more than sending it.
            "ws": {"compress": 0},
        },
    }
    if speaks_binance(settings.exchange):
        # The budget of the address tells when to wait, and Binance pings by itself. ccxt would measure its pings by the
        # machine's clock, which stands still in simulated time; the streams have a watchdog of their own.
        configuration |= {"enableRateLimit": False, "streaming": {"keepAlive": 0}}
    return configuration


def make_session(settings: CcxtSettings) -> "ClientSession":
    """Connections for all accounts of an address. How many there are is the budget's to bound; streams hold one each."""
    import aiohttp
    import certifi

    plain = settings.url.startswith("http://")
    # ccxt's own bundle of authorities: a slim machine may have none of its own.
    context: ssl.SSLContext | bool = True if plain else ssl.create_default_context(cafile=certifi.where())
    # A resolver of the loop's own, so that names resolve in simulated time too, and not in a library's thread.
    resolver = aiohttp.ThreadedResolver()
    # aiohttp ages names and idle connections by the machine's clock, which would let the pace at which a simulated world is
    # watched decide what happens in it. So no name is kept, and an idle connection until its other end, or TCP, ends it.
    connector = aiohttp.TCPConnector(
        resolver=resolver,
        use_dns_cache=False,
        keepalive_timeout=IDLE_LONGEST_S,
        socket_factory=_probed_socket,
        ssl=context,
        limit=0,
    )
    return aiohttp.ClientSession(connector=connector)


def _probed_socket(address: Any) -> socket.socket:
    """A socket that finds out by itself when the other end is gone, or the path to it."""
    family, kind, protocol = address[:3]
    probed = socket.socket(family, kind, protocol)
    probed.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in PROBES.items():
        if hasattr(socket, name):  # systems name these differently, and some do not have them
            probed.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
    return probed
