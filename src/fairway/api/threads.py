"""Which threads do what blocks. Short work has threads of its own, so that no slow read keeps a kill waiting."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final, TypeVar

from anyio import CapacityLimiter, to_thread

T = TypeVar("T")

_SHORT: Final = CapacityLimiter(16)
"""For looking up a token, writing down a use and accepting a command: milliseconds each. Reads of journals have other threads."""
_HASHING: Final = CapacityLimiter(4)
"""For passwords, which take long on purpose: whoever guesses them keeps only other passwords waiting."""


async def short(work: Callable[..., T], *args: Any, **options: Any) -> T:
    """Does short work that blocks for the disk."""
    return await to_thread.run_sync(partial(work, *args, **options), limiter=_SHORT)


async def hashing(work: Callable[..., T], *args: Any, **options: Any) -> T:
    """Does work that hashes a password."""
    return await to_thread.run_sync(partial(work, *args, **options), limiter=_HASHING)
