"""A pilot is killed at steps of each of its moves; `make prove` kills it at all of them. Planted bugs are found."""

from collections.abc import Sequence

import pytest

from fairway.launch.control.decision import decide
from fairway.launch.control.pilot import Pilot
from fairway.proving.flown import LaunchHarness
from fairway.proving.pilot_sweep import MOVES, PilotSweepRun, steps_of, sweep_runs

SAMPLE = 3


@pytest.mark.parametrize("move", MOVES)
def test_a_pilot_may_die_at_any_step_of_a_move(move: str) -> None:
    assert steps_of(move) > 10
    for fault in sweep_runs([move], SAMPLE):
        assert fault.violations() == [], fault.command


class Eager(Pilot):
    """Issues a lease before it has written that it does."""

    async def step(self) -> None:
        await self._read_trader()
        await self._read_accounts()
        await self._check_venues()
        events, outcome = decide(
            self._request.plan,
            self.launch,
            self._ports.projection.observation(self._ports.clock.now()),
            await self._read_commands(),
        )
        for lease in outcome.leases():
            await self._ports.trader.issue(lease, self._ports.clock.now())
        if events:
            await self._write(events)


class Forgetful(Pilot):
    """Begins anew with every start, as one whose journal is lost."""

    async def recover(self) -> None:
        await super().recover()
        self.launch.epoch = 1


class Repeating(Pilot):
    """Does not know after a start what it has told."""

    async def recover(self) -> None:
        await super().recover()
        self.launch.sent_messages.clear()


def _found(kind: type[Pilot], moves: Sequence[str] = ("begin", "promotion"), sample: int = 12) -> list[str]:
    class Planted(LaunchHarness):
        kind_of_pilot = kind

    return [line for fault in sweep_runs(moves, sample) for line in fault.violations_with(Planted)]


def test_a_pilot_that_acts_before_it_writes_is_found() -> None:
    assert any("a lease that no journal knows" in line for line in _found(Eager))


def test_a_pilot_that_does_not_count_its_starts_is_found() -> None:
    assert _found(Forgetful)


def test_a_pilot_that_tells_again_what_it_has_told_is_found() -> None:
    assert any("person eve of " in line and " was told 2 times" in line for line in _found(Repeating, ["release"], 4))


def test_a_blow_says_how_it_is_played_again() -> None:
    assert PilotSweepRun("begin", 3).command == 'python -m fairway.proving.pilot_sweep --move "begin" --at 3'
