"""An alarm that is looser than what was promised about the same indicator."""

from collections.abc import Iterator
from decimal import Decimal

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.watching import Alarm
from fairway.texts.durations import LENGTHS, duration_of
from fairway.texts.quantities import Quantity, share_of

HUNDRED = Decimal(100)


def look(draft: Draft) -> Iterator[RuleFinding]:
    for of in dict.fromkeys(alarm.of for alarm in draft.plan.alarms):
        index, alarm, bound = _tightest(draft, of)
        if bound is None:
            continue
        for promise, named, severity in _promises(draft, alarm):
            if bound.unit == promise.unit and bound.value > promise.value:
                gap = f"between {promise} and {bound} {named} is broken, and {alarm.name} says nothing"
                yield RuleFinding(("alarms", index), gap, f"above: {promise} or less", severity)
                break


def _tightest(draft: Draft, of: str) -> tuple[int, Alarm, Quantity | None]:
    """Of several alarms about an indicator the one that sounds first: the others are for graver answers."""
    bounds = [(index, alarm, _alarmed_above(alarm)) for index, alarm in enumerate(draft.plan.alarms) if alarm.of == of]
    return min(bounds, key=lambda each: (each[2] is None, each[2].value if each[2] is not None else 0))


def _alarmed_above(alarm: Alarm) -> Quantity | None:
    """From which share of bad ones, or from which value on."""
    if alarm.above is not None:
        return plain(alarm.above)
    if alarm.below is not None and alarm.below.unit == "%":
        return Quantity(HUNDRED - alarm.below.value, "%")
    return None


def _promises(draft: Draft, alarm: Alarm) -> Iterator[tuple[Quantity, str, Severity]]:
    for objective in draft.plan.objectives:
        if objective.of != alarm.of:
            continue
        severity = Severity.WARN if objective.alarms else Severity.REFUSE
        if objective.at_least is not None:
            yield Quantity((1 - objective.at_least.value) * HUNDRED, "%"), f"the objective {objective.name}", severity
        for bound in (objective.mean, objective.at_most):
            if bound is not None:
                yield plain(bound), f"the objective {objective.name}", severity
    for asked in draft.asked:
        if asked.of == alarm.of:
            for bound in _bounds(asked.entry.own):
                yield bound, f"the gate {asked.where}", Severity.REFUSE


def _bounds(own: dict[str, object]) -> Iterator[Quantity]:
    """What a gate lets pass: a share of bad ones, a value, or a slope."""
    for key, value in own.items():
        if not isinstance(value, str):
            continue
        try:
            if key == "at_least" and "%" in value:
                yield Quantity((1 - share_of(value).value) * HUNDRED, "%")
            elif key.endswith("at_most"):
                yield plain(Quantity.parse(value))
        except ValueError:
            continue


def plain(bound: Quantity) -> Quantity:
    """In one unit of its kind: seconds, percent, and what grows a day."""
    number, slash, span = bound.unit.partition("/")
    if slash:
        length = duration_of(span if span[:1].isdigit() else f"1{span}") if span.lstrip("0123456789") in LENGTHS else 0
        return Quantity(bound.value * LENGTHS["d"] / length, f"{number}/d") if length else bound
    for unit in ("s", "%", "B"):
        try:
            return Quantity(bound.in_unit(unit), unit)
        except ValueError:
            continue
    return bound


RULE = Rule(
    "loose-alarm",
    Severity.REFUSE,
    "Between the promise and the alarm is a range in which the promise is broken and no alarm fires.",
    look,
)
