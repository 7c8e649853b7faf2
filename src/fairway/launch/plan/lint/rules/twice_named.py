"""One name for two things: of two gates with one name only the last is asked, and evidence of one item counts for both."""

from collections.abc import Iterable, Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.launch.plan.model import Placed, Plan
from fairway.launch.plan.stage import Stage
from fairway.texts.located_yaml import Path


def look(draft: Draft) -> Iterator[RuleFinding]:
    plan = draft.plan
    yield from _twice("item of the checklist", [(item.id, ("checklist", n)) for n, item in enumerate(plan.checklist)])
    yield from _twice("gate", [(entry.name, ("entry", n)) for n, entry in enumerate(plan.entry)])
    yield from _twice("objective", [(each.name, ("objectives", n)) for n, each in enumerate(plan.objectives)])
    yield from _twice("alarm", [(each.name, ("alarms", n)) for n, each in enumerate(plan.alarms)])
    yield from _twice("baseline", [(each.name, ("baselines", n)) for n, each in enumerate(plan.baselines)])
    yield from _twice("target", [(each.name, ("targets", n)) for n, each in enumerate(plan.targets)])
    for track, stage, path in plan.walk():
        own = [(entry.name, (*path, "gates", n)) for n, entry in enumerate(stage.gates) if not entry.use]
        yield from _twice(f"gate of {stage.name}", own)
        yield from _displaced(plan, track, stage, path)


def _twice(what: str, named: Iterable[tuple[str, Path]]) -> Iterator[RuleFinding]:
    seen = set[str]()
    for name, path in named:
        if name in seen:
            yield RuleFinding(path, f"{name!r} is the name of another {what}, too", "a name of its own")
        seen.add(name)


def _displaced(plan: Plan, track: str, stage: Stage, path: Path) -> Iterator[RuleFinding]:
    """A gate that is taken over and then asked in other words under the same name is not asked as it was."""
    seen: dict[str, Placed] = {}
    for index, entry in enumerate(stage.gates):
        here = (*path, "gates", index)
        for each in plan.gates_of(track, entry.use) if entry.use else [Placed(entry, here)]:
            before = seen.setdefault(each.entry.name, each)
            is_taken_over = here != each.path or before.path[: len(path)] != path
            if is_taken_over and before.path != each.path and before.entry != each.entry:
                what = f"{each.entry.name!r} is taken over from another stage, and displaced by a gate of the same name"
                yield RuleFinding(here, what, "a name of its own, so that both are asked")


RULE = Rule(
    "twice-named",
    Severity.REFUSE,
    "If two things share a name, Fairway ignores one of them, and the reader of the plan relies on both.",
    look,
    may_stay=False,
    names=(),
)
