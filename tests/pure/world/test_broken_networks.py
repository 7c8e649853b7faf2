"""Networks break in their own ways: each fault shows at either end what it shows on real machines."""

from __future__ import annotations

import asyncio
import errno
import socket

import pytest
from tests.pure.world.wires import Doors, Ear, Echo

from fairway.world.clock import MILLISECOND, MINUTE, SECOND
from fairway.world.loop import run, running


def test_an_unknown_name_is_not_resolved() -> None:
    """As the real resolver says it."""

    async def main() -> int | None:
        with pytest.raises(socket.gaierror) as failure:
            await asyncio.open_connection("nowhere.test", 80)
        return failure.value.errno

    assert run(main) == socket.EAI_NONAME


def test_a_tunnel_leads_from_a_loopback_address_to_another_host() -> None:
    """As a tunnel on each machine does; the loopback address itself stays each host's own."""

    async def main() -> tuple[str, ...]:
        network, doors = running().network, Doors()
        await doors.open()
        network.names.tunnel("127.0.0.2", "venue")
        client, _ = await doors.connect("127.0.0.2")
        client.transport.abort()
        with pytest.raises(ConnectionRefusedError):
            await doors.connect("127.0.0.1")
        with pytest.raises(ValueError, match=r"a right one is 127\.0\.0\.2"):
            network.names.tunnel("127.0.0.1", "venue")
        return tuple(host for pair in network.connections() for host in pair)

    assert "venue" in run(main)


def test_an_outage_of_name_resolution_passes() -> None:
    """While it lasts even known names fail, for now; addresses still work."""

    async def main() -> int | None:
        network, doors = running().network, Doors()
        await doors.open()
        network.names.in_order = False
        with pytest.raises(socket.gaierror) as failure:
            await doors.connect()
        by_address, _ = await doors.connect(network.host("venue"))
        network.names.in_order = True
        by_name, _ = await doors.connect()
        for client in (by_address, by_name):
            client.transport.abort()
        await asyncio.sleep(1)
        return failure.value.errno

    assert run(main) == socket.EAI_AGAIN


def test_other_names_lead_to_a_host() -> None:
    """The venue may be known under its public name."""

    async def main() -> str:
        network, doors = running().network, Doors()
        await doors.open()
        network.names.alias("api.binance.com", "venue")
        client, _ = await doors.connect("api.binance.com")
        address = client.transport.get_extra_info("peername")[0]
        client.transport.abort()
        await asyncio.sleep(1)
        network.names.forget("api.binance.com")
        with pytest.raises(socket.gaierror):
            await doors.connect("api.binance.com")
        return network.name_of(address)

    assert run(main) == "venue"


def test_an_address_without_a_listener_refuses_after_a_round_trip() -> None:
    """A refusal is an answer, and takes its time."""

    async def main() -> tuple[int | None, int]:
        running().network.host("venue")
        with pytest.raises(ConnectionRefusedError) as refusal:
            await asyncio.open_connection("venue", 80)
        return refusal.value.errno, running().elapsed_ns

    assert run(main) == (errno.ECONNREFUSED, 2 * MILLISECOND)


def test_an_address_of_no_host_has_no_route() -> None:
    """Numeric addresses are not guessed."""

    async def main() -> int | None:
        with pytest.raises(OSError, match="No route") as failure:
            await asyncio.open_connection("10.9.9.9", 80)
        return failure.value.errno

    assert run(main) == errno.EHOSTUNREACH


def test_a_cut_resets_both_ends_at_once_and_drops_what_was_under_way() -> None:
    """The request may have arrived or not: this one had not."""

    async def main() -> tuple[int, list[object], list[object]]:
        doors = Doors(Echo)
        await doors.open()
        client, server = await doors.connect()
        client.transport.write(b"order")
        count = running().network.cut("world", "venue")
        await asyncio.sleep(1)
        return count, client.heard[1:], server.heard[1:]  # type: ignore[return-value]

    lost = [(2, "lost ConnectionResetError")]
    assert run(main) == (1, lost, lost)


def test_a_half_open_connection_falls_silent_and_its_writer_learns_it_after_fifteen_minutes() -> None:
    """No end, no error: the reader never hears of it, the writer when TCP gives up."""

    async def main() -> tuple[int, list[object], list[object]]:
        doors = Doors()
        await doors.open()
        client, server = await doors.connect()
        count = running().network.half_open("venue", "world")
        client.transport.write(b"anybody?")
        await asyncio.sleep(3_600)
        return count, client.heard[1:], server.heard[1:]  # type: ignore[return-value]

    assert run(main) == (1, [(2 + 900_000, "lost TimeoutError")], [])


