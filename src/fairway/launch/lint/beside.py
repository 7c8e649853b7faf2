"""What is wrong with a plan beside the places that could not be read: names, which are told together with these."""

from collections.abc import Iterator

from fairway.launch.lint.draft import Draft
from fairway.launch.lint.port import Rule, Severity, rules
from fairway.launch.plan.load import PlanError, Rest
from fairway.launch.plan.mending import bare, is_beside
from fairway.texts.composed import dotted
from fairway.texts.problems import Problem


def with_names(error: PlanError) -> PlanError:
    """The same error, with every name that leads nowhere as far as the rest of the plan can tell."""
    if error.rest is None:
        return error
    found = list(dict.fromkeys(each for rule in rules() for each in _told(rule, error.rest)))
    return PlanError(error.file, [*error.problems, *found])


def _told(rule: Rule, rest: Rest) -> Iterator[Problem]:
    if rule.names is None or {bare(place) for place in rest.replaced} & set(rule.names):
        return
    composed = rest.written.composed
    for found in rule.look(Draft(rest.written)):
        severity = found.severity or rule.severity
        if severity is Severity.REFUSE and not is_beside(found.path, rest.replaced):
            line, column = composed.place(found.path)
            yield Problem(line=line, column=column, key=dotted(found.path), what=found.what, example=found.mend)
