"""freqtrade's WebSocket: a client subscribes to types of messages, and gets them as the trader's journal grows."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

import msgspec
from fastapi import APIRouter, Depends, WebSocket, WebSocketDisconnect
from starlette.concurrency import run_in_threadpool

from fairway.api.authentication import Caller
from fairway.api.context import ServerContext, caller_of_websocket, context_of
from fairway.api.events.event_reader import SEND_WITHIN_S, EventReader
from fairway.api.events.tail import JournalEvent
from fairway.api.freqtrade.messages import MADE, NOT_MADE, Message, messages_of, needs_trips
from fairway.api.problems import HttpProblem, problem_of
from fairway.operations.operation import Call
from fairway.operations.perform import perform
from fairway.operations.trader.read_journal import JournalName
from fairway.operations.trader.recent_events import LINES_MAX, RECENT_EVENTS, RecentEventsRequest
from fairway.operations.trader.round_trips import ROUND_TRIPS, RoundTripsRequest

router: Final = APIRouter(prefix="/api/v1", tags=["freqtrade"])
POLICY, GOING_AWAY, TRY_LATER = 1008, 1001, 1013
CLOSED_WITHIN_S: Final = 2.0
NO_CANDLES: Final = "this server has no candles; ask the exchange for them"
Send = Callable[[str], Awaitable[None]]


@router.websocket("/message/ws")
async def freqtrade_messages(websocket: WebSocket, caller: Annotated[Caller | HttpProblem, Depends(caller_of_websocket)]) -> None:
    """Closed before it is accepted where the token is not taken, as freqtrade does it."""
    context = context_of(websocket)
    if isinstance(caller, HttpProblem):
        await websocket.close(POLICY)
        return
    reader = EventReader(context.tails.by_journal[JournalName.TRADER], caller, context.authenticator)
    try:
        seq = await reader.begin(None)
    except Exception as error:
        if problem_of(error) is None:
            raise
        await websocket.close(TRY_LATER)
        return
    try:
        await websocket.accept()
        await _converse(websocket, FtClient(websocket.send_text, context, caller), reader, seq)
    finally:
        reader.end()


@dataclass(slots=True)
class FtClient:
    """One client: what it has subscribed to. A send that takes too long raises TimeoutError, and the client is dropped."""

    send: Send
    context: ServerContext
    caller: Caller
    topics: frozenset[str] = field(default_factory=frozenset)

    async def take(self, text: str) -> None:
        """Obeys one request. What is no request is passed over, as freqtrade does it."""
        request = _request_in(text)
        match request.get("type"):
            case "subscribe":
                self._subscribe(request.get("data"))
            case "whitelist":
                await self.tell({"type": "whitelist", "data": list(self.context.settings.symbols)})
            case "analyzed_df":
                await self.tell({"type": "exception", "data": NO_CANDLES})

    async def bring(self, batch: Sequence[JournalEvent]) -> None:
        """Sends what the client has subscribed to of these events."""
        if not self.topics:
            return
        for message in await run_in_threadpool(self._messages, batch):
            if message["type"] in self.topics:
                await self.tell(message)

    async def tell(self, message: Message) -> None:
        """Raises TimeoutError where the client does not read."""
        async with asyncio.timeout(SEND_WITHIN_S):
            await self.send(msgspec.json.encode(message).decode())

    def _subscribe(self, topics: Any) -> None:
        """All of them are types of messages, or none of them counts."""
        if isinstance(topics, list) and topics and all(isinstance(each, str) and each in MADE | NOT_MADE for each in topics):
            self.topics = frozenset(topics)

    def _messages(self, batch: Sequence[JournalEvent]) -> list[Message]:
        config, actor = self.context.config, self.caller.actor
        found = perform(RECENT_EVENTS, Call(actor=actor, request=RecentEventsRequest(config=config, limit=LINES_MAX)))
        trips = (
            perform(ROUND_TRIPS, Call(actor=actor, request=RoundTripsRequest(config=config))).trips if needs_trips(batch) else ()
        )
        return list(messages_of(batch, trips, found.events, self.context.settings.venue.exchange))


def _request_in(text: str) -> dict[str, Any]:
    try:
        found = msgspec.json.decode(text)
    except (msgspec.DecodeError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


async def _converse(websocket: WebSocket, client: FtClient, reader: EventReader, seq: int) -> None:
    """Until either side ends it, the sign-in ends, or the client is too slow."""
    listening = asyncio.create_task(_listen(websocket, client), name="requests")
    bringing = asyncio.create_task(_bring_all(client, reader, seq), name="messages")
    try:
        await asyncio.wait((listening, bringing), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (listening, bringing):
            task.cancel()
        ended = await asyncio.gather(listening, bringing, return_exceptions=True)
    await _end(websocket, [error for error in ended if isinstance(error, Exception)], is_gone=ended[0] is None)


async def _listen(websocket: WebSocket, client: FtClient) -> None:
    """Until the client goes."""
    while (message := await websocket.receive())["type"] != "websocket.disconnect":
        if (text := message.get("text")) is not None:
            await client.take(text)


async def _bring_all(client: FtClient, reader: EventReader, seq: int) -> None:
    async for batch in reader.batches(seq):
        await client.bring(batch or ())


async def _end(websocket: WebSocket, errors: Sequence[Exception], *, is_gone: bool) -> None:
    """Closes it where the client is still there. Raises what is neither its going, nor its slowness, nor a known error."""
    for error in errors:
        if not isinstance(error, TimeoutError | WebSocketDisconnect | OSError) and problem_of(error) is None:
            raise error
    if is_gone or any(isinstance(error, WebSocketDisconnect) for error in errors):
        return
    with suppress(TimeoutError, WebSocketDisconnect, OSError):
        async with asyncio.timeout(CLOSED_WITHIN_S):
            await websocket.close(TRY_LATER if errors else GOING_AWAY)
