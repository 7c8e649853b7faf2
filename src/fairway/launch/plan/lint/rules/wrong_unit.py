"""A bound in a unit that its indicator is not measured in, so that it is never passed and never kept."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.located_yaml import Path
from fairway.texts.quantities import Quantity
from fairway.watch.indicators import BY_NAME, Measures
from fairway.watch.units import UNITS


def look(draft: Draft) -> Iterator[RuleFinding]:
    for path, of, bound in _bounds(draft):
        indicator = BY_NAME.get(of)
        if indicator is None or "/" in bound.unit:
            continue
        unit = "%" if indicator.measures is Measures.GOOD else UNITS[indicator.measures]
        try:
            bound.in_unit(unit)
        except ValueError:
            what = f"{of} is measured in {unit or 'bare numbers'}, and the bound is {bound}"
            yield RuleFinding(path, what, f"{path[-1]}: {bound.value:f} {unit}".rstrip())


def _bounds(draft: Draft) -> Iterator[tuple[Path, str, Quantity]]:
    for index, alarm in enumerate(draft.plan.alarms):
        for key, bound in (("above", alarm.above), ("below", alarm.below)):
            if bound is not None:
                yield ("alarms", index, key), alarm.of, bound
    for index, objective in enumerate(draft.plan.objectives):
        for key, bound in (("at_most", objective.at_most), ("mean", objective.mean)):
            if bound is not None:
                yield ("objectives", index, key), objective.of, bound


RULE = Rule(
    "wrong-unit",
    Severity.REFUSE,
    "An alarm that compares seconds with dollars is silent for ever, and looks like a calm day.",
    look,
)
