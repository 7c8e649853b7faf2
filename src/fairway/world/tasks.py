"""Supervises tasks: each has a name, an owner and an end, and none fails unheard.

`Tasks` is a scope: it ends when all its tasks have ended, and when one fails it cancels the others and fails itself.
`restarting` is for work that may crash and be tried again, so often and no more.
"""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from traceback import extract_tb
from types import TracebackType
from typing import Any, Final, TypeVar

from fairway.world.backoff import Backoff, Draws

T = TypeVar("T")

TASKS_MAX: Final = 256


class TooManyTasks(RuntimeError):
    """The owner has as many tasks as it may; the new one was not started."""


class TasksEnding(RuntimeError):
    """The owner's block has ended or is ending; the new task was not started."""


class DeadlineMissed(TimeoutError):
    """Something took longer than it may."""


class CrashBudgetSpent(RuntimeError):
    """Work crashed too often in too short a time; its last error is the cause."""


class Tasks:
    """The tasks of one owner: `async with Tasks("trader") as tasks: tasks.spawn("feed BTCUSDT", feed())`.

    The block waits for all of them. If one raises, the others are cancelled and the block raises an `ExceptionGroup`
    whose errors carry a note with the owner's and the task's name.
    """

    def __init__(self, owner: str, *, at_most: int = TASKS_MAX) -> None:
        self.owner = owner
        self._at_most = at_most
        self._group = asyncio.TaskGroup()
        self._running: dict[asyncio.Task[Any], str] = {}

    async def __aenter__(self) -> Tasks:
        await self._group.__aenter__()
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self._group.__aexit__(kind, error, trace)

    def spawn(self, name: str, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start a task.

        Raises:
            TooManyTasks: `at_most` are running already.
            TasksEnding: the block has ended or is ending.
        """
        if len(self._running) >= self._at_most:
            work.close()
            raise TooManyTasks(f"{self.owner} has {len(self._running)} tasks, the most it may; {name!r} was not started")
        try:
            task = self._group.create_task(work, name=f"{self.owner}: {name}")
        except RuntimeError as error:
            work.close()
            raise TasksEnding(f"{self.owner} is ending; {name!r} was not started") from error
        self._running[task] = name
        task.add_done_callback(self._ended)
        return task

    def running(self) -> tuple[str, ...]:
        """The names of the tasks that have not ended, in the order of their start."""
        return tuple(self._running.values())

    def cancel(self) -> None:
        """Ask every task to end, in the order of their start; the block then ends without an error."""
        for task in list(self._running):
            task.cancel()

    def _ended(self, task: asyncio.Task[Any]) -> None:
        name = self._running.pop(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            error.add_note(f"in task {name!r} of {self.owner}")


@asynccontextmanager
async def deadline(seconds: float, what: str) -> AsyncIterator[None]:
    """Bound the time of a block: `async with deadline(5, "asking for balances"): ...`.

    Raises:
        DeadlineMissed: the block took longer; what it awaited was cancelled.
    """
    limit = asyncio.timeout(seconds)
    try:
        async with limit:
            yield
    except TimeoutError as error:
        if not limit.expired():
            raise
        raise DeadlineMissed(f"{what} took longer than {seconds:g} s") from error


def innermost(error: BaseException) -> BaseException:
    """The first error inside of a group of errors, however deep."""
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return error


def place_of(error: BaseException) -> str:
    """Where it was raised, as `file:line function`; "" where that is unknown."""
    frames = extract_tb(error.__traceback__)
    return f"{Path(frames[-1].filename).name}:{frames[-1].lineno} {frames[-1].name}" if frames else ""


@dataclass(frozen=True, slots=True)
class CrashBudget:
    """How many crashes within how many seconds are borne; one more ends the work."""

    crashes_max: int = 5
    within_s: float = 600.0


RESTARTS: Final = Backoff()
CRASHES: Final = CrashBudget()


@dataclass(frozen=True, slots=True)
class Crash:
    """One crash of restarted work, as its owner is told: which one it was, and when it starts again."""

    name: str
    error: Exception
    recent: int
    wait_s: float


async def restarting(
    name: str,
    work: Callable[[], Awaitable[T]],
    *,
    survives: tuple[type[Exception], ...],
    chance: Draws,
    tell: Callable[[Crash], object],
    backoff: Backoff = RESTARTS,
    budget: CrashBudget = CRASHES,
) -> T:
    """Do the work, again after each crash of a kind that it `survives`, until it returns; each crash is told.

    Raises:
        CrashBudgetSpent: more than `crashes_max` crashes in `within_s` seconds.
        Exception: any kind that is not among `survives`, at once.
    """
    loop = asyncio.get_running_loop()
    crashed_at: deque[float] = deque(maxlen=budget.crashes_max + 1)
    while True:
        try:
            return await work()
        except survives as error:
            now = loop.time()
            crashed_at.append(now)
            recent = sum(at > now - budget.within_s for at in crashed_at)
            if recent > budget.crashes_max:
                raise CrashBudgetSpent(f"{name} crashed {recent} times in {budget.within_s:g} s") from error
            wait_s = backoff.jittered_s(recent, chance)
            tell(Crash(name, error, recent, wait_s))
        await asyncio.sleep(wait_s)
