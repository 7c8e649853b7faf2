"""One child process: how it is started, when it is ready, and which of its ends is no crash."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Final, Protocol

LINE_MAX: Final = 2**20
"""Bytes of a longest line of a child; a longer one is shown in parts."""


class Readiness(Protocol):
    """Says whether a child does its work yet."""

    async def __call__(self, process_id: int) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class ChildSpec:
    """A child before it runs."""

    name: str
    words: tuple[str, ...]
    """The command line, after the program's own words."""
    is_ready: Readiness
    final: frozenset[int] = frozenset({0})
    """Exit codes after which it is not started again."""
    waits: frozenset[int] = frozenset()
    """Exit codes that say that it waits for something outside: it is started again, and that is no crash of its own."""
    stops_within_s: float = 15.0
    """After SIGTERM it has so long to end in order; then it is killed."""


class ChildCrashed(Exception):
    """A child ended by itself. The sentence says how."""


Show = Callable[[str, str], None]
"""Shows a line of a child: its name, and the line."""


async def started(program: tuple[str, ...], spec: ChildSpec) -> asyncio.subprocess.Process:
    """A new process of a child, in a session of its own: Ctrl-C in the terminal reaches the supervisor alone. Raises OSError."""
    return await asyncio.create_subprocess_exec(
        *program,
        str(os.getpid()),
        *spec.words,
        stdin=asyncio.subprocess.DEVNULL,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
        limit=LINE_MAX,
        start_new_session=True,
    )


async def lines_of(process: asyncio.subprocess.Process) -> AsyncIterator[str]:
    """What a child prints, line by line, until it closes its output."""
    assert process.stdout is not None, "it was started with a pipe"
    while True:
        try:
            line = await process.stdout.readuntil(b"\n")
        except asyncio.IncompleteReadError as error:
            line = error.partial
        except asyncio.LimitOverrunError as error:
            line = await process.stdout.read(error.consumed)
        if not line:
            return
        yield line.decode(errors="replace").rstrip()


def ending(code: int) -> str:
    """How a process ended, in words."""
    return f"was killed by signal {-code}" if code < 0 else f"ended with exit code {code}"
