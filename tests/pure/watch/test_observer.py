"""The observer takes whatever a journal holds: in any order, twice, or with a beginning that is missing."""

import random

from hypothesis import given
from hypothesis import strategies as st
from tests.pure.watch.journals import busy, measured, observed

from fairway.journal.events import Codec
from fairway.journal.kinds import EVENTS
from fairway.watch.indicators import BY_NAME, Measures
from fairway.watch.observer import PASSED_OVER, Observer

JOURNAL = busy(12)


@given(st.randoms(use_true_random=False), st.integers(0, len(JOURNAL)))
def test_no_journal_is_too_odd(chance: random.Random, left_out: int) -> None:
    """Half of it is missing, some of it comes twice, and none of it in its order: nothing is raised, and no value is none."""
    events = [*JOURNAL[left_out:], *chance.sample(JOURNAL, 10)]
    chance.shuffle(events)
    for name, series in measured(events).items():
        if BY_NAME[name].measures is Measures.GOOD:
            assert set(series.values) <= {0.0, 1.0}
        assert series.count >= 0


def test_each_observation_is_noted_no_earlier_than_it_was_known() -> None:
    """What is seen of the first part of a journal is what is seen of the whole of it, up to there."""
    whole = observed(JOURNAL).observations
    for end in range(0, len(JOURNAL), 7):
        part = observed(JOURNAL[:end]).observations
        assert part == whole[: len(part)]


def test_what_is_passed_over_is_known_by_its_kind() -> None:
    """None of them may be one that something is made of."""
    assert set(Codec(*EVENTS).kinds) > PASSED_OVER
    assert "AccountStatusReported" in PASSED_OVER
    assert {type(event).__name__ for event, _, _ in JOURNAL} & PASSED_OVER == set()


def test_what_was_taken_away_is_not_told_again() -> None:
    observer = observed(JOURNAL)
    assert observer.away()
    assert observer.away() == []
    assert isinstance(observer, Observer)
