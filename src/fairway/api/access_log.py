"""Journals who asked for what: each use by somebody who signed in, and each refusal, before the answer goes out."""

from dataclasses import dataclass, field
from typing import Final

from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from fairway.api.authentication import Caller
from fairway.api.context import SAFE, ServerContext, address_of
from fairway.api.problems import HttpProblem, response_of
from fairway.api.request_limit import RequestLimit
from fairway.api.server_events import RequestDenied, RequestServed, ServerEvent
from fairway.api.threads import short
from fairway.journal.port import JournalError

PATH_MAX: Final = 200
REFUSALS_A_MINUTE: Final = 30
"""Refusals of one sign-in or address that are journaled one by one; the others are counted, so that a flood fills no disk."""
READS_A_MINUTE: Final = 1
"""Reads of one path by one sign-in that are journaled one by one; a page that asks each second writes one record a minute."""
UNWRITTEN_MAX: Final = 10_000
"""Whose requests are counted; the oldest go first."""
REFUSED: Final = frozenset({401, 403, 429})


@dataclass(slots=True)
class Sampled:
    """Which of many alike are written, and how many were not. Instants in ns of a monotonic clock."""

    limit: RequestLimit
    unwritten: dict[str, int] = field(default_factory=dict)

    def more(self, of: str, now: int) -> int | None:
        """How many were not written since the last one that was; None where this one is not written either."""
        if self.limit.wait_s(of, now):
            self.unwritten[of] = self.unwritten.get(of, 0) + 1
            while len(self.unwritten) > UNWRITTEN_MAX:
                del self.unwritten[next(iter(self.unwritten))]
            return None
        return self.unwritten.pop(of, 0)


class AccessLog:
    """Middleware. A use that cannot be written down is not served, but for what lowers exposure."""

    def __init__(self, app: ASGIApp, context: ServerContext) -> None:
        self._app, self._context = app, context
        self._refusals, self._reads = Sampled(RequestLimit(REFUSALS_A_MINUTE)), Sampled(RequestLimit(READS_A_MINUTE))

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope.setdefault("state", {})

        async def watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                try:
                    await self._written(HTTPConnection(scope), message["status"])
                except JournalError as error:
                    if not scope["state"].get("lowers"):
                        raise _Unwritten(str(error)) from error
            await send(message)

        try:
            await self._app(scope, receive, watched)
        except _Unwritten as error:
            await response_of(HttpProblem(503, "JOURNAL_UNWRITABLE", str(error)), scope["path"])(scope, receive, send)

    async def _written(self, connection: HTTPConnection, status: int) -> None:
        event = self._event(connection, status)
        if event is not None:
            caller: Caller | None = getattr(connection.state, "caller", None)
            by = caller.actor.name if caller is not None else ""
            await short(self._context.journal.record, event, by=by)

    def _event(self, connection: HTTPConnection, status: int) -> ServerEvent | None:
        """None for what is not written: a look without a sign-in, and what is only counted."""
        caller: Caller | None = getattr(connection.state, "caller", None)
        status = getattr(connection.state, "refused", status)  # an answer of GraphQL may tell of a refusal and of what was done
        path = getattr(connection.state, "asked", connection.url.path)[:PATH_MAX]
        more = self._more(connection, caller, path, status)
        if more is None:
            return None
        method, address = connection.scope["method"], address_of(connection)
        token = caller.token_id if caller is not None else ""
        if status in REFUSED:
            code = getattr(connection.state, "code", "")
            return RequestDenied(method=method, path=path, status=status, code=code, address=address, token=token, more=more)
        return RequestServed(method=method, path=path, status=status, address=address, token=token, more=more)

    def _more(self, connection: HTTPConnection, caller: Caller | None, path: str, status: int) -> int | None:
        """How many alike were not written since the last one that was; None where this one is not written either."""
        now = self._context.clock.monotonic()
        if status in REFUSED:
            return self._refusals.more(caller.asker if caller is not None else address_of(connection), now)
        if caller is None:
            return None
        return self._reads.more(f"{caller.asker} {path}", now) if connection.scope["method"] in SAFE else 0


class _Unwritten(Exception):
    """The answer was not begun, because its record could not be written."""
