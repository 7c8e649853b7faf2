"""What many ask for at once is asked for once, and an answer is never older than it may be."""

import asyncio
from collections.abc import Awaitable, Callable

import pytest
from tests.pure.exchange.hand_clock import HandClock

from fairway.api.shared_answer import SharedAnswer
from fairway.world.clock import SECOND


class Counted:
    """Answers with how often it was asked; the first `failing` times it raises."""

    def __init__(self, failing: int = 0) -> None:
        self.asked, self._failing = 0, failing

    def __call__(self) -> int:
        self.asked += 1
        if self.asked <= self._failing:
            raise OSError("the disk is gone")
        return self.asked


def played(scene: Callable[[SharedAnswer[int], HandClock], Awaitable[None]], ask: Counted) -> None:
    async def play() -> None:
        clock = HandClock()
        await scene(SharedAnswer(ask, SECOND, clock), clock)

    asyncio.run(play())


def test_a_thousand_who_ask_at_once_cost_one_question() -> None:
    ask = Counted()

    async def scene(shared: SharedAnswer[int], clock: HandClock) -> None:
        assert set(await asyncio.gather(*(shared.now() for _ in range(1_000)))) == {1}

    played(scene, ask)
    assert ask.asked == 1


def test_an_answer_is_asked_for_again_once_it_is_too_old() -> None:
    async def scene(shared: SharedAnswer[int], clock: HandClock) -> None:
        assert await shared.now() == 1
        clock.at += SECOND
        assert await shared.now() == 1
        clock.at += 1
        assert await shared.now() == 2

    played(scene, Counted())


def test_a_failure_is_not_kept() -> None:
    async def scene(shared: SharedAnswer[int], clock: HandClock) -> None:
        with pytest.raises(OSError, match="the disk is gone"):
            await shared.now()
        assert await shared.now() == 2

    played(scene, Counted(failing=1))
