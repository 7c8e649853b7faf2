"""One end of a simulated TCP connection.

Bytes arrive whole, in order, after the time that the link takes. Simplifications: what is written in one instant is one
segment and arrives in one piece (over a link with a bandwidth, each write by itself); acknowledgements take no time;
only `asyncio.Protocol` is served, not `BufferedProtocol`; there is no TLS.
"""

from __future__ import annotations

import asyncio
import errno
from collections import deque
from collections.abc import Iterable
from contextvars import Context
from functools import partial
from typing import TYPE_CHECKING, Any, Final, TypeAlias

from fairway.world.clock import MINUTE, Duration
from fairway.world.links import VOID, Link
from fairway.world.nodes import NodeLife
from fairway.world.sockets import Address, SimSocket

if TYPE_CHECKING:
    from fairway.world.network import Network

WINDOW_BYTES: Final = 256 * 1024
"""What the two machines' own buffers hold of one direction; only bytes beyond it count as the writer's buffer."""

HIGH_WATER_BYTES: Final = 64 * 1024
GIVE_UP_NS: Final[Duration] = 15 * MINUTE
"""How long TCP repeats a segment that is not acknowledged (Linux: about 924 s); then the sender's connection is lost."""


class _End:
    """A mark in the stream of segments, behind the last bytes."""

    __slots__ = ()


_FIN: Final = _End()
_RESET: Final = _End()

_Segment: TypeAlias = list[bytes] | _End
"""What travels: the pieces written in one instant, or a mark."""


