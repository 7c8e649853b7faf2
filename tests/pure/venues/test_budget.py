"""Who waits at the budget of an address, who goes first, and who is refused: in simulated time."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest

from fairway.venues.allowance import SHARES, AddressLimits, Lane
from fairway.venues.budget import WAIT_LONGEST_NS, WAITING_MAX, Budget
from fairway.venues.port import Throttled
from fairway.world.clock import MINUTE, SECOND
from fairway.world.loop import run, running

LIMITS = AddressLimits(weight_a_minute=100, in_flight=10)


class Queue:
    """Requests of one letter each that want to leave, and in which order they left."""

    def __init__(self, limits: AddressLimits = LIMITS) -> None:
        self.budget = Budget(running().clock, limits)
        self.left: list[str] = []
        self.refused: dict[str, Throttled] = {}
        self.tasks: list[asyncio.Task[None]] = []

    async def want(self, name: str, lane: Lane, weight: int = 1) -> None:
        self.tasks.append(asyncio.create_task(self._leave(name, lane, weight)))
        await asyncio.sleep(0)

    async def _leave(self, name: str, lane: Lane, weight: int) -> None:
        try:
            await self.budget.admit(lane, weight)
        except Throttled as error:
            self.refused[name] = error
        else:
            self.left.append(name)

    async def until_second(self, second: int) -> None:
        """Of the present minute."""
        now = running().clock.now()
        await asyncio.sleep((now // MINUTE * MINUTE + second * SECOND - now) / SECOND)

    async def end(self) -> None:
        for task in self.tasks:
            task.cancel()
        await asyncio.gather(*self.tasks, return_exceptions=True)


def play(story: Callable[[Queue], Awaitable[None]], limits: AddressLimits = LIMITS) -> None:
    async def main() -> None:
        queue = Queue(limits)
        try:
            await story(queue)
        finally:
            await queue.end()

    run(main)


def test_data_cannot_starve_a_cancel() -> None:
    """Whoever wants data takes all it gets; stops and cancels leave all the same, and at once."""

    async def story(it: Queue) -> None:
        for number in range(80):
            await it.want(f"d{number}", Lane.DATA)
        assert len(it.left) == 6  # of ten connections
        await it.want("stop", Lane.STOP)
        await it.want("cancel", Lane.CLOSE)
        assert it.left[6:] == ["stop", "cancel"]

    play(story)


def test_who_waits_is_served_by_urgency_and_then_in_order() -> None:
    """As soon as the venue's minute is over, not before."""

    async def story(it: Queue) -> None:
        await it.until_second(55)
        it.budget.report_used(100, it.budget.now())
        for name, lane in (("d", Lane.DATA), ("q", Lane.QUERY), ("c1", Lane.CLOSE), ("s", Lane.STOP), ("c2", Lane.CLOSE)):
            await it.want(name, lane)
        await asyncio.sleep(4.9)
        assert it.left == []
        await asyncio.sleep(0.2)
        assert it.left == ["c1", "c2", "s", "q", "d"]

    play(story)


def test_a_freed_connection_goes_to_the_most_urgent() -> None:
    """Not to who asked first."""

    async def story(it: Queue) -> None:
        for number in range(10):
            await it.want(f"{number}", Lane.CLOSE)
        await it.want("late", Lane.DATA)
        await it.want("sale", Lane.CLOSE)
        assert len(it.left) == 10
        it.budget.back()
        await asyncio.sleep(0)
        assert it.left[10:] == ["sale"]

    play(story)


def test_a_lighter_request_does_not_overtake_a_heavier_one() -> None:
    """There is room for it and not for the one before it; it comes after all the same, or the heavy one might never leave."""

    async def story(it: Queue) -> None:
        await it.until_second(55)
        it.budget.report_used(80, it.budget.now())
        await it.want("heavy", Lane.QUERY, 10)
        await it.want("light", Lane.QUERY, 1)
        await it.want("stop", Lane.STOP, 1)
        assert it.left == ["stop"]
        await asyncio.sleep(5.1)
        assert it.left == ["stop", "heavy", "light"]

    play(story)


