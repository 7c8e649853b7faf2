"""Tells apart the nodes of a simulated world, and keeps what a killed one leaves behind.

A node is a process on a machine of its own. Everything that a node's first task starts (tasks, timers, connections)
inherits its `NodeLife` through the context, so that `SimLoop.kill` finds it all.
"""

from __future__ import annotations

import atexit
import contextlib
import ctypes
import gc
import logging
import sys
import warnings
from collections import deque
from collections.abc import AsyncGenerator, Iterator
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Final
from weakref import WeakSet

WORLD: Final = "world"
"""The host of code that belongs to no node, such as the scene that directs the others."""

GRAVES_MAX: Final = 64
"""So many killed lives are kept from one world to the next; a bound, because graves hold memory."""
ROUNDS_MAX: Final = 20
"""What a `finally` block lets go of is garbage of the next round, and must not raise in another test's world. So it is
collected until nothing is left, or so often."""


@dataclass(eq=False, slots=True)
class NodeLife:
    """One run of one node, from its spawn to its kill. The same node may live again, as another life."""

    node: str
    number: int
    ended: bool = False
    generators: WeakSet[AsyncGenerator[object, None]] = field(default_factory=WeakSet)
    remains: list[object] = field(default_factory=list)


LIFE: Final[ContextVar[NodeLife | None]] = ContextVar("fairway_life", default=None)


def here() -> str:
    """The host that the running code is on: its node's name, or `WORLD`."""
    life = LIFE.get()
    return WORLD if life is None else life.node


_graves: Final[deque[list[object]]] = deque()


def bury(life: NodeLife) -> None:
    """Keep the remains of a killed life from being collected.

    Python runs the `finally` blocks of a suspended coroutine when it collects it, and a killed process runs none.
    """
    _graves.append(life.remains)


def clear_old_graves() -> None:
    """When more than `GRAVES_MAX` lives are buried, give the memory of the older half back.

    To be called between worlds. Now the `finally` blocks of those lives do run, long after their worlds have ended and
    without a loop; what they and their objects complain of then is not worth anybody's time, and is kept quiet.
    """
    if len(_graves) <= GRAVES_MAX:
        return
    with _deaf():
        while len(_graves) > GRAVES_MAX // 2:
            _graves.popleft().clear()
        for _ in range(ROUNDS_MAX):
            if not gc.collect():
                break


@contextlib.contextmanager
def _deaf() -> Iterator[None]:
    listening, level = sys.unraisablehook, logging.root.manager.disable
    sys.unraisablehook = lambda _unraisable: None
    logging.disable()
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(level)
        sys.unraisablehook = listening


@atexit.register
def _leave_graves_closed() -> None:
    # Else the interpreter collects them on its way out, and dead nodes speak after the last line of the program.
    ctypes.pythonapi.Py_IncRef(ctypes.py_object(_graves))
