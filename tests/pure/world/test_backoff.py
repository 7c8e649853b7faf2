"""A wait doubles with each failure in a row, up to its bound, in exact nanoseconds."""

import random

from fairway.world.backoff import Backoff
from fairway.world.clock import SECOND

PAUSES = Backoff(first_s=0.5, longest_s=4.0)


def test_the_wait_doubles_up_to_its_bound() -> None:
    assert [PAUSES.wait_s(failures) for failures in range(1, 7)] == [0.5, 1.0, 2.0, 4.0, 4.0, 4.0]


def test_no_failure_waits_like_the_first() -> None:
    assert PAUSES.wait_s(0) == PAUSES.wait_s(-3) == PAUSES.wait_s(1)


def test_a_million_failures_wait_no_longer_than_the_bound() -> None:
    assert PAUSES.wait_s(1_000_000) == 4.0


def test_nanoseconds_are_exact() -> None:
    assert [Backoff(first_s=1.0, longest_s=32.0).wait_ns(failures) for failures in range(1, 8)] == [
        seconds * SECOND for seconds in (1, 2, 4, 8, 16, 32, 32)
    ]


def test_a_jittered_wait_is_between_half_and_all_of_it() -> None:
    drawn = [PAUSES.jittered_s(3, random.Random(seed)) for seed in range(100)]
    assert 1.0 <= min(drawn) < 1.1 < 1.9 < max(drawn) <= 2.0