# size: asyncio.Transport asks for most of these methods, and each is a line or two.
class SimTransport(asyncio.Transport):
    """One end. `peer` is the other; `life` the node's that holds it; all callbacks run in `context`."""

    peer: SimTransport

    def __init__(
        self,
        network: Network,
        *,
        hosts: tuple[str, str],
        addresses: tuple[Address, Address],
        context: Context,
        life: NodeLife | None,
    ) -> None:
        local, remote = addresses
        super().__init__({"sockname": local, "peername": remote, "socket": SimSocket(local, remote)})
        self._network = network
        self._loop = network.loop
        self._link: Link = network.link(*hosts)
        self.local_host, self.remote_host = hosts
        self.context = context
        self.life = life
        self._protocol: asyncio.Protocol | None = None
        self._inbox: deque[_Segment] = deque()
        self._reading = True
        self._open: list[bytes] | None = None
        self._open_at: Duration = 0
        self._arrives_last: Duration = 0
        self._unread_by_peer = 0
        self._low, self._high = WINDOW_BYTES + HIGH_WATER_BYTES // 4, WINDOW_BYTES + HIGH_WATER_BYTES
        self._writing_paused = False
        self._eof_sent = False
        self._flushing = False
        self._closing = False
        self._give_up_timer: asyncio.TimerHandle | None = None
        self._gave_up = False
        self.lost = False
        network.opened(self)

    # -- writing -------------------------------------------------------------------------------------------------

    def write(self, data: bytes | bytearray | memoryview) -> None:
        if self._closing or not data:
            return
        if self._eof_sent:
            raise RuntimeError("cannot write after write_eof()")
        piece = data if type(data) is bytes else bytes(data)
        size = len(piece)
        self._unread_by_peer += size
        now, link = self._loop.elapsed_ns, self._link
        if self._open is not None and self._open_at == now and not (link.blocked or link.bandwidth_bytes_per_s):
            self._open.append(piece)
        else:
            self._open, self._open_at = [piece], now
            self._send(self._open, size)
        if self._unread_by_peer > self._high and not self._writing_paused:
            self._writing_paused = True
            self._protocol.pause_writing()  # type: ignore[union-attr]

    def writelines(self, list_of_data: Iterable[bytes | bytearray | memoryview]) -> None:
        self.write(b"".join(list_of_data))

    def write_eof(self) -> None:
        if not (self._closing or self._eof_sent):
            self._eof_sent = True
            self._send(_FIN, 0)

    def can_write_eof(self) -> bool:
        return True

    def get_write_buffer_size(self) -> int:
        return max(0, self._unread_by_peer - WINDOW_BYTES)

    def get_write_buffer_limits(self) -> tuple[int, int]:
        return self._low - WINDOW_BYTES, self._high - WINDOW_BYTES

    def set_write_buffer_limits(self, high: int | None = None, low: int | None = None) -> None:
        if high is None:
            high = HIGH_WATER_BYTES if low is None else 4 * low
        if low is None:
            low = high // 4
        if not high >= low >= 0:
            raise ValueError(f"high ({high!r}) must be >= low ({low!r}) must be >= 0")
        self._low, self._high = WINDOW_BYTES + low, WINDOW_BYTES + high

    def _send(self, segment: _Segment, size: int) -> None:
        link = self._link
        if link.blocked:
            self._hold(segment, size)
            return
        loop, peer = self._loop, self.peer
        at_ns = link.arrival(loop.elapsed_ns, size)
        if at_ns < self._arrives_last:
            at_ns = self._arrives_last
        self._arrives_last = at_ns
        loop.call_at_ns(at_ns, peer._arrive, (segment,), peer.context)

    def _hold(self, segment: _Segment, size: int) -> None:
        self._link.hold(partial(self._resend, segment, size))
        if self._give_up_timer is None and not self._closing:
            at_ns = self._loop.elapsed_ns + GIVE_UP_NS
            self._give_up_timer = self._loop.call_at_ns(at_ns, self._give_up, (), self.context)

    def _resend(self, segment: _Segment, size: int) -> None:
        if self._gave_up:
            return
        if self._give_up_timer is not None:
            self._give_up_timer.cancel()
            self._give_up_timer = None
        self._send(segment, size)

    def _give_up(self) -> None:
        self._gave_up = True
        self._lose(TimeoutError(errno.ETIMEDOUT, "Connection timed out"))

    def _consumed(self, segment: list[bytes], size: int) -> None:
        """The peer's protocol takes a segment of ours, of so many bytes."""
        if segment is self._open:
            self._open = None
        self._unread_by_peer -= size
        if self._writing_paused and self._unread_by_peer <= self._low:
            self._writing_paused = False
            self._loop.call_soon(self._resume_writing, context=self.context)
        if self._flushing and self._unread_by_peer <= WINDOW_BYTES:
            self._flushing = False
            self._loop.call_soon(self._lose, None, context=self.context)

    def _resume_writing(self) -> None:
        if not self.lost and self._protocol is not None:
            self._protocol.resume_writing()

    # -- reading -------------------------------------------------------------------------------------------------

    def attach(self, protocol: asyncio.Protocol) -> None:
        """Give the end its protocol; what arrived before waited for it."""
        self._protocol = protocol
        protocol.connection_made(self)
        if self._inbox:
            self._loop.call_soon(self._empty_inbox, context=self.context)

    def get_protocol(self) -> asyncio.BaseProtocol:
        return self._protocol  # type: ignore[return-value]

    def set_protocol(self, protocol: asyncio.BaseProtocol) -> None:
        self._protocol = protocol  # type: ignore[assignment]

    def is_reading(self) -> bool:
        return self._reading and not self._closing

    def pause_reading(self) -> None:
        self._reading = False

    def resume_reading(self) -> None:
        if not self._reading:
            self._reading = True
            if self._inbox:
                self._loop.call_soon(self._empty_inbox, context=self.context)

    def _arrive(self, segment: _Segment) -> None:
        if (self._protocol is None or not self._reading or self._inbox) and not self.lost:
            self._inbox.append(segment)
        else:
            self._take(segment)

    def _empty_inbox(self) -> None:
        while self._inbox and self._reading:
            self._take(self._inbox.popleft())

    def _take(self, segment: _Segment) -> None:
        if self._closing:
            if type(segment) is list:
                self._refuse()
            elif segment is _RESET:
                self._lose(None)
            return
        protocol: Any = self._protocol
        try:
            if type(segment) is list:
                data = segment[0] if len(segment) == 1 else b"".join(segment)
                self.peer._consumed(segment, len(data))
                protocol.data_received(data)
            elif segment is _FIN:
                if not protocol.eof_received():
                    self.close()
            else:
                self._lose(ConnectionResetError(errno.ECONNRESET, "Connection reset by peer"))
        except (SystemExit, KeyboardInterrupt):
            raise
        except BaseException as error:  # any error of a protocol, which is code of others, ends its connection
            self._broken_by(error)

    def _broken_by(self, error: BaseException) -> None:
        """The protocol raised: as in every asyncio transport that is reported, and ends the connection."""
        story = {"message": "error in protocol", "exception": error, "transport": self, "protocol": self._protocol}
        self._loop.call_exception_handler(story)
        self.abort()

    # -- ending --------------------------------------------------------------------------------------------------

    def is_closing(self) -> bool:
        return self._closing

    def close(self) -> None:
        if self._closing:
            return
        self.write_eof()
        self._closing = True
        if self._unread_by_peer > WINDOW_BYTES:
            self._flushing = True
        else:
            self._loop.call_soon(self._lose, None, context=self.context)

    def abort(self) -> None:
        if not self.lost:
            self._closing = True
            self._refuse()
            self._loop.call_soon(self._lose, None, context=self.context)

    def cut(self) -> None:
        """A machine in the middle resets the connection: both ends lose it now, and the bytes between them."""
        for end in (self, self.peer):
            end._link = VOID
            error = ConnectionResetError(errno.ECONNRESET, "Connection reset by peer")
            end._loop.call_soon(end._lose, error, context=end.context)

    def go_silent(self) -> None:
        """Half-open: what either end sends from now on vanishes, and neither is told."""
        self._link = self.peer._link = VOID

    def die(self, *, half_open: bool) -> None:
        """The node that holds this end was killed: its machine resets the connection, unless it died as well."""
        self.lost = self._closing = True
        if half_open:
            self.go_silent()
        else:
            self._refuse()
        self._network.closed(self)

    def _refuse(self) -> None:
        self._send(_RESET, 0)

    def _lose(self, error: Exception | None) -> None:
        if self.lost:
            return
        self.lost = self._closing = True
        if self._give_up_timer is not None:
            self._give_up_timer.cancel()
        self._network.closed(self)
        if self._inbox:
            self._inbox.clear()
            self._refuse()  # as machines do when a program closes without having read everything
        if self._protocol is not None:
            self._protocol.connection_lost(error)
