"""Bounds what a client may send: the size of a body, and the time that it takes."""

import asyncio
from typing import Final

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fairway.api.problems import HttpProblem, response_of

BYTES_MAX: Final = 1 << 20
UPLOAD_BYTES_MAX: Final = 10 << 20
UPLOADS: Final = "/api/v1/launch/evidence"
"""Under this path a file may be sent."""
WITHIN_S: Final = 10.0
"""A body that has not arrived by then is not waited for."""


class BoundedBodies:
    """Middleware. It reads a body whole before anything is asked, so that a slow client holds no worker."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS"):
            await self._app(scope, receive, send)
            return
        most = UPLOAD_BYTES_MAX if scope["path"].startswith(UPLOADS) else BYTES_MAX
        try:
            async with asyncio.timeout(WITHIN_S):
                body = await _read(scope, receive, most)
        except TimeoutError:
            what = f"the body did not arrive within {WITHIN_S:g} s"
            await _refuse(HttpProblem(408, "BODY_SLOW", what), scope, receive, send)
            return
        except _TooLarge:
            what = f"the body has more than {most} bytes"
            await _refuse(HttpProblem(413, "BODY_LARGE", what), scope, receive, send)
            return
        if body is not None:
            await self._app(scope, _again(body, receive), send)


class _TooLarge(Exception):
    pass


async def _read(scope: Scope, receive: Receive, most: int) -> bytes | None:
    """None where the client has gone."""
    declared = dict(scope["headers"]).get(b"content-length", b"0")
    if not declared.isdigit() or int(declared) > most:
        raise _TooLarge
    chunks, size, is_more = list[bytes](), 0, True
    while is_more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return None
        chunk = message.get("body", b"")
        chunks.append(chunk)
        size += len(chunk)
        if size > most:
            raise _TooLarge
        is_more = message.get("more_body", False)
    return b"".join(chunks)


def _again(body: bytes, receive: Receive) -> Receive:
    """What was read, once; then whatever comes, which is the client's going."""
    is_read = False

    async def again() -> Message:
        nonlocal is_read
        if is_read:
            return await receive()
        is_read = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


async def _refuse(problem: HttpProblem, scope: Scope, receive: Receive, send: Send) -> None:
    problem.headers["Connection"] = "close"
    await response_of(problem, scope["path"])(scope, receive, send)
