"""What stands before every page: a sign-in, the own origin, and a policy that lets no script in but the panel's own."""

from collections.abc import Callable
from typing import Final
from urllib.parse import quote

from nicegui import __version__ as nicegui_version
from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fairway.api.authentication import Caller
from fairway.api.context import COOKIE, ServerContext, address_of, check_same_origin
from fairway.api.problems import HttpProblem
from fairway.api.threads import short
from fairway.people.secret import Secret
from fairway.people.token import TokenKind

MOUNT: Final = "/panel"
SIGN_IN: Final = "/"
OPEN: Final = (f"{MOUNT}/_nicegui/", f"{MOUNT}/assets/")
"""Files that are the same for everybody: libraries, styles and scripts."""
_KEPT_A_YEAR: Final = "private, max-age=31536000, immutable"
_SESSION: Final = frozenset({TokenKind.SESSION})


class SignedInOnly:
    """Middleware: a page and its stream are for who has a session's cookie, and come from this server's own pages."""

    def __init__(self, app: ASGIApp, context: ServerContext) -> None:
        self._app, self._context = app, context

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan" or scope["path"].startswith(OPEN):
            await self._app(scope, receive, send)
            return
        connection = HTTPConnection(scope)
        try:
            scope.setdefault("state", {})["caller"] = await self._caller(connection)
        except HttpProblem as problem:
            await _turned_away(connection, problem, scope, receive, send)
            return
        await self._app(scope, receive, send)

    async def _caller(self, connection: HTTPConnection) -> Caller:
        """Raises HttpProblem."""
        session = connection.cookies.get(COOKIE)
        if not session:
            raise HttpProblem(401, "SIGN_IN_MISSING", "this page needs a sign-in")
        check_same_origin(connection)
        return await short(self._context.authenticator.by_token, Secret(session), address_of(connection), kinds=_SESSION)


async def _turned_away(connection: HTTPConnection, problem: HttpProblem, scope: Scope, receive: Receive, send: Send) -> None:
    if scope["type"] == "websocket":
        await send({"type": "websocket.close", "code": 1008, "reason": problem.code})
        return
    query = f"?{connection.url.query}" if connection.url.query else ""
    place = quote(f"{connection.url.path}{query}", safe="/")
    await RedirectResponse(f"{SIGN_IN}?next={place}", status_code=303)(scope, receive, send)


class OwnScriptsOnly:
    """Middleware: each page's own scripts carry a number that is new with each answer, and a browser runs no other."""

    def __init__(self, app: ASGIApp, fresh: Callable[[], str]) -> None:
        self._app, self._fresh = app, fresh

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        nonce, start = self._fresh(), None

        async def marked(message: Message) -> None:
            nonlocal start
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                if f"/_nicegui/{nicegui_version}/" in scope["path"] and message["status"] == 200:
                    headers["Cache-Control"] = _KEPT_A_YEAR
                if headers.get("content-type", "").startswith("text/html"):
                    headers["Content-Security-Policy"] = policy(nonce)
                    start = message
                    return
            if start is None:
                await send(message)
                return
            body = message.get("body", b"").replace(b"<script", f'<script nonce="{nonce}"'.encode())
            MutableHeaders(scope=start)["Content-Length"] = str(len(body))
            await send(start)
            await send({**message, "body": body})
            start = None

        await self._app(scope, receive, marked)


def policy(nonce: str) -> str:
    """The Content-Security-Policy of a page. Vue compiles templates, which a browser counts as `eval`."""
    return (
        f"default-src 'self'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data: blob:; connect-src 'self'; object-src 'none'; frame-ancestors 'none'; base-uri 'none'; "
        "form-action 'self'"
    )
