"""Connects the nodes of a simulated world: names, listeners, connections, and everything that breaks them.

Each node has a host of its own name. Code outside any node is on the host `world`. Binding a listener to a new name
makes that name a host too. `localhost` is always the caller's own host.

aiohttp runs unmodified because `sock_connect` remembers, for the socket object that it is handed, which simulated
connection belongs to it, and `create_connection(sock=...)` takes that one up. The real socket never touches a network.
"""

from __future__ import annotations

import asyncio
import errno
import socket
from collections.abc import Callable
from contextvars import Context, copy_context
from typing import TYPE_CHECKING, Any, Final
from weakref import WeakKeyDictionary

from fairway.world.clock import MICROSECOND, MILLISECOND, SECOND, Duration
from fairway.world.connection_attempt import ConnectionAttempt
from fairway.world.links import Delay, Link
from fairway.world.listener import Listener, SimServer
from fairway.world.names import LOOPBACK, Names
from fairway.world.nodes import LIFE, WORLD, NodeLife, here
from fairway.world.sockets import Address
from fairway.world.transport import SimTransport

if TYPE_CHECKING:
    from fairway.world.loop import SimLoop

CONNECT_GIVE_UP_NS: Final[Duration] = 127 * SECOND
"""How long a machine tries to connect to an address without an answer (Linux with its usual six repetitions)."""

PORTS_LISTEN: Final = range(49_152, 65_536)
PORTS_CLIENT: Final = range(32_768, 49_152)

ProtocolFactory = Callable[[], asyncio.Protocol]


