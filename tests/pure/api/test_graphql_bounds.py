"""What one GraphQL document may ask for, and how an error is told."""

from typing import Any

import pytest
from graphql import GraphQLError, OperationType, get_introspection_query
from pydantic import BaseModel, Field, ValidationError

from fairway.api.graphql.bounds import ALIASES_MAX, COST_MAX, DEPTH_MAX, FIELDS_MAX, LIMIT_MAX, ROOTS_MAX, TOKENS_MAX
from fairway.api.graphql.errors import problem_behind, shown_error
from fairway.api.graphql.mutations import COMMANDS, LOWERING
from fairway.api.graphql.schema import asked_of, schema
from fairway.api.problems import HttpProblem
from fairway.operations.refusal import Ground, Refusal


def code_of(query: str, operation: str = "", **variables: Any) -> str:
    """The category of the code of a refusal; "" where the document is within bounds."""
    try:
        asked_of(query, variables, operation)
    except HttpProblem as problem:
        return problem.code.partition(":")[0] if problem.status == 422 and problem.detail else "no code"
    return ""


def nested(levels: int) -> str:
    return "{ a " * levels + "}" * levels


@pytest.mark.parametrize(("levels", "code"), [(DEPTH_MAX, ""), (DEPTH_MAX + 1, "QUERY_DEEP"), (60, "QUERY_DEEP")])
def test_depth_is_bounded(levels: int, code: str) -> None:
    assert code_of(nested(levels)) == code


@pytest.mark.parametrize("levels", [300, 600, 100_000])
def test_a_document_that_is_too_deep_to_be_parsed_is_refused(levels: int) -> None:
    assert code_of(nested(levels)) in ("QUERY_WRONG", "QUERY_DEEP")
    assert code_of("{ ... " * levels + "{ a }" + "}" * levels) in ("QUERY_WRONG", "QUERY_DEEP")
    assert code_of("{ a(b: " + "[" * levels + "]" * levels + ") }") in ("QUERY_WRONG", "QUERY_DEEP")


def test_depth_counts_through_fragments() -> None:
    inner = "{ a " * DEPTH_MAX + "}" * DEPTH_MAX
    assert code_of(f"{{ a {{ ...F }} }} fragment F on Query {inner}") == "QUERY_DEEP"


@pytest.mark.parametrize(("count", "code"), [(ALIASES_MAX, ""), (ALIASES_MAX + 1, "QUERY_ALIASES")])
def test_aliases_are_bounded_at_the_top_and_below(count: int, code: str) -> None:
    aliases = " ".join(f"a{number}: me" for number in range(count))
    assert code_of(f"{{ {aliases} }}") == code
    assert code_of(f"{{ me {{ {aliases} }} }}") == code


@pytest.mark.parametrize(("count", "code"), [(ROOTS_MAX, ""), (ROOTS_MAX + 1, "QUERY_LARGE")])
def test_fields_at_the_top_are_bounded(count: int, code: str) -> None:
    assert code_of("{" + "me " * count + "}") == code
    assert code_of("{ ...F } fragment F on Query {" + "me " * count + "}") == code


def test_tokens_are_bounded() -> None:
    assert code_of("{ me {" + " a" * TOKENS_MAX + "} }") == "QUERY_WRONG"


def test_fragments_that_multiply_are_bounded_by_the_fields_that_they_bring() -> None:
    doubling = " ".join(f"fragment F{number} on Query {{ ...F{number + 1} ...F{number + 1} }}" for number in range(30))
    assert code_of(f"{{ me {{ ...F0 }} }} {doubling} fragment F30 on Query {{ a }}") == "QUERY_LARGE"
    assert code_of("{ me {" + " a" * FIELDS_MAX + "} }") == "QUERY_LARGE"


@pytest.mark.parametrize("query", ["{ ...A } fragment A on Query { ...A }", "{ me { ...A } } fragment A on Me { b { ...A } }"])
def test_a_fragment_that_uses_itself_is_refused(query: str) -> None:
    assert code_of(query) in ("QUERY_WRONG", "QUERY_DEEP")


@pytest.mark.parametrize("limit", [0, -1, LIMIT_MAX + 1, 10**30])
def test_a_limit_is_bounded_as_it_stands_and_as_a_variable(limit: int) -> None:
    assert code_of(f"{{ users(limit: {limit}) {{ id }} }}") == "LIMIT_WRONG"
    assert code_of("query($n: Int!) { users(limit: $n) { id } }", n=limit) == "LIMIT_WRONG"
    assert code_of(f"query($n: Int! = {limit}) {{ users(limit: $n) {{ id }} }}") == "LIMIT_WRONG"


def test_rows_times_fields_are_bounded() -> None:
    one = 'portfolioDecisions(strategyId: "me", limit: 1000) { id at symbol action reason code }'
    most = COST_MAX // 7_000
    assert code_of("{" + one * most + "}") == ""
    assert code_of("{" + one * (most + 1) + "}") == "QUERY_LARGE"
    assert code_of("{" + one.replace("1000", "1") * (most + 1) + "}") == ""


def test_tools_can_read_the_schema() -> None:
    assert code_of(get_introspection_query()) == ""
    assert schema().execute_sync(get_introspection_query()).errors is None


def test_the_operation_that_is_meant_is_named_where_there_are_several() -> None:
    two = 'query A { me { user } } mutation B { pauseUser(id: "a") { id } }'
    assert code_of(two) == "OPERATION_NAME_WRONG"
    assert code_of(two, "C") == "OPERATION_NAME_WRONG"
    asked = asked_of(two, {}, "B")
    assert (asked.kind, asked.roots) == (OperationType.MUTATION, ("pauseUser",))
    assert code_of("subscription { a }") == "QUERY_SUBSCRIBES"
    assert code_of("type A { b: Int }") == "OPERATION_NAME_WRONG"


def test_what_lowers_exposure_is_known_by_its_operation() -> None:
    assert {"pauseStrategy", "closePosition", "pauseExchangeAccount", "pauseUser"} == LOWERING
    assert set(COMMANDS) > LOWERING


def test_an_error_has_code_and_status_of_the_problem_document() -> None:
    refusal = Refusal("ROLE_FORBIDS: by=ann", "the role viewer does not allow it", Ground.PERMISSION)
    assert shown_error(GraphQLError("x", original_error=refusal, path=["users"])) == {
        "message": "the role viewer does not allow it",
        "extensions": {"code": "ROLE_FORBIDS: by=ann", "status": 403},
        "path": ["users"],
    }
    bug = problem_behind(GraphQLError("secret details", original_error=KeyError("secret details")))
    assert (bug.status, bug.code) == (500, "SERVER_FAILED")
    assert "secret" not in bug.detail


class Wanted(BaseModel):
    secret: str = Field(max_length=3)


def test_a_wrong_value_is_named_by_its_field_and_not_shown() -> None:
    with pytest.raises(ValidationError) as raised:
        Wanted(secret="hush hush")
    problem = problem_behind(GraphQLError("x", original_error=raised.value))
    assert (problem.status, problem.code) == (422, "FIELD_WRONG: field=secret")
    assert "hush" not in problem.detail
