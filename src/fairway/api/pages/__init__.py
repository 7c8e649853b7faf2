"""The page at the server's address: sign in, see what is held and how the launch stands, and stop it."""

from importlib.resources import files
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

router: Final = APIRouter(include_in_schema=False)
_TYPES: Final = {"start.html": "text/html; charset=utf-8", "start.js": "text/javascript; charset=utf-8", "start.css": "text/css"}


def _file(name: str) -> Response:
    return Response((files(__name__) / name).read_bytes(), media_type=_TYPES[name])


@router.get("/")
def start() -> Response:
    """The page itself."""
    return _file("start.html")


@router.get("/start.js")
def script() -> Response:
    """What it does."""
    return _file("start.js")


@router.get("/start.css")
def style() -> Response:
    """How it looks."""
    return _file("start.css")
