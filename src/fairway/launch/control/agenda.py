"""Prints a plan's timeline and the days on which its figures are reviewed, for one instant T of the launch."""

from collections.abc import Iterator
from textwrap import wrap
from typing import Final

from fairway.launch.plan.day import Item, Step, moment_text
from fairway.launch.plan.model import Plan
from fairway.launch.plan.watching import Target
from fairway.launch.views.targets import bounds_of
from fairway.texts.durations import as_setting
from fairway.world.clock import text_of

WIDTH: Final = 120
INDENT: Final = 26
_SEEN: Final = "the pilot has seen its limits in force, and the venue in order (fairway launch status)"
_UNSAID: Final = "the plan does not say how it is seen to be done"


def agenda(plan: Plan, at: int) -> Iterator[str]:
    """at: the instant T of the launch (ns)."""
    yield f"plan {plan.name}; T is {text_of(at)[:16]} UTC"
    items = {each.id: each for each in plan.checklist}
    for step in sorted(plan.timeline, key=lambda each: each.at):
        yield ""
        yield f"{moment_text(step.at):<8}{text_of(at + step.at)[:16]}  {step.do}"
        yield from _details(step, items)
    if not plan.timeline:
        yield from ("", "It has no timeline: nothing is due by the clock, and its stages go on as their gates say.")
    yield from _figures(plan, at)


def _details(step: Step, items: dict[str, Item]) -> Iterator[str]:
    for need in step.needs:
        item = items.get(need)
        yield from _line("needs", f"{need}: {item.text} ({item.need})" if item is not None else need)
    if step.raises:
        yield from _line("begins", f"stage {step.raises}")
    if step.destroys:
        yield from _line("gone", f"{step.destroys}: it cannot be had back after this")
    if step.run:
        yield from _line("run", step.run)
    yield from _line("done when", step.verify or (_SEEN if step.raises else _UNSAID))


def _figures(plan: Plan, at: int) -> Iterator[str]:
    """Each day once, with what is looked at on it."""
    for within in sorted({each.within for each in plan.targets}):
        yield ""
        yield f"T+{as_setting(within):<6}{text_of(at + within)[:16]}  figures to be looked at; they decide nothing"
        for target in plan.targets:
            if target.within == within:
                yield from _line("", _figure(target))


def _figure(target: Target) -> str:
    return f"{bounds_of(target)}{f' (measured as {target.of})' if target.of else ' (to be looked up by a person)'}"


def _line(word: str, text: str) -> Iterator[str]:
    head = f"{'':<{INDENT}}{f'{word:<11}' if word else ''}"
    yield from wrap(text, WIDTH, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False)
