"""`fairway server`: the HTTP server of a configuration."""

import asyncio
from collections.abc import Callable, Generator
from contextlib import contextmanager
from socket import AF_INET, AF_INET6, SO_REUSEADDR, SOL_SOCKET, socket
from ssl import SSLError
from typing import TYPE_CHECKING, Final

from fairway.cli.exits import ExitCode, Failure
from fairway.cli.interrupts import say, stop_signal
from fairway.cli.listen_ports import cannot_listen
from fairway.cli.printing import say as say_line
from fairway.cli.shared_options import USUAL, Config

if TYPE_CHECKING:
    import uvicorn
    from starlette.types import ASGIApp

    from fairway.settings.server import ServerSettings

MESSAGE_BYTES_MAX: Final = 1 << 16
"""Of one message that a WebSocket client sends: filters and numbers."""
STOPS_WITHIN_S: Final = 5
"""What is still being answered is broken off by then."""


def server(config: Config = USUAL, /) -> int:
    """Serve a configuration over HTTP until Ctrl-C, where its section `server` says: health, sign-in, commands, events.

    Without that section it listens on 127.0.0.1:8080.
    """
    from fairway.api.guards import behind
    from fairway.api.serving import opened_app
    from fairway.panel.attach import attach
    from fairway.settings import load
    from fairway.settings.server import ServerSettings
    from fairway.world.clock import SystemClock

    settings = load(config)
    chosen = settings.server or ServerSettings()
    with _listener(chosen.host, chosen.port) as listener, opened_app(config.absolute(), settings, SystemClock()) as app:
        attach(app)
        running = _server(behind(app, chosen.proxies), chosen)
        scheme = "https" if chosen.tls is not None else "http"
        host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
        say_line(f"Fairway's server listens on {scheme}://{host}:{chosen.port}; /docs lists its paths. Ctrl-C stops it.")
        return say(asyncio.run(_serve(running, listener, app.state.context.tails.close)))


async def _serve(running: "uvicorn.Server", listener: socket, end_streams: Callable[[], None]) -> int:
    """Serves until a signal, and returns it."""
    serving = asyncio.create_task(running.serve([listener]), name="server")
    number = await stop_signal()
    end_streams()
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
        raise cannot_listen(error, host, port, choose="the keys server.host and server.port") from None
    return found


def _server(app: "ASGIApp", chosen: "ServerSettings") -> "uvicorn.Server":
    """One that leaves the signals to this command, as each command has them. Raises Failure."""
    import uvicorn

    class SignallessServer(uvicorn.Server):
        @contextmanager
        def capture_signals(self) -> Generator[None, None, None]:
            yield

    tls = chosen.tls
    config = uvicorn.Config(
        app,
        log_level="warning",
        access_log=False,
        proxy_headers=False,
        server_header=False,
        ws_max_size=MESSAGE_BYTES_MAX,
        timeout_graceful_shutdown=STOPS_WITHIN_S,
        ssl_certfile=tls.certificate if tls is not None else None,
        ssl_keyfile=tls.key if tls is not None else None,
    )
    try:
        config.load()
    except (OSError, SSLError) as error:
        raise Failure(f"server.tls: certificate or key cannot be read: {error}", ExitCode.SETTINGS) from None
    return SignallessServer(config)
