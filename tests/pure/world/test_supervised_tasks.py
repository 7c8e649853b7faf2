"""Tasks have a name, an owner and an end; failures reach the owner; crashes have a budget."""

from __future__ import annotations

import asyncio
import random

import pytest

from fairway.world.backoff import Backoff
from fairway.world.clock import SECOND
from fairway.world.loop import run, running
from fairway.world.tasks import (
    CRASHES,
    RESTARTS,
    Crash,
    CrashBudget,
    CrashBudgetSpent,
    DeadlineMissed,
    Tasks,
    TasksEnding,
    TooManyTasks,
    deadline,
    restarting,
)


def test_the_owner_waits_for_all_its_tasks() -> None:
    """When the block is left, nothing runs on."""

    async def main() -> tuple[tuple[str, ...], int, tuple[str, ...]]:
        async with Tasks("trader") as tasks:
            task = tasks.spawn("clock", asyncio.sleep(3, 7))
            tasks.spawn("feed", asyncio.sleep(5))
            names = tasks.running()
        assert running().time() == 5
        return names, await task, tasks.running()

    assert run(main) == (("clock", "feed"), 7, ())


def test_a_failure_cancels_the_others_and_surfaces_with_the_names() -> None:
    """The owner learns which task it was."""
    ended: list[float] = []

    async def feed() -> None:
        try:
            await asyncio.sleep(60)
        finally:
            ended.append(running().time())

    async def guard() -> None:
        await asyncio.sleep(2)
        raise ConnectionError("venue gone")

    async def main() -> None:
        async with Tasks("trader") as tasks:
            tasks.spawn("feed BTCUSDT", feed())
            tasks.spawn("guard", guard())

    with pytest.raises(ExceptionGroup) as failure:
        run(main)
    (error,) = failure.value.exceptions
    assert isinstance(error, ConnectionError)
    assert error.__notes__ == ["in task 'guard' of trader"]
    assert ended == [2]


def test_an_owner_may_end_its_tasks_without_an_error() -> None:
    """Cancelling them is not a failure."""

    async def main() -> float:
        async with Tasks("trader") as tasks:
            for name in ("a", "b"):
                tasks.spawn(name, asyncio.sleep(60))
            await asyncio.sleep(1)
            tasks.cancel()
        return running().time()

    assert run(main) == 1


def test_the_number_of_tasks_is_bounded() -> None:
    """One too many is refused and not started; an ended one makes room."""

    async def main() -> None:
        async with Tasks("trader", at_most=1) as tasks:
            tasks.spawn("first", asyncio.sleep(1))
            with pytest.raises(TooManyTasks, match="trader has 1 tasks, the most it may; 'second' was not started"):
                tasks.spawn("second", asyncio.sleep(1))
            await asyncio.sleep(2)
            tasks.spawn("third", asyncio.sleep(1))

    run(main)


def test_after_its_end_an_owner_starts_nothing() -> None:
    """A task without an owner is refused."""

    async def main() -> None:
        async with Tasks("trader") as tasks:
            pass
        with pytest.raises(TasksEnding, match="trader is ending; 'late' was not started"):
            tasks.spawn("late", asyncio.sleep(1))

    run(main)


def test_a_missed_deadline_says_what_took_too_long() -> None:
    """And a timeout from within is not mistaken for it."""

    async def main() -> float:
        with pytest.raises(DeadlineMissed, match=r"asking for balances took longer than 2\.5 s"):
            async with deadline(2.5, "asking for balances"):
                await asyncio.sleep(60)
        with pytest.raises(TimeoutError) as inner:
            async with deadline(5, "asking"):
                raise TimeoutError("the venue's own")
        assert not isinstance(inner.value, DeadlineMissed)
        async with deadline(5, "asking"):
            await asyncio.sleep(1)
        return running().time()

    assert run(main) == 3.5


class Flaky:
    """Fails a number of times, then returns when it succeeded."""

    def __init__(self, failures: int, *, after_s: float = 0, error: Exception | None = None) -> None:
        self.left = failures
        self.after_s = after_s
        self.error = error or ConnectionError("gone")

    async def __call__(self) -> float:
        await asyncio.sleep(self.after_s)
        if self.left:
            self.left -= 1
            raise self.error
        return running().time()


def restarts(work: Flaky, backoff: Backoff = RESTARTS, budget: CrashBudget = CRASHES) -> tuple[float, list[Crash]]:
    """Run the work under restarts in a world of its own."""
    told: list[Crash] = []

    async def main() -> float:
        return await restarting(
            "feed",
            work,
            survives=(ConnectionError,),
            chance=random.Random(1),
            tell=told.append,
            backoff=backoff,
            budget=budget,
        )

    return run(main), told


def test_crashed_work_starts_again_after_a_wait_that_doubles() -> None:
    """Each wait is drawn between half and all of its length, up to the longest."""
    ended, told = restarts(Flaky(5), Backoff(first_s=1, longest_s=6), CrashBudget(crashes_max=5, within_s=600))
    assert [crash.recent for crash in told] == [1, 2, 3, 4, 5]
    for crash, longest in zip(told, (1, 2, 4, 6, 6), strict=True):
        assert longest / 2 <= crash.wait_s <= longest
    assert ended * SECOND == sum(round(crash.wait_s * SECOND) for crash in told)


def test_a_spent_crash_budget_ends_the_work_with_its_cause() -> None:
    """Too many in too short a time is for the owner to decide."""
    with pytest.raises(CrashBudgetSpent, match="feed crashed 4 times in 600 s") as end:
        restarts(Flaky(9), budget=CrashBudget(crashes_max=3))
    assert isinstance(end.value.__cause__, ConnectionError)


def test_old_crashes_are_forgiven() -> None:
    """Work that crashes once an hour may do so for ever, and waits the shortest time."""
    _, told = restarts(Flaky(50, after_s=3_600), Backoff(first_s=1), CrashBudget(crashes_max=2, within_s=600))
    assert len(told) == 50
    assert {crash.recent for crash in told} == {1}


def test_errors_of_other_kinds_are_not_survived() -> None:
    """A bug crashes at once."""
    with pytest.raises(ZeroDivisionError):
        restarts(Flaky(1, error=ZeroDivisionError()))
