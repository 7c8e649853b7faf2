"""How requests of the planning documents are read: which answer `/metrics` gives, and a body that curl calls a form."""

import asyncio
from typing import Any

import pytest
from fastapi import APIRouter, FastAPI
from pydantic import BaseModel

from fairway.api.documents.json_bodies import JsonBodyRoute
from fairway.api.documents.metrics import asks_for_prometheus
from fairway.api.documents.routers import DOCUMENT_ROUTERS

PROMETHEUS = "application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5,*/*;q=0.1"


@pytest.mark.parametrize("accept", [PROMETHEUS, "text/plain; version=0.0.4", "text/plain;version=1.0.0;escaping=values;q=0.4"])
def test_a_prometheus_is_known_by_the_version_that_it_asks_for(accept: str) -> None:
    assert asks_for_prometheus(accept)


@pytest.mark.parametrize("accept", ["", "*/*", "application/json", "text/plain", "text/html,application/xhtml+xml,*/*;q=0.8"])
def test_all_others_get_json(accept: str) -> None:
    assert not asks_for_prometheus(accept)


class Said(BaseModel):
    reason: str


def answered(content_type: str | None, body: bytes) -> tuple[int, bytes]:
    """What a path with a JSON body answers."""
    router = APIRouter(route_class=JsonBodyRoute)

    @router.post("/say")
    def say(body: Said) -> Said:
        return body

    app = FastAPI()
    app.include_router(router)
    sent = list[dict[str, Any]]()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": body, "more_body": False}

    async def send(message: Any) -> None:
        sent.append(message)

    headers = [(b"content-type", content_type.encode())] if content_type is not None else []
    scope = {"type": "http", "method": "POST", "path": "/say", "query_string": b"", "headers": headers, "http_version": "1.1"}
    asyncio.run(app(scope, receive, send))
    return sent[0]["status"], b"".join(each.get("body", b"") for each in sent)


@pytest.mark.parametrize("kind", [None, "application/x-www-form-urlencoded", "application/json; charset=utf-8"])
def test_a_json_body_is_read_whatever_curl_calls_it(kind: str | None) -> None:
    assert answered(kind, b'{"reason":"so"}') == (200, b'{"reason":"so"}')


@pytest.mark.parametrize(("kind", "body"), [("text/plain", b'{"reason":"so"}'), (None, b"reason=so")])
def test_what_is_no_json_is_refused(kind: str | None, body: bytes) -> None:
    assert answered(kind, body)[0] == 422


def test_each_path_of_the_documents_has_a_description_and_a_name_of_its_own() -> None:
    app = FastAPI(generate_unique_id_function=lambda route: route.name)
    for router in DOCUMENT_ROUTERS:
        app.include_router(router)
    described = [each for path in app.openapi()["paths"].values() for each in path.values()]
    assert len(described) == 30
    assert all(each["description"] and each["operationId"].startswith("documents_") for each in described)
    assert len({each["operationId"] for each in described}) == len(described)
