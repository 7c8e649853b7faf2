"""TCP in memory: order, latency, bandwidth and back-pressure are exact; nothing reaches the machine's network."""

from __future__ import annotations

import asyncio
import errno
import socket

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.pure.world.wires import Doors, Ear, Echo

from fairway.world.clock import MILLISECOND, SECOND
from fairway.world.links import jittered
from fairway.world.loop import run, running

KIB = 1024


def test_a_message_takes_exactly_the_latency_of_its_link() -> None:
    """Connecting takes a round trip; then 5 ms there and 7 ms back."""

    async def main() -> list[list[tuple[float, object]]]:
        network, doors = running().network, Doors(Echo)
        network.shape("world", "venue", latency=5 * MILLISECOND)
        network.link("venue", "world").latency = 7 * MILLISECOND
        await doors.open()
        client, server = await doors.connect()
        client.transport.write(b"hello")
        await asyncio.sleep(1)
        client.transport.close()
        await asyncio.sleep(1)
        return [client.heard, server.heard]

    assert run(main) == [
        [(12, "made"), (24, b"hello"), (1012, "lost")],
        [(5, "made"), (17, b"hello"), (1017, "eof"), (1017, "lost")],
    ]


def test_bandwidth_lets_bytes_queue_for_the_link_across_connections() -> None:
    """At 1,000 bytes a second, 500 bytes take half a second, and the next connection's wait behind them."""

    async def main() -> list[list[tuple[float, object]]]:
        network, doors = running().network, Doors()
        network.shape("world", "venue", latency=10 * MILLISECOND, bandwidth_bytes_per_s=1_000)
        await doors.open()
        (one, heard_one), (other, heard_other) = await doors.connect(), await doors.connect()
        one.transport.write(bytes(500))
        other.transport.write(bytes(250))
        one.transport.write(b"1")
        await asyncio.sleep(2)
        for end in (one, other):
            end.transport.abort()
        await asyncio.sleep(1)
        return [heard_one.heard[1:-1], heard_other.heard[1:-1]]

    # Connected at 40 ms; then 500, 750 and 751 ms of bytes, and 10 ms on the way.
    assert run(main) == [[(550, 500), (801, b"1")], [(800, 250)]]


def test_bytes_never_overtake_each_other_whatever_the_latency_draws() -> None:
    """TCP keeps order: a quick segment waits for the slow one before it."""

    async def main() -> bytes:
        network, doors = running().network, Doors()
        network.shape("world", "venue", latency=jittered(0, 20 * MILLISECOND, running().chance.stream("link")))
        await doors.open()
        client, server = await doors.connect()
        for number in range(200):
            client.transport.write(bytes([number]))
            await asyncio.sleep(0.001)
        client.transport.close()
        await asyncio.sleep(10)
        return b"".join(what for _, what in server.heard if isinstance(what, bytes))

    assert run(main, seed=3) == bytes(range(200))


def test_what_is_written_in_one_instant_arrives_in_one_piece() -> None:
    """As a reader finds it that was asleep meanwhile; what comes after it arrives by itself, however short the way."""

    async def main(latency: int) -> list[tuple[float, object]]:
        network, doors = running().network, Doors()
        network.shape("world", "venue", latency=latency)
        await doors.open()
        client, server = await doors.connect()
        client.transport.write(b"head ")
        client.transport.writelines([b"and", b" body"])
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        client.transport.write(b"more")
        await asyncio.sleep(1)
        client.transport.write(b"later")
        client.transport.close()
        await asyncio.sleep(1)
        return server.heard[1:-2]

    assert run(lambda: main(MILLISECOND)) == [(3, b"head and bodymore"), (1_003, b"later")]
    assert run(lambda: main(0)) == [(0, b"head and body"), (0, b"more"), (1_000, b"later")]


class Storm:
    """One connection through anything: applies steps drawn by hypothesis, then lets the weather clear."""

    def __init__(self) -> None:
        self.sent = bytearray()

    async def go_through(self, steps: list[tuple[str, int]]) -> bytes:
        network, doors = running().network, Doors(Keeper)
        await doors.open()
        client, server = await doors.connect()
        assert isinstance(server, Keeper)
        for step, number in steps:
            match step:
                case "write":
                    piece = bytes([len(self.sent) % 251]) * (number * 700)
                    self.sent += piece
                    client.transport.write(piece)
                case "wait":
                    await asyncio.sleep(number / 1_000)
                case "latency":
                    network.link("world", "venue").latency = number * MILLISECOND
                case "bandwidth":
                    network.link("world", "venue").bandwidth_bytes_per_s = number * 1_000 or None
                case "partition":
                    network.partition("world", "venue")
                case "heal":
                    network.heal("world", "venue")
                case "pause":
                    server.transport.pause_reading()
                case "resume":
                    server.transport.resume_reading()
        network.heal("world", "venue")
        server.transport.resume_reading()
        client.transport.close()
        await asyncio.sleep(10_000)
        assert network.connections() == []
        return bytes(server.kept)


