"""Waiting for a database: no longer than a deadline, and nothing piles up behind what does not answer."""

import asyncio
import threading

import pytest

from fairway.store.failures import StoreUnwritable
from fairway.store.patience import OwnThread


def test_what_was_told_as_unanswered_is_not_done_later_but_for_the_one_under_way() -> None:
    """After a refusal only the work that had begun is done, and later work comes after it."""
    answer, done = threading.Event(), list[int]()

    def slow() -> None:
        answer.wait()
        done.append(1)

    async def told() -> None:
        thread = OwnThread("the test", deadline_s=0.02)
        for work in (slow, lambda: done.append(2)):
            with pytest.raises(StoreUnwritable, match=r"the database of the test does not answer within 0\.02 s"):
                await thread.wait_for(work)
        answer.set()
        while not done:
            await asyncio.sleep(0)
        await thread.wait_for(lambda: done.append(3))
        thread.close()

    asyncio.run(told())
    assert done == [1, 3]


def test_an_error_of_the_work_is_its_own() -> None:
    """And the thread goes on."""

    async def told() -> int:
        thread = OwnThread("the test")
        with pytest.raises(ZeroDivisionError):
            await thread.wait_for(lambda: 1 // 0)
        result = await thread.wait_for(lambda: 6 * 7)
        thread.close()
        return result

    assert asyncio.run(told()) == 42
