"""A stage that is left upwards without any proof."""

from collections.abc import Iterator

from fairway.launch.plan.limits import Mode
from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity


def look(draft: Draft) -> Iterator[RuleFinding]:
    for index, target in enumerate(draft.plan.targets):
        if target.promotes:
            what = f"{target.name} is a target to report, and says that it promotes"
            yield RuleFinding(("targets", index), what, "promotes: false; what promotes is a gate of a stage")
    for track, old, new, _ in draft.steps_up():
        if new.limits.mode is Mode.OBSERVE:
            continue
        mine = [each for each in draft.asked if each.track == track and each.stage.name == old.name]
        if not any(each.decides for each in mine):
            told = f"all {len(mine)} gates of {old.name} only report" if mine else f"{old.name} has no gates"
            path = next(path for name, stage, path in draft.plan.walk() if name == track and stage.name == old.name)
            yield RuleFinding(path, f"{told}, and {new.name} follows on it", "a gate that can say no")


RULE = Rule(
    "nothing-proven",
    Severity.REFUSE,
    "A stage that cannot fail is only a pause, and a gate that only reports must not promote.",
    look,
)