def test_new_connections_work_beside_a_half_open_one() -> None:
    """Only the connections of that moment are dead, not the link."""

    async def main() -> list[tuple[float, object]]:
        doors = Doors(Echo)
        await doors.open()
        await doors.connect()
        running().network.half_open("world", "venue")
        fresh, _ = await doors.connect()
        fresh.transport.write(b"hello")
        await asyncio.sleep(1)
        fresh.transport.close()
        await asyncio.sleep(1)
        return fresh.heard

    assert run(main) == [(4, "made"), (6, b"hello"), (1_004, "lost")]


def test_a_partition_holds_everything_back_until_it_heals() -> None:
    """TCP repeats what was not acknowledged: after the heal it arrives, in order."""

    async def main() -> list[tuple[float, object]]:
        network, doors = running().network, Doors()
        await doors.open()
        client, server = await doors.connect()
        network.partition("world", "venue")
        client.transport.write(b"1")
        await asyncio.sleep(10)
        client.transport.write(b"2")
        await asyncio.sleep(10)
        assert server.heard == [(1, "made")]
        network.heal("world", "venue")
        client.transport.write(b"3")
        await asyncio.sleep(1)
        client.transport.abort()
        await asyncio.sleep(1)
        return server.heard[1:-1]

    assert run(main) == [(20_003, b"1"), (20_003, b"2"), (20_003, b"3")]


def test_a_partition_of_more_than_fifteen_minutes_ends_connections_that_have_something_to_say() -> None:
    """The writer's connection times out; the idle end is reset when it speaks, long after."""

    async def main() -> tuple[list[object], list[object]]:
        network, doors = running().network, Doors()
        await doors.open()
        client, server = await doors.connect()
        network.partition("world", "venue")
        client.transport.write(b"lost")
        await asyncio.sleep(3_600)
        network.heal("world", "venue")
        server.transport.write(b"hello again")
        await asyncio.sleep(1)
        return client.heard[1:], server.heard[1:]  # type: ignore[return-value]

    assert run(main) == ([(900_002, "lost TimeoutError")], [(3_600_004, "lost ConnectionResetError")])


def test_connecting_through_a_partition_times_out_or_waits_for_its_end() -> None:
    """Linux knocks for 127 seconds."""

    async def main() -> tuple[int, int]:
        network, doors = running().network, Doors()
        await doors.open()
        network.partition("world", "venue")
        with pytest.raises(TimeoutError) as failure:
            await doors.connect()
        assert failure.value.errno == errno.ETIMEDOUT
        gave_up_ns = running().elapsed_ns
        running().call_later(30, network.heal, "world", "venue")
        client, _ = await doors.connect()
        client.transport.abort()
        connected_ns = running().elapsed_ns
        await asyncio.sleep(1)
        return gave_up_ns, connected_ns

    assert run(main) == (127 * SECOND, 157 * SECOND + 2 * MILLISECOND)


def test_a_caller_that_stops_waiting_leaves_no_connection_behind() -> None:
    """Its deadline passed while the answer was under way: the server is told."""

    async def main() -> tuple[list[tuple[float, object]], list[tuple[str, str]]]:
        loop, doors = running(), Doors()
        loop.network.shape("world", "venue", latency=20 * MILLISECOND)
        await doors.open()
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.03):
                await doors.connect()
        await asyncio.sleep(1)
        return doors.servers[0].heard, loop.network.connections()

    assert run(main) == ([(20, "made"), (60, "lost ConnectionResetError")], [])


def test_a_link_may_become_slow_for_connections_that_are_open() -> None:
    """Latency is asked of the link at each segment."""

    async def main() -> list[tuple[float, object]]:
        doors = Doors(Echo)
        await doors.open()
        client, _ = await doors.connect()
        running().network.link("world", "venue").latency = 300 * MILLISECOND
        client.transport.write(b"x")
        await asyncio.sleep(1)
        client.transport.abort()
        await asyncio.sleep(1)
        return client.heard

    assert run(main) == [(2, "made"), (303, b"x"), (1_002, "lost")]


def test_a_client_that_closes_unread_data_resets_the_writer() -> None:
    """As machines do when a program closes without having read everything."""

    async def main() -> list[object]:
        doors = Doors()
        await doors.open()
        client, server = await doors.connect()
        client.transport.pause_reading()
        server.transport.write(b"never read")
        await asyncio.sleep(MINUTE / SECOND)
        client.transport.abort()
        await asyncio.sleep(1)
        return server.heard[1:]  # type: ignore[return-value]

    assert run(main) == [(60_003, "lost ConnectionResetError")]


def test_only_plain_protocols_are_refused_nothing() -> None:
    """A protocol may be swapped while the connection is open, as upgrades do."""

    async def main() -> list[tuple[float, object]]:
        doors = Doors(Echo)
        await doors.open()
        client, _ = await doors.connect()
        second = Ear()
        client.transport.set_protocol(second)
        client.transport.write(b"x")
        await asyncio.sleep(1)
        assert client.transport.get_protocol() is second
        client.transport.abort()
        await asyncio.sleep(1)
        return second.heard

    assert run(main) == [(4, b"x"), (1_002, "lost")]
