"""`kill -9` of a node: nothing of it runs any more, its peers see a reset or nothing, and it may live again."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator

import pytest
from tests.pure.world.wires import Doors

from fairway.world.clock import MILLISECOND
from fairway.world.loop import run, running


async def tick(log: list[object], name: str) -> None:
    try:
        while True:
            log.append(name)
            await asyncio.sleep(1)
    except BaseException:
        log.append(f"{name} except")
        raise
    finally:
        log.append(f"{name} finally")


def test_a_killed_node_says_nothing_more() -> None:
    """No except, no finally, neither then nor when the world has ended and Python cleans up."""
    log: list[object] = []

    async def trader() -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(tick(log, "feed"))
            group.create_task(tick(log, "heart"))
            await tick(log, "desk")

    async def main() -> None:
        running().spawn("trader", trader())
        await asyncio.sleep(1.5)
        running().kill("trader")
        await asyncio.sleep(10)

    run(main)
    gc.collect()
    assert log == ["desk", "feed", "heart"] * 2


def test_the_same_node_may_live_again() -> None:
    """Its second life knows nothing of the first, and has the same address."""
    log: list[object] = []

    async def main() -> tuple[str, str, tuple[str, ...]]:
        loop = running()
        loop.spawn("trader", tick(log, "first"))
        first = loop.network.host("trader")
        await asyncio.sleep(0.5)
        loop.kill("trader")
        assert loop.alive() == ()
        again = loop.spawn("trader", tick(log, "second"))
        await asyncio.sleep(1.5)
        alive = tuple(loop.alive())
        again.cancel()
        return first, loop.network.host("trader"), alive

    first, second, alive = run(main)
    assert first == second
    assert alive == ("trader",)
    assert log == ["first", "second", "second", "second except", "second finally"]


def test_only_one_who_lives_can_be_killed() -> None:
    """The error names those that live."""

    async def main() -> None:
        running().spawn("exchange", asyncio.sleep(0))
        with pytest.raises(ValueError, match=r"no node 'trader' is alive; alive are \['exchange'\]"):
            running().kill("trader")
        await asyncio.sleep(0)

    run(main)


def test_timers_callbacks_and_pending_answers_of_the_dead_are_dropped() -> None:
    """Also those that others would wake: a result for a killed task wakes no task."""
    log: list[object] = []

    async def main() -> None:
        loop = running()
        answer: asyncio.Future[str] = loop.create_future()

        async def node() -> None:
            loop.call_later(5, log.append, "timer of the dead")
            loop.call_soon(log.append, "before the kill")
            log.append(await answer)

        loop.spawn("trader", node())
        await asyncio.sleep(1)
        loop.kill("trader")
        answer.set_result("answer for the dead")
        await asyncio.sleep(60)

    run(main)
    assert log == ["before the kill"]


def test_the_peer_of_the_dead_sees_a_reset_after_the_latency() -> None:
    """What was sent before the kill still arrives first."""

    async def main() -> list[tuple[float, object]]:
        loop, doors = running(), Doors()
        loop.network.shape("trader", "venue", latency=30 * MILLISECOND)
        await doors.open()

        async def trader() -> None:
            client, _ = await doors.connect()
            await asyncio.sleep(0.94)
            client.transport.write(b"last words")
            await asyncio.sleep(3_600)

        loop.spawn("trader", trader())
        await asyncio.sleep(1.01)
        loop.kill("trader")
        await asyncio.sleep(1)
        return doors.servers[0].heard

    assert run(main) == [(30, "made"), (1_030, b"last words"), (1_040, "lost ConnectionResetError")]


def test_a_machine_that_died_with_the_node_leaves_its_peers_in_the_dark() -> None:
    """Half-open: no reset comes; the peer learns it when what it sends is not acknowledged."""

    async def main() -> list[tuple[float, object]]:
        loop, doors = running(), Doors()
        await doors.open()

        async def trader() -> None:
            await doors.connect()
            await asyncio.sleep(7_200)

        loop.spawn("trader", trader())
        await asyncio.sleep(1)
        loop.kill("trader", half_open=True)
        await asyncio.sleep(1)
        assert doors.servers[0].heard == [(1, "made")]
        doors.servers[0].transport.write(b"anybody?")
        await asyncio.sleep(3_600)
        return doors.servers[0].heard[1:]

    assert run(main) == [(902_000, "lost TimeoutError")]


def test_the_listeners_of_the_dead_are_gone_and_their_port_is_free() -> None:
    """Callers are refused until the next life listens again."""

    async def serve(doors: Doors) -> None:
        async with await doors.open(None):
            await asyncio.sleep(7_200)

    async def main() -> int:
        loop, first, second = running(), Doors(), Doors()
        loop.spawn("exchange", serve(first))
        await asyncio.sleep(1)
        client, server = await first.connect("exchange")
        loop.kill("exchange")
        await asyncio.sleep(1)
        assert client.heard[-1][1] == "lost ConnectionResetError"
        assert server.heard == [(1_001, "made")]
        with pytest.raises(ConnectionRefusedError):
            await first.connect("exchange")
        loop.spawn("exchange", serve(second))
        await asyncio.sleep(1)
        await second.connect("exchange")
        loop.kill("exchange")
        await asyncio.sleep(1)
        assert loop.network.connections() == []
        return len(second.servers)

    assert run(main) == 1


def test_a_kill_while_connecting_leaves_nothing_half_made() -> None:
    """Whether the knock is under way to the server or its answer is under way back."""

    async def main() -> list[tuple[str, str]]:
        loop, doors = running(), Doors()
        loop.network.shape("trader", "venue", latency=20 * MILLISECOND)
        await doors.open()
        for moment in (0.01, 0.03):
            loop.spawn("trader", doors.connect())
            await asyncio.sleep(moment)
            loop.kill("trader")
            await asyncio.sleep(1)
        assert [what for _, what in doors.servers[0].heard] == ["made", "lost ConnectionResetError"]
        assert len(doors.servers) == 1
        return loop.network.connections()

    assert run(main) == []


def test_hooks_run_at_each_kill() -> None:
    """That is how a disk, or a database file, loses what was not durable."""

    async def main() -> list[int]:
        loop, killed = running(), list[int]()
        loop.on_kill("trader", lambda: killed.append(loop.elapsed_ns // MILLISECOND))
        for _ in range(2):
            loop.spawn("trader", asyncio.sleep(60))
            await asyncio.sleep(1)
            loop.kill("trader")
        return killed

    assert run(main) == [1_000, 2_000]


def test_a_node_that_kills_itself_stops_at_its_next_await() -> None:
    """For a crash at a chosen line: nothing that it does after it reaches the world."""
    log: list[object] = []

    async def main() -> None:
        loop, doors = running(), Doors()
        await doors.open()

        async def trader() -> None:
            client, _ = await doors.connect()
            try:
                loop.kill("trader")
                client.transport.write(b"too late")
                loop.call_soon(log.append, "too late")
                await asyncio.sleep(0)
            finally:
                log.append("finally")

        loop.spawn("trader", trader())
        await asyncio.sleep(1)
        log.append([what for _, what in doors.servers[0].heard])

    run(main)
    assert log == [["made", "lost ConnectionResetError"]]


@pytest.mark.parametrize("pause_in", ["generator", "consumer"])
def test_an_async_generator_of_the_dead_stays_where_it_was(pause_in: str, caplog: pytest.LogCaptureFixture) -> None:
    """Even the loop's own closing of generators passes it by, silently."""
    log: list[object] = []

    async def numbers() -> AsyncIterator[int]:
        try:
            while True:
                yield 1
                if pause_in == "generator":
                    await asyncio.sleep(1)
        finally:
            log.append("finally")

    async def count() -> None:
        async for number in numbers():
            log.append(number)
            if pause_in == "consumer":
                await asyncio.sleep(1)

    async def main() -> None:
        running().spawn("trader", count())
        await asyncio.sleep(1.5)
        running().kill("trader")
        await asyncio.sleep(5)

    run(main)
    gc.collect()
    assert log == [1, 1]
    assert caplog.records == []


