"""The description of all paths, OpenAPI 3.1: what FastAPI finds out by itself, and the form of our problem documents."""

from typing import Any

from fastapi import FastAPI
from pydantic import TypeAdapter

from fairway.api.problems import MEDIA_TYPE, REFERENCE, ProblemDocument


def describe(app: FastAPI) -> None:
    """Makes the application's description whole. It is made once, at the first question."""
    generated = app.openapi

    def openapi() -> dict[str, Any]:
        if app.openapi_schema is None:
            _complete(generated())
        assert app.openapi_schema is not None
        return app.openapi_schema

    app.openapi = openapi  # type: ignore[method-assign]


def _complete(schema: dict[str, Any]) -> None:
    """Adds the problem document, and takes out FastAPI's own form of a validation error, which nobody is sent."""
    schemas = schema.setdefault("components", {}).setdefault("schemas", {})
    problem = TypeAdapter(ProblemDocument).json_schema(ref_template="#/components/schemas/{model}")
    schemas.update(problem.pop("$defs"))
    schemas[REFERENCE.rpartition("/")[2]] = problem
    for unused in ("HTTPValidationError", "ValidationError"):
        schemas.pop(unused, None)
    for operations in schema["paths"].values():
        for operation in operations.values():
            _replace_validation(operation["responses"])


def _replace_validation(responses: dict[str, Any]) -> None:
    found = responses.get("422", {}).get("content", {})
    if "application/json" in found:
        responses["422"] = {"description": "Unprocessable Content", "content": {MEDIA_TYPE: {"schema": {"$ref": REFERENCE}}}}
