"""Good news from a detector that may be dead."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.probe import PROBED_BY_NUMBER
from fairway.watch.indicators import BY_NAME, Measures
from fairway.world.clock import DAY, HOUR

OLDEST = HOUR


def look(draft: Draft) -> Iterator[RuleFinding]:
    for index, alarm in enumerate(draft.plan.alarms):
        indicator = BY_NAME.get(alarm.of)
        if indicator is None or alarm.heartbeat is not None:
            continue
        if indicator.measures is Measures.ONE:
            what = f"{alarm.name} counts {alarm.of}, and nothing shows that what counts them is alive"
            yield RuleFinding(("alarms", index), what, "heartbeat: 3m")
        elif alarm.of in PROBED_BY_NUMBER:
            what = f"{alarm.name} is silent, too, when {alarm.of} cannot be read any more"
            yield RuleFinding(("alarms", index), what, "heartbeat: 15m")
    for asked in draft.asked:
        max_age = getattr(asked.settings, "max_age", 0)
        if asked.entry.gate == "zero_events" and max_age > OLDEST:
            what = f"{asked.entry.name} takes silence for good news where the detector was alive {max_age / DAY:.2g} days ago"
            yield RuleFinding(asked.path, what, "max_age: 15m")


RULE = Rule(
    "silent-detector",
    Severity.REFUSE,
    "No alerts from a dead alerter look exactly like no alerts: only a heartbeat tells them apart.",
    look,
)