class Keeper(Ear):
    """Keeps every byte."""

    def __init__(self) -> None:
        super().__init__()
        self.kept = bytearray()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self.kept += data


_STEPS = st.sampled_from(["write", "write", "wait", "latency", "bandwidth", "partition", "heal", "pause", "resume"])


@given(st.lists(st.tuples(_STEPS, st.integers(min_value=0, max_value=99)), max_size=30))
def test_no_byte_is_lost_doubled_or_out_of_order_whatever_happens_to_the_link(steps: list[tuple[str, int]]) -> None:
    """Unless a connection is lost, TCP delivers exactly what was written."""
    storm = Storm()
    assert run(lambda: storm.go_through(steps)) == storm.sent


def test_a_fast_writer_is_paused_until_a_slow_reader_has_read() -> None:
    """The buffers of both machines hold 256 KiB; 64 KiB beyond them the writer is told to pause."""

    async def main() -> tuple[list[tuple[float, object]], int, int]:
        doors = Doors()
        await doors.open()
        client, server = await doors.connect()
        server.transport.pause_reading()
        for _ in range(5):
            client.transport.write(bytes(64 * KIB))
        before = client.transport.get_write_buffer_size()
        client.transport.write(b"!")
        await asyncio.sleep(60)
        assert server.bytes_heard == 0
        server.transport.resume_reading()
        await asyncio.sleep(1)
        after = client.transport.get_write_buffer_size()
        client.transport.abort()
        await asyncio.sleep(1)
        assert server.bytes_heard == 320 * KIB + 1
        return client.heard, before, after

    assert run(main) == ([(2, "made"), (2, "pause"), (60_002, "resume"), (61_002, "lost")], 64 * KIB, 0)


def test_a_stream_writer_that_drains_keeps_the_pace_of_the_link() -> None:
    """A megabyte over 100 KB/s takes ten seconds, less what the buffers swallow, on any machine."""

    async def main() -> tuple[int, int]:
        loop, doors = running(), Doors()
        loop.network.shape("world", "venue", latency=MILLISECOND, bandwidth_bytes_per_s=100_000)
        await doors.open()
        _, writer = await asyncio.open_connection("venue", 80)
        for _ in range(100):
            writer.write(bytes(10_000))
            await writer.drain()
        drained_ns = loop.elapsed_ns
        writer.close()
        await asyncio.sleep(10)
        return drained_ns // MILLISECOND, doors.servers[0].bytes_heard

    # When the last block is written, at most 272 KiB may be unread; every tenth of a second 10,000 bytes are.
    assert run(main) == (7_203, 1_000_000)


def test_a_half_closed_connection_still_carries_bytes_the_other_way() -> None:
    """`write_eof` ends one direction only."""

    async def main() -> bytes:
        async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            writer.write((await reader.read()).upper())
            writer.close()

        async with await asyncio.start_server(answer, "venue", 80):
            reader, writer = await asyncio.open_connection("venue", 80)
            writer.write(b"question")
            writer.write_eof()
            said = await reader.read()
            writer.close()
            await writer.wait_closed()
        return said

    assert run(main) == b"QUESTION"


def test_who_writes_to_one_that_has_closed_gets_a_reset() -> None:
    """Bytes for a closed connection are answered as a real machine answers them."""

    class Stubborn(Ear):
        def eof_received(self) -> bool:
            super().eof_received()
            return True

    async def main() -> list[tuple[float, object]]:
        doors = Doors(Stubborn)
        await doors.open()
        client, server = await doors.connect()
        client.transport.close()
        await asyncio.sleep(0.01)
        server.transport.write(b"are you there?")
        await asyncio.sleep(1)
        return server.heard

    assert run(main) == [(1, "made"), (3, "eof"), (14, "lost ConnectionResetError")]


