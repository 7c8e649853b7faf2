"""Reads a source that may be slow, without making a look wait for it: what is late is taken by a later look."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Final, Generic, TypeVar

from fairway.store.failures import StoreUnwritable

T = TypeVar("T")

WITHIN_S: Final = 1.0
KEPT_S: Final = 10.0
"""A read that took longer is made again: what it found is not how it is now."""


class LateReads(Generic[T]):
    """Reads of one source, one after the other on a thread of its own. In simulated time the loop makes them at once."""

    def __init__(self, name: str, *, within_s: float = WITHIN_S, kept_s: float = KEPT_S) -> None:
        self._name, self._within_s, self._kept_s = name, within_s, kept_s
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="fairway read")
        self._begun: asyncio.Future[T] | None = None
        self._begun_at = 0.0

    async def taken(self, read: Callable[[], T]) -> T:
        """What was read, or its error. A read that is late goes on; while it does, later looks wait for nothing.

        Raises StoreUnwritable while it is late.
        """
        loop, is_late = asyncio.get_running_loop(), self._begun is not None
        if self._begun is not None and self._begun.done() and loop.time() - self._begun_at > self._kept_s:
            self._begun.exception()  # read here, so that asyncio does not warn of it
            self._begun, is_late = None, False
        if self._begun is None:
            self._begun, self._begun_at = loop.run_in_executor(self._thread, read), loop.time()
        begun = self._begun
        await asyncio.wait([begun], timeout=0 if is_late else self._within_s)
        if not begun.done():
            raise StoreUnwritable(f"{self._name} does not answer within {self._within_s:g} s; it is unknown until it does")
        self._begun = None
        return begun.result()

    def close(self, close: Callable[[], None] | None = None) -> None:
        """Closes the source, except under a read that is late: that one would have to be waited for."""
        self._thread.shutdown(wait=False)
        if close is not None and (self._begun is None or self._begun.done()):
            close()