@pytest.mark.parametrize("lane", list(Lane))
def test_who_would_wait_too_long_is_refused_at_once(lane: Lane) -> None:
    """Certainly not sent, and when it may be tried again: the end of the venue's minute."""

    async def story(it: Queue) -> None:
        await it.until_second(59 - WAIT_LONGEST_NS[lane] // SECOND)
        it.budget.report_used(100, it.budget.now())
        await it.want("x", lane)
        assert it.refused["x"].retry_at == (it.budget.now() // MINUTE + 1) * MINUTE

    play(story)


@pytest.mark.parametrize("lane", list(Lane))
def test_waiting_has_an_end(lane: Lane) -> None:
    """Where no connection comes free: refused after its lane's time, and nothing of it stays behind."""

    async def story(it: Queue) -> None:
        for number in range(10):
            await it.want(f"{number}", Lane.CLOSE)
        await it.want("x", lane)
        await asyncio.sleep(WAIT_LONGEST_NS[lane] / SECOND - 0.1)
        assert "x" not in it.refused
        await asyncio.sleep(0.2)
        assert "x" in it.refused
        assert it.budget.waiting == 0

    play(story)


def test_a_full_line_refuses_the_least_urgent() -> None:
    """A cancel finds room where data waits; data finds none where all are as urgent or more."""

    async def story(it: Queue) -> None:
        for number in range(10):
            await it.want(f"{number}", Lane.CLOSE)
        for number in range(WAITING_MAX):
            await it.want(f"d{number}", Lane.DATA)
        await it.want("d-late", Lane.DATA)
        assert list(it.refused) == ["d-late"]
        await it.want("cancel", Lane.CLOSE)
        await asyncio.sleep(0)
        assert list(it.refused) == ["d-late", f"d{WAITING_MAX - 1}"]
        assert it.budget.waiting == WAITING_MAX

    play(story)


def test_a_ban_is_for_all_and_refuses_who_waits() -> None:
    """Nobody's request leaves before its end, whatever the lane, and all are told when that is."""

    async def story(it: Queue) -> None:
        await it.until_second(58)
        it.budget.report_used(100, it.budget.now())
        await it.want("waiting", Lane.CLOSE)
        until = running().clock.now() + 120 * SECOND
        it.budget.ban(until)
        await it.want("coming", Lane.CLOSE)
        await asyncio.sleep(0)
        assert {name: error.retry_at for name, error in it.refused.items()} == {"waiting": until, "coming": until}
        await asyncio.sleep(120)
        await it.want("after", Lane.DATA)
        assert it.left == ["after"]

    play(story)


def test_who_gives_up_waiting_takes_nothing_with_it() -> None:
    """Cancelled in line, or in the very moment it is let go: no connection and no weight is lost."""

    async def story(it: Queue) -> None:
        for number in range(10):
            await it.want(f"{number}", Lane.CLOSE)
        await it.want("x", Lane.CLOSE)
        await it.want("y", Lane.CLOSE)
        it.tasks[-2].cancel()
        await asyncio.sleep(0)
        assert it.budget.waiting == 1
        it.budget.back()
        it.tasks[-1].cancel()  # it has been let go, and does not know it yet
        await asyncio.sleep(0.01)
        await it.want("z", Lane.CLOSE)
        assert it.left[10:] == ["z"]

    play(story)


def test_the_minute_is_the_venues() -> None:
    """Its clock is ten seconds ahead, so its minute ends ten seconds earlier; and our own clock may be set meanwhile."""

    async def story(it: Queue) -> None:
        clock = running().clock
        await it.until_second(45)
        it.budget.skew.measured(clock.now() + 10 * SECOND, clock.now(), clock.now())
        it.budget.report_used(100, it.budget.now())
        await it.want("x", Lane.CLOSE)
        clock.jump(-3_600 * SECOND)
        await asyncio.sleep(4.9)
        assert it.left == []
        await asyncio.sleep(0.2)
        assert it.left == ["x"]

    play(story)


def test_a_thousand_that_ask_at_once_all_leave_as_minutes_pass() -> None:
    """Nobody is forgotten: each leaves once, or is told that it did not."""

    async def story(it: Queue) -> None:
        for number in range(1_000):
            await it.want(f"{number}", Lane(number % len(Lane)))
        for _ in range(300):
            while it.budget.waiting and len(it.left) and it.budget._allowance.in_flight:
                it.budget.back()
                await asyncio.sleep(0)
            await asyncio.sleep(1)
        assert len(it.left) + len(it.refused) == 1_000
        assert len(set(it.left)) == len(it.left)
        assert it.budget.waiting == 0

    play(story)


def test_shares_are_of_the_limits_that_were_given() -> None:
    """A venue that allows less is given less."""

    async def story(it: Queue) -> None:
        for number in range(100):
            await it.want(f"{number}", Lane.ENTRY)
        assert len(it.left) == 20 * SHARES[Lane.ENTRY] // 100

    play(story, AddressLimits(weight_a_minute=20, in_flight=1_000))
