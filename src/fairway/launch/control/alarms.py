"""Finds the alarms of a plan that sound now and the budgets that are spent too fast, and what both lead to in the launch."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Final

from fairway.launch.control.causes import DISPOSAL_OF, EFFECT_OF, ActiveCause, effect_of
from fairway.launch.control.objectives import FEWEST_BAD, LOSSES, standing
from fairway.launch.control.state import Launch
from fairway.launch.observation.observation import Observation
from fairway.launch.plan.compiled_plan import CompiledPlan
from fairway.launch.plan.stage import FailureAction
from fairway.launch.plan.watching import Alarm, Objective, Scope, Tells
from fairway.risk.caps import Lifting
from fairway.risk.causes import Cause, CauseCategory, Effect
from fairway.texts.durations import as_setting
from fairway.texts.quantities import Quantity
from fairway.watch.figures import rise
from fairway.watch.indicators import Measures
from fairway.watch.series import Series
from fairway.watch.units import in_its_unit
from fairway.world.clock import MINUTE

SILENT_AGAIN: Final = "it is silent again"
"""When the hold of an alarm ends."""
WINDOW: Final = 15 * MINUTE
"""The window of an alarm that names none. It does not count for indicators of which the newest value is taken."""
POINTS: Final = 4
"""How often within the time of `lasts` it is looked at."""
LABEL_OF: Final = {Scope.ACCOUNT: "account", Scope.USER: "account"}


@dataclass(frozen=True, slots=True)
class ActiveAlarm:
    """An alarm that sounds now, or a budget that burns. sign: what the plan says that it is a sign of."""

    name: str
    reason: str
    tells: Tells
    does: FailureAction
    sign: CauseCategory | None = None


def alarms(plan: CompiledPlan, launch: Launch, observation: Observation) -> Iterator[ActiveCause]:
    """The causes that the plan's alarms and budgets raise, once the launch has entered a stage."""
    tracks = [track for track in plan.tracks if launch.track(track.name).highest >= 0]
    if not tracks:
        return
    stages = [track.stages[max(0, launch.track(track.name).stage)] for track in tracks if track.leads]
    capital = next((float(stage.capital.value) for stage in stages if stage.capital is not None), None)
    active = active_alarms(plan.objectives, plan.alarms, observation.series, observation.now, capital)
    yield from causes_of_alarms(active, plan.answers)


def active_alarms(
    objectives: tuple[Objective, ...],
    watched: tuple[Alarm, ...],
    series: Mapping[str, Series],
    now: int,
    capital: float | None = None,
) -> Iterator[ActiveAlarm]:
    """All that sound. An alarm whose indicator is not measured is silent: its gates say ERROR, and the linter warns of it."""
    for objective in objectives:
        found = series.get(objective.of or LOSSES)
        known_to = min(now, found.watermark) if found is not None else now  # a source that has stopped ends no alarm
        stands = standing(objective, found, known_to, capital)
        for burn in stands.burning:
            pace = f"{burn.spent} in {as_setting(burn.within)}"
            yield ActiveAlarm(f"{objective.name} {pace}", f"its budget is spent by {pace}", burn.tells, burn.does)
    for alarm in watched:
        found = series.get(alarm.of)
        reason = why(alarm, found, now) if found is not None else ""
        if reason:
            yield ActiveAlarm(alarm.name, reason, alarm.tells, alarm.does, alarm.cause)


def causes_of_alarms(
    active: Iterable[ActiveAlarm], answers: Mapping[CauseCategory, FailureAction] | None = None
) -> Iterator[ActiveCause]:
    """What follows from them for the launch. An alarm that only sends a message is no cause. answers: the plan's, by cause."""
    for each in active:
        effect = effect_of(EFFECT_OF[each.does], each.sign, answers or {})
        if effect is not Effect.NONE:
            cause = Cause(name=f"alarm {each.name}", what="an alarm of the plan sounds", effect=effect, category=each.sign)
            reason = f"the alarm {each.name} sounds: {each.reason}"
            yield ActiveCause(cause, effect, (), reason, Lifting.ITSELF, DISPOSAL_OF.get(effect), SILENT_AGAIN)


def why(alarm: Alarm, series: Series, now: int) -> str:
    """Why an alarm sounds, "" where it does not. One that has to last must have sounded at every point of that time."""
    if not series.watermark:
        return ""
    if alarm.heartbeat is not None and now - series.beats > alarm.heartbeat:
        return f"its detector was last alive {as_setting((now - series.beats) // MINUTE * MINUTE)} ago"
    until = min(now, series.watermark)
    step = (alarm.lasts or 0) // POINTS
    points = [until - step * point for point in range(POINTS + 1)] if step else [until]
    reasons = [_at(alarm, series, point) for point in points]
    return reasons[0] if all(reasons) else ""


def _at(alarm: Alarm, series: Series, until: int) -> str:
    label = LABEL_OF.get(alarm.each) if alarm.each is not None else None
    if label is not None and series.indicator.label == label:
        part = series.within(until - (alarm.within or WINDOW), until)
        for name in part.by_label():
            reason = _beyond(alarm, part.labelled([name]), until)
            if reason:
                return f"{name}: {reason}"
        return ""
    return _beyond(alarm, series, until)


def _beyond(alarm: Alarm, series: Series, until: int) -> str:
    """Whether the figure is beyond the alarm's bound, in words."""
    bound = alarm.above or alarm.below
    assert bound is not None
    figure = _figure(alarm, series, bound, until)
    if figure is None:
        return ""
    try:
        limit = float(bound.value) if "/" in bound.unit else in_its_unit(bound, series.indicator.measures)
    except ValueError:
        return ""
    if series.indicator.measures is Measures.GOOD and alarm.below is not None:
        figure = 1 - figure
    is_beyond = figure > limit if alarm.above is not None else figure < limit
    return f"{_told(figure, series, bound)} is {'above' if alarm.above is not None else 'below'} {bound}" if is_beyond else ""


def _figure(alarm: Alarm, series: Series, bound: Quantity, until: int) -> float | None:
    """Of a ratio the share of bad ones, of events how many, of a slope its rise, else the mean, or the newest value."""
    since = until - (alarm.within or WINDOW)
    part = series.within(since, until)
    measures = series.indicator.measures
    if "/" in bound.unit:
        return rise(series, since, until, bound.unit)
    if measures is Measures.ONE:
        return float(part.count)
    if not part.count:
        return None
    if measures is Measures.GOOD:
        bad = part.count - round(part.total)
        return bad / part.count if bad >= min(FEWEST_BAD, part.count) else 0.0
    if measures in (Measures.DOLLARS, Measures.R):
        return part.total
    return part.total / part.count if alarm.within is not None else float(part.values[-1])


def _told(figure: float, series: Series, bound: Quantity) -> str:
    if series.indicator.measures is Measures.GOOD:
        return f"{figure:.2%}"
    return f"{figure:.4g}{f' {bound.unit}' if '/' in bound.unit else ''}"
