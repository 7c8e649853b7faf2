"""What programs see of a simulated socket: its addresses, and options that change nothing."""

from __future__ import annotations

import errno
import socket
from typing import TypeAlias

Address: TypeAlias = tuple[str, int]
"""An IPv4 address and a port."""


class SimSocket:
    """What `get_extra_info("socket")` and `Server.sockets` give: addresses, and options that are heard and ignored."""

    __slots__ = ("_local", "_remote")

    family = socket.AF_INET
    type = socket.SOCK_STREAM
    proto = socket.IPPROTO_TCP

    def __init__(self, local: Address, remote: Address | None = None) -> None:
        self._local = local
        self._remote = remote

    def getsockname(self) -> Address:
        return self._local

    def getpeername(self) -> Address:
        if self._remote is None:
            raise OSError(errno.ENOTCONN, "a listening socket has no peer")
        return self._remote

    def fileno(self) -> int:
        return -1

    def setsockopt(self, *_option: object) -> None:
        pass

    def getsockopt(self, *_option: object) -> int:
        return 0
