"""The paths of events: Server-Sent Events for programs and browsers, and a WebSocket."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Annotated, Any, Final

from fastapi import APIRouter, Depends, Header, Query, WebSocket, WebSocketDisconnect
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from fairway.api.authentication import Caller
from fairway.api.context import Asking, Context, ServerContext, caller_of_websocket
from fairway.api.events.event_reader import SEND_WITHIN_S, EventReader
from fairway.api.events.tail import JournalEvent
from fairway.api.problems import MEDIA_TYPE, HttpProblem, documented, problem_of
from fairway.api.views.journal import SEQ_MAX
from fairway.operations.trader.read_journal import JournalName

router: Final = APIRouter(prefix="/api/v1", tags=["events"])
After = Annotated[int | None, Query(ge=0, le=SEQ_MAX, description="Go on after this number; from now on where it is left out")]
HEARTBEAT: Final = b": \n\n"
_STREAM: Final[dict[int | str, dict[str, Any]]] = {
    200: {
        "description": "Events as they happen: `id` is the number in the journal, `event` the kind, `data` the record as JSON",
        "content": {"text/event-stream": {"schema": {"type": "string"}}},
    },
    **documented(401, 403, 409, 422, 429, 503),
}


class EventStream(Response):
    """Sends events until the client goes, the sign-in ends, or the client takes too long."""

    def __init__(self, subscription: EventReader, seq: int) -> None:
        self._subscription, self._seq = subscription, seq
        self.status_code, self.background = 200, None
        self.raw_headers = [(b"content-type", b"text/event-stream; charset=utf-8"), (b"x-accel-buffering", b"no")]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        sending = asyncio.create_task(self._send_all(send), name="event stream")
        try:
            await _until_over(sending, receive)
        finally:
            self._subscription.end()

    async def _send_all(self, send: Send) -> None:
        await send({"type": "http.response.start", "status": self.status_code, "headers": self.raw_headers})
        await _within(send, HEARTBEAT)
        async for batch in self._subscription.batches(self._seq):
            await _within(send, HEARTBEAT if batch is None else b"".join(map(_framed, batch)))
        await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _within(send: Send, body: bytes) -> None:
    """Raises TimeoutError for a client that does not read."""
    async with asyncio.timeout(SEND_WITHIN_S):
        await send({"type": "http.response.body", "body": body, "more_body": True})


def _framed(event: JournalEvent) -> bytes:
    return b"id: %d\nevent: %s\ndata: %s\n\n" % (event.seq, event.kind.encode(), event.json)


@router.get("/events", responses=_STREAM, response_class=Response)
async def events(
    caller: Asking,
    context: Context,
    journal: JournalName = JournalName.TRADER,
    after: After = None,
    last_event_id: Annotated[
        str | None, Header(pattern=r"^\d{1,18}$", description="As browsers send it when they reconnect")
    ] = None,
) -> Response:
    """Events of a journal by Server-Sent Events, from a number on: none is lost between two connections."""
    subscription = EventReader(context.tails.by_journal[journal], caller, context.authenticator)
    last = int(last_event_id) if last_event_id else after
    return EventStream(subscription, await subscription.begin(last))


@router.websocket("/events/ws")
async def events_by_websocket(
    websocket: WebSocket,
    caller: Annotated[Caller | HttpProblem, Depends(caller_of_websocket)],
    journal: JournalName = JournalName.TRADER,
    after: After = None,
) -> None:
    """The same by WebSocket, a record in each message. A problem is one message, and the connection ends."""
    await websocket.accept()
    context: ServerContext = websocket.app.state.context
    if isinstance(caller, HttpProblem):
        await _close(websocket, caller)
        return
    subscription = EventReader(context.tails.by_journal[journal], caller, context.authenticator)
    try:
        seq = await subscription.begin(after)
    except Exception as error:
        problem = problem_of(error)
        if problem is None:
            raise
        await _close(websocket, problem)
        return
    try:
        await _converse(websocket, subscription, seq)
    finally:
        subscription.end()


async def _converse(websocket: WebSocket, subscription: EventReader, seq: int) -> None:
    """Sends until either side ends it; what the client says is not listened to."""

    async def send_all() -> None:
        async for batch in subscription.batches(seq):
            await _send(websocket, batch or ())
        await websocket.close(1001)

    await _until_over(asyncio.create_task(send_all(), name="event socket"), websocket.receive)


async def _until_over(sending: asyncio.Task[None], receive: Callable[[], Awaitable[Message]]) -> None:
    """Until all is sent, the client goes, or takes too long. A client that took too long resumes from its last number."""

    async def gone() -> None:
        while (await receive())["type"] not in ("http.disconnect", "websocket.disconnect"):
            pass

    going = asyncio.create_task(gone(), name="client")
    try:
        await asyncio.wait((sending, going), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (sending, going):
            task.cancel()
        ended = await asyncio.gather(sending, going, return_exceptions=True)
    for error in ended:
        if isinstance(error, Exception) and not isinstance(error, TimeoutError | WebSocketDisconnect | OSError):
            raise error


async def _send(websocket: WebSocket, batch: Sequence[JournalEvent]) -> None:
    async with asyncio.timeout(SEND_WITHIN_S):
        for event in batch:
            await websocket.send_text(event.json.decode())


async def _close(websocket: WebSocket, problem: HttpProblem) -> None:
    document = {"type": "about:blank", "status": problem.status, "code": problem.code, "detail": problem.detail}
    try:
        await websocket.send_json({"media_type": MEDIA_TYPE, **document})
        await websocket.close(1008)
    except (WebSocketDisconnect, RuntimeError):
        return
