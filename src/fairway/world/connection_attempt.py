"""One attempt to connect: the packet out, the listener's port, the answer back."""

from __future__ import annotations

import asyncio
import errno
from collections.abc import Callable
from contextvars import copy_context
from functools import partial
from typing import TYPE_CHECKING

from fairway.world.links import Link
from fairway.world.listener import Listener
from fairway.world.nodes import LIFE
from fairway.world.sockets import Address
from fairway.world.transport import SimTransport

if TYPE_CHECKING:
    from fairway.world.network import Network


class ConnectionAttempt:
    """Knocks from one host at an address of another; `answer` gets the client's end, or why there is none."""

    __slots__ = ("_address", "_answer", "_client_host", "_context", "_host", "_life", "_network")

    def __init__(self, network: Network, hosts: tuple[str, str], address: Address, answer: asyncio.Future[SimTransport]) -> None:
        self._network = network
        self._client_host, self._host = hosts
        self._address = address
        self._answer = answer
        self._context = copy_context()
        self._life = LIFE.get()

    def leave(self) -> None:
        """Send the first packet."""
        self._travel(self._network.link(self._client_host, self._host), self._arrive)

    def fail(self, kind: type[OSError], number: int) -> None:
        """Tell the caller that there will be no connection."""
        if not self._answer.done():
            self._answer.set_exception(kind(number, f"Connect call failed {self._address}"))

    def _travel(self, link: Link, then: Callable[..., object], *args: object) -> None:
        if link.blocked:
            link.hold(partial(self._travel, link, then, *args))
        else:
            self._network.later(link.arrival(self._network.loop.elapsed_ns, 0), then, *args)

    def _arrive(self) -> None:
        if self._answer.done() or (self._life is not None and self._life.ended):
            return
        back = self._network.link(self._host, self._client_host)
        listener = self._network.listener_at(self._host, self._address[1], self._client_host)
        if listener is None:
            self._travel(back, self.fail, ConnectionRefusedError, errno.ECONNREFUSED)
            return
        client, server = self._make_ends(listener)
        # The server may send before the client knows that it is connected; its bytes wait at the client's end.
        self._travel(back, self._opened, client)
        self._network.loop.call_soon(listener.accept, server, context=server.context)

    def _make_ends(self, listener: Listener) -> tuple[SimTransport, SimTransport]:
        network, remote = self._network, self._address
        own_host = self._client_host == self._host
        local = (remote[0] if own_host else network.host(self._client_host), network.client_port())
        client = SimTransport(
            network,
            hosts=(self._client_host, self._host),
            addresses=(local, remote),
            context=self._context,
            life=self._life,
        )
        server = SimTransport(
            network,
            hosts=(self._host, self._client_host),
            addresses=(remote, local),
            context=listener.context.copy(),
            life=listener.life,
        )
        client.peer, server.peer = server, client
        return client, server

    def _opened(self, client: SimTransport) -> None:
        if self._answer.done():
            client.abort()
        else:
            self._answer.set_result(client)
