"""Takes the server's connections, also from clients that vanish in the very moment in which they dial or ask."""

import asyncio

from aiohttp import web
from aiohttp.web_protocol import RequestHandler


class Acceptor(web.Server):
    """aiohttp's server without an access log, whose connections are of the kind below."""

    def __call__(self) -> RequestHandler:
        return _Connection(self, loop=asyncio.get_running_loop(), access_log=None)  # type: ignore[arg-type]  # as aiohttp itself says it


class _Connection(RequestHandler):
    """aiohttp 3.14 empties its fields when a connection is lost, and its task, if it was just about to begin a request, trips
    over that: a TypeError or AssertionError that nobody can do anything about. Here that task is stopped instead. A request
    that has begun is carried out to its end, and its errors are told.
    """

    __slots__ = ()

    def connection_lost(self, exc: BaseException | None) -> None:
        idle = None if self._request_in_progress else self._task_handler
        super().connection_lost(exc)
        if idle is not None:
            idle.cancel()