def test_a_protocol_that_raises_loses_its_connection_and_is_reported() -> None:
    """The peer sees a reset; the error goes to the loop's exception handler."""

    class Broken(Ear):
        def data_received(self, data: bytes) -> None:
            raise ZeroDivisionError

    async def main() -> tuple[list[object], list[tuple[float, object]]]:
        reported: list[object] = []
        running().set_exception_handler(lambda _loop, story: reported.append(type(story["exception"])))
        doors = Doors(Broken)
        await doors.open()
        client, _ = await doors.connect()
        client.transport.write(b"x")
        await asyncio.sleep(1)
        return reported, client.heard

    assert run(main) == ([ZeroDivisionError], [(2, "made"), (4, "lost ConnectionResetError")])


def test_ports_are_given_out_and_kept_apart() -> None:
    """Port 0 takes a free one; a port in use is refused; a closed server frees its own."""

    async def main() -> list[int]:
        doors = Doors()
        one, other = await doors.open(port=0), await doors.open(port=0)
        ports = [server.sockets[0].getsockname()[1] for server in (one, other)]  # type: ignore[attr-defined]
        with pytest.raises(OSError, match="in use") as refusal:
            await doors.open(port=ports[0])
        assert refusal.value.errno == errno.EADDRINUSE
        one.close()
        assert not one.is_serving()
        again = await doors.open(port=ports[0])
        assert again.is_serving()
        return ports

    assert run(main) == [49_152, 49_153]


def test_localhost_is_ones_own_host() -> None:
    """What listens on 127.0.0.1 is reached from its own host and from no other."""

    async def node(answers: list[object]) -> None:
        for host in ("127.0.0.1", "localhost", "world"):
            try:
                await asyncio.get_running_loop().create_connection(Ear, host, 80)
            except OSError as error:
                answers.append(type(error))

    async def main() -> list[object]:
        doors, answers = Doors(), list[object]()
        await doors.open("127.0.0.1")
        client, _ = await doors.connect("localhost")
        assert running().elapsed_ns == 20_000
        await running().spawn("trader", node(answers))
        assert client.transport.get_extra_info("peername") == ("127.0.0.1", 80)
        client.transport.abort()
        await asyncio.sleep(1)
        return answers

    assert run(main) == [ConnectionRefusedError] * 3


def test_a_socket_object_is_connected_without_touching_the_machine() -> None:
    """`sock_connect` and `create_connection(sock=...)`, as aiohttp uses them; the real descriptor is closed."""

    async def main() -> None:
        loop, doors = running(), Doors()
        await doors.open()
        sock = socket.socket()
        sock.setblocking(False)
        address = (await loop.getaddrinfo("venue", 80))[0][4]
        await loop.sock_connect(sock, address)
        with pytest.raises(OSError, match="not connected"):
            sock.getpeername()
        transport, _ = await loop.create_connection(Ear, sock=sock)
        assert sock.fileno() == -1
        assert transport.get_extra_info("peername") == address
        assert await loop.getnameinfo(address) == ("venue", "80")
        transport.close()
        with pytest.raises(OSError, match="not connected by this loop"):
            await loop.create_connection(Ear, sock=sock)
        await asyncio.sleep(1)

    run(main)


def test_tls_is_refused_in_plain_words() -> None:
    """Simulated venues are spoken to over http and ws."""

    async def main() -> None:
        with pytest.raises(NotImplementedError, match="use http:// and ws://"):
            await asyncio.open_connection("venue", 443, ssl=True)

    run(main)


def test_every_connection_is_gone_when_both_ends_have_ended() -> None:
    """Nothing piles up over a thousand connections."""

    async def main() -> list[tuple[str, str]]:
        network, doors = running().network, Doors()
        await doors.open()
        for _ in range(1_000):
            client, _ = await doors.connect()
            client.transport.close()
        client, _ = await doors.connect()
        await asyncio.sleep(1)
        assert network.connections() == [("world", "venue"), ("venue", "world")]
        client.transport.abort()
        await asyncio.sleep(1)
        return network.connections()

    assert run(main) == []


def test_time_passes_only_as_the_wire_needs_it() -> None:
    """A default link takes one millisecond each way."""

    async def main() -> int:
        doors = Doors()
        await doors.open()
        client, _ = await doors.connect()
        client.transport.abort()
        await asyncio.sleep(1)
        return running().elapsed_ns

    assert run(main) == 2 * MILLISECOND + SECOND
