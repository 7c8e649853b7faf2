"""Turns host names into addresses and back, as the name service of the simulated network."""

from __future__ import annotations

import errno
import re
import socket
from typing import Final

LOOPBACK: Final = "127.0.0.1"
_ANY: Final = ("", "0.0.0.0", "::")
_LOOPBACK_NAMES: Final = ("localhost", "::1", LOOPBACK)
_NUMERIC: Final = re.compile(r"\d+\.\d+\.\d+\.\d+")


class Names:
    """Hosts, their addresses, and other names that lead to them. `in_order = False` is an outage of name resolution.

    Addresses are 10.0.x.y in order of first mention. An outage leaves addresses and `localhost` usable, as it does
    on a real machine.
    """

    def __init__(self) -> None:
        self.in_order = True
        self._addresses: dict[str, str] = {}
        self._hosts: dict[str, str] = {}
        self._aliases: dict[str, str] = {}

    def host(self, name: str) -> str:
        """Make the name a host, if it is none yet, and return its address."""
        name = self.canonical(name)
        if name not in self._addresses:
            number = len(self._addresses) + 1
            address = f"10.0.{number // 256}.{number % 256}"
            self._addresses[name] = address
            self._hosts[address] = name
        return self._addresses[name]

    def alias(self, name: str, host: str) -> None:
        """Let a name (`api.binance.com`) lead to a host (`exchange`).

        Raises:
            ValueError: the name is a host of its own.
        """
        if name in self._addresses:
            raise ValueError(f"{name!r} is a host already, so it cannot lead to {host!r}")
        self._aliases[name] = self.canonical(host)
        self.host(host)

    def tunnel(self, address: str, host: str) -> None:
        """Let a loopback address such as 127.0.0.2 lead to a host, as a tunnel that each machine has does.

        Raises:
            ValueError: the address is no further loopback address.
        """
        if not address.startswith("127.") or address == LOOPBACK:
            raise ValueError(f"{address!r} is no further loopback address; a right one is 127.0.0.2")
        self.host(host)
        self._hosts[address] = self.canonical(host)

    def forget(self, name: str) -> None:
        """Let a name lead nowhere any more."""
        self._aliases.pop(name, None)
        self._addresses.pop(name, None)

    def canonical(self, name: str) -> str:
        """The host that a name leads to; a name that leads nowhere else is its own host."""
        return self._aliases.get(name, name)

    def host_at(self, address: str) -> str | None:
        """The host at an address."""
        return self._hosts.get(address)

    def is_loopback(self, address: str) -> bool:
        """Whether the address means the caller's own host, whichever that is."""
        return address == LOOPBACK or address in _ANY

    def resolve(self, name: str | bytes | None) -> str:
        """The address of a name.

        Raises:
            socket.gaierror: the name is unknown, or name resolution is out of order.
        """
        text = name.decode() if isinstance(name, bytes) else name
        if text is None or text in _LOOPBACK_NAMES or text in _ANY:
            return LOOPBACK
        if _NUMERIC.fullmatch(text):
            return text
        if not self.in_order:
            raise socket.gaierror(socket.EAI_AGAIN, "Temporary failure in name resolution")
        address = self._addresses.get(self.canonical(text.rstrip(".").lower()))
        if address is None:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return address

    def bind(self, name: str | None, own_host: str) -> tuple[str, bool]:
        """The host that a listener on this name is on, and whether only that host itself may reach it.

        Raises:
            OSError: the address is not one of this host.
        """
        if name is None or name in _ANY:
            self.host(own_host)
            return own_host, False
        if name in _LOOPBACK_NAMES:
            return own_host, True
        host = self._hosts.get(name, self.canonical(name.lower()))
        if _NUMERIC.fullmatch(host):
            raise OSError(errno.EADDRNOTAVAIL, f"error while attempting to bind on address {name!r}: not one of ours")
        self.host(host)
        return host, False
