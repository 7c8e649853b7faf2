"""Supervises children: starts each when those it needs are ready, restarts one that crashed, and stops all in reverse order.

A restart waits with backoff and jitter. A child that spends its crash budget brings safe mode; it is then started again once a
minute, so that what is held is looked after, and safe mode lasts until a person ends it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from typing import Final, Protocol

from fairway.assembly.system_status import ChildState, ChildStatus, SystemStatus
from fairway.supervision.child import (
    ChildCrashed,
    ChildSpec,
    Show,
    ending,
    lines_of,
    started,
)
from fairway.world.backoff import Backoff, Draws
from fairway.world.clock import Clock
from fairway.world.tasks import Crash, CrashBudget, CrashBudgetSpent, Tasks, restarting

NAME: Final = "fairway"
LOOKS_EVERY_S: Final = 0.1
READY_WITHIN_S: Final = 60.0
"""After it the next child is started all the same: a trader waits for its venue by itself."""
LAST_LINES_S: Final = 0.5
"""After the last child has ended its last lines are shown, and those that wait for a restart are given up."""
STARTS_AGAIN: Final = Backoff(first_s=0.5, longest_s=60.0)
IN_SAFE_MODE: Final = Backoff(first_s=60.0, longest_s=60.0)
ENDLESS: Final = CrashBudget(crashes_max=2**31, within_s=1.0)


class Supervised(Protocol):
    """What the supervisor asks of the system around it."""

    async def enter_safe_mode(self, reason: str) -> str:
        """Makes the trader open nothing more, and returns what was done, as a sentence. Raises nothing."""
        ...

    def why_held(self, name: str) -> str:
        """Why a child must not be started now, "" where it may. Such a hold ends by itself. Raises nothing."""
        ...

    def why_idle(self, name: str) -> str:
        """Why a child has nothing to do yet, "" where it has: it is started once a person asks for it. Raises nothing."""
        ...

    def is_asked_to_start(self, name: str) -> bool:
        """Whether a person asks to start a child that ended for good; it is told once. Raises nothing."""
        ...

    def keep(self, status: "SystemStatus") -> None:
        """Keeps the status where other processes read it. Raises nothing."""
        ...


@dataclass(slots=True)
class Supervisor:
    """program: the words before a child's own, the last of which will be the number of this process."""

    specs: Sequence[ChildSpec]
    program: tuple[str, ...]
    system: Supervised
    clock: Clock
    chance: Draws
    show: Show
    status: SystemStatus
    budget: CrashBudget = field(default_factory=CrashBudget)
    ready: Callable[[], Awaitable[None]] | None = None
    """Called once every child is ready for the first time."""
    _processes: dict[str, asyncio.subprocess.Process] = field(default_factory=dict)
    _lives: list[asyncio.Task[None]] = field(default_factory=list)
    _is_stopping: bool = False

    async def run(self, stop: Awaitable[object]) -> None:
        """Supervises until `stop` is done, then stops all children in order."""
        async with Tasks("supervisor", at_most=len(self.specs) + 2) as tasks:
            starting = tasks.spawn("start", self._start_all(tasks))
            await stop
            self._is_stopping = True
            starting.cancel()
            await self._stop_all()
            if self._lives:
                await asyncio.wait(self._lives, timeout=LAST_LINES_S)
            tasks.cancel()

    async def _start_all(self, tasks: Tasks) -> None:
        """Each after the one before it is ready, or has had its time."""
        for spec in self.specs:
            self._lives.append(tasks.spawn(spec.name, self._supervise(spec)))
            await self._wait_until_ready(spec)
        if self.ready is not None and self.status.is_well:
            await self.ready()

    async def _wait_until_ready(self, spec: ChildSpec) -> None:
        loop = asyncio.get_running_loop()
        ends_at, child = loop.time() + READY_WITHIN_S, self._child(spec)
        while child.state not in (ChildState.READY, ChildState.ENDED, ChildState.IDLE):
            if loop.time() > ends_at:
                self.show(NAME, f"! {spec.name} is not ready after {READY_WITHIN_S:g} s; going on without it")
                return
            await asyncio.sleep(LOOKS_EVERY_S)

    async def _supervise(self, spec: ChildSpec) -> None:
        """One child: until it ends for good, and again where a person asks for it."""
        while not self._is_stopping:
            if why := self.system.why_idle(spec.name):
                self._leave_idle(spec, why)
            else:
                await self._run(spec)
            await self._until_asked(spec)

    def _leave_idle(self, spec: ChildSpec, why: str) -> None:
        child = self._child(spec)
        child.said = why
        self._set(child, ChildState.IDLE)
        self.show(NAME, f"{spec.name} is not started: {why}")

    async def _run(self, spec: ChildSpec) -> None:
        """Until it ends for good."""
        child = self._child(spec)
        if child.state is ChildState.IDLE:
            child.said = ""
        try:
            await self._restarting(spec, STARTS_AGAIN, self.budget)
        except CrashBudgetSpent as error:
            await self._enter_safe_mode(str(error))
            await self._restarting(spec, IN_SAFE_MODE, ENDLESS)

    async def _until_asked(self, spec: ChildSpec) -> None:
        """Until a person asks to start it again, or all are being stopped."""
        while not self._is_stopping and not self.system.is_asked_to_start(spec.name):
            await asyncio.sleep(LOOKS_EVERY_S)
        if not self._is_stopping:
            self.show(NAME, f"{spec.name} is started again, as a person asked")

    async def _restarting(self, spec: ChildSpec, backoff: Backoff, budget: CrashBudget) -> None:
        await restarting(
            spec.name,
            lambda: self._all_lives(spec),
            survives=(ChildCrashed,),
            chance=self.chance,
            tell=self._tell_crash,
            backoff=backoff,
            budget=budget,
        )

    async def _enter_safe_mode(self, reason: str) -> None:
        """Once for each child that is given up: in safe mode because of one, people must hear of the next one, too."""
        self.status.safe_mode = "; ".join(filter(None, (self.status.safe_mode, reason)))
        self._keep()
        self.show(NAME, f"! SAFE MODE: {reason}. A person is needed: fairway up status")
        self.show(NAME, f"! {await self.system.enter_safe_mode(reason)}")

    def _tell_crash(self, crash: Crash) -> None:
        self.show(NAME, f"! {crash.error}; it starts again in {crash.wait_s:.1f} s (crash {crash.recent})")

    async def _all_lives(self, spec: ChildSpec) -> None:
        """From a start of a child to its end; again and again while it waits for something outside. Raises ChildCrashed."""
        tries = 0
        while not self._is_stopping:
            await self._while_held(spec)
            code = await self._one_life(spec)
            if code is None:
                continue
            if code not in spec.waits or self._is_stopping:
                return
            tries += 1
            wait_s = STARTS_AGAIN.jittered_s(tries, self.chance)
            self.show(NAME, f"{spec.name} waits for something outside, see its last line; it starts again in {wait_s:.1f} s")
            await asyncio.sleep(wait_s)

    async def _while_held(self, spec: ChildSpec) -> None:
        """Until nothing holds the child down."""
        if why := self.system.why_held(spec.name):
            self.show(NAME, f"{spec.name} is {why}")
        while self.system.why_held(spec.name) and not self._is_stopping:
            await asyncio.sleep(LOOKS_EVERY_S)

    async def _one_life(self, spec: ChildSpec) -> int | None:
        """From a start of a child to its end; the exit code, None where it was held down when it ended, however it did.

        Raises ChildCrashed where it is to be started again as crashed.
        """
        if self._is_stopping:
            return 0
        child = self._child(spec)
        try:
            process = await started(self.program, spec)
        except OSError as error:
            raise ChildCrashed(f"{spec.name} cannot be started: {error.strerror or error}") from None
        if self._is_stopping:  # all others are being stopped, and this one would be overlooked
            process.terminate()
        self._processes[spec.name] = process
        self._set(child, ChildState.STARTING, process.pid)
        looking = asyncio.create_task(self._look(spec, child, process.pid), name=f"readiness of {spec.name}")
        try:
            async for line in lines_of(process):
                self.show(spec.name, line)
            code = await process.wait()
        finally:
            looking.cancel()
        del self._processes[spec.name]
        child.said = ending(code)
        if self._is_stopping:
            self._set(child, ChildState.STOPPED)
        elif self.system.why_held(spec.name):
            self._set(child, ChildState.WAITING)
            return None
        elif code in spec.final:
            self._set(child, ChildState.ENDED)
            self.show(NAME, f"{spec.name} {child.said}, and is not started again")
        elif code in spec.waits:
            self._set(child, ChildState.WAITING)
        else:
            child.crashes += 1
            self._set(child, ChildState.CRASHED)
            raise ChildCrashed(f"{spec.name} {child.said}")
        return code

    async def _look(self, spec: ChildSpec, child: ChildStatus, process_id: int) -> None:
        while not await spec.is_ready(process_id):
            await asyncio.sleep(LOOKS_EVERY_S)
        self._set(child, ChildState.READY, process_id)
        self.show(NAME, f"{spec.name} is ready")

    async def _stop_all(self) -> None:
        """The last one started is stopped first."""
        for spec in reversed(self.specs):
            process = self._processes.get(spec.name)
            if process is None:
                continue
            self.show(NAME, f"stopping {spec.name}")
            process.terminate()
            try:
                async with asyncio.timeout(spec.stops_within_s):
                    await process.wait()
            except TimeoutError:
                self.show(NAME, f"! {spec.name} did not stop within {spec.stops_within_s:g} s and is killed")
                process.kill()
                await process.wait()

    def _child(self, spec: ChildSpec) -> ChildStatus:
        return next(each for each in self.status.children if each.name == spec.name)

    def _set(self, child: ChildStatus, state: ChildState, process_id: int = 0) -> None:
        child.state, child.process_id, child.since = state, process_id, self.clock.now()
        self._keep()

    def _keep(self) -> None:
        self.system.keep(self.status)
