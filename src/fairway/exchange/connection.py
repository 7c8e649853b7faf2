"""What all WebSocket connections have in common, without their sockets, and what is sent to them."""

from collections.abc import Sequence
from typing import NamedTuple

from fairway.exchange.wire import frames


class WebSocketConnection:
    """One WebSocket, without its socket. The shell adds frames to the wire and reports what it hears."""

    is_combined = False

    def __init__(self, number: int, address: str, opened_at: int) -> None:
        self.number = number
        self.address = address
        self.opened_at = opened_at
        self.heard_at = opened_at
        """When it last answered a ping or sent anything."""
        self.is_open = True

    def forget(self, number: int) -> None:
        """A subscription to an account was ended by the exchange."""

    def shutdown_frame(self, now: int) -> bytes:
        """The warning that this connection ends soon."""
        return frames.server_shutdown(now)


class Delivery(NamedTuple):
    """What the shell is to do with some connections: send a frame, a ping, or close them for a reason."""

    to: Sequence[WebSocketConnection]
    frame: bytes = b""
    ping: bytes = b""
    close: str = ""
