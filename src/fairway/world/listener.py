"""Who accepts connections in the simulated network, and the server object that asyncio programs hold."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from contextvars import Context
from typing import TYPE_CHECKING

from fairway.world.nodes import NodeLife
from fairway.world.sockets import Address, SimSocket
from fairway.world.transport import SimTransport

if TYPE_CHECKING:
    from fairway.world.network import Network


class Listener:
    """One listening port of one host; what it accepts runs in `context` and belongs to `life`."""

    __slots__ = ("_factory", "address", "context", "host", "life", "only_from_own_host", "serving")

    def __init__(
        self,
        factory: Callable[[], asyncio.Protocol],
        *,
        host: str,
        address: Address,
        context: Context,
        life: NodeLife | None,
        only_from_own_host: bool,
    ) -> None:
        self._factory = factory
        self.host = host
        self.address = address
        self.context = context
        self.life = life
        self.only_from_own_host = only_from_own_host
        self.serving = False

    def accept(self, transport: SimTransport) -> None:
        """Give a new connection its protocol."""
        transport.attach(self._factory())


class SimServer(asyncio.AbstractServer):
    """What `create_server` returns: one or more listeners. Closing it leaves accepted connections open."""

    def __init__(self, network: Network, listeners: Sequence[Listener]) -> None:
        self._network = network
        self._listeners = tuple(listeners)
        self._ended: asyncio.Future[None] | None = None

    @property
    def sockets(self) -> tuple[SimSocket, ...]:
        """One per listener, with the address that it got; none once closed."""
        return tuple(SimSocket(listener.address) for listener in self._listeners)

    def start(self) -> None:
        for listener in self._listeners:
            listener.serving = True

    def close(self) -> None:
        for listener in self._listeners:
            listener.serving = False
            self._network.stop_listening(listener)
        self._listeners = ()
        if self._ended is not None and not self._ended.done():
            self._ended.set_result(None)

    def is_serving(self) -> bool:
        return any(listener.serving for listener in self._listeners)

    def get_loop(self) -> asyncio.AbstractEventLoop:
        return self._network.loop

    async def start_serving(self) -> None:
        self.start()

    async def serve_forever(self) -> None:
        self.start()
        self._ended = self._network.loop.create_future()
        try:
            await self._ended
        finally:
            self.close()

    async def wait_closed(self) -> None:
        """Return at once: as in Python 3.11, accepted connections are not waited for."""
