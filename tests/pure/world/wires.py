"""Small protocols that write down, with the exact time, what the simulated network does to them."""

from __future__ import annotations

import asyncio
from typing import cast

from fairway.world.clock import MILLISECOND
from fairway.world.loop import running


class Ear(asyncio.Protocol):
    """Writes down what happens to one end, each with the virtual time in milliseconds."""

    transport: asyncio.Transport

    def __init__(self) -> None:
        self.heard: list[tuple[float, object]] = []
        self.bytes_heard = 0

    def note(self, what: object) -> None:
        self.heard.append((running().elapsed_ns / MILLISECOND, what))

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = cast(asyncio.Transport, transport)
        self.note("made")

    def data_received(self, data: bytes) -> None:
        self.bytes_heard += len(data)
        self.note(data if len(data) < 50 else len(data))

    def eof_received(self) -> bool:
        self.note("eof")
        return False

    def connection_lost(self, exc: Exception | None) -> None:
        self.note(f"lost {type(exc).__name__}" if exc else "lost")

    def pause_writing(self) -> None:
        self.note("pause")

    def resume_writing(self) -> None:
        self.note("resume")


class Echo(Ear):
    """Answers with what it hears."""

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.transport.write(data)


class Doors:
    """A server on the host `venue`, port 80, that keeps its ends; and clients on the host `world`."""

    def __init__(self, kind: type[Ear] = Ear) -> None:
        self.kind = kind
        self.servers: list[Ear] = []

    async def open(self, host: str | None = "venue", port: int = 80) -> asyncio.AbstractServer:
        return await asyncio.get_running_loop().create_server(self._accept, host, port)

    async def connect(self, host: str = "venue", port: int = 80) -> tuple[Ear, Ear]:
        """A new connection: the client's end and the server's."""
        _, client = await asyncio.get_running_loop().create_connection(Ear, host, port)
        return client, self.servers[-1]

    def _accept(self) -> Ear:
        self.servers.append(self.kind())
        return self.servers[-1]
