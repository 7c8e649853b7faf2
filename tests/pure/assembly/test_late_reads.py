"""A slow read is taken by a later look, and a long journal is read over several looks."""

import asyncio
import threading
from collections.abc import Callable
from itertools import count

import pytest

from fairway.assembly.alert_measures import PAGES_MAX, read_pages
from fairway.assembly.late_reads import LateReads
from fairway.store.failures import StoreError, StoreUnwritable


class SlowSource:
    """Answers with the number of the read, once it may."""

    def __init__(self) -> None:
        self.may_answer, self.answered, self.reads = threading.Event(), threading.Event(), 0

    def read(self) -> int:
        self.reads += 1
        self.may_answer.wait(10)
        self.answered.set()
        return self.reads


async def taken_by_a_later_look(reads: LateReads[int], source: SlowSource) -> int:
    with pytest.raises(StoreUnwritable, match=r"the source does not answer within 0\.01 s"):
        await reads.taken(source.read)
    with pytest.raises(StoreUnwritable):
        await reads.taken(source.read)
    source.may_answer.set()
    await asyncio.to_thread(source.answered.wait, 10)
    while True:
        try:
            return await reads.taken(source.read)
        except StoreUnwritable:
            await asyncio.sleep(0)


def test_a_late_read_is_made_once_and_taken_by_a_later_look() -> None:
    source, reads = SlowSource(), LateReads[int]("the source", within_s=0.01)
    assert asyncio.run(taken_by_a_later_look(reads, source)) == 1
    assert source.reads == 1
    reads.close()


def test_a_read_that_took_too_long_is_made_again() -> None:
    source, reads = SlowSource(), LateReads[int]("the source", within_s=0.01, kept_s=0.0)
    assert asyncio.run(taken_by_a_later_look(reads, source)) == 2
    reads.close()


def test_an_error_is_raised_and_the_next_look_reads_again() -> None:
    def fail() -> int:
        raise StoreError("it was lost")

    async def play(reads: LateReads[int]) -> int:
        with pytest.raises(StoreError, match="it was lost"):
            await reads.taken(fail)
        return await reads.taken(lambda: 7)

    reads = LateReads[int]("the source")
    assert asyncio.run(play(reads)) == 7
    reads.close()


def after(steps: int) -> Callable[[], bool]:
    looked = count(1)
    return lambda: next(looked) >= steps


@pytest.mark.parametrize(("steps", "is_all", "left"), [(1, False, 15), (2, False, 5), (100, True, 0)])
def test_a_look_reads_pages_until_its_time_is_over(steps: int, is_all: bool, left: int) -> None:
    waiting = 25

    def step() -> int:
        nonlocal waiting
        page = min(10, waiting)
        waiting -= page
        return page

    assert read_pages(step, 10, after(steps)) is is_all
    assert waiting == left


def test_a_look_reads_no_more_than_its_pages() -> None:
    read = count()
    assert not read_pages(lambda: 10 if next(read) >= 0 else 0, 10, lambda: False)
    assert next(read) == PAGES_MAX
