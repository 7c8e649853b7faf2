"""What stands before every path: which machines may ask, and what browsers are told about our answers."""

from collections.abc import Sequence
from typing import Any, Final, cast

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from fairway.api.problems import HttpProblem, response_of

HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Content-Security-Policy": (
        "default-src 'self'; img-src 'self' data:; frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
    ),
}
VIEWER: Final = "/docs"
VIEWER_POLICY: Final = (
    "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'"
)
"""Of the viewer of our OpenAPI document, whose page begins with a script of its own and shows nothing else."""


class SafeHeaders:
    """Middleware: no answer is kept, framed, or taken for another type."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if scope["path"] == VIEWER:
                    headers["Content-Security-Policy"] = VIEWER_POLICY
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers if scope["type"] == "http" else send)


def behind(app: ASGIApp, proxies: Sequence[str]) -> ASGIApp:
    """The application as it is served: with proxies stated, only these may connect, and what they say of a client is believed."""
    if not proxies:
        return app
    believing = ProxyHeadersMiddleware(cast(Any, app), trusted_hosts=list(proxies))  # uvicorn's types are its own, and the same
    return _OnlyFrom(cast(ASGIApp, believing), frozenset(proxies))


class _OnlyFrom:
    def __init__(self, app: ASGIApp, proxies: frozenset[str]) -> None:
        self._app, self._proxies = app, proxies

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        client = scope.get("client")
        if scope["type"] == "lifespan" or (client is not None and client[0] in self._proxies):
            await self._app(scope, receive, send)
        elif scope["type"] == "http":
            problem = HttpProblem(
                403, "PROXY_MISSING", "this server answers its stated proxies only; connect through one of them"
            )
            await response_of(problem, scope["path"])(scope, receive, send)
        else:
            await send({"type": "websocket.close", "code": 1008})
