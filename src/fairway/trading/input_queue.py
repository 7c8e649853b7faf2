"""The bounded queue of inputs that wait for a trader's accounts, in the order in which they arrived."""

import asyncio
from collections import deque
from typing import Final

from fairway.trading.account_executor import AccountExecutor
from fairway.trading.inputs import Input, KillLatchRead
from fairway.world.clock import Clock

INPUTS_MAX: Final = 10_000
"""Inputs that may wait. Facts must not be dropped, so at the bound the trader crashes and recovers by asking the venue."""

QueuedInput = tuple[AccountExecutor | None, Input, int]
"""An input, the account that it is for (None for all accounts), and when it arrived (ns of the clock that never goes back)."""


class InputQueueFull(Exception):
    """More inputs wait than the trader can work through."""


class InputQueue:
    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._inputs: deque[QueuedInput] = deque()
        self._arrived = asyncio.Event()

    def __len__(self) -> int:
        return len(self._inputs)

    def put(self, executor: AccountExecutor | None, news: Input) -> None:
        """Appends an input for one account, or for all of them. Raises InputQueueFull."""
        if len(self._inputs) >= INPUTS_MAX:
            raise InputQueueFull(f"{INPUTS_MAX} inputs wait; the trader stops and will recover from the venue")
        self._inputs.append((executor, news, self._clock.monotonic()))
        self._arrived.set()

    def put_first(self, executor: AccountExecutor, news: Input) -> None:
        """Puts an input ahead of all that wait. It has no bound: a kill must never be refused."""
        self._inputs.appendleft((executor, news, self._clock.monotonic()))
        self._arrived.set()

    def pop(self) -> QueuedInput:
        return self._inputs.popleft()

    def discard(self, executor: AccountExecutor) -> None:
        """Drops all inputs for one account."""
        self._inputs = deque(each for each in self._inputs if each[0] is not executor)

    def wake(self) -> None:
        """Ends `wait` although no input has arrived, so that noted events are committed."""
        self._arrived.set()

    async def wait(self) -> None:
        """Until an input has arrived, or `wake` was called."""
        await self._arrived.wait()
        self._arrived.clear()

    def killed(self) -> list[AccountExecutor | None]:
        """The accounts for which a kill waits."""
        return [executor for executor, news, _ in self._inputs if isinstance(news, KillLatchRead)]
