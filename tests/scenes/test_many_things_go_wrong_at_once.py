"""Random plays of the proving, with the journal where scenes keep theirs: belief is truth when it is quiet again."""

import pytest
from tests.scenes.harness import Scene

from fairway.proving.draw import plan

SEEDS = range(24)
"""`tests/prove` plays more of them, in memory alone."""


@pytest.mark.parametrize("seed", SEEDS)
def test_belief_is_truth_when_it_is_quiet_again(seed: int) -> None:
    """And no coin was sold that the trader had not bought, no balance was adjusted for want of an explanation."""
    dealt = plan(seed)
    stage = dealt.on(Scene)
    stage.run(dealt.minutes)
    stage.assert_ties_out()
