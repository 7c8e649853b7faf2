"""`fairway launch rehearse`: what a plan does with good bots and bad ones, before any money is at stake."""

import sys
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from fairway.cli.answer import CommandOutput, shows
from fairway.cli.exits import ExitCode, Failure
from fairway.cli.whole_numbers import whole

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from fairway.launch.simulation.bots import SimulatedBot
    from fairway.launch.simulation.plan_terms import PlanTerms
    from fairway.launch.simulation.table import Summary

SEEDS_MAX = 10_000
DAYS_MAX = 366


@shows
def rehearse(
    plan: str,
    /,
    *,
    seeds: Annotated[int, whole(10)] = 10,
    days: Annotated[int, whole(30)] = 0,
    bot: Annotated[tuple[str, ...], Parameter(negative="", consume_multiple=False)] = (),
) -> CommandOutput:
    """Play a plan against bots of known quality, in simulated time, and say how often each gets through and what it loses.

    Parameters
    ----------
    plan: str
        The plan's file, or the name of one that comes with Fairway.
    seeds: int
        How many times each bot is played; the same seeds give the same table.
    days: int
        How long a play lasts at most. Without it, the plan's longest stays.
    bot: str
        Only this bot; may be said more than once.
    """
    from fairway.launch.plan.load import whole
    from fairway.launch.simulation.plan_terms import terms_of
    from fairway.launch.simulation.worker_pool import rehearsed
    from fairway.operations.launch.plan_files import read_plan
    from fairway.operations.launch.plan_text import goal_of
    from fairway.texts.numbers import counted

    _check("seeds", seeds, 1, SEEDS_MAX)
    _check("days", days, 0, DAYS_MAX)
    bots = _chosen(bot)
    written = whole(read_plan(plan))
    terms = terms_of(written)
    plays, most = counted(seeds, "play"), counted(days or terms.days, "day")
    head = f"{written.plan.name}: {counted(len(bots), 'bot')}, {plays} of each, {most} at most; {goal_of(terms)}"
    summaries = []
    for summary in rehearsed(written.text, bots, seeds, days=days):
        summaries.append(summary)
        if sys.stderr.isatty():
            print(f"{summary.bot}: {summary.through} of {summary.plays} got through", file=sys.stderr)
    value = {
        "plan": written.plan.name,
        "days": days or terms.days,
        "goal": goal_of(terms),
        "bots": [each.as_values for each in summaries],
        "needs": list(terms.needs()),
    }
    return CommandOutput(value=value, text=_lines(head, terms, bots, summaries))


def _lines(head: str, terms: "PlanTerms", bots: "Sequence[SimulatedBot]", summaries: "Sequence[Summary]") -> "Iterator[str]":
    from fairway.launch.simulation.table import HEAD, reached_rows, sentences

    yield from (head, "")
    yield from _columns(HEAD, [each.row for each in summaries])
    yield ""
    yield from _columns(*reached_rows(terms, summaries))
    yield ""
    yield from _columns(("bot", "what a plan should do with it"), [(each.name, each.should) for each in bots])
    yield ""
    yield from sentences(terms, summaries)
    yield from (f"note: {each}" for each in terms.needs())


def _check(name: str, value: int, least: int, most: int) -> None:
    if not least <= value <= most:
        raise Failure(f"--{name} is {value}, and must be from {least} to {most}; a right one is --{name} 30", ExitCode.USAGE)


def _chosen(names: tuple[str, ...]) -> "list[SimulatedBot]":
    from fairway.launch.simulation.bots import BY_NAME

    for name in names:
        if name not in BY_NAME:
            raise Failure(f"there is no bot {name!r}; there are {', '.join(BY_NAME)}", ExitCode.USAGE)
    return [BY_NAME[name] for name in names or BY_NAME]


def _columns(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> "Iterator[str]":
    """As wide as they must be."""
    widths = [max(map(len, column)) for column in zip(head, *rows, strict=True)]
    for row in (head, *rows):
        yield "  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip()
