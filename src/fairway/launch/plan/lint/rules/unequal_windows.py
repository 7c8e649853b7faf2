"""A ratio whose parts are counted over different times."""

import re
from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.durations import LENGTHS, duration_of
from fairway.texts.located_yaml import Path

_SPAN = re.compile(r"_(\d{1,6}(?:ms|s|m|h|d|w))$")


def look(draft: Draft) -> Iterator[RuleFinding]:
    for path, of in indicators_named(draft):
        above, slash, below = (part.strip() for part in of.partition("/"))
        if not slash:
            continue
        spans = [_span(part) for part in (above, below)]
        if spans[0] != spans[1]:
            yield RuleFinding(
                path, f"{of!r}: {_arithmetic(above, below, *spans)}", "one indicator with one window, such as order_success"
            )


def _span(part: str) -> int | None:
    match = _SPAN.search(part)
    return duration_of(match[1]) if match else None


def _arithmetic(above: str, below: str, one: int | None, other: int | None) -> str:
    if one is None or other is None:
        return f"{above if one is None else below} has no window, so it is never reset and the ratio has no meaning"
    low, high = min(one, other), max(one, other)
    share = low / high
    hours = f"{one / LENGTHS['h']:g} h over {other / LENGTHS['h']:g} h"
    told = f"it reads {share:.1%} where everything fails" if one < other else f"it reads {1 / share:.0%} where everything fails"
    return f"{hours}: at an even pace {told}"


def indicators_named(draft: Draft) -> Iterator[tuple[Path, str]]:
    """Whatever the plan measures, with its place."""
    plan = draft.plan
    for index, objective in enumerate(plan.objectives):
        yield ("objectives", index, "of"), objective.of
    for index, alarm in enumerate(plan.alarms):
        yield ("alarms", index, "of"), alarm.of
    for index, probe in enumerate(plan.probes):
        yield ("probes", index, "of"), probe.of
    for index, baseline in enumerate(plan.baselines):
        for at, of in enumerate(baseline.of):
            yield ("baselines", index, "of", at), of
    for index, target in enumerate(plan.targets):
        yield ("targets", index, "of"), target.of
    for of in plan.expects:
        yield ("expects", of), of
    for _, stage, path in plan.walk():
        for of in stage.expects:
            yield (*path, "expects", of), of
    for asked in draft.asked:
        yield (*asked.path, "of"), asked.of


RULE = Rule(
    "unequal-windows",
    Severity.REFUSE,
    "Errors of an hour divided by trades of a day say a twenty-fourth of the truth.",
    look,
)
