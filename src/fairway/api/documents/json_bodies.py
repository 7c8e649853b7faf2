"""Takes a JSON body as the documents' curl lines send it: `curl -d` names a web form where the caller names no type."""

from collections.abc import Callable, Coroutine
from typing import Any, Final

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.datastructures import Headers, MutableHeaders

FORM: Final = "application/x-www-form-urlencoded"
JSON: Final = "application/json"


class JsonBodyRoute(APIRoute):
    """A path that reads every body as JSON. What a cookie allows is checked by origin, so a foreign form gains nothing by it."""

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        handle = super().get_route_handler()

        async def handle_json(request: Request) -> Response:
            return await handle(_as_json(request))

        return handle_json


def _as_json(request: Request) -> Request:
    kind = request.headers.get("content-type", FORM).partition(";")[0].strip().lower()
    if kind != FORM:
        return request
    headers = MutableHeaders(raw=list(Headers(scope=request.scope).raw))
    headers["content-type"] = JSON
    # The scope is changed in place: who asks is kept in its state, and the access log reads it there.
    request.scope["headers"] = headers.raw
    return Request(request.scope, request.receive)
