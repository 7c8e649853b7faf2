"""An alarm, or a budget that is spent too fast, that no person gets a message about."""

from collections.abc import Iterator
from typing import Final

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.people import When
from fairway.launch.plan.stage import FailureAction
from fairway.launch.plan.watching import Tells

HELD_AT: Final = {
    FailureAction.HOLD: {When.HELD},
    FailureAction.REDUCE_ONLY: {When.HELD, When.INCIDENT},
    FailureAction.PREVIOUS_STAGE: {When.DEMOTED, When.EVERY_MOVE},
    FailureAction.KILL: {When.KILL, When.INCIDENT, When.HELD},
}
"""By what is done: the messages that report it anyway."""


def look(draft: Draft) -> Iterator[RuleFinding]:
    plan = draft.plan
    says = [*plan.say, *(each for _, stage, _ in plan.walk() for each in stage.say)]
    heard = {when for each in says for when in each.at}
    for index, alarm in enumerate(plan.alarms):
        if alarm.tells is Tells.NONE and not _is_heard(alarm.does, heard):
            does = (
                "does nothing"
                if alarm.does is FailureAction.NOTHING
                else f"no message of say is sent where it does {alarm.does!s}"
            )
            yield RuleFinding(("alarms", index), f"{alarm.name} tells no person and {does}", "tells: page")
    for index, objective in enumerate(plan.objectives):
        for at, burn in enumerate(objective.burns or ()):
            if burn.tells is Tells.NONE and not _is_heard(burn.does, heard):
                what = f"{burn.spent} of the budget of {objective.name} is spent, and no person gets a message"
                yield RuleFinding(("objectives", index, "burns", at), what, "tells: page")


def _is_heard(does: FailureAction, heard: set[When]) -> bool:
    return bool(HELD_AT.get(FailureAction.KILL if does.sells else does, set()) & heard)


RULE = Rule(
    "unheard-alarm",
    Severity.WARN,
    "Before the market opened on Knight's last day, 97 mails named the fault, and no person had the task to read them.",
    look,
)
