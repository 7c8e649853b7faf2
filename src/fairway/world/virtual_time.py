"""Runs asyncio programs in virtual time: an event loop whose clock leaps to the next timer when all else waits.

Time is an integer of nanoseconds. Ready callbacks run first in, first out; timers run by time, and at equal times in
the order in which they were set. Tasks hash by birth, so sets of tasks (task groups hold one) iterate the same way in
every process. Nothing here reads the machine's clock or starts a thread.
"""

from __future__ import annotations

import asyncio
import heapq
from collections import deque
from collections.abc import Callable, Coroutine, Iterable
from contextvars import Context, copy_context
from itertools import count
from typing import Any, Final, TypeVar, TypeVarTuple, cast

from fairway.world.clock import SECOND, Duration, Instant, text_of
from fairway.world.handles import ScheduledCall, Timer
from fairway.world.nodes import LIFE, NodeLife

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

SPINS_MAX: Final = 1_000_000
"""So many rounds of callbacks without time moving mean that something waits by spinning; then `Deadlock` is raised."""

_COMPACT_ABOVE: Final = 256


class Deadlock(RuntimeError):
    """Every task waits and no timer is set (or one spins): in real time the program would hang."""


class SimTask(asyncio.Task[Any]):
    """A task that hashes by birth, and knows the life it belongs to."""

    birth: int
    life: NodeLife | None

    def __hash__(self) -> int:
        return self.birth


