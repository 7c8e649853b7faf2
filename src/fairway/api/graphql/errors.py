"""Errors of GraphQL with the same code and status as the problem documents of the other paths."""

import logging
from typing import Any, Final

from graphql import GraphQLError
from pydantic import ValidationError

from fairway.api.problems import FieldProblem, HttpProblem, problem_of

_LOG: Final = logging.getLogger(__name__)
_BUG: Final = HttpProblem(500, "SERVER_FAILED", "a mistake in Fairway itself; its log has the details, and trading goes on")


def shown_error(error: GraphQLError) -> dict[str, Any]:
    """An error as it is sent: the sentence, its place, and `extensions` with code, status and wrong fields."""
    problem = problem_behind(error)
    shown: dict[str, Any] = {"message": problem.detail, "extensions": extensions_of(problem)}
    if error.locations:
        shown["locations"] = [{"line": each.line, "column": each.column} for each in error.locations]
    if error.path is not None:
        shown["path"] = list(error.path)
    return shown


def extensions_of(problem: HttpProblem) -> dict[str, Any]:
    """For programs."""
    fields = [each.model_dump() for each in problem.errors]
    return {"code": problem.code, "status": problem.status, **({"errors": fields} if fields else {})}


def problem_behind(error: GraphQLError) -> HttpProblem:
    """The problem that an error is; a mistake of Fairway for one that no room below is known to raise."""
    cause = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    if cause is None:
        return HttpProblem(422, "QUERY_WRONG", error.message[:2_000])
    if isinstance(cause, ValidationError):
        return _of_fields(cause)
    return (problem_of(cause) if isinstance(cause, Exception) else None) or _BUG


def log_bugs(errors: list[GraphQLError]) -> None:
    """Errors that are no refusal. The query is not logged, for it may hold a secret."""
    for error in errors:
        if problem_behind(error) is _BUG:
            _LOG.error("a field of GraphQL failed by a mistake in Fairway itself", exc_info=error.original_error)


def _of_fields(error: ValidationError) -> HttpProblem:
    """Where each value stands and what is wrong; never the value itself, which may be a secret."""
    found = error.errors(include_input=False, include_context=False, include_url=False)[:20]
    fields = tuple(FieldProblem(field=".".join(str(part)[:64] for part in each["loc"]), what=each["msg"][:300]) for each in found)
    told = "; ".join(f"{each.field}: {each.what}" for each in fields)
    return HttpProblem(
        422, "FIELD_WRONG: " + " ".join(f"field={each.field}" for each in fields)[:200], told[:2_000], errors=fields
    )
