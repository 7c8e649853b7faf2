"""An alarm whose bound no number can pass, or a budget that cannot be spent as fast as it says."""

from collections.abc import Iterator

from fairway.launch.gates.statistics.series_gate import NEVER_NEGATIVE
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.watching import Alarm, Objective
from fairway.texts.durations import as_setting
from fairway.watch.indicators import BY_NAME, Measures


def look(draft: Draft) -> Iterator[RuleFinding]:
    for index, alarm in enumerate(draft.plan.alarms):
        key, right = ("above", "above: 1 %") if alarm.above is not None else ("below", "below: 99 %")
        why = _why(alarm)
        if why:
            yield RuleFinding(
                ("alarms", index, key), f"{alarm.name} {why}", right if "share" in why else "above: a bound that is passed"
            )
    for index, objective in enumerate(draft.plan.objectives):
        yield from _of_budget(index, objective)


def _why(alarm: Alarm) -> str:
    """Why no figure is beyond the bound of an alarm; "" where one may be."""
    indicator, bound = BY_NAME.get(alarm.of), alarm.above or alarm.below
    assert bound is not None
    if indicator is None or "/" in bound.unit:
        return ""
    if indicator.measures is Measures.GOOD and bound.unit == "%":
        if alarm.above is not None and bound.value >= 100:
            return f"sounds above {bound} of bad ones, and no share is above 100 %"
        if alarm.below is not None and bound.value <= 0:
            return f"sounds below {bound} of good ones, and no share is below 0 %"
    if indicator.measures in (*NEVER_NEGATIVE, Measures.ONE) and alarm.below is not None and bound.value <= 0:
        return f"sounds below {bound}, and {alarm.of} is never negative"
    return ""


def _of_budget(index: int, objective: Objective) -> Iterator[RuleFinding]:
    share = objective.at_least or objective.share
    if share is None or not 0 < share.value < 1:
        return
    for at, burn in enumerate(objective.alarms):
        if not burn.within or not objective.within:
            continue
        bad = burn.spent.value * objective.within / burn.within * (1 - share.value)
        if bad > 1:
            told = f"{burn.spent} of the budget of {objective.name} in {as_setting(burn.within)} takes {bad:.0%} of bad ones"
            path = ("objectives", index, "burns", at) if objective.burns is not None else ("objectives", index)
            mend = f"burns: [{{spent: {_most(objective, burn.within)} %, within: {as_setting(burn.within)}}}]"
            severity = Severity.REFUSE if objective.burns is not None else Severity.WARN
            yield RuleFinding(path, f"{told}, and there are never more than 100 %", mend, severity)


def _most(objective: Objective, within: int) -> str:
    """Half of what is spent where everything is bad, in percent."""
    share = objective.at_least or objective.share
    assert share is not None
    return f"{within / objective.within / float(1 - share.value) * 50:.2g}"


RULE = Rule(
    "never-sounds",
    Severity.REFUSE,
    "An alarm that cannot sound looks the same as an alarm with nothing to report.",
    look,
    yields_to=("wrong-unit", "senseless-limit"),
)
