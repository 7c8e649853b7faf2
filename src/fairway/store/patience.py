"""Waits for a database no longer than a deadline. Slower work goes on in its thread, and later work waits for it there."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final, Protocol, TypeVar

from fairway.store.failures import StoreUnwritable

T = TypeVar("T")

DEADLINE_S: Final = 2.0


class Patience(Protocol):
    """A way to wait for blocking work."""

    async def wait_for(self, work: Callable[[], T]) -> T:
        """The work's own result or error; StoreUnwritable at the deadline, with the work still under way."""
        ...

    def close(self) -> None: ...


class AtOnce:
    """On the loop: for files, whose work is short and whose locks are waited for no longer than an instant."""

    async def wait_for(self, work: Callable[[], T]) -> T:
        return work()

    def close(self) -> None:
        pass


class OwnThread:
    """On one thread of its own, one piece of work after another. In simulated time the loop runs it at once."""

    def __init__(self, name: str, *, deadline_s: float = DEADLINE_S) -> None:
        self._name, self._deadline_s = name, deadline_s
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fairway store")
        self._under_way: asyncio.Future[Any] | None = None

    async def wait_for(self, work: Callable[[], T]) -> T:
        """Waits first for work that exceeded an earlier deadline; its outcome is dropped."""
        loop = asyncio.get_running_loop()
        until = loop.time() + self._deadline_s
        if self._under_way is not None:
            await self._ended(self._under_way, until)
        begun = loop.run_in_executor(self._thread, work)
        self._under_way = begun
        await self._ended(begun, until)
        self._under_way = None
        return begun.result()

    async def _ended(self, work: "asyncio.Future[T]", until: float) -> None:
        left = max(0.0, until - asyncio.get_running_loop().time())
        await asyncio.wait([work], timeout=left)
        if not work.done():
            raise StoreUnwritable(
                f"the database of {self._name} does not answer within {self._deadline_s:g} s; it is asked again"
            )
        work.exception()  # read here, so that asyncio does not warn of an error that the next try reports

    def close(self) -> None:
        self._thread.shutdown(wait=False)
