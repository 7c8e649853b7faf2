"""The trader is killed, cut off and told to stop at steps all along a trade's scenario, and every invariant holds after each.

An even sample, denser with FAIRWAY_PROVE=whole; `make prove` takes every step. A failing one is printed with the command that
plays just it again.
"""

import pytest
from tests.prove.size import IS_WHOLE

from fairway.proving.sweep import FAULTS, SweepRun, steps_of, sweep_runs
from fairway.proving.sweep_scenarios import SWEEP_SCENARIOS

SAMPLE = {"kill -9": 16 if IS_WHOLE else 6, "cut": 3, "fairway kill": 3, "fairway kill --flatten": 4}


@pytest.mark.parametrize("scenario", SWEEP_SCENARIOS)
def test_nothing_breaks_at_any_of_these_steps(scenario: str) -> None:
    """Orders, positions, cash and halts are all as they must be, by the exchange's own word."""
    plays = [play for fault in FAULTS for play in sweep_runs([scenario], [fault], SAMPLE[fault])]
    broken = {play.command: found for play in plays if (found := play.violations())}
    assert not broken, "\n".join(f"{command}: {found}" for command, found in broken.items())


def test_a_step_is_the_same_step_each_time() -> None:
    """Else a failing one could not be played again."""
    assert steps_of("entry") == steps_of("entry") > 40


def test_a_step_that_a_life_does_not_have_is_said() -> None:
    """And not taken for one at which all went well."""
    assert SweepRun("entry", "cut", 100_000).violations() == [f"entry has {steps_of('entry')} steps"]
