"""Takes the server's connections, also from clients that vanish in the very moment in which they dial or ask.

What is no HTTP is refused in the wire's own form, and not logged: only the client can do anything about it.
"""

import asyncio
from typing import Any, Final

import msgspec
from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError, LineTooLong
from aiohttp.web_protocol import RequestHandler, RequestPayloadError

from fairway.exchange.answers import ExchangeRefusal
from fairway.exchange.wire import errors

JSON: Final = "application/json;charset=UTF-8"
_CLIENTS_MISTAKES: Final = (HttpProcessingError, RequestPayloadError)


class Acceptor(web.Server):
    """aiohttp's server without an access log, whose connections are of the kind below."""

    def __call__(self) -> RequestHandler:
        return _Connection(self, loop=asyncio.get_running_loop(), access_log=None)  # type: ignore[arg-type]  # as aiohttp itself says it


class _Connection(RequestHandler):
    """aiohttp 3.14 empties its fields when a connection is lost, and its task, if it was just about to begin a request, trips
    over that: a TypeError or AssertionError that no operator can act on. Here that task is stopped instead. A request
    that has begun is carried out to its end, and its errors are told.
    """

    __slots__ = ()

    def connection_lost(self, exc: BaseException | None) -> None:
        idle = None if self._request_in_progress else self._task_handler
        super().connection_lost(exc)
        if idle is not None:
            idle.cancel()

    def handle_error(
        self, request: web.BaseRequest, status: int = 500, exc: BaseException | None = None, message: str | None = None
    ) -> web.StreamResponse:
        if not isinstance(exc, _CLIENTS_MISTAKES):
            return super().handle_error(request, status, exc, message)
        answer = refused(errors.TOO_LONG if isinstance(exc, LineTooLong) else errors.UNREADABLE)
        answer.force_close()
        return answer

    def log_exception(self, *args: Any, **kw: Any) -> None:
        if not isinstance(kw.get("exc_info"), _CLIENTS_MISTAKES):
            super().log_exception(*args, **kw)


def refused(refusal: ExchangeRefusal) -> web.Response:
    """The answer to a request that never came to the session."""
    body = msgspec.json.encode({"code": refusal.code, "msg": refusal.message})
    return web.Response(status=refusal.status, body=body, headers={"Content-Type": JSON})
