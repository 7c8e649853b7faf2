"""Work in a process of its own: what it yields arrives, its error is raised, and it ends when it is wanted no more."""

import os
import time
from collections.abc import Iterator

import pytest

from fairway.world.task_group import LAST_IN_LINE, apart


def _counted(most: int) -> Iterator[tuple[int, int]]:
    for number in range(most):
        yield number, os.nice(0)


def _failing() -> Iterator[int]:
    yield 1
    raise ValueError("no more")


def _for_ever() -> Iterator[int]:
    yield os.getpid()
    time.sleep(600)


def test_what_it_yields_arrives_and_it_gives_way() -> None:
    assert list(apart(_counted, (2,), lambda: True)) == [(0, LAST_IN_LINE), (1, LAST_IN_LINE)]


def test_its_error_is_raised() -> None:
    with pytest.raises(ValueError, match="no more"):
        list(apart(_failing, (), lambda: True))


def test_it_ends_when_it_is_wanted_no_more() -> None:
    found: list[int] = []
    found.extend(apart(_for_ever, (), lambda: not found))
    with pytest.raises(ProcessLookupError):
        os.kill(found[0], 0)
