"""Writes WebSocket text frames to a transport: each frame is framed once, however many connections it goes to.

A server's frames are not masked, so the bytes are the same for all. The transport's own buffer is the queue; a client that lets
it grow past the bound is cut off, as the exchange does with slow readers.
"""

from typing import Final, Protocol

BUFFER_MAX: Final = 8 * 2**20
"""Bytes that a client may leave unread."""


class Transport(Protocol):
    """The part of asyncio's transport that is needed."""

    def write(self, data: bytes) -> None: ...
    def is_closing(self) -> bool: ...
    def get_write_buffer_size(self) -> int: ...
    def abort(self) -> None: ...
    def close(self) -> None: ...


def framed(text: bytes) -> bytes:
    """A text message as one WebSocket frame (RFC 6455, section 5.2)."""
    size = len(text)
    if size < 126:
        return b"\x81%c%b" % (size, text)
    if size < 65_536:
        return b"\x81\x7e%b%b" % (size.to_bytes(2), text)
    return b"\x81\x7f%b%b" % (size.to_bytes(8), text)


def ping_frame(payload: bytes) -> bytes:
    """A ping; its payload is shorter than 126 bytes."""
    return b"\x89%c%b" % (len(payload), payload)


def pong_frame(payload: bytes) -> bytes:
    """The answer to a ping, with the ping's payload."""
    return b"\x8a%c%b" % (len(payload), payload)


def close_frame(code: int, reason: str) -> bytes:
    """The end of the conversation; the reason is short."""
    payload = code.to_bytes(2) + reason.encode()[:123]
    return b"\x88%c%b" % (len(payload), payload)


def write(transport: Transport, frame: bytes) -> None:
    """Hand a frame over, unless the connection is going; cut a connection that does not read."""
    if transport.is_closing():
        return
    if transport.get_write_buffer_size() > BUFFER_MAX:
        transport.abort()
        return
    transport.write(frame)