class Network:
    """The network of one simulated world.

    `latency` is for every link that was not shaped, `loopback` for a host's link to itself.
    """

    def __init__(self, loop: SimLoop, *, latency: Delay = MILLISECOND, loopback: Delay = 10 * MICROSECOND) -> None:
        self.loop = loop
        self.latency = latency
        self.loopback = loopback
        self.names = Names()
        self.names.host(WORLD)
        self._links: dict[tuple[str, str], Link] = {}
        self._listeners: dict[tuple[str, int], Listener] = {}
        self._connections: dict[SimTransport, None] = {}
        self._sockets: WeakKeyDictionary[socket.socket, SimTransport] = WeakKeyDictionary()
        self._client_ports = 0
        self._own = Context()

    # -- names and links -----------------------------------------------------------------------------------------

    def host(self, name: str) -> str:
        """Make the name a host, if it is none yet, and return its address."""
        return self.names.host(name)

    def link(self, sender: str, receiver: str) -> Link:
        """The link from one host to another; set its `latency` and `bandwidth_bytes_per_s` as you like."""
        link = self._links.get((sender, receiver))
        if link is None:
            latency = self.loopback if sender == receiver else self.latency
            link = self._links[sender, receiver] = Link(latency)
        return link

    def shape(self, one: str, other: str, *, latency: Delay, bandwidth_bytes_per_s: int | None = None) -> None:
        """Give both directions between two hosts this latency (ns) and this bandwidth each."""
        for link in self._both_ways(one, other):
            link.latency, link.bandwidth_bytes_per_s = latency, bandwidth_bytes_per_s

    def partition(self, one: str, other: str) -> None:
        """Let nothing pass between two hosts until `heal`: TCP keeps trying, new connections wait and time out."""
        for link in self._both_ways(one, other):
            link.block()

    def heal(self, one: str, other: str) -> None:
        """End the partition: what was held arrives, in order."""
        for link in self._both_ways(one, other):
            link.heal()

    def cut(self, one: str, other: str) -> int:
        """Reset every connection between two hosts, both ends at once; returns how many there were."""
        ends = self._between(one, other)
        for end in ends:
            end.cut()
        return len(ends)

    def half_open(self, one: str, other: str) -> int:
        """Let every connection between two hosts fall silent with neither end told; returns how many there were."""
        ends = self._between(one, other)
        for end in ends:
            end.go_silent()
        return len(ends)

    def connections(self) -> list[tuple[str, str]]:
        """The hosts of every open end of a connection, own first, in order of their opening."""
        return [(end.local_host, end.remote_host) for end in self._connections]

    def _both_ways(self, one: str, other: str) -> tuple[Link, Link]:
        one, other = self.names.canonical(one), self.names.canonical(other)
        return self.link(one, other), self.link(other, one)

    def _between(self, one: str, other: str) -> list[SimTransport]:
        one, other = self.names.canonical(one), self.names.canonical(other)
        found: dict[SimTransport, None] = {}
        for end in self._connections:
            if {end.local_host, end.remote_host} == {one, other} and end.peer not in found:
                found[end] = None
        return list(found)

    # -- what the loop asks --------------------------------------------------------------------------------------

    async def resolve(self, host: str | bytes | None, port: int | str | None) -> list[Any]:
        """Answer `getaddrinfo`: always one IPv4 address.

        Raises:
            socket.gaierror: the name is unknown, or name resolution is out of order (`names.in_order`).
        """
        address = self.names.resolve(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, socket.IPPROTO_TCP, "", (address, int(port or 0)))]

    def name_of(self, address: str) -> str:
        """The host at an address, or the address itself."""
        return self.names.host_at(address) or address

    async def sock_connect(self, sock: socket.socket, address: Address) -> None:
        """Connect a socket object: the simulated connection is remembered for `create_connection(sock=...)`."""
        self._sockets[sock] = await self._connect((address[0], address[1]))

    async def create_connection(
        self,
        factory: ProtocolFactory,
        host: str | None,
        port: int | None,
        *,
        sock: socket.socket | None = None,
        ssl: object = None,
        **_options: object,
    ) -> tuple[SimTransport, asyncio.Protocol]:
        """Connect, or take up what `sock_connect` connected.

        Raises:
            OSError: as the real one: refused, timed out, name unknown, no route.
            NotImplementedError: TLS was asked for.
        """
        _refuse_tls(ssl)
        if sock is None:
            address = self.names.resolve(host)
            transport = await self._connect((address, int(port or 0)))
        else:
            if (remembered := self._sockets.pop(sock, None)) is None:
                raise OSError(errno.ENOTCONN, "this socket was not connected by this loop's sock_connect")
            transport = remembered
            sock.close()
        protocol = factory()
        transport.attach(protocol)
        return transport, protocol

    def create_server(
        self, factory: ProtocolFactory, host: Any, port: int | None, *, ssl: object = None, **options: Any
    ) -> SimServer:
        """Listen. Without a host, or on 0.0.0.0, on the caller's host; on a name of its own, that name is made a host.

        Raises:
            OSError: the port is in use, or the name belongs to another host.
        """
        _refuse_tls(ssl)
        if options.get("sock") is not None:
            raise NotImplementedError("the simulated network listens on hosts and ports, not on real sockets")
        listeners = [self._bind(factory, name, port or 0) for name in _hosts(host)]
        server = SimServer(self, listeners)
        if options.get("start_serving", True):
            server.start()
        return server

    # -- listening -----------------------------------------------------------------------------------------------

    def _bind(self, factory: ProtocolFactory, name: str | None, port: int) -> Listener:
        host, only_from_own_host = self.names.bind(name, here())
        if port == 0:
            port = next((free for free in PORTS_LISTEN if (host, free) not in self._listeners), 0)
        if port == 0 or (host, port) in self._listeners:
            raise OSError(errno.EADDRINUSE, f"error while attempting to bind on address ('{host}', {port}): in use")
        address = LOOPBACK if only_from_own_host else self.names.host(host)
        listener = Listener(
            factory,
            host=host,
            address=(address, port),
            context=copy_context(),
            life=LIFE.get(),
            only_from_own_host=only_from_own_host,
        )
        self._listeners[host, port] = listener
        return listener

    def stop_listening(self, listener: Listener) -> None:
        """Free the listener's port."""
        self._listeners.pop((listener.host, listener.address[1]), None)

    # -- connecting ----------------------------------------------------------------------------------------------

    async def _connect(self, address: Address) -> SimTransport:
        client_host = here()
        host = client_host if self.names.is_loopback(address[0]) else self.names.host_at(address[0])
        if host is None:
            raise OSError(errno.EHOSTUNREACH, f"No route to host {address}")
        answer: asyncio.Future[SimTransport] = self.loop.create_future()
        knock = ConnectionAttempt(self, (client_host, host), address, answer)
        knock.leave()
        give_up = self.loop.call_at_ns(
            self.loop.elapsed_ns + CONNECT_GIVE_UP_NS, knock.fail, (TimeoutError, errno.ETIMEDOUT), self._own
        )
        try:
            return await answer
        finally:
            give_up.cancel()

    def client_port(self) -> int:
        """The next port for an outgoing connection; they go round, as on a real machine."""
        self._client_ports += 1
        return PORTS_CLIENT[self._client_ports % len(PORTS_CLIENT)]

    def listener_at(self, host: str, port: int, caller: str) -> Listener | None:
        """Who listens there, for a caller on that host."""
        listener = self._listeners.get((host, port))
        if listener is None or not listener.serving or (listener.only_from_own_host and caller != host):
            return None
        return listener

    def later(self, at_ns: Duration, callback: Callable[..., object], *args: object) -> None:
        """Call back as the network itself, which no kill of a node stops."""
        self.loop.call_at_ns(at_ns, callback, args, self._own)

    # -- the ends of connections ---------------------------------------------------------------------------------

    def opened(self, end: SimTransport) -> None:
        self._connections[end] = None

    def closed(self, end: SimTransport) -> None:
        self._connections.pop(end, None)

    def kill(self, life: NodeLife, *, half_open: bool) -> list[object]:
        """Take the killed node's listeners and connections off the network; returns them."""
        listeners = [listener for listener in self._listeners.values() if listener.life is life]
        for listener in listeners:
            self.stop_listening(listener)
        ends = [end for end in self._connections if end.life is life]
        for end in ends:
            end.die(half_open=half_open)
        return [*listeners, *ends]


def _hosts(host: Any) -> list[str | None]:
    if host is None or isinstance(host, str):
        return [host]
    return list(host)


def _refuse_tls(ssl: object) -> None:
    if ssl:
        raise NotImplementedError("the simulated network carries no TLS; use http:// and ws:// addresses in it")
