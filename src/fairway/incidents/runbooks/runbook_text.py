"""Says what a step does and how it is verified, in words for a terminal and a page."""

from collections.abc import Iterator, Mapping

from fairway.incidents.runbooks.runbook import RunbookCheck, RunbookStep, VenueClaim

VENUE_WORDS: Mapping[VenueClaim, str] = {
    VenueClaim.AGREES: "journal and venue agree in all balances and orders",
    VenueClaim.ONLY_PROTECTION: "the venue shows no open order that does not protect a position",
    VenueClaim.PROTECTED: "journal and venue agree, and stops cover every position",
}


def did_words(step: RunbookStep) -> Iterator[str]:
    """What a step does, a line for each part."""
    if step.person:
        yield step.person
    if step.run:
        yield f"run: {step.run}"
    if step.operation:
        yield f"operation: {operation_words(step.operation, step.request)}"


def operation_words(operation: str, request: Mapping[str, str]) -> str:
    """An operation with its request, in one line."""
    given = ", ".join(f"{name}: {value}" for name, value in request.items())
    return f"{operation} ({given})" if given else operation


def check_words(check: RunbookCheck) -> str:
    """What a check looks at, and what it must be."""
    if check.venue is not None:
        return VENUE_WORDS[check.venue]
    if check.person:
        return f"a person: {check.person}"
    if check.operation:
        source = f"{operation_words(check.operation, check.request)}: "
    else:
        source = f"{check.run}: " if check.run else "its answer: "
    return f"{source}{' and '.join(_comparisons(check))}"


def _comparisons(check: RunbookCheck) -> Iterator[str]:
    name = check.field
    if check.exit is not None:
        yield f"the exit code is {check.exit}"
    if check.equals is not None:
        yield f"{name} is {check.equals}"
    if check.not_equal is not None:
        yield f"{name} is not {check.not_equal}"
    if check.one_of:
        yield f"{name} is one of {', '.join(check.one_of)}"
    if check.at_least is not None:
        yield f"{name} is at least {check.at_least}"
    if check.at_most is not None:
        yield f"{name} is at most {check.at_most}"
    if check.may_be_empty:
        yield "it may be absent"
