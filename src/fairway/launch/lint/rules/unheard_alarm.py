"""An alarm that tells nobody and does nothing."""

from collections.abc import Iterator

from fairway.launch.lint.draft import Draft
from fairway.launch.lint.port import Found, Rule, Severity
from fairway.launch.plan.stage import Answer
from fairway.launch.plan.watching import Tells


def look(draft: Draft) -> Iterator[Found]:
    for index, alarm in enumerate(draft.plan.alarms):
        if alarm.tells is Tells.NOBODY and alarm.does is Answer.NOTHING:
            yield Found(("alarms", index), f"{alarm.name} tells nobody and does nothing", "tells: page, or does: hold")


RULE = Rule(
    "unheard-alarm",
    Severity.WARN,
    "Before the market opened on Knight's last day 97 mails named the fault; nobody was to read them.",
    look,
)
