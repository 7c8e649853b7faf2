"""The event loop of a simulated world: virtual time, nodes that can be killed, and an in-memory network.

The contract: same seed, same commit, same Python, same order of events. Outside of it are

* real threads that call `call_soon_threadsafe`;
* libraries that read `time.time`, `time.monotonic` or `os.urandom` by themselves. aiohttp's connector ages its idle
  connections and its cache of names so: give it `use_dns_cache=False` and a `keepalive_timeout` longer than the run.
  ccxt's own throttle does too: `enableRateLimit` must be off;
* `asyncio.as_completed` over bare coroutines, which it puts into a set: hand it tasks.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Coroutine, Sequence
from contextvars import Context, copy_context
from typing import Any, Final, TypeVar, TypeVarTuple, cast
from weakref import WeakSet

from fairway.world.chance import Chance
from fairway.world.clock import SECOND, Instant, SimClock
from fairway.world.network import Network
from fairway.world.nodes import LIFE, NodeLife, bury, clear_old_graves, here
from fairway.world.virtual_time import Deadlock, SimTask, VirtualTimeLoop, is_dead, stories_of

__all__ = ["EPOCH_NS", "Deadlock", "SimLoop", "UnfinishedTasks", "run", "running"]

T = TypeVar("T")
Ts = TypeVarTuple("Ts")

EPOCH_NS: Final[Instant] = 1_640_995_200 * SECOND
"""2022-01-01T00:00:00Z, where simulated worlds begin unless told otherwise."""

_SETTLING_ROUNDS: Final = 100


class UnfinishedTasks(RuntimeError):
    """The main coroutine ended while tasks that it had started were still waiting."""


class SimLoop(VirtualTimeLoop):
    """The event loop of a simulated world, with its `clock`, its `chance` and its `network`."""

    _asyncgens: WeakSet[AsyncGenerator[object, None]]

    def __init__(self, *, seed: int = 0, epoch_ns: Instant = EPOCH_NS) -> None:
        super().__init__(epoch_ns=epoch_ns)
        self.chance = Chance(seed)
        self.clock = SimClock(self)
        self.network = Network(self)
        self._lives: dict[str, NodeLife] = {}
        self._lives_begun = 0
        self._processes = 0
        self._on_kill: dict[str, list[Callable[[], object]]] = {}
        self._on_signal: dict[tuple[str, int], tuple[Callable[..., object], tuple[Any, ...], Context]] = {}

    def process_chance(self) -> Chance:
        """Chance for one life of one process: each call gives another, as an operating system does, and the seed decides all."""
        self._processes += 1
        return self.chance.child(f"process {self._processes}")

    # -- signals -------------------------------------------------------------------------------------------------

    def add_signal_handler(self, sig: int, callback: Callable[[*Ts], object], *args: *Ts) -> None:
        """Remember the handler for this node; only `signal` calls it, never the machine."""
        self._on_signal[here(), sig] = callback, args, copy_context()

    def remove_signal_handler(self, sig: int) -> bool:
        return self._on_signal.pop((here(), sig), None) is not None

    def signal(self, node: str, sig: int) -> None:
        """Send a signal to a node that asked for it; to one that did not, it does nothing (`kill` is another thing)."""
        if (handler := self._on_signal.get((node, sig))) is not None:
            callback, args, context = handler
            self.call_soon(callback, *args, context=context)

    # -- nodes ---------------------------------------------------------------------------------------------------

    def spawn(self, node: str, coro: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        """Start a coroutine as (another) root task of the node; all that it starts belongs to the node too."""
        life = self._lives.get(node)
        if life is None:
            self._lives_begun += 1
            life = self._lives[node] = NodeLife(node, self._lives_begun)
            self.network.host(node)
        context = copy_context()
        context.run(LIFE.set, life)
        return self.create_task(coro, name=node, context=context)

    def kill(self, node: str, *, half_open: bool = False) -> None:
        """`kill -9`: from now on nothing of the node runs, no `except`, no `finally`, no goodbye on the wire.

        Its peers see a reset after the latency, or nothing at all if `half_open`. Its listeners are gone. A task of
        another node that awaits a task of this one waits forever. A node that kills itself stops at its next await.
        """
        life = self._lives.pop(node, None)
        if life is None:
            raise ValueError(f"no node {node!r} is alive; alive are {sorted(self._lives)}")
        life.ended = self._any_ended = True
        self._drop_callbacks(life)
        self._drop_tasks(life)
        # The loop closes at its end the generators that it knows, and closing one runs its `finally`.
        self._asyncgens.difference_update(life.generators)
        life.remains.extend(life.generators)
        life.remains.extend(self.network.kill(life, half_open=half_open))
        for key in [key for key in self._on_signal if key[0] == node]:
            del self._on_signal[key]
        bury(life)
        for hook in self._on_kill.get(node, ()):
            hook()

    def on_kill(self, node: str, callback: Callable[[], object]) -> None:
        """Call back each time the node is killed: so a disk loses what was not synced. It outlives the node's lives."""
        self._on_kill.setdefault(node, []).append(callback)

    def alive(self) -> Sequence[str]:
        """The names of the nodes that were spawned and not killed, in order of their birth."""
        return tuple(self._lives)

    def _asyncgen_firstiter_hook(self, agen: AsyncGenerator[object, None]) -> None:
        super()._asyncgen_firstiter_hook(agen)  # type: ignore[misc]
        if (life := LIFE.get()) is not None:
            life.generators.add(agen)

    def _drop_callbacks(self, life: NodeLife) -> None:
        # What is ready stays where it stands, and is passed over: the loop is in the middle of it.
        dropped: list[object] = [handle for handle in self._soon if is_dead(handle.context)]
        dropped += [entry[2] for entry in self._timers if is_dead(entry[2].context)]
        life.remains.extend(dropped)
        self._keep_timers(lambda timer: not timer.done and not is_dead(timer.context))

    def _drop_tasks(self, life: NodeLife) -> None:
        for task in asyncio.all_tasks(self):
            if cast(SimTask, task).life is life:
                life.remains.append(task)
                task._log_destroy_pending = False  # type: ignore[attr-defined]
                # As documented for loops of third parties; tasks of a killed node are not in all_tasks, so nothing cancels them.
                asyncio.tasks._unregister_task(task)

    # -- network -------------------------------------------------------------------------------------------------

    async def getaddrinfo(self, host: Any, port: Any, **options: Any) -> list[Any]:
        return await self.network.resolve(host, port)

    async def getnameinfo(self, sockaddr: Any, flags: int = 0) -> tuple[str, str]:
        return self.network.name_of(sockaddr[0]), str(sockaddr[1])

    async def sock_connect(self, sock: Any, address: Any) -> None:
        await self.network.sock_connect(sock, address)

    async def create_connection(self, protocol_factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
        return await self.network.create_connection(protocol_factory, host, port, **options)

    async def create_server(self, protocol_factory: Any, host: Any = None, port: Any = None, **options: Any) -> Any:
        return self.network.create_server(protocol_factory, host, port, **options)


def running() -> SimLoop:
    """The simulated world that the calling code runs in.

    Raises:
        RuntimeError: it runs in real time, or not in a loop at all.
    """
    loop = asyncio.get_running_loop()
    if not isinstance(loop, SimLoop):
        raise RuntimeError(f"this code runs in {loop!r}, not in a simulated world; start it with fairway.world.loop.run")
    return loop


def run(main: Callable[[], Coroutine[Any, Any, T]], *, seed: int = 0, epoch_ns: Instant = EPOCH_NS) -> T:
    """Run `main()` in a simulated world of its own and return its result.

    Raises:
        Deadlock: every task waits and no timer is set.
        Leftovers: `main` ended and left tasks behind; they are cancelled then.
    """
    clear_old_graves()
    with asyncio.Runner(loop_factory=lambda: SimLoop(seed=seed, epoch_ns=epoch_ns)) as runner:
        return runner.run(_watched(main))


async def _watched(main: Callable[[], Coroutine[Any, Any, T]]) -> T:
    result = await main()
    for _ in range(_SETTLING_ROUNDS):
        if len(asyncio.all_tasks()) == 1:
            return result
        await asyncio.sleep(0)
    left = asyncio.all_tasks() - {cast("asyncio.Task[Any]", asyncio.current_task())}
    raise UnfinishedTasks(f"the world ended while these tasks still waited: {stories_of(left)}; await, cancel or kill them")
