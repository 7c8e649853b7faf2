"""The HTTP API keeps its own description: schemathesis asks every path what its schema allows, and what it does not."""

from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, given, settings
from schemathesis.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)
from schemathesis.core.failures import FailureGroup
from schemathesis.core.result import Ok
from tests.clients.servers import RunningServer, serving
from tests.prove.size import IS_WHOLE

EXAMPLES = 200 if IS_WHOLE else 4


def no_mistake_of_the_server(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """A 503 that is described says that a part of the system is not well; a 500 is a bug."""
    assert response.status_code != 500, f"{case.method} {case.path} answers 500: {response.text[:500]}"


CHECKS = [
    no_mistake_of_the_server,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
    response_headers_conformance,
]
STREAM = "/api/v1/events"
"""It goes on for ever; test_api_access.py reads it."""


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    with serving(tmp_path_factory.mktemp("schema")) as running:
        yield running


@pytest.fixture(scope="module")
def headers(server: RunningServer) -> dict[str, str]:
    """A token that nobody revokes: paths that end sign-ins and tokens are asked too."""
    issued = server.client("ada").post("/api/v1/tokens", {"name": "schema", "scope": "manage"})[1]
    return {"Authorization": f"Bearer {issued['text']}"}


def operations(server: RunningServer) -> Iterator[schemathesis.APIOperation[Any, Any, Any, Any]]:
    described = schemathesis.openapi.from_url(f"{server.url}/openapi.json").exclude(path=STREAM)
    for found in described.get_all_operations():
        assert isinstance(found, Ok), found
        yield found.ok()


def problems_of(operation: schemathesis.APIOperation[Any, Any, Any, Any], headers: dict[str, str]) -> list[str]:
    """What the first case found wrong, that schemathesis could not make smaller; none where all is right."""

    @given(case=operation.as_strategy())
    @settings(max_examples=EXAMPLES, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True, database=None)
    def ask(case: schemathesis.Case[Any]) -> None:
        case.call_and_validate(headers=headers, checks=CHECKS, timeout=60)

    try:
        ask()
    except (FailureGroup, BaseExceptionGroup, AssertionError) as error:
        return [f"{operation.label}: {error}"]
    return []


def test_every_answer_is_one_that_is_described(server: RunningServer, headers: dict[str, str]) -> None:
    """No 500, no status, type or body that the description does not have."""
    asked, found = 0, list[str]()
    for operation in operations(server):
        asked += 1
        found += problems_of(operation, headers)
    assert not found, "\n\n".join(found)
    print(f"{asked} operations, {EXAMPLES} cases each")
