"""Finds what would fail in a runbook when it is needed: wrong commands, missing verification, steps that raise exposure unasked.

What commands and operations there are, and what each does to exposure, is given by the shell that has them.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from fairway.alerting.rule import AlertRule
from fairway.incidents.runbooks.facts import RunbookFacts, StepEffect, not_fairway
from fairway.incidents.runbooks.library import WrittenRunbook
from fairway.incidents.runbooks.lint_checks import check_problems
from fairway.incidents.runbooks.lint_flow import flow_problems
from fairway.incidents.runbooks.lint_texts import text_problems
from fairway.incidents.runbooks.runbook import RunbookStep
from fairway.risk.causes import AlertSeverity
from fairway.texts.located_yaml import Path
from fairway.texts.problems import Problem
from fairway.world.clock import HOUR

TIMEOUT_MAX_NS: Final = HOUR


def lint_runbook(
    written: WrittenRunbook, facts: RunbookFacts, *, known: Sequence[str] = (), rules: Sequence[AlertRule] = ()
) -> list[Problem]:
    """All that is wrong, in the order of the lines. known: names of all runbooks; rules: the alert rules. Both may be left out.

    Without them it is not asked whether other runbooks and alerts exist.
    """
    found = [
        *text_problems(written, facts.command_trouble),
        *flow_problems(written, known),
        *_alert_problems(written, rules),
        *_first_step(written, facts),
    ]
    for index, step in enumerate(written.runbook.steps):
        found += _step_problems(written, ("steps", index), step, facts)
        found += check_problems(written, ("steps", index), step, facts)
    return sorted(found, key=lambda problem: (problem.line, problem.column, problem.what))


def missing_runbooks(rules: Sequence[AlertRule], known: Sequence[str]) -> list[str]:
    """Runbooks that alert rules name and that do not exist."""
    return sorted({rule.runbook for rule in rules} - set(known))


def effect_of(step: RunbookStep, facts: RunbookFacts) -> StepEffect:
    """What a step does to exposure; READS for one that only asks a person."""
    if step.operation:
        return facts.operation_effect(step.operation)
    return facts.command_effect(step.run) if step.run else StepEffect.READS


def _step_problems(written: WrittenRunbook, path: Path, step: RunbookStep, facts: RunbookFacts) -> Iterator[Problem]:
    if bool(step.operation) + bool(step.run) > 1 or not (step.is_machine or step.person):
        yield written.problem(path, "does one thing: operation, run or person", "operation: pause")
    if step.request and not step.operation:
        yield written.problem((*path, "request"), "belongs to an operation, and none is named", "operation: pause")
    if not step.timeout:
        yield written.problem(path, "has no timeout", "timeout: 30s")
    elif step.timeout > TIMEOUT_MAX_NS:
        yield written.problem((*path, "timeout"), "is longer than an hour", "timeout: 10m")
    if step.is_machine and not step.verify:
        yield written.problem(
            path, "has no verification: nothing shows that it had its effect", "verify: [{field: is_done, equals: true}]"
        )
    if step.operation and (trouble := facts.operation_trouble(step.operation, step.request)):
        yield written.problem((*path, "operation"), trouble)
    if step.run and not_fairway(step.run):
        yield written.problem((*path, "run"), not_fairway(step.run))
    elif step.is_machine:
        yield from _exposure_problems(written, path, step, effect_of(step, facts))
    if step.person and not step.is_machine and not step.choices:
        yield written.problem(path, "names no choices", "choices: {it is over: end, it goes on: next}")
    if step.choices and (step.is_machine or not step.person):
        yield written.problem((*path, "choices"), "belong to a step of a person", "person: Is the venue down?")


def _exposure_problems(written: WrittenRunbook, path: Path, step: RunbookStep, effect: StepEffect) -> Iterator[Problem]:
    key = "operation" if step.operation else "run"
    if effect is StepEffect.RAISES and not step.raises:
        yield written.problem((*path, key), "raises exposure, and the step does not say so", "raises: true")
    if (effect is StepEffect.RAISES and not step.person) or (step.raises and not step.person):
        yield written.problem(path, "raises exposure, and asks no person", "person: Has the cause been removed?")
    if effect is StepEffect.CHANGES and not step.person:
        yield written.problem(path, "changes something other than exposure, and asks no person", "person: Shall it be done?")
    if effect is StepEffect.STAYS:
        what = "runs until it is stopped; a person starts it, in a terminal or as a service"
        yield written.problem((*path, key), what, "person: Start it with `fairway up {config}`.")
    if effect is StepEffect.UNKNOWN and step.run and not not_fairway(step.run):
        yield written.problem(
            (*path, key), "does what no list of Fairway names, so no machine carries it out", "person: Do it by hand."
        )


def _first_step(written: WrittenRunbook, facts: RunbookFacts) -> Iterator[Problem]:
    """Where money is lost by the minute, the first step lowers exposure: it needs only suspicion."""
    if written.runbook.severity is AlertSeverity.P0 and effect_of(written.runbook.steps[0], facts) is not StepEffect.LOWERS:
        yield written.problem(
            ("steps", 0), "does not lower exposure, and the runbook is for a P0", "operation: pause, or operation: kill"
        )


def _alert_problems(written: WrittenRunbook, rules: Sequence[AlertRule]) -> Iterator[Problem]:
    if not rules:
        return
    by_name = {rule.name: rule for rule in rules}
    for index, alert in enumerate(written.runbook.alerts):
        rule = by_name.get(alert)
        if rule is None:
            yield written.problem(("alerts", index), f"no alert rule is called {alert!r}", "as `fairway alerts rules` lists them")
        elif rule.runbook != written.runbook.runbook:
            yield written.problem(("alerts", index), f"the rule {alert} names the runbook {rule.runbook}")
    named = [rule for rule in rules if rule.runbook == written.runbook.runbook]
    forgotten = [rule.name for rule in named if rule.name not in written.runbook.alerts]
    if forgotten:
        yield written.problem(("alerts",), f"the alert {forgotten[0]} names this runbook, and is not listed")
    most = min((rule.severity for rule in named), key=list(AlertSeverity).index, default=written.runbook.severity)
    if most is not written.runbook.severity:
        yield written.problem(("severity",), f"is not that of its most urgent alert, {most.value}", f"severity: {most.value}")
