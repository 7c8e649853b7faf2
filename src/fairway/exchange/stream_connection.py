"""One connection to the market streams: SUBSCRIBE, UNSUBSCRIBE, LIST_SUBSCRIPTIONS and properties, without a socket."""

from collections import deque
from typing import Any, Final

import msgspec

from fairway.exchange.connection import WebSocketConnection
from fairway.exchange.hub import Hub
from fairway.exchange.wire import frames
from fairway.exchange.wire.stream_names import read_stream
from fairway.world.clock import SECOND

MESSAGES_A_SECOND: Final = 5
STREAMS_MAX: Final = 1024
_METHODS: Final = "`SUBSCRIBE`, `UNSUBSCRIBE`, `LIST_SUBSCRIPTIONS`, `SET_PROPERTY`, `GET_PROPERTY`"


class StreamConnection(WebSocketConnection):
    """Listens to market streams. The client may send five messages a second, and one more ends the connection."""

    def __init__(self, hub: Hub, number: int, address: str, opened_at: int, *, is_combined: bool) -> None:
        super().__init__(number, address, opened_at)
        self.is_combined = is_combined
        self._hub = hub
        self._streams: dict[str, None] = {}
        self._recent: deque[int] = deque(maxlen=MESSAGES_A_SECOND)

    def heard(self, now: int) -> bool:
        """Count a message, ping or pong of the client; False where it is one too many, and the connection is to be closed."""
        self.heard_at = now
        too_fast = len(self._recent) == MESSAGES_A_SECOND and now - self._recent[0] < SECOND
        self._recent.append(now)
        return not too_fast

    async def start(self, names: list[str]) -> str:
        """Listen to the streams that the address named, up to the first that is none; what is wrong with them, or ""."""
        if len(names) > STREAMS_MAX:
            return "too many streams"
        for name in names:
            if not _is_stream(name):
                return "invalid stream"
            await self._listen(name)
        return ""

    async def receive(self, text: str) -> list[bytes]:
        """The answers to a message of the client."""
        try:
            message = msgspec.json.decode(text)
        except msgspec.DecodeError as error:
            return [_error(3, f"Invalid JSON: {error}", None)]
        except RecursionError:
            return [_error(3, "Invalid JSON: recursion limit exceeded", None)]
        if not isinstance(message, dict):
            return [_error(2, "Invalid request: expected an object", None)]
        request_id = message.get("id")
        if not _is_id(request_id):
            return [_error(2, "Invalid request: request ID must be an unsigned integer", None)]
        return [await self._answer(message, request_id)]

    def stop(self) -> None:
        """The connection has ended."""
        for name in self._streams:
            self._hub.streams.unlisten(self, name)
        self._hub.close(self)

    def shutdown_frame(self, now: int) -> bytes:
        frame = frames.server_shutdown(now)
        return frames.combined("!serverShutdown", frame) if self.is_combined else frame

    async def _answer(self, message: dict[str, Any], request_id: object) -> bytes:
        method, parameters = message.get("method"), message.get("params", [])
        if method is None:
            return _error(2, "Invalid request: missing field `method`", request_id)
        if not isinstance(method, str):
            return _error(2, "Invalid request: method must be a string", request_id)
        if not isinstance(parameters, list):
            return _error(2, "Invalid request: params must be an array", request_id)
        match method:
            case "SUBSCRIBE":
                return await self._subscribe(parameters, request_id)
            case "UNSUBSCRIBE":
                return self._unsubscribe(parameters, request_id)
            case "LIST_SUBSCRIPTIONS":
                return _result(list(self._streams), request_id)
            case "SET_PROPERTY":
                return await self._set_property(parameters, request_id)
            case "GET_PROPERTY":
                return self._get_property(parameters, request_id)
        return _error(2, f"Invalid request: unknown variant `{method}`, expected one of {_METHODS}", request_id)

    async def _subscribe(self, names: list[Any], request_id: object) -> bytes:
        """All of the streams or none: a name that is none leaves the connection as it was."""
        if not all(isinstance(name, str) and _is_stream(name) for name in names):
            return _error(2, "Invalid request: invalid stream", request_id)
        if len(self._streams | dict.fromkeys(names)) > STREAMS_MAX:
            return _error(2, f"Invalid request: at most {STREAMS_MAX} streams", request_id)
        for name in names:
            await self._listen(name)
        return _result(None, request_id)

    def _unsubscribe(self, names: list[Any], request_id: object) -> bytes:
        for name in names:
            if isinstance(name, str) and name in self._streams:
                del self._streams[name]
                self._hub.streams.unlisten(self, name)
        return _result(None, request_id)

    async def _set_property(self, parameters: list[Any], request_id: object) -> bytes:
        if len(parameters) != 2 or parameters[0] != "combined":
            return _error(0, "Unknown property", request_id)
        if not isinstance(parameters[1], bool):
            return _error(1, "Invalid value type: expected Boolean", request_id)
        names = list(self._streams)
        self._unsubscribe(names, None)
        self.is_combined = parameters[1]
        for name in names:
            await self._listen(name)
        return _result(None, request_id)

    def _get_property(self, parameters: list[Any], request_id: object) -> bytes:
        if parameters != ["combined"]:
            return _error(0, "Unknown property", request_id)
        return _result(self.is_combined, request_id)

    async def _listen(self, name: str) -> None:
        """Listen to one more stream. A name in capitals never gets a frame, as at the exchange."""
        stream = read_stream(name)
        if stream is not None and name not in self._streams:
            self._streams[name] = None
            await self._hub.streams.listen(self, stream)


def _is_stream(name: str) -> bool:
    """Whether there is such a kind of stream; also in capitals."""
    return read_stream(name) is not None or read_stream(name.lower()) is not None


def _is_id(value: object) -> bool:
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return True
    return isinstance(value, str) and 0 < len(value) <= 36


def _result(value: object, request_id: object) -> bytes:
    return frames.encode({"result": value, "id": request_id})


def _error(code: int, message: str, request_id: object) -> bytes:
    return frames.encode({"error": {"code": code, "msg": message}, "id": request_id})
