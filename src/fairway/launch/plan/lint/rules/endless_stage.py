"""A stage that can last for ever, or that is left at once."""

from collections.abc import Iterator

from fairway.launch.plan.limits import Mode
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.durations import as_setting
from fairway.world.clock import MINUTE

SHORTEST = 30 * MINUTE


def look(draft: Draft) -> Iterator[RuleFinding]:
    for track, old, _, _ in draft.steps_up():
        path = next(path for name, stage, path in draft.plan.walk() if name == track and stage.name == old.name)
        if old.stay.at_most is None and any(each.stage is old for each in draft.asked):
            what = f"{old.name} has no longest stay: where its gates cannot decide, no person is asked to decide"
            yield RuleFinding((*path, "stay"), what, "at_most: a time after which a person decides")
        if old.limits.mode is Mode.LIVE and old.stay.at_least < SHORTEST:
            what = f"{old.name} trades real money for {as_setting(old.stay.at_least)}, in which hardly a fault shows itself"
            yield RuleFinding((*path, "stay"), what, f"at_least: {as_setting(SHORTEST)}")


RULE = Rule(
    "endless-stage",
    Severity.WARN,
    "A stage without a longest stay can remain undecided for ever.",
    look,
)
