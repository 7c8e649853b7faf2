"""The simulated loop: waiting costs nothing, order is exact, and what would hang is an error."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import time
from collections.abc import Coroutine
from typing import Any

import pytest

from fairway.world.clock import DAY, MILLISECOND, SECOND
from fairway.world.handles import Timer
from fairway.world.loop import Deadlock, SimLoop, UnfinishedTasks, run, running


def test_sleeping_a_century_takes_no_time() -> None:
    """Virtual time leaps to the next timer, however far it is."""

    async def main() -> int:
        await asyncio.sleep(100 * 365 * 86_400)
        return running().elapsed_ns

    began = time.perf_counter()
    assert run(main) == 100 * 365 * DAY
    assert time.perf_counter() - began < 60


def test_many_short_sleeps_do_not_drift() -> None:
    """A tenth of a second, ten thousand times, is a thousand seconds to the nanosecond."""

    async def main() -> int:
        for _ in range(10_000):
            await asyncio.sleep(0.1)
        return running().elapsed_ns

    assert run(main) == 1_000 * SECOND


def test_callbacks_run_first_in_first_out_and_timers_by_time_then_by_birth() -> None:
    """The order of events is defined, not left to a heap."""

    async def main() -> str:
        loop, order = asyncio.get_running_loop(), list[str]()
        for name in "ab":
            loop.call_later(2, order.append, name)
        for name in "cd":
            loop.call_at(1.0, order.append, name)
        loop.call_later(2, order.append, "e")
        for name in "fg":
            loop.call_soon(order.append, name)
        loop.call_later(0, order.append, "h")
        loop.call_soon(order.append, "i")
        await asyncio.sleep(2)
        return "".join(order)

    assert run(main) == "fghicdabe"


def test_who_waits_for_a_moment_less_than_a_nanosecond_ahead_sees_time_move() -> None:
    """A library that asks again until `time() >= when` does not ask for ever."""

    async def main() -> int:
        loop, asked = running(), 0
        done = loop.create_future()
        when = 1 + 1e-10

        def ask() -> None:
            nonlocal asked
            asked += 1
            if loop.time() < when:
                loop.call_at(when, ask)
            else:
                done.set_result(loop.elapsed_ns)

        loop.call_at(when, ask)
        await done
        assert asked == 2
        return loop.elapsed_ns

    assert run(main) == SECOND + 1


def _timers() -> int:
    """Those of worlds that have ended are among them."""
    return sum(isinstance(thing, Timer) for thing in gc.get_objects())


def test_cancelled_timers_do_not_run_nor_pile_up() -> None:
    """A thousand timeouts that were not needed leave no trace, and do not hold time back."""

    async def main() -> int:
        loop, before = running(), _timers()
        for _ in range(1_000):
            async with asyncio.timeout(3_600):
                await asyncio.sleep(0.001)
        survivor = loop.call_later(5, int)
        survivor.cancel()
        assert survivor.cancelled()
        await asyncio.sleep(0)
        assert _timers() - before < 600
        return loop.elapsed_ns

    assert run(main) == SECOND


def test_a_world_in_which_no_task_can_wake_is_a_deadlock_that_names_the_sleepers() -> None:
    """In real time this would hang."""

    async def wait_for_godot() -> None:
        await asyncio.get_running_loop().create_future()

    async def main() -> None:
        await asyncio.create_task(wait_for_godot(), name="vladimir")

    with pytest.raises(Deadlock, match="'vladimir' at wait_for_godot line"):
        run(main)


def test_waiting_by_spinning_is_a_deadlock_too() -> None:
    """Virtual time does not pass for one who never lets it; the bound is lowered to keep the test short."""

    async def main() -> None:
        running().spins_max = 1_000
        while running().time() < 1:
            await asyncio.sleep(0)

    with pytest.raises(Deadlock, match="time stands still: 'Task-0'"):
        run(main)


def test_tasks_left_behind_are_an_error_that_names_them() -> None:
    """A world ends when everything in it has ended."""

    async def main() -> None:
        forgotten.append(asyncio.create_task(asyncio.sleep(9), name="forgotten"))

    forgotten: list[asyncio.Task[None]] = []
    with pytest.raises(UnfinishedTasks, match="'forgotten' at sleep"):
        run(main)
    assert forgotten[0].cancelled()


def test_tasks_that_need_a_moment_to_end_are_given_it() -> None:
    """Cancelled tasks that only have to be heard are no leftovers."""

    async def main() -> str:
        asyncio.create_task(asyncio.sleep(9)).cancel()
        await asyncio.sleep(0)
        return "over"

    assert run(main) == "over"


def test_a_failing_task_group_cancels_the_others_in_the_same_order_every_time() -> None:
    """asyncio keeps them in a set; tasks here hash by birth."""

    async def child(number: int, heard: list[int]) -> None:
        try:
            await asyncio.sleep(100)
        finally:
            heard.append(number)

    async def boom() -> None:
        await asyncio.sleep(1)
        raise ValueError

    async def main() -> list[int]:
        heard: list[int] = []
        with contextlib.suppress(ExceptionGroup):
            async with asyncio.TaskGroup() as group:
                for number in range(30):
                    group.create_task(child(number, heard))
                group.create_task(boom())
        return heard

    # Births are 1 to 31 (the main task is 0), in a table of 128 places: they iterate by birth.
    assert run(main) == list(range(30))


def test_work_for_an_executor_is_done_in_place() -> None:
    """No thread is started, so its result cannot come in another order."""

    async def main() -> tuple[int, str]:
        loop, order = running(), list[str]()
        answer = loop.run_in_executor(None, order.append, "work")
        order.append("after")
        await answer
        assert await asyncio.to_thread(pow, 2, 5) == 32
        with pytest.raises(ZeroDivisionError):
            await asyncio.to_thread(lambda: 1 // 0)
        return loop.elapsed_ns, " ".join(order)

    assert run(main) == (0, "work after")


def test_signals_reach_only_the_node_that_asked_for_them() -> None:
    """The machine's own signals are left alone; a scene sends them."""

    async def node(heard: list[int]) -> None:
        loop, done = running(), asyncio.Event()
        loop.add_signal_handler(15, done.set)
        await done.wait()
        heard.append(loop.elapsed_ns)
        assert loop.remove_signal_handler(15)
        assert not loop.remove_signal_handler(15)

    async def main() -> list[int]:
        loop, heard = running(), list[int]()
        task = loop.spawn("trader", node(heard))
        await asyncio.sleep(2)
        loop.signal("trader", 2)
        loop.signal("trader", 15)
        await task
        return heard

    assert run(main) == [2 * SECOND]


