"""`fairway server`: the HTTP server of a configuration, on this machine alone."""

import asyncio
import ipaddress
from collections.abc import Generator
from contextlib import contextmanager
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOL_SOCKET, socket
from typing import TYPE_CHECKING, Annotated, Final

from fairway.cli.exits import ExitCode, Failure
from fairway.cli.interrupts import say, stop_signal
from fairway.cli.listen_ports import cannot_listen, check_port
from fairway.cli.printing import say as say_line
from fairway.cli.shared_options import USUAL, Config
from fairway.cli.whole_numbers import whole

if TYPE_CHECKING:
    import uvicorn
    from fastapi import FastAPI

PORT: Final = 8080


def server(config: Config = USUAL, /, *, host: str = "127.0.0.1", port: Annotated[int, whole(PORT)] = PORT) -> int:
    """Serve the health of trader, pilot and journal over HTTP until Ctrl-C: /live, /ready, /health and /openapi.json.

    Parameters
    ----------
    host: str
        The address to listen on: one of this machine alone, because no sign-in protects it.
    port: int
        The port to listen on.
    """
    check_port("--port", port, example=str(PORT), least=1)
    _check_host(host)
    from fairway.api.app import app_of
    from fairway.settings import load
    from fairway.world.clock import SystemClock

    app = app_of(load(config), SystemClock())
    with _listener(host, port) as listener:
        say_line(f"Fairway's server listens on http://{host}:{port}: /live, /ready, /health, /openapi.json. Ctrl-C stops it.")
        return say(asyncio.run(_serve(app, listener)))


async def _serve(app: "FastAPI", listener: socket) -> int:
    """Serves until a signal, and returns it."""
    running = _server(app)
    serving = asyncio.create_task(running.serve([listener]), name="server")
    number = await stop_signal()
    running.should_exit = True
    await serving
    return number


def _listener(host: str, port: int) -> socket:
    """Bound, so that a port in use is a sentence and not a server's traceback. Raises Failure."""
    found = socket(AF_INET6 if ":" in host else AF_INET)
    found.setsockopt(SOL_SOCKET, SO_REUSEADDR, 1)
    try:
        found.bind((host, port))
        found.listen()  # who reads that it listens may connect at once
    except OSError as error:
        found.close()
        raise cannot_listen(error, host, port, choose="--host and --port") from None
    return found


def _server(app: "FastAPI") -> "uvicorn.Server":
    """One that leaves the signals to this command, as each command has them."""
    import uvicorn

    class SignallessServer(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Generator[None, None, None]:
            yield

    return SignallessServer(uvicorn.Config(app, log_level="warning", access_log=False))


def _check_host(host: str) -> None:
    """Raises Failure for an address that others can reach."""
    try:
        is_here = ipaddress.ip_address(host).is_loopback
    except ValueError:
        is_here = host == "localhost"
    if not is_here:
        raise Failure(
            f"--host {host} can be reached from other machines, and no sign-in protects it; a right one is 127.0.0.1, with a "
            "proxy in front that asks for a password and speaks TLS",
            ExitCode.USAGE,
        )
