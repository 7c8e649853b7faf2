"""Who may dial, and when: one line for all streams of an address."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from itertools import pairwise

from fairway.venues.allowance import AddressLimits
from fairway.venues.budget import Budget
from fairway.venues.dialling import Dialling
from fairway.world.clock import MILLISECOND, SECOND
from fairway.world.loop import run, running


class Line:
    """Streams with names that want to dial, and when each did (ns since the beginning)."""

    def __init__(self) -> None:
        loop = running()
        self.budget = Budget(loop.clock, AddressLimits())
        self.dialling = Dialling(self.budget, loop.clock, loop.chance)
        self.dialled: dict[str, int] = {}
        self.tasks: list[asyncio.Task[None]] = []

    def want(self, *names: str, first: bool = False) -> None:
        self.tasks += (asyncio.create_task(self._dial(name, first)) for name in names)

    async def _dial(self, name: str, first: bool) -> None:
        await self.dialling.turn(first=first)
        self.dialled[name] = running().elapsed_ns

    async def fail(self, wait_s: float = 0.0) -> None:
        """One dials, and the venue is not reached."""
        await self.dialling.turn(first=True)
        self.dialling.failed(wait_s)


@asynccontextmanager
async def line() -> AsyncIterator[Line]:
    it = Line()
    try:
        yield it
    finally:
        for task in it.tasks:
            task.cancel()
        await asyncio.gather(*it.tasks, return_exceptions=True)


def test_many_dial_one_after_another_in_the_order_in_which_they_came() -> None:
    """Also where the venue is reached: twenty to forty milliseconds apart."""

    async def main() -> None:
        async with line() as it:
            names = [f"{number:02}" for number in range(50)]
            it.want(*names)
            await asyncio.sleep(3)
            assert list(it.dialled) == names
            gaps = [later - earlier for earlier, later in pairwise(it.dialled.values())]
            assert min(gaps) >= 20 * MILLISECOND
            assert max(gaps) <= 40 * MILLISECOND + MILLISECOND

    run(main)


def test_the_market_goes_past_the_line() -> None:
    """All accounts depend on it, so it does not wait behind them."""

    async def main() -> None:
        async with line() as it:
            await it.fail()
            it.want(*(f"{number:02}" for number in range(20)))
            await asyncio.sleep(0)
            it.want("market", first=True)
            await asyncio.sleep(60)
            assert list(it.dialled).index("market") <= 1

    run(main)


def test_pauses_grow_until_the_venue_is_reached_and_then_end_for_all() -> None:
    """Half a second at first, thirty at most; whoever reaches it lets the others come at once."""

    async def main() -> None:
        async with line() as it:
            loop = running()
            dialled_at = []
            for _ in range(12):
                await it.fail()
                dialled_at.append(loop.elapsed_ns)
            gaps = [later - earlier for earlier, later in pairwise(dialled_at)]
            assert gaps[0] <= SECOND // 2
            assert min(gaps[-4:]) >= 15 * SECOND
            assert max(gaps) <= 30 * SECOND + MILLISECOND
            it.want(*(f"{number}" for number in range(10)))
            await asyncio.sleep(1)
            assert it.dialled == {}
            it.dialling.reached()
            await asyncio.sleep(1.5)  # who is next looks again each second
            assert len(it.dialled) == 10

    run(main)


def test_what_the_venue_asks_for_is_kept_by_all() -> None:
    """A Retry-After with a refused connection, and a ban of the address."""

    async def main() -> None:
        async with line() as it:
            await it.fail(wait_s=100)
            it.want("one")
            await asyncio.sleep(99)
            assert it.dialled == {}
            await asyncio.sleep(2)
            assert list(it.dialled) == ["one"]
            it.budget.ban(running().clock.now() + 60 * SECOND)
            it.want("two")
            it.want("three", first=True)
            await asyncio.sleep(59)
            assert list(it.dialled) == ["one"]
            await asyncio.sleep(31)
            assert len(it.dialled) == 3

    run(main)


def test_dialling_costs_weight_and_gives_way_to_cancels() -> None:
    """Where the minute's budget for questions is used up, who dials waits for the next minute."""

    async def main() -> None:
        async with line() as it:
            loop = running()
            await asyncio.sleep((60 * SECOND - loop.wall_ns % (60 * SECOND)) / SECOND)
            it.budget.report_used(5_200, it.budget.now())
            it.want("one")
            await asyncio.sleep(59)
            assert it.dialled == {}
            await asyncio.sleep(2)
            assert list(it.dialled) == ["one"]
            assert it.budget.used == 4

    run(main)
