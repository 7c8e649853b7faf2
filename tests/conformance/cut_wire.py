"""A wire to a database that a test can hold, or cut at the worst moment: it passes bytes on, on threads of its own."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

from sqlalchemy.engine import make_url


class CutWire:
    """Listens on loopback and passes on to a server. `url` is the database, by way of this wire."""

    def __init__(self, url: str) -> None:
        server = make_url(url)
        self._server = (server.host or "127.0.0.1", server.port or 5432)
        self._listener = socket.create_server(("127.0.0.1", 0))
        port = self._listener.getsockname()[1]
        self.url = server.set(host="127.0.0.1", port=port).render_as_string(hide_password=False)
        self._open = threading.Event()
        self._open.set()
        self.cut_after = b""
        """What the client says last: the server hears it, and its answer is never told."""
        self.has_cut = threading.Event()
        self._sockets: list[socket.socket] = [self._listener]
        threading.Thread(target=self._accept, daemon=True).start()

    def hold(self) -> None:
        """From now on nothing passes, and nobody is told."""
        self._open.clear()

    def let_go(self) -> None:
        """What was held passes now."""
        self._open.set()

    def close(self) -> None:
        self.let_go()
        for each in self._sockets:
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
            each.close()

    def _accept(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                server = socket.create_connection(self._server)
                self._sockets += [client, server]
                is_cut = threading.Event()
                threading.Thread(target=self._up, args=(client, server, is_cut), daemon=True).start()
                threading.Thread(target=self._down, args=(server, client, is_cut), daemon=True).start()

    def _up(self, client: socket.socket, server: socket.socket, is_cut: threading.Event) -> None:
        with suppress(OSError):
            while data := client.recv(65_536):
                self._open.wait()
                if self.cut_after and self.cut_after in data:
                    self.cut_after = b""
                    is_cut.set()
                server.sendall(data)

    def _down(self, server: socket.socket, client: socket.socket, is_cut: threading.Event) -> None:
        with suppress(OSError):
            while data := server.recv(65_536):
                self._open.wait()
                if is_cut.is_set():
                    client.shutdown(socket.SHUT_RDWR)
                    server.shutdown(socket.SHUT_RDWR)
                    self.has_cut.set()
                    return
                client.sendall(data)


@contextmanager
def wired(url: str) -> Iterator[CutWire]:
    wire = CutWire(url)
    try:
        yield wire
    finally:
        wire.close()
