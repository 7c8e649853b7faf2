"""`fairway launch probe`: asks what a plan's probes ask, once and now, and says what the pilot would make of it."""

from typing import TYPE_CHECKING

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode, Failure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from fairway.launch.plan.probe import Probe
    from fairway.watch.answers import ProbedPage


@shows
def probe(plan: str, /, *, name: str = "") -> CommandOutput:
    """Ask a plan's probes once, and say what is answered. Exit code 1 where one of them is not answered well.

    Parameters
    ----------
    plan: str
        The plan's file, or the name of one that comes with Fairway.
    name: str
        Only this probe.
    """
    from fairway.operations.launch.plan_files import read_plan

    known = {each.name: each for each in read_plan(plan).plan.probes if each.feeds}
    if name and name not in known:
        raise Failure(f"{plan} has no probe {name!r} that is asked; it has {', '.join(known) or 'none'}", ExitCode.USAGE)
    if not known:
        return CommandOutput(value={"probes": []}, text=[f"{plan} has no probe that is asked"])
    found = list(_asked([known[name]] if name else list(known.values())))
    lines = [f"{each}: {f'NOT GOOD: {why}' if why else what}" for each, why, what in found]
    value = [{"probe": each, "is_good": not why, "found": why or what} for each, why, what in found]
    return CommandOutput(
        value={"probes": value}, text=lines, code=ExitCode.NO if any(why for _, why, _ in found) else ExitCode.OK
    )


def _asked(probes: "list[Probe]") -> "Iterator[tuple[str, str, str]]":
    """Of each its name, why its answer is not good, "" where it is, and what it is worth."""
    import asyncio
    import os

    from fairway.launch.observation.probing import inquiries_of
    from fairway.watch.prober import asked_once
    from fairway.world.clock import SystemClock

    async def ask() -> "list[ProbedPage]":
        return await asyncio.gather(*(asked_once(each, SystemClock()) for each in inquiries_of(probes, os.environ)))

    for each, page in zip(probes, asyncio.run(ask()), strict=True):
        yield each.name, *_worth(each, page)


def _worth(probe: "Probe", page: "ProbedPage") -> tuple[str, str]:
    """Why an answer is not good, "" where it is; and what it is worth."""
    from fairway.watch.answers import answered, read
    from fairway.watch.questions import Metric

    question = probe.question
    if isinstance(question, Metric):
        number = read(page, question)
        return number.why, f"{question} is {number.value:g}" if number.value is not None else ""
    found = answered(page, probe.checks, probe.within)
    works = f"; {', '.join(probe.checks)} work{'s' if len(probe.checks) == 1 else ''}" if probe.checks else ""
    return found.why, f"good: status {page.status} within {found.took_s * 1000:.0f} ms{works}"
