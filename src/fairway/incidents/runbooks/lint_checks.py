"""Whether the checks of a step can show what they claim: one source, a right path, a comparison, and nothing that changes."""

from collections.abc import Iterator
from decimal import Decimal, InvalidOperation

from fairway.incidents.runbooks.answers import path_trouble
from fairway.incidents.runbooks.facts import RunbookFacts, StepEffect, not_fairway
from fairway.incidents.runbooks.library import WrittenRunbook
from fairway.incidents.runbooks.runbook import RunbookCheck, RunbookStep
from fairway.texts.located_yaml import Path
from fairway.texts.problems import Problem


def check_problems(written: WrittenRunbook, path: Path, step: RunbookStep, facts: RunbookFacts) -> Iterator[Problem]:
    """Of all checks of one step."""
    for index, check in enumerate(step.verify):
        for key, what in _troubles(check, step, facts):
            yield written.problem((*path, "verify", index, *key), what)


def _troubles(check: RunbookCheck, step: RunbookStep, facts: RunbookFacts) -> Iterator[tuple[tuple[str, ...], str]]:
    sources = [bool(check.operation), bool(check.run), check.venue is not None, bool(check.person)]
    if sum(sources) > 1:
        yield (), "asks several at once; write one check for each"
    if check.venue is not None or check.person:
        if check.compares or check.field:
            yield (), "compares a value, and the venue or a person answers with yes or no"
    else:
        yield from _comparison_troubles(check)
    if sum(sources) == 0 and not step.is_machine:
        yield (), "looks at the step's own answer, and a person's step has none"
    yield from _source_troubles(check, facts)
    if check.exit is not None and not (check.run or (step.run and not check.operation)):
        yield ("exit",), "only a command has an exit code"


def _source_troubles(check: RunbookCheck, facts: RunbookFacts) -> Iterator[tuple[tuple[str, ...], str]]:
    if check.operation:
        if trouble := facts.operation_trouble(check.operation, check.request):
            yield ("operation",), trouble
        elif (effect := facts.operation_effect(check.operation)) is not StepEffect.READS:
            yield ("operation",), f"{effect.value}, and a check only reads"
    elif check.request:
        yield ("request",), "belongs to an operation, and none is named"
    if check.run:
        if trouble := not_fairway(check.run):
            yield ("run",), trouble
        elif (effect := facts.command_effect(check.run)) is not StepEffect.READS:
            yield ("run",), f"{effect.value}, and a check only reads"
        if check.field and "--json" not in check.run.split():
            yield ("run",), "a field is looked up in JSON; add --json"


def _comparison_troubles(check: RunbookCheck) -> Iterator[tuple[tuple[str, ...], str]]:
    if not check.compares:
        yield (), "compares nothing, so it could not fail"
    elif check.exit is None and not check.field:
        yield (), "does not say which field is compared"
    if trouble := path_trouble(check.field):
        yield ("field",), trouble
    for key in ("at_least", "at_most"):
        if not _is_number(getattr(check, key)):
            yield (key,), "is no number"


def _is_number(text: str | None) -> bool:
    try:
        return text is None or Decimal(text).is_finite()
    except InvalidOperation:
        return False
