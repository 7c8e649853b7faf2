"""One WebSocket connection of ccxt's, read frame by frame, watched for silence, and closed properly.

ccxt signs, subscribes, frames, decodes and answers pings. Its watch methods are left out: between two calls of them
frames are merged or dropped, candles lose their exact figures, and an exception in a handler (a commission in an asset
without a market is enough) leaves a connection that stays open and is no longer read (ccxt 4.5.90).
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from typing import Any, Final

from fairway.venues.ccxt.dialect import Heard, StreamConnectionLost, Up
from fairway.venues.ccxt.errors import WORDS_MAX, words_of
from fairway.venues.ccxt.reading import UNREADABLE
from fairway.venues.port import Sink, VenueEvent
from fairway.world.clock import SECOND, Clock

LIFE: Final = "fairway:life"
"""Name of the one future of ccxt's that is awaited: it fails when the connection ends, and never ends otherwise."""
ACKNOWLEDGE_S: Final = 10.0
"""Longest wait for the acknowledgement of a subscription. Dialling has ccxt's own limit of 10 s."""
ECHO_S: Final = 10.0
GOODBYE_S: Final = 0.5

Frame = Mapping[str, Any]
Read = Callable[[Frame], Iterable[VenueEvent]]


class VenueConnection:
    """A connection from its dialling to its end. `read` turns a frame into what the sink is told."""

    def __init__(self, client: Any, url: str, clock: Clock, read: Read, sink: Sink, heard: Heard) -> None:
        self._client, self._clock = client, clock
        self._read, self._sink, self._heard = read, sink, heard
        self._socket = client.client(url)
        self._socket.on_message_callback = self._take
        self._heard_at = clock.monotonic()
        self._request_id = client.request_id(url)
        self._acknowledged = asyncio.get_running_loop().create_future()
        self._life: asyncio.Future[None] | None = None
        self._up: Up | None = None
        self._sink_failed: BaseException | None = None

    async def live(self, request: Mapping[str, Any], up: Up, *, echo: str, echo_after_s: float) -> None:
        """Dials, sends the request, says up when it is acknowledged, and stays until the connection is lost.

        After a silence of echo_after_s the method `echo` is called, and if that is not answered the connection is dead.

        Raises:
            StreamLost: the connection was refused, closed, reset or without an echo, or a frame could not be read.
            Exception: what the sink raised.
        """
        self._up = up
        try:
            await self._dial()
            life = self._subscribe(request)
            await self._wait_for_acknowledgement(life)
            await self._watch(life, echo, round(echo_after_s * SECOND))
        finally:
            await self._close()

    async def _dial(self) -> None:
        self._socket.connecting = True  # it is this task that dials: so that cancelling it ends the dialling
        await self._socket.open(self._client.session)
        _hear_cancellation()
        if self._socket.error is not None:
            why = words_of(self._socket.error, self._client.id)
            raise StreamConnectionLost(why, wait_s=self._socket.last_retry_after or 0.0, was_reached=False)

    def _subscribe(self, request: Mapping[str, Any]) -> "asyncio.Future[None]":
        message = {"id": self._request_id, **request}
        life: asyncio.Future[None] = self._client.watch(self._socket.url, LIFE, message, LIFE, {"id": self._request_id})
        # ccxt may fail it after the last wait has ended, and asyncio reports a failure that is never fetched as a bug.
        life.add_done_callback(lambda ended: ended.cancelled() or ended.exception())
        self._life = life
        return life

    async def _wait_for_acknowledgement(self, life: "asyncio.Future[None]") -> None:
        await asyncio.wait((life, self._acknowledged), timeout=ACKNOWLEDGE_S, return_when=asyncio.FIRST_COMPLETED)
        if life.done():
            self._raise_end(life)
        if not self._acknowledged.done():
            raise StreamConnectionLost(f"the subscription was not acknowledged within {ACKNOWLEDGE_S:g} s")

    async def _watch(self, life: "asyncio.Future[None]", echo: str, silence_ns: int) -> None:
        while not life.done():
            idle = self._clock.monotonic() - self._heard_at
            if idle < silence_ns:
                await asyncio.wait((life,), timeout=(silence_ns - idle) / SECOND)
            else:
                await self._expect_echo(life, echo)
        self._raise_end(life)

    async def _expect_echo(self, life: "asyncio.Future[None]", method: str) -> None:
        before = self._heard_at
        self._request_id = self._client.request_id(self._socket.url)
        with suppress(ConnectionError, TimeoutError):  # the answer that then stays away tells it
            async with asyncio.timeout(ECHO_S):
                await self._socket.send({"id": self._request_id, "method": method})
        deadline = self._clock.monotonic() + round(ECHO_S * SECOND)
        while self._heard_at == before and not life.done():
            left = deadline - self._clock.monotonic()
            if left <= 0:
                raise StreamConnectionLost(f"no echo within {ECHO_S:g} s")
            await asyncio.wait((life,), timeout=min(left / SECOND, ECHO_S / 10))

    def _take(self, _socket: object, frame: object) -> None:
        """ccxt hands over each decoded frame here, inside a callback of the loop, where an exception would be lost."""
        self._heard_at = self._clock.monotonic()
        self._heard()
        if self._life is None or self._life.done():
            return
        try:
            events = self._understand(frame)
        except StreamConnectionLost as lost:
            self._end(lost)
            return
        except UNREADABLE as error:
            self._end(StreamConnectionLost(f"a frame cannot be read: {type(error).__name__}: {error}"))
            return
        try:
            if events is None and self._up is not None:
                self._up()
            for event in events or ():
                self._sink(event)
        except BaseException as error:  # carried to the task that owns the stream, and raised there
            self._sink_failed = error
            self._end(StreamConnectionLost("the receiver failed"))

    def _understand(self, frame: object) -> Iterable[VenueEvent] | None:
        """What a frame tells; None where it acknowledges the subscription."""
        if not isinstance(frame, dict):
            raise TypeError(f"{frame!r:.100} is no object")
        if _announces_the_end(frame):
            raise StreamConnectionLost("the venue ends each connection after a day, and announced it", is_planned=True)
        if "id" not in frame:
            return tuple(self._read(frame))  # all of it is read before any of it is told
        if (error := frame.get("error")) is not None:
            # Whether it answers the subscription or an echo. ccxt would take only the first for the connection's failure.
            raise StreamConnectionLost(str(error.get("msg") or error)[:WORDS_MAX])
        if "result" in frame and frame["id"] == self._request_id and not self._acknowledged.done():
            self._acknowledged.set_result(None)
            return None
        return ()

    def _end(self, why: StreamConnectionLost) -> None:
        if self._life is not None and not self._life.done():
            self._life.set_exception(why)

    def _raise_end(self, life: "asyncio.Future[None]") -> None:
        if self._sink_failed is not None:
            raise self._sink_failed
        if life.cancelled():
            raise StreamConnectionLost("the connection was closed")
        error = life.exception()
        raise (
            error
            if isinstance(error, StreamConnectionLost)
            else StreamConnectionLost(words_of(error, self._client.id) if error else "it ended")
        )

    async def _close(self) -> None:
        socket = self._socket
        if self._client.clients.get(socket.url) is socket:
            del self._client.clients[socket.url]
        if socket.error is None:
            # Else ccxt takes our own closing for the venue's, and drops whichever connection then has this address.
            socket.error = StreamConnectionLost("closed")
        if self._life is not None and not self._life.done():
            self._life.cancel()
        with suppress(TimeoutError):  # a dead peer says no goodbye; aiohttp has then dropped the transport
            async with asyncio.timeout(GOODBYE_S):
                await socket.close()


def _hear_cancellation() -> None:
    """Raises CancelledError where this task was cancelled while ccxt dialled.

    ccxt dials by `asyncio.wait_for`, which drops a cancellation that comes in the instant in which the dial succeeds
    (python/cpython issue 86296, mended in 3.12): Ctrl-C would be lost, and the trader go on.
    """
    task = asyncio.current_task()
    if task is not None and task.cancelling():
        raise asyncio.CancelledError


def _announces_the_end(frame: Frame) -> bool:
    """Binance says so ten minutes before it closes a connection that is a day old."""
    told = frame.get("event") or frame.get("data") or frame
    return isinstance(told, dict) and told.get("e") == "serverShutdown"