def test_an_error_in_a_callback_is_reported_and_the_world_goes_on() -> None:
    """As in every asyncio loop, the exception handler hears of it."""

    async def main() -> list[str]:
        loop, heard = running(), list[str]()
        loop.set_exception_handler(lambda _loop, story: heard.append(repr(story["exception"])))
        loop.call_soon(lambda: 1 // 0)
        await asyncio.sleep(1)
        return heard

    assert run(main) == ["ZeroDivisionError('integer division or modulo by zero')"]


def test_code_in_real_time_is_told_that_it_is_not_simulated() -> None:
    """`running()` does not pretend."""

    async def main() -> None:
        with pytest.raises(RuntimeError, match="not in a simulated world"):
            running()

    asyncio.run(main())


def test_async_generators_are_closed_at_the_end() -> None:
    """Their `finally` runs, as in real time."""
    order: list[str] = []

    async def numbers() -> Any:
        try:
            while True:
                yield 1
        finally:
            order.append("closed")

    async def main() -> None:
        async for _ in numbers():
            break
        gc.collect()
        await asyncio.sleep(1)

    run(main)
    assert order == ["closed"]


def test_worlds_do_not_leak_into_each_other() -> None:
    """Two runs in one process are the same run: time, births and names start from their beginning."""

    def story() -> list[object]:
        async def main() -> list[object]:
            task = asyncio.create_task(asyncio.sleep(0.25, "x"))
            return [task.get_name(), await task, running().elapsed_ns, running().chance.hex("k", 8)]

        return run(main, seed=5)

    assert story() == story()
    assert story()[:3] == ["Task-1", "x", 250 * MILLISECOND]


def test_a_loop_may_be_used_without_the_runner() -> None:
    """It is an ordinary event loop."""

    async def main() -> float:
        await asyncio.sleep(1.5)
        return asyncio.get_running_loop().time()

    work: Coroutine[Any, Any, float] = main()
    loop = SimLoop(seed=1)
    try:
        assert loop.run_until_complete(work) == 1.5
    finally:
        loop.close()
