"""What the paths of the server share, and how a request is tied to a person."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Final

from fastapi import Depends, Query, Request, WebSocket
from fastapi.security import APIKeyCookie, HTTPAuthorizationCredentials, HTTPBasic, HTTPBasicCredentials, HTTPBearer
from starlette.requests import HTTPConnection

from fairway.api.authentication import CHALLENGE, Authenticator, Caller
from fairway.api.health import SystemHealth
from fairway.api.problems import HttpProblem
from fairway.api.request_limit import RequestLimit
from fairway.api.server_journal import ServerJournal
from fairway.api.shared_answer import SharedAnswer
from fairway.api.status_files import StatusFiles
from fairway.api.threads import hashing, short
from fairway.operations.people.registry_place import RegistryPlace
from fairway.people.secret import Secret
from fairway.people.token import TokenKind
from fairway.settings import Settings
from fairway.settings.server import ServerSettings
from fairway.world.clock import Clock

if TYPE_CHECKING:
    from fairway.api.events.tail import Tails

COOKIE: Final = "fairway_session"
SAFE: Final = frozenset({"GET", "HEAD", "OPTIONS"})
ACCESS: Final = frozenset({TokenKind.SESSION, TokenKind.ACCESS, TokenKind.API})
"""Kinds of tokens that a request may show; a refresh token is good for a new access token only."""

BEARER: Final = HTTPBearer(auto_error=False, description="An access token of /api/v1/token/login, or an API token")
BASIC: Final = HTTPBasic(auto_error=False, description="User and password with each request")
SESSION: Final = APIKeyCookie(name=COOKIE, auto_error=False, description="The cookie of a browser's sign-in")


@dataclass(frozen=True, slots=True)
class ServerContext:
    """One server's parts. config: the file as it was named, for operations."""

    config: Path
    settings: Settings
    server: ServerSettings
    place: RegistryPlace
    journal: ServerJournal
    authenticator: Authenticator
    limit: RequestLimit
    tails: "Tails"
    health: SharedAnswer[SystemHealth]
    status_files: SharedAnswer[StatusFiles]
    clock: Clock


def context_of(connection: HTTPConnection) -> ServerContext:
    """The parts of the server that got this request."""
    found = connection.app.state.context
    assert isinstance(found, ServerContext)
    return found


Context = Annotated[ServerContext, Depends(context_of)]


def address_of(connection: HTTPConnection) -> str:
    """The client's address; "" where the server was not told."""
    return connection.client.host if connection.client is not None else ""


async def proven(
    request: Request,
    context: Context,
    bearer: Annotated[HTTPAuthorizationCredentials | None, Depends(BEARER)],
    basic: Annotated[HTTPBasicCredentials | None, Depends(BASIC)],
    session: Annotated[str | None, Depends(SESSION)],
) -> Caller:
    """Who asks, by what came with the request. Raises HttpProblem."""
    address, prove = address_of(request), context.authenticator
    if bearer is not None:
        caller = await short(prove.by_token, Secret(bearer.credentials), address, kinds=ACCESS)
    elif basic is not None:
        caller = await hashing(prove.by_password, basic.username, Secret(basic.password), address)
    elif session:
        check_same_origin(request)
        caller = await short(prove.by_token, Secret(session), address, kinds=frozenset({TokenKind.SESSION}))
    else:
        what = "this needs a sign-in: a token, a session's cookie, or user and password"
        raise HttpProblem(401, "SIGN_IN_MISSING", what, headers=CHALLENGE)
    request.state.caller = caller
    return caller


Uncounted = Annotated[Caller, Depends(proven)]
"""For a path that finds out by itself whether what is asked counts: see `count_request`."""


async def counted(caller: Uncounted, context: Context) -> Caller:
    """The same, counted against the caller's limit of requests. Raises HttpProblem."""
    count_request(caller, context)
    return caller


async def uncounted_and_unstopped(caller: Uncounted, request: Request) -> Caller:
    """The same, for what lowers exposure: no limit of requests and no full disk stands in its way. Raises HttpProblem."""
    request.state.lowers = True
    return caller


Asking = Annotated[Caller, Depends(counted)]
Lowering = Annotated[Caller, Depends(uncounted_and_unstopped)]


def count_request(caller: Caller, context: ServerContext) -> None:
    """Counts a request against the caller's limit. Raises HttpProblem."""
    wait_s = context.limit.wait_s(caller.asker, context.clock.monotonic())
    if wait_s:
        what = f"more than {context.limit.most} requests in a minute; the next one is served in {wait_s} s"
        raise HttpProblem(429, "REQUESTS_TOO_MANY", what, headers={"Retry-After": str(wait_s)})


async def caller_of_websocket(
    websocket: WebSocket, token: Annotated[str | None, Query(max_length=200)] = None
) -> Caller | HttpProblem:
    """Who connects: by the header Authorization, by a token in the address, or by a session's cookie; else the problem.

    A browser cannot send headers with a WebSocket, and a refusal before it is accepted says nothing of why.
    """
    context = context_of(websocket)
    header, session = websocket.headers.get("authorization", ""), websocket.cookies.get(COOKIE)
    text = header.removeprefix("Bearer ") if header.startswith("Bearer ") else token
    try:
        if text:
            return await short(context.authenticator.by_token, Secret(text), address_of(websocket), kinds=ACCESS)
        if session:
            check_same_origin(websocket)
            kinds = frozenset({TokenKind.SESSION})
            return await short(context.authenticator.by_token, Secret(session), address_of(websocket), kinds=kinds)
    except HttpProblem as problem:
        return problem
    return HttpProblem(401, "SIGN_IN_MISSING", "this needs a sign-in: a token or a session's cookie")


def check_same_origin(request: HTTPConnection) -> None:
    """A cookie goes with every request that a browser makes: one that changes something must come from our own pages.

    Raises HttpProblem.
    """
    if request.scope.get("method") in SAFE:
        return
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    own = f"{'https' if request.url.scheme in ('https', 'wss') else 'http'}://{request.headers.get('host', '')}"
    if site == "same-origin" or (site is None and origin == own):
        return
    what = "a session's cookie is taken from this server's own pages only; a program shows a token instead"
    raise HttpProblem(403, "ORIGIN_FOREIGN", what)
