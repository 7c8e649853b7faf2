"""The page at the server's address: signs in, lets a password be chosen, and leads to the panel. Plain HTML without a stream."""

from contextlib import suppress
from importlib.resources import files
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from fairway.api.context import COOKIE, Context, address_of
from fairway.api.problems import HttpProblem
from fairway.people.secret import Secret
from fairway.people.token import TokenKind

router: Final = APIRouter(include_in_schema=False)
_TYPES: Final = {
    "sign_in.html": "text/html; charset=utf-8",
    "sign_in.js": "text/javascript; charset=utf-8",
    "sign_in.css": "text/css",
}


def _file(name: str) -> Response:
    return Response((files(__name__) / name).read_bytes(), media_type=_TYPES[name])


@router.get("/")
def page(request: Request, context: Context, set_password: bool = False) -> Response:
    """The page itself; who is signed in already goes on to the panel."""
    session = request.cookies.get(COOKIE)
    if session and not set_password:
        with suppress(HttpProblem):
            context.authenticator.by_token(Secret(session), address_of(request), kinds=frozenset({TokenKind.SESSION}))
            return RedirectResponse("/panel/", status_code=303)
    return _file("sign_in.html")


@router.get("/sign_in.js")
def script() -> Response:
    """What it does."""
    return _file("sign_in.js")


@router.get("/sign_in.css")
def style() -> Response:
    """How it looks."""
    return _file("sign_in.css")
