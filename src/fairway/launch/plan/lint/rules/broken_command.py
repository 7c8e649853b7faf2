"""A command in a runbook or on the day that would be refused when it is needed."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity
from fairway.texts.located_yaml import Path


def look(draft: Draft) -> Iterator[RuleFinding]:
    for path, command in commands(draft):
        if command.split()[:1] != ["fairway"]:
            continue
        trouble = draft.command_trouble(command)
        if trouble:
            yield RuleFinding(path, f"{command!r} would be refused: {trouble}", "write it as `fairway COMMAND --help` says")


def commands(draft: Draft) -> Iterator[tuple[Path, str]]:
    for index, runbook in enumerate(draft.plan.runbooks):
        for at, command in enumerate(runbook.run):
            yield ("runbooks", index, "run", at), command
    for index, step in enumerate(draft.plan.timeline):
        if step.run:
            yield ("timeline", index, "run"), step.run


RULE = Rule(
    "broken-command",
    Severity.REFUSE,
    "An operator needs the kill command at night and at once, so it must be correct as the plan prints it.",
    look,
)