class VirtualTimeLoop(asyncio.BaseEventLoop):
    """Time, callbacks and tasks of a simulated world; without a network and without nodes."""

    _stopping: bool

    def __init__(self, *, epoch_ns: Instant) -> None:
        super().__init__()
        self.epoch_ns = epoch_ns
        self.elapsed_ns: Duration = 0
        """Virtual nanoseconds since the world began. For reading; the loop alone moves it."""
        self.spins_max = SPINS_MAX
        self._soon: deque[ScheduledCall | Timer] = deque()
        self._timers: list[tuple[int, int, Timer]] = []
        self._timers_set = 0
        self._timers_cancelled = 0
        self._births = count()
        self._any_ended = False
        self._watched = ""
        self._after_step: Callable[[], object] | None = None

    # -- time ----------------------------------------------------------------------------------------------------

    def time(self) -> float:
        """Virtual seconds since the world began."""
        return self.elapsed_ns / SECOND

    @property
    def wall_ns(self) -> Instant:
        """The true simulated wall time, in nanoseconds since 1970 UTC."""
        return self.epoch_ns + self.elapsed_ns

    # -- callbacks -----------------------------------------------------------------------------------------------

    def call_soon(self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None) -> ScheduledCall:
        handle = ScheduledCall(callback, args, copy_context() if context is None else context)
        self._soon.append(handle)
        return handle

    # From a real thread this is out of contract: the order of its callbacks would be up to the machine.
    def call_soon_threadsafe(
        self, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None
    ) -> ScheduledCall:
        return self.call_soon(callback, *args, context=context)

    def call_later(self, delay: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None) -> Timer:
        return self.call_at_ns(
            self.elapsed_ns + round(delay * SECOND), callback, args, copy_context() if context is None else context
        )

    def call_at(self, when: float, callback: Callable[[*Ts], object], *args: *Ts, context: Context | None = None) -> Timer:
        at_ns = round(when * SECOND)
        if at_ns <= self.elapsed_ns and when > self.time():
            # Less than a nanosecond ahead: who waits in a loop until time() >= when must see time move.
            at_ns = self.elapsed_ns + 1
        return self.call_at_ns(at_ns, callback, args, copy_context() if context is None else context)

    def call_at_ns(self, at_ns: Duration, callback: Callable[..., object], args: tuple[Any, ...], context: Context) -> Timer:
        """Call back at a virtual time in nanoseconds since the world began; what is due already runs soon."""
        timer = Timer(callback, args, context, self, at_ns)
        if at_ns <= self.elapsed_ns:
            self._soon.append(timer)
        else:
            self._timers_set = number = self._timers_set + 1
            timer.waiting = True
            heapq.heappush(self._timers, (at_ns, number, timer))
        return timer

    def timer_cancelled(self) -> None:
        """A waiting timer was cancelled; when most of them are, they are cleared away."""
        self._timers_cancelled += 1
        if self._timers_cancelled > _COMPACT_ABOVE and self._timers_cancelled * 2 > len(self._timers):
            self._keep_timers(lambda timer: not timer.done)

    def _keep_timers(self, wanted: Callable[[Timer], bool]) -> None:
        self._timers[:] = [entry for entry in self._timers if wanted(entry[2])]
        heapq.heapify(self._timers)
        self._timers_cancelled = 0

    def _run_once(self) -> None:
        soon = self._soon
        spins = 0
        while True:
            if not soon and not self._stopping:
                self._leap()
                spins = 0
            elif (spins := spins + 1) > self.spins_max:
                raise Deadlock(f"at {text_of(self.wall_ns)} time stands still: {stories_of(asyncio.all_tasks(self))}")
            for _ in range(len(soon)):
                handle = soon.popleft()
                if handle.done or (self._any_ended and is_dead(handle.context)):
                    continue
                try:
                    handle.context.run(handle.callback, *handle.arguments)
                except (SystemExit, KeyboardInterrupt):
                    raise
                except BaseException as error:  # as asyncio's own loop does: a callback's error is reported, and the loop goes on
                    self._report(handle, error)
                if self._after_step is not None:
                    self._note_step(handle.context)
            if self._stopping:
                return

    def watch_steps(self, node: str, callback: Callable[[], object]) -> None:
        """Call back after each step of a node, which is whatever it does between two of its awaits: each place where `kill -9`
        may find it. One watcher at a time; it may kill the node."""
        self._watched, self._after_step = node, callback

    def unwatch_steps(self) -> None:
        self._after_step = None

    def _note_step(self, context: Context) -> None:
        life = context.get(LIFE)
        if life is not None and life.node == self._watched and self._after_step is not None:
            self._after_step()

    def _leap(self) -> None:
        """Move time to the next timer, and make everything due then ready."""
        timers, soon = self._timers, self._soon
        while not soon:
            if not timers:
                raise Deadlock(
                    f"at {text_of(self.wall_ns)} every task waits and no timer is set: {stories_of(asyncio.all_tasks(self))}"
                )
            at_ns = timers[0][0]
            while timers and timers[0][0] == at_ns:
                timer = heapq.heappop(timers)[2]
                timer.waiting = False
                if timer.done:
                    self._timers_cancelled -= 1
                else:
                    soon.append(timer)
            if soon:
                self.elapsed_ns = at_ns

    def _report(self, handle: ScheduledCall | Timer, error: BaseException) -> None:
        self.call_exception_handler({"message": f"error in {handle!r}", "exception": error, "handle": handle})

    # -- tasks ---------------------------------------------------------------------------------------------------

    def create_task(  # type: ignore[override]
        self, coro: Coroutine[Any, Any, T], *, name: str | None = None, context: Context | None = None, **options: Any
    ) -> asyncio.Task[T]:
        task = SimTask.__new__(SimTask)
        birth = next(self._births)
        task.birth = birth
        task.life = LIFE.get() if context is None else context.get(LIFE)
        task.__init__(coro, loop=self, name=name or f"Task-{birth}", context=context, **options)  # type: ignore[misc]
        return task

    def run_in_executor(self, executor: object, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:  # type: ignore[override]
        """Run the function here and now; a thread would finish whenever the machine likes. Its result comes soon."""
        answer: asyncio.Future[T] = self.create_future()
        try:
            result = func(*args)
        except Exception as error:  # the executor's promise: whatever it raised belongs to the one who waits
            self.call_soon(_answer, answer, None, error)
        else:
            self.call_soon(_answer, answer, result, None)
        return answer

    def close(self) -> None:
        self._soon.clear()
        self._timers.clear()
        super().close()


def is_dead(context: Context) -> bool:
    """Whether what runs in this context belongs to a killed node."""
    life = context.get(LIFE)
    return life is not None and life.ended


def stories_of(tasks: Iterable[asyncio.Task[Any]]) -> str:
    """The tasks with what they wait at, oldest first, for a person who looks for a hang."""
    by_birth = sorted(cast("Iterable[SimTask]", tasks), key=lambda task: task.birth)
    return "; ".join(_story(task) for task in by_birth[:20]) or "no task is left"


def _story(task: SimTask) -> str:
    stack = task.get_stack(limit=1)
    place = f" at {stack[-1].f_code.co_name} line {stack[-1].f_lineno}" if stack else ""
    node = f" on {task.life.node}" if task.life else ""
    return f"{task.get_name()!r}{node}{place}"


def _answer(future: asyncio.Future[Any], result: object, error: Exception | None) -> None:
    if future.done():
        return
    if error is None:
        future.set_result(result)
    else:
        future.set_exception(error)
