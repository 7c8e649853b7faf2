"""The schema, and one document executed in it."""

from functools import cache
from typing import Any, Final

import strawberry
from graphql import GraphQLError

from fairway.api.graphql.asking import GraphQLAsking
from fairway.api.graphql.bounds import AskedOperation, checked, parsed
from fairway.api.graphql.errors import log_bugs, shown_error
from fairway.api.graphql.mutations import Mutation
from fairway.api.graphql.queries import Query

DESCRIPTION: Final = "Fairway. Amounts, prices and shares are texts, exact to the last digit; instants are texts in UTC."


class QuietSchema(strawberry.Schema):
    """It logs mistakes of Fairway alone, and never a query: a query may hold a secret."""

    def process_errors(self, errors: list[GraphQLError], execution_context: Any = None) -> None:
        log_bugs(errors)


@cache
def schema() -> QuietSchema:
    """Made once."""
    return QuietSchema(query=Query, mutation=Mutation)


def asked_of(query: str, variables: dict[str, Any], operation: str) -> AskedOperation:
    """What a document asks for. It blocks for milliseconds. Raises HttpProblem where it asks for too much, or is none."""
    return checked(parsed(query), operation, variables, schema()._schema)


def executed(query: str, variables: dict[str, Any], operation: str, asking: GraphQLAsking) -> dict[str, Any]:
    """The answer to a document that is within bounds. It blocks until all of its fields are known."""
    result = schema().execute_sync(query, variable_values=variables, context_value=asking, operation_name=operation or None)
    errors = [shown_error(each) for each in result.errors or ()]
    is_executed = result.data is not None or any("path" in each for each in errors)
    return {**({"data": result.data} if is_executed else {}), **({"errors": errors} if errors else {})}
