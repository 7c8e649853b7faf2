"""Plays a plan many times on all cores, in an order that chance has no part in."""

from collections.abc import Callable, Iterator, Sequence
from itertools import islice

from fairway.launch.plan.load import parse
from fairway.launch.simulation.bots import BY_NAME, SimulatedBot
from fairway.launch.simulation.plan_terms import PlanTerms, terms_of
from fairway.launch.simulation.simulated_launch import SimulatedLaunchResult, simulate_launch
from fairway.launch.simulation.table import Summary, summed_up
from fairway.world.task_group import apart, cores_for, spread

_terms: list[PlanTerms] = []
"""Of the plan that this process plays."""


def rehearsed(text: str, bots: Sequence[SimulatedBot], seeds: int, *, days: int = 0, cores: int = 0) -> Iterator[Summary]:
    """One summary a bot, as soon as it is known. text: of a plan that was read without a mistake; cores: 0 is all there are."""
    tasks = [(bot.name, seed, days) for bot in bots for seed in range(1, seeds + 1)]
    plays = _played(text, tasks, cores_for(len(tasks), cores))
    for bot in bots:
        yield summed_up(bot.name, list(islice(plays, seeds)))


def rehearsed_apart(
    text: str, bots: Sequence[SimulatedBot], seeds: int, *, days: int = 0, goes_on: Callable[[], bool]
) -> Iterator[Summary]:
    """The same, by one process of its own that gives way to all others, as long as goes_on says so."""
    return apart(_summaries, (text, tuple(bot.name for bot in bots), seeds, days), goes_on)


def _summaries(text: str, names: Sequence[str], seeds: int, days: int) -> Iterator[Summary]:
    return rehearsed(text, [BY_NAME[name] for name in names], seeds, days=days, cores=1)


def _played(text: str, tasks: Sequence[tuple[str, int, int]], cores: int) -> Iterator[SimulatedLaunchResult]:
    yield from spread(_play, tasks, cores, begin=_read, arguments=(text,))


def _read(text: str) -> None:
    _terms[:] = [terms_of(parse(text))]


def _play(task: tuple[str, int, int]) -> SimulatedLaunchResult:
    bot, seed, days = task
    return simulate_launch(_terms[0], BY_NAME[bot], seed, days)
