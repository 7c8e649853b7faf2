"""A heartbeat that is asked for more often than it comes, so that the alarm sounds between two of them."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft, pace
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.durations import as_setting


def look(draft: Draft) -> Iterator[RuleFinding]:
    for index, alarm in enumerate(draft.plan.alarms):
        every = pace(draft.plan, alarm.of)
        if alarm.heartbeat is not None and every is not None and alarm.heartbeat <= every:
            told = f"{alarm.name} sounds {as_setting(alarm.heartbeat)} after the last sign of life of what counts {alarm.of}"
            what = f"{told}, and one comes every {as_setting(every)}"
            yield RuleFinding(("alarms", index, "heartbeat"), what, f"heartbeat: {as_setting(3 * every)}")


RULE = Rule(
    "hasty-heartbeat",
    Severity.REFUSE,
    "An alarm that sounds while all is well holds the launch for ever, or is switched off.",
    look,
)
