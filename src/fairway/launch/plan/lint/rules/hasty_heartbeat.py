"""A heartbeat that is asked for more often than it comes, so that the alarm sounds between two of them."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft, pace
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.quantities import duration_text


def look(draft: Draft) -> Iterator[RuleFinding]:
    for index, alarm in enumerate(draft.plan.alarms):
        every = pace(draft.plan, alarm.of)
        if alarm.heartbeat is not None and every is not None and alarm.heartbeat <= every:
            told = f"{alarm.name} sounds {duration_text(alarm.heartbeat)} after the last sign of life of what counts {alarm.of}"
            what = f"{told}, and one comes every {duration_text(every)}"
            yield RuleFinding(("alarms", index, "heartbeat"), what, f"heartbeat: {duration_text(3 * every)}")


RULE = Rule(
    "hasty-heartbeat",
    Severity.REFUSE,
    "An alarm that sounds while all is well holds the launch for ever, or is switched off.",
    look,
)