def test_graves_are_bounded() -> None:
    """A hundred worlds with a kill each: the oldest dead are forgotten in silence, and memory is given back."""
    alive: list[object] = []

    class Weight:
        def __init__(self) -> None:
            alive.append(1)

        def __del__(self) -> None:
            alive.pop()

    async def hold() -> None:
        weight = Weight()
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0)
            assert weight

    async def main() -> None:
        running().spawn("trader", hold())
        await asyncio.sleep(1)
        running().kill("trader")

    for _ in range(100):
        run(main)
    gc.collect()
    assert 32 <= len(alive) <= 65


def test_a_node_may_die_while_others_of_its_tasks_are_ready() -> None:
    """All that was to run in the same instant is passed over, and the rest of the world goes on."""
    log: list[object] = []

    async def main() -> None:
        loop = running()
        loop.call_later(1, loop.kill, "trader")
        for name in ("feed", "heart", "desk"):
            loop.spawn("trader", tick(log, name))
        loop.spawn("exchange", tick(log, "exchange"))
        await asyncio.sleep(2.5)
        loop.kill("exchange")

    run(main)
    assert log == ["feed", "heart", "desk", "exchange", "exchange", "exchange"]


def test_a_node_may_be_killed_after_any_of_its_steps() -> None:
    """Steps are counted per node; killed after its n-th, it has done n and no more."""

    async def count_to(number: int) -> list[int]:
        loop, log, steps = running(), list[int](), 0

        def note() -> None:
            nonlocal steps
            steps += 1
            if steps == number:
                loop.kill("trader")

        async def work() -> None:
            for step in range(10):
                log.append(step)
                await asyncio.sleep(0)

        loop.watch_steps("trader", note)
        loop.spawn("trader", work())
        loop.spawn("exchange", work())
        await asyncio.sleep(1)
        return log

    assert [step for step in run(lambda: count_to(3)) if step >= 3] == [3, 4, 5, 6, 7, 8, 9]
    assert sorted(run(lambda: count_to(0))) == sorted([*range(10), *range(10)])
