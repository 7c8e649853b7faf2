"""Finds wrong names in a plan of which some places could not be read, to report both together."""

from collections.abc import Iterator

from fairway.launch.plan.lint.draft import Draft
from fairway.launch.plan.lint.once import Seen, once
from fairway.launch.plan.lint.port import Rule, RuleFinding, Severity, rules
from fairway.launch.plan.load import PlanError, Rest
from fairway.launch.plan.mending import bare, is_beside
from fairway.texts.located_yaml import Composed, dotted
from fairway.texts.problems import Problem


def with_names(error: PlanError) -> PlanError:
    """The same error, with every name that leads nowhere as far as the rest of the plan can tell."""
    if error.rest is None:
        return error
    composed = error.rest.written.composed
    seen = [Seen(rule, found) for rule in rules() for found in _found(rule, error.rest)]
    told = [_problem(each.found, composed) for each in once(seen, composed.tree)]
    return PlanError(error.file, [*error.problems, *dict.fromkeys(told)])


def _found(rule: Rule, rest: Rest) -> Iterator[RuleFinding]:
    if rule.names is None or {bare(place) for place in rest.replaced} & set(rule.names):
        return
    for found in rule.look(Draft(rest.written)):
        severity = found.severity or rule.severity
        if severity is Severity.REFUSE and not is_beside(found.path, rest.replaced):
            yield found


def _problem(found: RuleFinding, composed: Composed) -> Problem:
    line, column = composed.place(found.path)
    return Problem(line=line, column=column, key=dotted(found.path), what=found.what, example=found.mend)
