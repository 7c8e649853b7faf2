"""The callbacks of the simulated loop: what is to be called soon, and what at a time.

They are asyncio's handles without what the simulation has no use for (debug tracebacks, a reference to the loop);
making one is the most frequent thing the loop does.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextvars import Context
from typing import Any, Protocol

from fairway.world.clock import SECOND, Duration


class TimerOwner(Protocol):
    """The loop, as its timers see it."""

    def timer_cancelled(self) -> None: ...


class ScheduledCall(asyncio.Handle):
    """A callback to be run in this instant, after those that were asked for before."""

    __slots__ = ("arguments", "callback", "context", "done")

    def __init__(self, callback: Callable[..., object], arguments: tuple[Any, ...], context: Context) -> None:
        self.callback = callback
        self.arguments = arguments
        self.context = context
        self.done = False

    def cancel(self) -> None:
        self.done = True
        self.callback = _nothing
        self.arguments = ()

    def cancelled(self) -> bool:
        return self.done

    def get_context(self) -> Context:
        return self.context

    def __repr__(self) -> str:
        return f"<{'cancelled ' if self.done else ''}callback {getattr(self.callback, '__qualname__', self.callback)}>"


class Timer(asyncio.TimerHandle):
    """A callback to be run at a virtual time."""

    __slots__ = ("arguments", "at_ns", "callback", "context", "done", "owner", "waiting")

    def __init__(
        self,
        callback: Callable[..., object],
        arguments: tuple[Any, ...],
        context: Context,
        owner: TimerOwner,
        at_ns: Duration,
    ) -> None:
        self.callback = callback
        self.arguments = arguments
        self.context = context
        self.done = False
        self.owner = owner
        self.at_ns = at_ns
        self.waiting = False

    def cancel(self) -> None:
        if not self.done:
            self.done = True
            self.callback = _nothing
            self.arguments = ()
            if self.waiting:
                self.owner.timer_cancelled()

    def cancelled(self) -> bool:
        return self.done

    def when(self) -> float:
        return self.at_ns / SECOND

    def get_context(self) -> Context:
        return self.context

    def __hash__(self) -> int:
        return id(self)

    def __eq__(self, other: object) -> bool:
        return self is other

    def __repr__(self) -> str:
        name = getattr(self.callback, "__qualname__", self.callback)
        return f"<{'cancelled ' if self.done else ''}callback {name} at {self.at_ns} ns>"


def _nothing() -> None:
    """What a cancelled handle keeps instead of its callback, so that it holds on to nothing."""
